//! Endorsements: giving, receiving, withdrawing and listing them.

use northstar_chassis::{Principal, Role, page, status};
use northstar_credentials_domain::credential::Person;
use northstar_credentials_domain::endorsement::{
    Endorsements, Event, LONGEST_COMMENT, Received, Refusal, Request, State, What,
};
use northstar_eventlog::{Append, RequestKey, Stream, TenantLog, now};
use northstar_kernel::{CredentialId, Digest, ExpectedVersion, LearnerId, Timestamp};
use northstar_wire::credentials::v1 as wire;
use prost::Message;
use tonic::Status;
use uuid::Uuid;

use super::deciding::decided;
use super::issuers;
use super::refusing::{self, opened, seal, words};
use super::taking_in::{ADMINISTRATORS, Foreign, is_a, take_in};
use crate::beside::{self, Loaded};
use crate::codec;
use crate::codec::field::{instant, moment};
use crate::codec::found;
use crate::projection::credential::HolderDocument;
use crate::projection::endorsement::{EndorsementDocument, EndorsementOf};
use crate::standard::did_web::{Did, Host};
use crate::standard::endorsement::{EndorsementCredential, Statement};

/// Who may take one in.
const RECEIVERS: [Role; 4] =
    [Role::NetworkAdmin, Role::DistrictAdmin, Role::Teacher, Role::Validator];
/// Fields that are sealed.
const DOCUMENT: &str = "endorsement.document";
const WORDS: &str = "endorsement.words";

/// Says that the tenant endorses something; it is signed in a moment.
pub(super) async fn give(
    principal: &Principal,
    host: &Host,
    log: &TenantLog,
    request: wire::GiveEndorsementRequest,
) -> Result<wire::GiveEndorsementResponse, Status> {
    principal.require(&ADMINISTRATORS)?;
    let id = format!("endorsement/{}", refusing::request_id(&request.request_id)?);
    let content = Digest::of(&request.encode_to_vec());
    let (did, issuer) = issuers::find(host, log).await?;
    let wanted = wanted(principal, log, &request).await?;
    let endorsement = Uuid::new_v5(&log.tenant().uuid(), id.as_bytes());
    can_be_signed(&did, &issuer.name, endorsement, &wanted)?;
    let event =
        Event { endorsement: CredentialId::from_uuid(endorsement), what: What::Requested(wanted) };
    let append = Append {
        stream: Stream::new("endorsement", endorsement),
        expected: ExpectedVersion::Any,
        events: vec![codec::encode(&event.into(), None)],
        request: Some(RequestKey { id, content }),
        cause: principal.cause(),
    };
    let appended = log.append(append).await.map_err(status::append_failed)?;
    let endorsement_id = endorsement.to_string();
    Ok(wire::GiveEndorsementResponse { endorsement_id, repeated: appended.repeated })
}

async fn wanted(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::GiveEndorsementRequest,
) -> Result<Request, Status> {
    let comment = words("comment", &request.comment)?;
    if comment.chars().count() > LONGEST_COMMENT {
        let wrong = format!("must have at most {LONGEST_COMMENT} characters");
        return Err(status::invalid("WORDS_TOO_LONG", "comment", &wrong));
    }
    let at = now();
    let read = |until| {
        let until = instant("valid_until", Some(until)).ok().map(|until| until.parts().0);
        let until = until.map(|seconds| Timestamp::from_micros(seconds.saturating_mul(1_000_000)));
        let wrong = "must be an instant in the future";
        let invalid = || status::invalid("INSTANT_INVALID", "valid_until", wrong);
        until.filter(|until| *until > at).ok_or_else(invalid)
    };
    Ok(Request {
        learner: holder(log, &request.subject).await?,
        subject: request.subject.clone(),
        comment: comment.to_owned(),
        valid_until: request.valid_until.map(read).transpose()?,
        actor: principal.subject().to_owned(),
        at,
    })
}

