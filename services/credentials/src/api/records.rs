//! Learners' records: assembling, getting and listing them.

use northstar_chassis::{Principal, Role, page, status};
use northstar_credentials_domain::issuer_keys::Algorithm;
use northstar_credentials_domain::record::{self, Assembled, LONGEST_NAME};
use northstar_eventlog::{Append, AppendError, Fault, RequestKey, TenantLog, now};
use northstar_kernel::{CredentialId, Digest, ExpectedVersion};
use northstar_wire::credentials::v1 as wire;
use prost::Message as _;
use tonic::Status;

use super::issuers;
use super::refusal::Absent;
use super::refusing::{self, opened, seal, words};
use crate::projection::record::RecordDocument;
use crate::records::{self, Signing, Wanted};
use crate::secrets::Vault;
use crate::standard::did_web::Host;
use crate::{beside, codec};

/// Who may ask for a learner's record: whoever stands for them at school, and they themselves.
const ASKERS: [Role; 5] =
    [Role::NetworkAdmin, Role::DistrictAdmin, Role::Teacher, Role::Learner, Role::Guardian];
/// Fields that words are sealed as.
const PURPOSE: &str = "record.purpose";
const CONSENT: &str = "record.consent";
const NAME: &str = "Comprehensive Learner Record";
/// Longest record, in bytes: as a token it is a third longer, and must pass in one message.
const LONGEST: usize = 2_900_000;
/// Longest event: brokers take a mebibyte, unless they are told otherwise.
const LONGEST_EVENT: usize = 900_000;

/// What it takes to sign.
pub(super) struct Signer<'a> {
    pub(super) host: &'a Host,
    pub(super) vault: &'a Vault,
    pub(super) token_algorithm: Algorithm,
}

/// Assembles and signs one.
pub(super) async fn assemble(
    principal: &Principal,
    log: &TenantLog,
    signer: Signer<'_>,
    request: wire::AssembleRecordRequest,
) -> Result<wire::AssembleRecordResponse, Status> {
    principal.require(&ASKERS)?;
    let learner = refusing::learner(&request.learner_id)?;
    principal.may_see(learner)?;
    let id = format!("record/{}", refusing::request_id(&request.request_id)?);
    let content = Digest::of(&request.encode_to_vec());
    let pseudonyms = signer.vault.pseudonyms(log).await.map_err(status::fault)?;
    let record = pseudonyms.record(&id).map_err(status::fault)?;
    if log.answered(&id).await.map_err(status::fault)?.is_none() {
        let event = made(principal, log, &signer, (record, learner), &request).await?;
        let events = vec![codec::encode(&event.into(), None)];
        if events.iter().any(|event| event.payload.len() > LONGEST_EVENT) {
            return Err(too_long());
        }
        let (stream, cause) = (records::stream(record), principal.cause());
        let (request, expected) = (Some(RequestKey { id, content }), ExpectedVersion::Any);
        let appended = log.append(Append { stream, expected, events, request, cause }).await;
        let repeated = appended.map_err(status::append_failed)?.repeated;
        let assembled = found(log, record).await?;
        return Ok(answer(&assembled, repeated));
    }
    repeated(log, record, RequestKey { id, content }).await
}

/// The same request with other content is refused as any append would be.
async fn repeated(
    log: &TenantLog,
    record: CredentialId,
    request: RequestKey,
) -> Result<wire::AssembleRecordResponse, Status> {
    let answered = log.answered(&request.id).await.map_err(status::fault)?;
    if answered.is_none_or(|answered| answered.content != request.content) {
        let reused = AppendError::KeyReused { id: request.id };
        return Err(status::append_failed(reused));
    }
    Ok(answer(&found(log, record).await?, true))
}

fn answer(assembled: &Assembled, repeated: bool) -> wire::AssembleRecordResponse {
    let record = Some(RecordDocument::from(assembled).shown);
    wire::AssembleRecordResponse { record, repeated }
}

