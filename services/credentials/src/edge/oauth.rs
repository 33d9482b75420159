//! How a wallet comes to its tokens: OAuth 2 with authorization code and PKCE, under
//! `/t/<tenant>/oauth/`.
//!
//! Programs register by themselves; people show who they are by a code that was offered to them
//! ([`crate::api`]), as no password of theirs is known here.

mod authorize;
mod loopback;
mod no;
mod page;
mod registration;
mod token;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use form_urlencoded::parse;

use super::Edge;

pub(super) use registration::Registrations;

/// No form and no registration is longer.
const LONGEST: usize = 16 << 10;

/// The routes.
pub(super) fn routes() -> Router<Edge> {
    Router::new()
        .route("/t/{slug}/oauth/register", post(registration::register))
        .route("/t/{slug}/oauth/authorize", get(authorize::ask).post(authorize::answer))
        .route("/t/{slug}/oauth/token", post(token::give))
        .route("/t/{slug}/oauth/revoke", post(token::take_back))
        .layer(DefaultBodyLimit::max(LONGEST))
}

/// Fields of a form or a query.
struct Form(Vec<(String, String)>);

impl Form {
    fn read(text: &[u8]) -> Self {
        Self(parse(text).into_owned().collect())
    }

    /// The field's value; empty if it is not there, or there twice: which is meant cannot be told.
    fn get(&self, name: &str) -> &str {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => value,
            _ => "",
        }
    }
}
