//! Has a credential issued, and waits until it is there.

use std::time::Duration;

use anyhow::bail;
use northstar_kernel::AchievementId;
use northstar_wire::credentials::v1::{GetCredentialRequest, IssueCredentialRequest};
use serde::Serialize;
use tonic::Code;

use crate::cli::IssueCredential;
use crate::client::{Client, refused};
use crate::output::{Format, json, say};

/// How often it is looked whether the credential is there, a tenth of a second apart.
const LOOKS: u32 = 300;

/// What asking came to.
#[derive(Debug, Serialize)]
struct Outcome {
    credential_id: String,
    achievement: String,
    /// Whether there was one before that has not ended.
    repeated: bool,
}

pub(super) async fn run(options: &IssueCredential) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let achievement = match options.achievement.parse::<AchievementId>() {
        Ok(id) => id,
        Err(_) => AchievementId::derive(client.tenant()?, &options.achievement),
    };
    let request = IssueCredentialRequest {
        learner_id: client.learner(&options.learner)?.to_string(),
        achievement_id: achievement.to_string(),
        reason: options.reason.clone(),
    };
    let reply = client.credentials().issue_credential(request).await;
    let reply = reply.map_err(refused("issuing the credential"))?.into_inner();
    let achievement = there(&client, &reply.credential_id).await?;
    let outcome =
        Outcome { credential_id: reply.credential_id, achievement, repeated: !reply.requested };
    if options.client.output == Format::Json {
        return json(&outcome);
    }
    let Outcome { credential_id, achievement, repeated } = outcome;
    let what = if repeated { "was issued before" } else { "is issued" };
    say(&format!("Credential {credential_id} for \"{achievement}\" {what}."));
    Ok(())
}

/// Waits until it can be seen; says what it is for.
async fn there(client: &Client, credential_id: &str) -> anyhow::Result<String> {
    for _ in 0..LOOKS {
        let request = GetCredentialRequest { credential_id: credential_id.to_owned() };
        match client.credentials().get_credential(request).await {
            Ok(reply) => {
                let credential = reply.into_inner().credential.unwrap_or_default();
                return Ok(credential.achievement_name);
            }
            Err(status) if status.code() == Code::NotFound => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(status) => return Err(refused("looking for the credential")(status)),
        }
    }
    bail!(
        "credential {credential_id} was asked for and is not there yet: the service is busy, or \
         the tenant has no key to sign with; `northstar credential show {credential_id}` shows it \
         when it is"
    )
}