/// The signed record that the request asks for.
async fn made(
    principal: &Principal,
    log: &TenantLog,
    signer: &Signer<'_>,
    (record, learner): (CredentialId, northstar_kernel::LearnerId),
    request: &wire::AssembleRecordRequest,
) -> Result<Assembled, Status> {
    let name = name(&request.name)?;
    let purpose = words("purpose", &request.purpose)?;
    let consent = words("consent", &request.consent)?;
    let mut wanted = Vec::new();
    for id in &request.credential_ids {
        wanted.push(refusing::signed_id("CREDENTIAL_ID_INVALID", "credential_ids", id)?);
    }
    let at = now();
    let badges = records::badges(log, learner).await.map_err(status::fault)?;
    let selection = record::select(&wanted, &records::candidates(&badges, at))
        .map_err(|refusal| status::refused(&refusal))?;
    let chosen = selection.credentials.iter().filter_map(|id| badges.get(id));
    if chosen.map(|badge| badge.shown.document.len()).sum::<usize>() > LONGEST {
        return Err(too_long());
    }
    let (did, issuer) = issuers::find(signer.host, log).await?;
    let signing = Signing {
        vault: signer.vault,
        issuer: &issuer,
        did: &did,
        token_algorithm: signer.token_algorithm,
        at,
    };
    let wanted = Wanted {
        record,
        learner,
        name,
        selection,
        actor: principal.subject().to_owned(),
        purpose: seal(log, learner.uuid(), PURPOSE, purpose).await?,
        consent: seal(log, learner.uuid(), CONSENT, consent).await?,
    };
    let assembled = signing.assemble(log, &badges, wanted).await.map_err(status::fault)?;
    assembled.ok_or_else(|| status::refused(&Absent::SigningKey))
}

fn name(name: &str) -> Result<String, Status> {
    let name = name.trim();
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        let wrong = format!("must have at most {LONGEST_NAME} characters, all of which print");
        return Err(status::invalid("RECORD_NAME_INVALID", "name", &wrong));
    }
    Ok(if name.is_empty() { NAME.to_owned() } else { name.to_owned() })
}

fn too_long() -> Status {
    let wrong = "select fewer: this is more than one record can carry";
    status::invalid("RECORD_TOO_LONG", "credential_ids", wrong)
}

async fn found(log: &TenantLog, record: CredentialId) -> Result<Assembled, Status> {
    let found = beside::record(log, record).await.map_err(status::fault)?;
    found.ok_or_else(|| status::refused(&Absent::Record))
}

/// Gets one. One that the caller may not see looks as one that does not exist.
pub(super) async fn get(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::GetRecordRequest,
) -> Result<wire::GetRecordResponse, Status> {
    let id = refusing::signed_id("RECORD_ID_INVALID", "record_id", &request.record_id)?;
    let assembled = found(log, id).await?;
    let absent = |_| status::refused(&Absent::Record);
    principal.may_see(assembled.learner).map_err(absent)?;
    let broken = || status::fault(Fault::lasting("reading a record", Broken));
    let mut answer = wire::GetRecordResponse {
        record: Some(RecordDocument::from(&assembled).shown),
        ..Default::default()
    };
    if request.token {
        answer.compact_jws = records::compact(&assembled.token).ok_or_else(broken)?;
    } else {
        answer.document = records::document(&assembled.document).ok_or_else(broken)?;
    }
    let subject = assembled.learner.uuid();
    answer.purpose = opened(log, subject, PURPOSE, &assembled.purpose).await?;
    answer.consent = opened(log, subject, CONSENT, &assembled.consent).await?;
    Ok(answer)
}

/// What is kept does not unpack.
#[derive(Debug, thiserror::Error)]
#[error("what is kept of the record is not what was packed")]
struct Broken;

/// Lists a learner's.
pub(super) async fn list(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::ListRecordsRequest,
) -> Result<wire::ListRecordsResponse, Status> {
    let learner = refusing::learner(&request.learner_id)?;
    principal.may_see(learner)?;
    let after = page::decode(&request.page_token)?;
    let size = page::size(request.page_size);
    let mut found = log
        .documents::<RecordDocument>(learner.as_bytes(), after.as_deref(), size + 1)
        .await
        .map_err(status::fault)?;
    let more = found.len() > size as usize;
    found.truncate(size as usize);
    let last = found.last().filter(|_| more);
    Ok(wire::ListRecordsResponse {
        next_page_token: last.map(|(key, _)| page::encode(key)).unwrap_or_default(),
        records: found.into_iter().map(|(_, document)| document.shown).collect(),
    })
}
