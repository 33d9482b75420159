//! The service description: where wallets register, and what they may ask for.

use axum::extract::{Path, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use northstar_credentials_domain::wallet::Scope;
use serde_json::{Value, json};

use super::status_info::StatusInfo;
use crate::edge::Edge;
use crate::standard::did_web::Host;

/// Where everything of a tenant's is.
pub(super) struct Addresses(String);

impl Addresses {
    /// Of the tenant with this slug.
    pub(super) fn of(host: &Host, slug: &str) -> Self {
        Self(format!("{}/t/{slug}", host.base()))
    }

    /// In the API.
    pub(super) fn api(&self, what: &str) -> String {
        format!("{}/ims/ob/v3p0/{what}", self.0)
    }

    fn oauth(&self, what: &str) -> String {
        format!("{}/oauth/{what}", self.0)
    }

    fn public(&self, what: &str) -> String {
        format!("{}/{what}", self.0)
    }
}

pub(super) async fn show(
    State(edge): State<Edge>,
    Path(slug): Path<String>,
) -> Result<Response, StatusInfo> {
    let tenant = edge.issuing(&slug).await?.ok_or_else(StatusInfo::not_found)?;
    let description = description(&Addresses::of(&edge.host, &slug), &tenant.name);
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "public, max-age=600"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Ok((headers, format!("{description}\n")).into_response())
}

fn description(at: &Addresses, name: &str) -> Value {
    json!({
        "openapi": "3.0.1",
        "info": {
            "title": name,
            "version": "3.0",
            "description": "Open Badges 3.0: credentials of this network's learners.",
            "termsOfService": at.public("did.json"),
            "x-imssf-privacyPolicyUrl": at.public("did.json"),
        },
        "servers": [{ "url": at.api("").trim_end_matches('/') }],
        "paths": paths(),
        "components": { "securitySchemes": { "OAuth2ACG": security(at, name) }, "schemas": {} },
    })
}

fn security(at: &Addresses, name: &str) -> Value {
    let scopes: serde_json::Map<String, Value> = Scope::ALL
        .into_iter()
        .map(|scope| (scope.name().to_owned(), meaning(scope).into()))
        .collect();
    json!({
        "type": "oauth2",
        "description": "Authorization code with PKCE (S256); programs show who they are by \
                        client_secret_basic.",
        "x-imssf-name": name,
        "x-imssf-registrationUrl": at.oauth("register"),
        "x-imssf-revocationUrl": at.oauth("revoke"),
        "flows": {
            "authorizationCode": {
                "authorizationUrl": at.oauth("authorize"),
                "tokenUrl": at.oauth("token"),
                "refreshUrl": at.oauth("token"),
                "scopes": scopes,
            },
        },
    })
}

/// What a person is told that a scope is for.
pub(in crate::edge) fn meaning(scope: Scope) -> &'static str {
    match scope {
        Scope::ReadCredentials => "read the credentials",
        Scope::BringCredentials => "bring credentials that others issued",
        Scope::ReadProfile => "read the profile, which has no name",
        Scope::Offline => "go on doing so for ninety days",
    }
}

fn paths() -> Value {
    let answers = json!({ "200": { "description": "Done." }, "default": { "description": "Imsx_StatusInfo" } });
    let needs = |scope: Scope| json!([{ "OAuth2ACG": [scope.name()] }]);
    let one = |id: &str, security: Value| json!({ "operationId": id, "responses": answers, "security": security });
    json!({
        "/credentials": {
            "get": one("getCredentials", needs(Scope::ReadCredentials)),
            "post": one("upsertCredential", needs(Scope::BringCredentials)),
        },
        "/profile": { "get": one("getProfile", needs(Scope::ReadProfile)) },
        "/discovery": { "get": one("getServiceDescription", json!([])) },
    })
}
