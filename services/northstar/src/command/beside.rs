//! `northstar credential record`, `endorse` and `import`.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use northstar_eventlog::now;
use northstar_kernel::Digest;
use northstar_wire::credentials::v1 as wire;
use serde::Serialize;

use super::credential::{files, read};
use crate::cli::{AssembleRecord, Endorse, ImportBadge, Vouch};
use crate::client::{Client, refused};
use crate::output::{Format, json, say, table};

const PAGE: u32 = 1_000;

/// A record, for programs.
#[derive(Debug, Serialize)]
struct Record {
    record_id: String,
    name: String,
    partial: bool,
    credential_ids: Vec<String>,
    /// As it is signed: a document, or a token.
    signed: String,
}

/// An endorsement, for programs.
#[derive(Debug, Serialize)]
struct Endorsement {
    endorsement_id: String,
    subject: String,
    endorser: String,
    given: bool,
    state: &'static str,
    document: String,
}

/// An imported badge, for programs.
#[derive(Debug, Serialize)]
struct Imported {
    import_id: String,
    issuer: String,
    name: String,
    on_word: bool,
    alignments: Vec<String>,
    evidence_ids: Vec<String>,
    withdrawn: bool,
}

/// Assembles a record.
pub(super) async fn record(options: AssembleRecord) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let request = wire::AssembleRecordRequest {
        request_id: options.request_id.unwrap_or_else(|| fresh(&options.learner)),
        learner_id: client.learner(&options.learner)?.to_string(),
        credential_ids: options.credential.iter().map(ToString::to_string).collect(),
        name: options.name,
        purpose: options.purpose,
        consent: options.consent,
    };
    let reply = client.credentials().assemble_record(request).await;
    let record = reply.map_err(refused("assembling a record"))?.into_inner().record;
    let record = record.context("the service answered without a record")?;
    let request =
        wire::GetRecordRequest { record_id: record.record_id.clone(), token: options.jws };
    let reply = client.credentials().get_record(request).await;
    let got = reply.map_err(refused("asking for the record"))?.into_inner();
    let signed = if options.jws { got.compact_jws } else { got.document };
    if let Some(out) = &options.out {
        fs::write(out, &signed).with_context(|| format!("writing {}", out.display()))?;
    }
    if options.client.output == Format::Json {
        let wire::LearnerRecord { record_id, name, partial, credential_ids, .. } = record;
        return json(&Record { record_id, name, partial, credential_ids, signed });
    }
    if options.out.is_none() {
        say(&signed);
        return Ok(());
    }
    let part = if record.partial { "; there is more to tell of the learner" } else { "" };
    say(&format!("{}: {} badges{part}", record.record_id, record.credential_ids.len()));
    Ok(())
}

/// A request id that was not used before: this is about `about`, at this moment.
fn fresh(about: &str) -> String {
    let digest = Digest::of_parts([about.as_bytes(), &now().micros().to_be_bytes()]);
    format!("command line {digest}")
}

/// Gives, receives, withdraws or lists endorsements.
pub(super) async fn endorse(options: Endorse) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let mut credentials = client.credentials();
    if let (Some(id), Some(reason)) = (options.withdraw, options.reason) {
        let endorsement_id = id.to_string();
        let request = wire::WithdrawEndorsementRequest { endorsement_id, reason };
        let reply = credentials.withdraw_endorsement(request).await;
        reply.map_err(refused("withdrawing an endorsement"))?;
    } else if let Some(comment) = options.comment {
        let request = wire::GiveEndorsementRequest {
            request_id: fresh(&options.subject),
            subject: options.subject.clone(),
            comment,
            valid_until: None,
        };
        let reply = credentials.give_endorsement(request).await;
        let given = reply.map_err(refused("endorsing"))?.into_inner();
        say(&format!("{} is signed in a moment", given.endorsement_id));
        return Ok(());
    } else if let Some(file) = &options.receive {
        let document = String::from_utf8(read(file)?);
        let Vouched { issuer_documents, status_lists, word } = vouched(options.vouch)?;
        let request = wire::ReceiveEndorsementRequest {
            document: document.with_context(|| format!("reading {}", file.display()))?,
            issuer_documents,
            status_lists,
            word,
        };
        let reply = credentials.receive_endorsement(request).await;
        reply.map_err(refused("taking in an endorsement"))?;
    }
    let all = endorsements(&client, &options.subject).await?;
    if options.client.output == Format::Json {
        return json(&all);
    }
    let row = |one: Endorsement| [one.endorsement_id, one.endorser, one.state.to_owned()];
    table(["endorsement", "by", "state"], all.into_iter().map(row));
    Ok(())
}

