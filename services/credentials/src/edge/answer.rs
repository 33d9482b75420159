//! What is published, with what caches need to know of it.

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use northstar_kernel::Digest;

/// How long others may keep what they were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Ten minutes: keys, which are listed a day before they sign.
    TenMinutes,
    /// A minute: a status list, which says the same of itself.
    AMinute,
    /// For ever: what never changes.
    Forever,
}

impl Keep {
    fn words(self) -> &'static str {
        match self {
            Self::TenMinutes => "public, max-age=600",
            Self::AMinute => "public, max-age=60",
            Self::Forever => "public, max-age=31536000, immutable",
        }
    }
}

/// A document for everybody, scripts of other sites too; only its mark for those who have it already.
pub(super) fn published(
    asked: &HeaderMap,
    content_type: &'static str,
    keep: Keep,
    document: String,
) -> Response {
    let mark = mark(&document);
    let known = is_known(asked, &mark);
    let headers: [(HeaderName, &str); 3] =
        [(ETAG, &mark), (CACHE_CONTROL, keep.words()), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    if known {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, [(CONTENT_TYPE, content_type)], Body::from(document)).into_response()
    }
}

/// The same bytes have the same mark, whichever replica answers.
fn mark(document: &str) -> String {
    let digest = Digest::of(document.as_bytes()).to_string();
    format!("\"{}\"", &digest[..32])
}

/// Whether the caller has a document with this mark. A proxy that compressed it may have made the mark
/// a weak one.
fn is_known(asked: &HeaderMap, mark: &str) -> bool {
    let marks = asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut marks = marks.flat_map(|value| value.split(',')).map(str::trim);
    marks.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == mark)
}
