//! Lists credentials.

use northstar_wire::credentials::v1::{Credential, CredentialStatus, ListCredentialsRequest};
use serde::Serialize;

use crate::cli::ListCredentials;
use crate::client::{Client, refused};
use crate::command::overriding::written;
use crate::output::{Format, instant, json, table};

const PAGE: u32 = 1_000;

/// A credential, for programs.
#[derive(Debug, Serialize)]
pub(super) struct Listed {
    pub(super) credential_id: String,
    pub(super) learner_id: String,
    pub(super) achievement: String,
    pub(super) achievement_id: String,
    pub(super) status: &'static str,
    /// The level it states; 0: none.
    pub(super) level: u32,
    pub(super) issued_at: Option<String>,
    /// Null: it does not end by itself.
    pub(super) valid_until: Option<String>,
    pub(super) renewal_at: Option<String>,
    /// Null: no review is open.
    pub(super) review_until: Option<String>,
    /// Null: it was not revoked.
    pub(super) revoked_at: Option<String>,
    pub(super) revocation_reason: String,
}

impl From<&Credential> for Listed {
    fn from(credential: &Credential) -> Self {
        Self {
            credential_id: credential.credential_id.clone(),
            learner_id: credential.learner_id.clone(),
            achievement: credential.achievement_name.clone(),
            achievement_id: credential.achievement_id.clone(),
            status: status(credential),
            level: credential.level,
            issued_at: written(credential.issued_at),
            valid_until: written(credential.valid_until),
            renewal_at: written(credential.renewal_at),
            review_until: written(credential.review_until),
            revoked_at: written(credential.revoked_at),
            revocation_reason: credential.revocation_reason.clone(),
        }
    }
}

/// The state in a few words.
fn status(credential: &Credential) -> &'static str {
    match credential.status() {
        CredentialStatus::Issued => "holds",
        CredentialStatus::Held if credential.review_until.is_some() => "under review",
        CredentialStatus::Held if credential.suspended => "on hold: a part is missing",
        CredentialStatus::Held => "on hold",
        CredentialStatus::Revoked => "revoked",
        CredentialStatus::Expired => "expired",
        CredentialStatus::Unspecified => "unknown",
    }
}

pub(super) async fn run(options: &ListCredentials) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let learner = options.learner.as_deref().map(|learner| client.learner(learner)).transpose()?;
    let learner_id = learner.map(|learner| learner.to_string()).unwrap_or_default();
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListCredentialsRequest {
            learner_id: learner_id.clone(),
            page_size: PAGE,
            page_token,
            ends_before: options.ends_before.map(instant),
        };
        let reply = client.credentials().list_credentials(request).await;
        let page = reply.map_err(refused("asking for credentials"))?.into_inner();
        all.extend(page.credentials.iter().map(Listed::from));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    if options.client.output == Format::Json {
        return json(&all);
    }
    let header = ["credential", "learner", "achievement", "level", "state", "issued", "ends"];
    table(header, all.into_iter().map(row));
    Ok(())
}

fn row(it: Listed) -> [String; 7] {
    let [issued, ends] = [it.issued_at, it.valid_until].map(Option::unwrap_or_default);
    let (level, status) = (it.level.to_string(), it.status.to_owned());
    [it.credential_id, it.learner_id, it.achievement, level, status, issued, ends]
}
