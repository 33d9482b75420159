//! Shows a credential, and why it is as it is.

use anyhow::Context as _;
use northstar_kernel::CredentialId;
use northstar_wire::credentials::v1::{
    Credential, CredentialGrounds, CredentialStep, ExplainCredentialRequest,
    ExplainCredentialResponse, GetCredentialRequest,
};
use serde::Serialize;

use super::list::Listed;
use crate::cli::{ClientOptions, ShowCredential};
use crate::client::{Client, refused};
use crate::command::overriding::written;
use crate::output::{Format, json, say, table};

/// A credential with its grounds, for programs.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    listed: Listed,
    /// What the edition that counts rests on; null for one from before this was kept.
    grounds: Option<Grounds>,
    document: String,
    compact_jws: String,
}

/// What an edition rests on, for programs.
#[derive(Debug, Serialize)]
struct Grounds {
    level: u32,
    valid_from: Option<String>,
    criteria: String,
    competency_id: String,
    mastery_event_id: String,
    mastery_sequence: u64,
    policy_hash: String,
    evidence_ids: Vec<String>,
    key_names: Vec<String>,
}

impl From<CredentialGrounds> for Grounds {
    fn from(it: CredentialGrounds) -> Self {
        Self {
            level: it.level,
            valid_from: written(it.valid_from),
            criteria: it.criteria,
            competency_id: it.competency_id,
            mastery_event_id: it.mastery_event_id,
            mastery_sequence: it.mastery_sequence,
            policy_hash: it.policy_hash,
            evidence_ids: it.evidence_ids,
            key_names: it.key_names,
        }
    }
}

/// Something that happened, for programs.
#[derive(Debug, Serialize)]
struct Step {
    what: String,
    at: Option<String>,
    actor: String,
    reason: String,
    mastery_event_id: String,
}

impl From<CredentialStep> for Step {
    fn from(it: CredentialStep) -> Self {
        Self {
            what: it.what,
            at: written(it.at),
            actor: it.actor,
            reason: it.reason,
            mastery_event_id: it.mastery_event_id,
        }
    }
}

/// Why a credential is as it is, for programs.
#[derive(Debug, Serialize)]
struct Explained {
    editions: Vec<Grounds>,
    steps: Vec<Step>,
}

pub(super) async fn run(options: &ShowCredential) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let credential = get(&client, options.id).await?;
    if options.document || options.jws {
        let text = if options.jws { &credential.compact_jws } else { &credential.document };
        anyhow::ensure!(!text.is_empty(), "the credential is older than documents with proofs");
        say(text);
        return Ok(());
    }
    let explained = explained(&client, options.id).await?;
    let grounds = explained.editions.into_iter().next_back().map(Grounds::from);
    let listed = Listed::from(&credential);
    let Credential { document, compact_jws, .. } = credential;
    let shown = Shown { listed, grounds, document, compact_jws };
    if options.client.output == Format::Json {
        return json(&shown);
    }
    print(shown);
    Ok(())
}

fn print(Shown { listed, grounds, .. }: Shown) {
    let mut rows = vec![
        ["credential".to_owned(), listed.credential_id],
        ["learner".to_owned(), listed.learner_id],
        ["achievement".to_owned(), format!("{} ({})", listed.achievement, listed.achievement_id)],
        ["state".to_owned(), listed.status.to_owned()],
        ["level".to_owned(), listed.level.to_string()],
    ];
    let dates = [
        ("issued", listed.issued_at),
        ("ends", listed.valid_until),
        ("renewed from", listed.renewal_at),
        ("review until", listed.review_until),
        ("revoked", listed.revoked_at),
    ];
    let dates = dates.into_iter().filter_map(|(what, at)| Some([what.to_owned(), at?]));
    rows.extend(dates);
    if !listed.revocation_reason.is_empty() {
        rows.push(["revoked because".to_owned(), listed.revocation_reason]);
    }
    if let Some(grounds) = grounds {
        rows.push(["criteria".to_owned(), grounds.criteria]);
        rows.push(["mastery decision".to_owned(), grounds.mastery_event_id]);
        rows.push(["policy".to_owned(), grounds.policy_hash]);
        rows.push(["evidence".to_owned(), grounds.evidence_ids.join(" ")]);
        rows.push(["signed by".to_owned(), grounds.key_names.join(" ")]);
    }
    table(["what", "is"], rows);
}

pub(super) async fn explain(id: CredentialId, options: &ClientOptions) -> anyhow::Result<()> {
    let client = Client::open(options)?;
    let ExplainCredentialResponse { editions, steps } = explained(&client, id).await?;
    let explained = Explained {
        editions: editions.into_iter().map(Grounds::from).collect(),
        steps: steps.into_iter().map(Step::from).collect(),
    };
    if options.output == Format::Json {
        return json(&explained);
    }
    let edition = |it: Grounds| {
        let evidence = it.evidence_ids.len().to_string();
        let from = it.valid_from.unwrap_or_default();
        [from, it.level.to_string(), it.criteria, it.mastery_event_id, it.policy_hash, evidence]
    };
    let header = ["valid from", "level", "criteria", "mastery decision", "policy", "evidence"];
    table(header, explained.editions.into_iter().map(edition));
    let step =
        |it: Step| [it.at.unwrap_or_default(), it.what, it.actor, it.reason, it.mastery_event_id];
    table(["at", "what", "who", "why", "mastery event"], explained.steps.into_iter().map(step));
    Ok(())
}

/// One by id.
pub(super) async fn get(client: &Client, id: CredentialId) -> anyhow::Result<Credential> {
    let request = GetCredentialRequest { credential_id: id.to_string() };
    let reply = client.credentials().get_credential(request).await;
    let credential = reply.map_err(refused("asking for the credential"))?.into_inner().credential;
    credential.context("the service answered without a credential")
}

async fn explained(client: &Client, id: CredentialId) -> anyhow::Result<ExplainCredentialResponse> {
    let request = ExplainCredentialRequest { credential_id: id.to_string() };
    let reply = client.credentials().explain_credential(request).await;
    Ok(reply.map_err(refused("asking why"))?.into_inner())
}