async fn endorsements(client: &Client, subject: &str) -> anyhow::Result<Vec<Endorsement>> {
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let subject = subject.to_owned();
        let request = wire::ListEndorsementsRequest { subject, page_size: PAGE, page_token };
        let reply = client.credentials().list_endorsements(request).await;
        let page = reply.map_err(refused("asking for endorsements"))?.into_inner();
        all.extend(page.endorsements.into_iter().map(|one| Endorsement {
            state: match one.state() {
                wire::EndorsementState::Requested => "to be signed",
                wire::EndorsementState::Standing => "stands",
                wire::EndorsementState::Withdrawn => "withdrawn",
                wire::EndorsementState::Unspecified => "unknown",
            },
            endorsement_id: one.endorsement_id,
            subject: one.subject,
            endorser: one.endorser,
            given: one.given,
            document: one.document,
        }));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}

/// Imports, accepts, withdraws or lists badges of other issuers.
pub(super) async fn import(options: ImportBadge) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let learner_id = client.learner(&options.learner)?.to_string();
    let mut credentials = client.credentials();
    if let (Some(id), Some(reason)) = (options.withdraw, options.reason) {
        let import_id = id.to_string();
        let request = wire::WithdrawImportedCredentialRequest { import_id, reason };
        let reply = credentials.withdraw_imported_credential(request).await;
        reply.map_err(refused("withdrawing an imported badge"))?;
    } else if let Some(file) = &options.file {
        let Vouched { issuer_documents, status_lists, word } = vouched(options.vouch)?;
        let request = wire::ImportCredentialRequest {
            learner_id: learner_id.clone(),
            file: read(file)?,
            issuer_documents,
            status_lists,
            word,
        };
        let reply = credentials.import_credential(request).await;
        let imported = reply.map_err(refused("importing a badge"))?.into_inner().imported;
        let import_id = imported.context("the service answered without a badge")?.import_id;
        if let (Some(competency), Some(level)) = (options.accept, options.level) {
            let competency_id = competency.to_string();
            let request = wire::AcceptImportedCredentialRequest { import_id, competency_id, level };
            let reply = credentials.accept_imported_credential(request).await;
            reply.map_err(refused("accepting a badge as evidence"))?;
        }
    }
    let all = imports(&client, &learner_id).await?;
    if options.client.output == Format::Json {
        return json(&all);
    }
    let row = |one: Imported| {
        let state = match (one.withdrawn, one.evidence_ids.is_empty()) {
            (true, _) => "withdrawn".to_owned(),
            (false, true) => "kept".to_owned(),
            (false, false) => format!("evidence {}", one.evidence_ids.join(", ")),
        };
        [one.import_id, one.name, one.issuer, state]
    };
    table(["import", "badge", "issuer", "state"], all.into_iter().map(row));
    Ok(())
}

async fn imports(client: &Client, learner_id: &str) -> anyhow::Result<Vec<Imported>> {
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let learner_id = learner_id.to_owned();
        let request =
            wire::ListImportedCredentialsRequest { learner_id, page_size: PAGE, page_token };
        let reply = client.credentials().list_imported_credentials(request).await;
        let page = reply.map_err(refused("asking for imported badges"))?.into_inner();
        all.extend(page.imported.into_iter().map(|one| Imported {
            import_id: one.import_id,
            issuer: one.issuer,
            name: one.name,
            on_word: one.on_word,
            alignments: one.alignments,
            evidence_ids: one.accepted.into_iter().map(|it| it.evidence_id).collect(),
            withdrawn: one.withdrawn_at.is_some(),
        }));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}

struct Vouched {
    issuer_documents: Vec<Vec<u8>>,
    status_lists: Vec<Vec<u8>>,
    word: String,
}

fn vouched(vouch: Vouch) -> anyhow::Result<Vouched> {
    let all = |folder: Option<&Path>| {
        files(folder)?.iter().map(|file| read(file)).collect::<anyhow::Result<Vec<_>>>()
    };
    Ok(Vouched {
        issuer_documents: all(vouch.docs.as_deref())?,
        status_lists: all(vouch.status.as_deref())?,
        word: vouch.word,
    })
}
