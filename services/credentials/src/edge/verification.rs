//! `POST /credentials/verify`, as the VC API has it: whoever was handed a credential asks what it is
//! worth. JSON, a compact JWS and an image with a credential baked into it are taken.
//!
//! Nothing is fetched from outside the deployment, so whose key it is can be told of its own issuers
//! and of names that are their own key, and of nobody else; the answer says so.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use northstar_credentials_canonical::{Limits, parse_json};
use northstar_credentials_proof::verifier::{self, Outcome, Sources, Status as Published, Terms};
use northstar_eventlog::now;
use northstar_kernel::TenantId;
use northstar_wire::credentials::v1 as wire;
use serde::Serialize;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tonic::Code;

use super::Edge;
use super::refused::Refused;
use crate::api::verification;
use crate::standard::baking::unbake;

/// The longest body, in bytes: a baked image, or a record of some hundred badges.
pub(super) const LONGEST: usize = 4 << 20;
/// Verifications at once, over all callers.
pub(super) const AT_ONCE: usize = 4;
/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a stranger may ask of the verifier, in one document.
const LIMITS: Limits = Limits { bytes: LONGEST, depth: 48, quads: 200_000, work: 500_000 };

const JWT: &str = "data:application/vc+jwt,";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    verified: bool,
    checks: Vec<Check>,
    problem_details: Vec<Problem>,
    issuer: Issuer,
}

#[derive(Serialize)]
struct Check {
    check: String,
    passed: bool,
    detail: String,
}

/// What speaks against it, as the data model 2.0 names it.
#[derive(Serialize)]
struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    detail: String,
}

/// Who issued it, by its own word, and how that was looked up.
#[derive(Serialize)]
struct Issuer {
    id: Option<String>,
    resolved: bool,
    detail: &'static str,
}

