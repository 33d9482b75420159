//! The service description: where wallets register, and what they may ask for.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use northstar_credentials_domain::wallet::Scope;
use serde_json::{Value, json};

use super::Api;
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

    /// In one of the APIs.
    pub(super) fn api(&self, api: Api, what: &str) -> String {
        format!("{}/{}/{what}", self.0, api.path())
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
    Extension(api): Extension<Api>,
    Path(slug): Path<String>,
) -> Result<Response, StatusInfo> {
    let tenant = edge.issuing(&slug).await?.ok_or_else(StatusInfo::not_found)?;
    let description = description(api, &Addresses::of(&edge.host, &slug), &tenant.name);
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "public, max-age=600"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Ok((headers, format!("{description}\n")).into_response())
}

fn description(api: Api, at: &Addresses, name: &str) -> Value {
    json!({
        "openapi": "3.0.1",
        "info": {
            "title": name,
            "version": api.version(),
            "description": api.description(),
            "termsOfService": at.public("did.json"),
            "x-imssf-privacyPolicyUrl": at.public("did.json"),
        },
        "servers": [{ "url": at.api(api, "").trim_end_matches('/') }],
        "paths": paths(api),
        "components": { "securitySchemes": { "OAuth2ACG": security(api, at, name) }, "schemas": {} },
    })
}

fn security(api: Api, at: &Addresses, name: &str) -> Value {
    let scopes = api.scopes().into_iter().chain([Scope::Offline]);
    let scopes: serde_json::Map<String, Value> =
        scopes.map(|scope| (scope.name().to_owned(), meaning(scope).into())).collect();
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
        Scope::ReadRecords => "read the records that were made of the credentials",
        Scope::BringRecords => "bring records that others made",
        Scope::ReadRecordsProfile => "read the profile beside the records, which has no name",
        Scope::Offline => "go on doing so for ninety days",
    }
}

fn paths(api: Api) -> Value {
    let [reading, bringing, seeing] = api.scopes();
    let answers = json!({ "200": { "description": "Done." }, "default": { "description": "Imsx_StatusInfo" } });
    let needs = |scope: Scope| json!([{ "OAuth2ACG": [scope.name()] }]);
    let one = |id: &str, security: Value| json!({ "operationId": id, "responses": answers, "security": security });
    json!({
        "/credentials": {
            "get": one("getCredentials", needs(reading)),
            "post": one("upsertCredential", needs(bringing)),
        },
        "/profile": { "get": one("getProfile", needs(seeing)) },
        "/discovery": { "get": one("getServiceDescription", json!([])) },
    })
}
