//! The public face, over plain HTTP and for whoever comes without a token: what issuers publish,
//! verification of what somebody was handed, and pages that a learner's family chose to show.
//!
//! No cookies, and no log of who asked for what: which list is fetched, and when, says something
//! about the person whose credential is being looked at.

mod answer;
mod guard;
mod host;
mod oauth;
mod page;
mod picture;
mod published;
mod refused;
mod share;
mod verification;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use northstar_eventlog::{Fault, Log, TenantLog};
use northstar_kernel::{TenantId, TenantScope};
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::Config;
use crate::projection::issuer::IssuerDocument;
use crate::standard::did_web::Host;

/// Section `credentials.edge`: where the public face listens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EdgeConfig {
    /// Address of the plain HTTP port, behind a proxy that brings `host`'s certificate; port 0 takes
    /// any free one. Without it nothing is shown.
    pub listen: Option<SocketAddr>,
}

/// What every request may use.
#[derive(Clone)]
struct Edge {
    log: Log,
    host: Host,
    /// Places for verifications at the same time.
    verifying: Arc<Semaphore>,
    registrations: Arc<oauth::Registrations>,
}

/// A tenant that issues credentials.
struct Issuing {
    log: TenantLog,
    /// Its name for people.
    name: String,
}

impl Edge {
    /// A tenant's part of the log, to show what is for everybody: what the tenant publishes, and what
    /// a secret link leads to.
    #[expect(
        clippy::disallowed_methods,
        reason = "only what is public is read, or what a link opens"
    )]
    fn tenant(&self, tenant: TenantId) -> TenantLog {
        self.log.tenant(&TenantScope::assume(tenant))
    }

    /// The tenant with this slug, once the registry has named it.
    async fn issuing(&self, slug: &str) -> Result<Option<Issuing>, Fault> {
        let log = self.tenant(TenantId::from_slug(slug));
        let issuer: Option<IssuerDocument> = log.document(IssuerDocument::KEY).await?;
        let known = issuer.filter(|issuer| issuer.slug == slug);
        Ok(known.map(|issuer| Issuing { log, name: issuer.name }))
    }
}

/// All that is served.
pub fn router(log: Log, config: &Config) -> Router {
    let verifying = Arc::new(Semaphore::new(verification::AT_ONCE));
    let registrations = Arc::default();
    let edge = Edge { log, host: config.host.clone(), verifying, registrations };
    let verify = post(verification::verify).layer(DefaultBodyLimit::max(verification::LONGEST));
    let routes = Router::new()
        .route("/t/{slug}/did.json", get(published::did))
        .route("/t/{slug}/jwks.json", get(published::jwks))
        .route("/t/{slug}/.well-known/jwks.json", get(published::jwks))
        .route("/t/{slug}/status/{list}", get(published::list))
        .route("/t/{slug}/status/{list}/{epoch}", get(published::edition))
        .route("/t/{slug}/revocations", get(published::revocations))
        .route("/credentials/verify", verify)
        .route("/s/{token}", get(share::show))
        .route("/s/{token}/credential.json", get(share::document))
        .route("/s/{token}/badge.svg", get(share::svg))
        .route("/s/{token}/badge.png", get(share::png))
        .merge(host::routes())
        .merge(oauth::routes())
        .fallback(refused::nothing_there)
        .with_state(edge);
    guard::around(routes)
}