/// What could not be signed is refused before it is in the log.
fn can_be_signed(did: &Did, name: &str, id: Uuid, wanted: &Request) -> Result<(), Status> {
    let document = EndorsementCredential::new(&Statement {
        id: &id.urn().to_string(),
        issuer: did,
        issuer_name: name,
        valid_from: wanted.at,
        valid_until: wanted.valid_until,
        subject: &wanted.subject,
        comment: &wanted.comment,
        status: None,
    });
    let wrong = |refusal: northstar_credentials_canonical::Refusal| {
        let field = if refusal.pointer.ends_with("/id") { "subject" } else { "comment" };
        status::invalid("ENDORSEMENT_INVALID", field, &refusal.sentence)
    };
    if wanted.subject.is_empty() {
        return Err(status::invalid("ENDORSEMENT_INVALID", "subject", "must be an id, an IRI"));
    }
    document.check().map_err(wrong)
}

/// Whose credential it is, if the id is that of one of the tenant's.
async fn holder(log: &TenantLog, subject: &str) -> Result<Option<LearnerId>, Status> {
    let Some(id) = urn(subject) else { return Ok(None) };
    let holder = log.document::<HolderDocument>(id.as_bytes()).await.map_err(status::fault)?;
    Ok(holder.map(|HolderDocument(learner)| learner))
}

fn urn(subject: &str) -> Option<Uuid> {
    subject.strip_prefix("urn:uuid:")?.parse().ok()
}

/// Takes one in that somebody gave to something of the tenant's.
pub(super) async fn receive(
    principal: &Principal,
    host: &Host,
    log: &TenantLog,
    request: wire::ReceiveEndorsementRequest,
) -> Result<wire::ReceiveEndorsementResponse, Status> {
    principal.require(&RECEIVERS)?;
    let (did, _) = issuers::find(host, log).await?;
    let at = now();
    let foreign = Foreign {
        field: "document",
        text: request.document.as_bytes(),
        documents: &request.issuer_documents,
        lists: request.status_lists,
        word: &request.word,
    };
    let taken = take_in(principal, &did, foreign, at)?;
    if !is_a(&taken.credential, "EndorsementCredential") {
        let wrong = "must be an EndorsementCredential";
        return Err(status::invalid("ENDORSEMENT_INVALID", "document", wrong));
    }
    let subject = taken.credential["credentialSubject"]["id"].as_str().unwrap_or_default();
    let learner = ours(log, &did, subject).await?;
    let name = format!("received endorsement/{}", Digest::of(request.document.as_bytes()));
    let id = CredentialId::from_uuid(Uuid::new_v5(&log.tenant().uuid(), name.as_bytes()));
    let key = EndorsementDocument::sealed_under(learner, id);
    let word = match taken.word {
        Some(word) => Some(seal(log, key, WORDS, &word).await?),
        None => None,
    };
    let received = Received {
        subject: subject.to_owned(),
        endorser: taken.issuer,
        document: seal(log, key, DOCUMENT, &request.document).await?,
        learner,
        checks: taken.checks,
        word,
        actor: principal.subject().to_owned(),
        at,
    };
    let event = Event { endorsement: id, what: What::Received(received) };
    let (state, changed) =
        decided::<Endorsements>(principal, log, event.endorsement, event).await?;
    let endorsement = shown(id, &state, request.document);
    Ok(wire::ReceiveEndorsementResponse { endorsement: Some(endorsement), repeated: !changed })
}

/// Whose credential is endorsed, if it is one; refused unless it is of the tenant's own.
async fn ours(log: &TenantLog, did: &Did, subject: &str) -> Result<Option<LearnerId>, Status> {
    if let Some(learner) = holder(log, subject).await? {
        return Ok(Some(learner));
    }
    let achievement = match urn(subject) {
        Some(id) => {
            !log.stream(&Stream::new("achievement", id)).await.map_err(status::fault)?.is_empty()
        }
        None => subject == did.as_str(),
    };
    let wrong = "endorses nothing of this tenant's: neither its issuer, nor an achievement or \
                 credential of its";
    let invalid = || status::invalid("ENDORSEMENT_OF_OTHERS", "document", wrong);
    if achievement { Ok(None) } else { Err(invalid()) }
}

