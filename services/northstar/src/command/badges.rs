//! `northstar badges`.

use anyhow::Context as _;
use northstar_wire::credentials::v1::{
    Credential, CredentialStatus, GetCredentialRequest, ListCredentialsRequest,
    VerifyCredentialRequest,
};
use serde::Serialize;

use crate::cli::Badges;
use crate::client::{Client, refused};
use crate::output::{Format, json, say, table};

const PAGE: u32 = 1_000;

/// One credential, for programs.
#[derive(Debug, Serialize)]
struct Badge {
    credential_id: String,
    learner_id: String,
    achievement: String,
    status: &'static str,
    compact_jws: String,
}

/// What verification came to.
#[derive(Debug, Serialize)]
pub(crate) struct Verified {
    pub(crate) achievement: String,
    pub(crate) credential_id: String,
    pub(crate) verified: bool,
    /// Each check by name, with what was seen.
    pub(crate) checks: Vec<Check>,
}

/// One check.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    pub(crate) name: String,
    pub(crate) passed: bool,
    pub(crate) detail: String,
}

pub(super) async fn run(options: &Badges) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    if let Some(id) = &options.verify {
        return verify_by_id(&client, id, options).await;
    }
    let learner = options.learner.as_deref().map(|learner| client.learner(learner)).transpose()?;
    let learner = learner.map(|learner| learner.to_string()).unwrap_or_default();
    let badges = list(&client, learner).await?.into_iter().map(Badge::from);
    if options.client.output == Format::Json {
        return json(&badges.collect::<Vec<_>>());
    }
    let row = |badge: Badge| {
        [badge.credential_id, badge.learner_id, badge.achievement, badge.status.to_owned()]
    };
    table(["credential", "learner", "badge", "status"], badges.map(row));
    Ok(())
}

async fn verify_by_id(client: &Client, id: &str, options: &Badges) -> anyhow::Result<()> {
    let request = GetCredentialRequest { credential_id: id.to_owned() };
    let reply = client.credentials().get_credential(request).await;
    let credential = reply.map_err(refused("asking for the credential"))?.into_inner().credential;
    let credential = credential.context("the service answered without a credential")?;
    let verified = verify(client, credential).await?;
    if options.client.output == Format::Json {
        return json(&verified);
    }
    print(&verified);
    Ok(())
}

/// All credentials of a learner, or of the whole tenant if none is named.
pub(crate) async fn list(client: &Client, learner_id: String) -> anyhow::Result<Vec<Credential>> {
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let learner_id = learner_id.clone();
        let request = ListCredentialsRequest {
            learner_id,
            page_size: PAGE,
            page_token,
            ..Default::default()
        };
        let reply = client.credentials().list_credentials(request).await;
        let page = reply.map_err(refused("asking for credentials"))?.into_inner();
        all.extend(page.credentials);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}

/// Whether a credential is held at present.
pub(crate) fn is_held(credential: &Credential) -> bool {
    credential.status() == CredentialStatus::Issued
}

/// Has the service verify a credential.
pub(crate) async fn verify(client: &Client, credential: Credential) -> anyhow::Result<Verified> {
    let request = VerifyCredentialRequest {
        compact_jws: credential.compact_jws,
        document: credential.document,
        endorsements: Vec::new(),
    };
    let reply = client.credentials().verify_credential(request).await;
    let report = reply.map_err(refused("verifying a credential"))?.into_inner();
    let check = |check: northstar_wire::credentials::v1::Check| Check {
        name: check.name,
        passed: check.passed,
        detail: check.detail,
    };
    Ok(Verified {
        achievement: credential.achievement_name,
        credential_id: credential.credential_id,
        verified: report.verified,
        checks: report.checks.into_iter().map(check).collect(),
    })
}

/// The line that people read, and what failed if anything did.
pub(crate) fn print(one: &Verified) {
    let outcome = if one.verified { "verifies" } else { "DOES NOT VERIFY" };
    let checks: Vec<&str> = one.checks.iter().map(|check| check.name.as_str()).collect();
    let (name, id) = (&one.achievement, &one.credential_id);
    say(&format!("\"{name}\" ({id}) {outcome}: {}.", checks.join(", ")));
    for check in one.checks.iter().filter(|check| !check.passed) {
        say(&format!("  {} failed: {}", check.name, check.detail));
    }
}

impl From<Credential> for Badge {
    fn from(credential: Credential) -> Self {
        Self {
            status: match credential.status() {
                CredentialStatus::Issued => "held",
                CredentialStatus::Held => "on hold",
                CredentialStatus::Expired => "expired",
                CredentialStatus::Revoked | CredentialStatus::Unspecified => "revoked",
            },
            credential_id: credential.credential_id,
            learner_id: credential.learner_id,
            achievement: credential.achievement_name,
            compact_jws: credential.compact_jws,
        }
    }
}