pub(super) async fn verify(
    State(edge): State<Edge>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refused> {
    let body = body.map_err(|why| Refused::of(why.status(), why.body_text()))?;
    let text = credential(kind(&headers), &body)?;
    let place = Arc::clone(&edge.verifying).try_acquire_owned().map_err(|_| Refused::busy())?;
    // Once begun it goes on to its end, whoever still waits for it, and keeps its place so long.
    let work = spawn_blocking(move || {
        let verdict = Handle::current().block_on(verdict(&edge, text));
        drop(place);
        verdict
    });
    let verdict = timeout(PATIENCE, work).await.map_err(|_| Refused::too_slow())?;
    let verdict = verdict.map_err(|_| Refused::failed())??;
    let body = serde_json::to_string(&verdict).map_err(|_| Refused::failed())?;
    let kinds = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    Ok((kinds, format!("{body}\n")).into_response())
}

/// The media type without its parameters; JSON if none is said.
fn kind(headers: &HeaderMap) -> &str {
    let said = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    said.unwrap_or("application/json").split(';').next().unwrap_or_default().trim()
}

/// The credential's own text, out of whatever it came in.
fn credential(kind: &str, body: &[u8]) -> Result<String, Refused> {
    match kind.to_ascii_lowercase().as_str() {
        "application/json" | "application/ld+json" => enveloped(body),
        "application/vc"
        | "application/vc+ld+json"
        | "application/vc+jwt"
        | "application/jwt"
        | "application/jose"
        | "text/plain" => text(body),
        "image/png" | "image/svg+xml" => {
            let baked = unbake(body).map_err(|why| Refused::invalid(why.to_string()))?;
            Ok(baked.as_str().to_owned())
        }
        other => Err(Refused::of(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!(
                "{other:?} is not taken; send application/json with verifiableCredential, \
                 application/vc, application/vc+jwt, image/png or image/svg+xml"
            ),
        )),
    }
}

fn text(body: &[u8]) -> Result<String, Refused> {
    let text = std::str::from_utf8(body).map_err(|why| Refused::invalid(why.to_string()))?;
    Ok(text.trim().to_owned())
}

/// Out of `{"verifiableCredential": …}`: a document, a token, or the envelope of one.
fn enveloped(body: &[u8]) -> Result<String, Refused> {
    let request = parse_json(body, &LIMITS).map_err(|why| Refused::invalid(why.to_string()))?;
    let token = |text: &str| text.strip_prefix(JWT).unwrap_or(text).to_owned();
    match &request["verifiableCredential"] {
        Value::String(text) => Ok(token(text)),
        Value::Object(members) => {
            let envelope = members.get("type") == Some(&"EnvelopedVerifiableCredential".into());
            let inside = members.get("id").and_then(Value::as_str).filter(|_| envelope);
            Ok(inside.map_or_else(|| request["verifiableCredential"].to_string(), token))
        }
        _ => Err(Refused::invalid("verifiableCredential must be a credential, or a token of one")),
    }
}

/// What the verifier finds: with all that is on record, if it is an issuer of this deployment.
async fn verdict(edge: &Edge, text: String) -> Result<Verdict, Refused> {
    let said = verification::said(&text);
    let issuer = said.as_ref().and_then(|said| {
        let issuer = &said["issuer"];
        issuer.as_str().or_else(|| issuer["id"].as_str()).map(ToOwned::to_owned)
    });
    if let Some(slug) = issuer.as_deref().and_then(|id| edge.host.slug_of(id)) {
        let log = edge.tenant(TenantId::from_slug(slug));
        match verification::verify_within(&edge.host, &log, &text, LIMITS).await {
            Ok(report) => return Ok(verdict_of(report.checks, issuer, OWN)),
            Err(status) if status.code() == Code::NotFound => {}
            Err(status) => return Err(status.into()),
        }
    }
    let terms = Terms { limits: LIMITS, ..Terms::at(now()) };
    let report = verifier::verify(text.as_bytes(), &Nothing, &terms);
    let checks = report.checks.into_iter().map(|check| wire::Check {
        name: check.name.word().into(),
        passed: matches!(check.outcome, Outcome::Passed | Outcome::Absent),
        detail: check.detail,
    });
    let itself = issuer.as_deref().is_some_and(|id| id.starts_with("did:key:"));
    Ok(verdict_of(checks.collect(), issuer, if itself { ITSELF } else { UNRESOLVED }))
}

type Resolved = (bool, &'static str);
const OWN: Resolved = (true, "an issuer of this deployment, by its own keys and records");
const ITSELF: Resolved = (true, "the issuer's name is its key; who is behind it is not known");
const UNRESOLVED: Resolved = (
    false,
    "not an issuer of this deployment, and no resolver is configured: nothing was fetched, so the \
     key's owner and the status could not be looked up",
);

fn verdict_of(
    checks: Vec<wire::Check>,
    id: Option<String>,
    (resolved, detail): Resolved,
) -> Verdict {
    let problem = |check: &wire::Check| Problem {
        kind: problem_type(&check.name),
        title: check.name.clone(),
        detail: check.detail.clone(),
    };
    Verdict {
        verified: checks.iter().all(|check| check.passed),
        problem_details: checks.iter().filter(|check| !check.passed).map(problem).collect(),
        checks: checks
            .into_iter()
            .map(|wire::Check { name: check, passed, detail }| Check { check, passed, detail })
            .collect(),
        issuer: Issuer { id, resolved, detail },
    }
}

fn problem_type(check: &str) -> &'static str {
    match check {
        "form" => "https://www.w3.org/TR/vc-data-model#PARSING_ERROR",
        "arithmetic" | "key owner" => {
            "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"
        }
        "schema" => "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR",
        "time" => "https://www.w3.org/TR/vc-data-model#RANGE_ERROR",
        "status" => "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR",
        _ => "about:blank",
    }
}

/// Nothing is known of issuers elsewhere.
struct Nothing;

impl Sources for Nothing {
    fn document(&self, _: &str) -> Option<Value> {
        None
    }

    fn status(&self, _: &Value, _: &Value) -> Published {
        Published::Unknown("the issuer's list is not at hand, and nothing is fetched".into())
    }
}