fn shown(id: CredentialId, state: &State, document: String) -> wire::Endorsement {
    let received = state.received.as_ref();
    wire::Endorsement {
        endorsement_id: id.to_string(),
        subject: state.subject().unwrap_or_default().to_owned(),
        endorser: received.map(|received| received.endorser.clone()).unwrap_or_default(),
        state: wire::EndorsementState::Standing.into(),
        document,
        at: received.map(|received| moment(received.at)),
        checks: received.map(|received| found::to_wire(&received.checks)).unwrap_or_default(),
        on_word: received.is_some_and(|received| received.word.is_some()),
        ..Default::default()
    }
}

/// Withdraws one, given or received.
pub(super) async fn withdraw(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::WithdrawEndorsementRequest,
) -> Result<wire::WithdrawEndorsementResponse, Status> {
    principal.require(&ADMINISTRATORS)?;
    let id = &request.endorsement_id;
    let id = refusing::signed_id("ENDORSEMENT_ID_INVALID", "endorsement_id", id)?;
    let reason = words("reason", &request.reason)?;
    let known: Loaded<Endorsements> = beside::load(log, id).await.map_err(status::fault)?;
    if !known.state.exists() {
        return Err(status::refused(&Refusal::NotFound));
    }
    let key = EndorsementDocument::sealed_under(known.state.learner(), id);
    let reason = seal(log, key, WORDS, reason).await?;
    let by = Person { actor: principal.subject().to_owned(), reason };
    let event = Event { endorsement: id, what: What::Withdrawn { by, at: now() } };
    let (_, changed) = decided::<Endorsements>(principal, log, event.endorsement, event).await?;
    Ok(wire::WithdrawEndorsementResponse { changed })
}

/// Lists those of something. Those of a credential that the caller may not see are as if not there.
pub(super) async fn list(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::ListEndorsementsRequest,
) -> Result<wire::ListEndorsementsResponse, Status> {
    let prefix = EndorsementOf::subject(&request.subject);
    let after = page::decode(&request.page_token)?;
    let size = page::size(request.page_size);
    let found = log
        .documents::<EndorsementOf>(prefix.as_bytes(), after.as_deref(), size + 1)
        .await
        .map_err(status::fault)?;
    let mut endorsements = Vec::new();
    for (key, _) in found {
        let id = key.last_chunk::<16>().copied().unwrap_or_default();
        let id = CredentialId::from_uuid(Uuid::from_bytes(id));
        endorsements.push((key, visible(principal, log, id).await?));
    }
    let length = |one: &Option<wire::Endorsement>| one.as_ref().map_or(0, Message::encoded_len);
    let (endorsements, next_page_token) = page::cut(endorsements, size, length);
    let endorsements = endorsements.into_iter().flatten().collect();
    Ok(wire::ListEndorsementsResponse { endorsements, next_page_token })
}

async fn visible(
    principal: &Principal,
    log: &TenantLog,
    id: CredentialId,
) -> Result<Option<wire::Endorsement>, Status> {
    let known: Option<EndorsementDocument> =
        log.document(id.as_bytes()).await.map_err(status::fault)?;
    let seen = |known: &EndorsementDocument| {
        known.learner.is_none_or(|learner| principal.may_see(learner).is_ok())
    };
    let Some(known) = known.filter(seen) else { return Ok(None) };
    let mut shown = known.shown;
    if !known.sealed.is_empty() {
        let key = EndorsementDocument::sealed_under(known.learner, id);
        shown.document = opened(log, key, DOCUMENT, &known.sealed).await?;
    }
    Ok(Some(shown))
}
