//! Commands: load, decide, append.
//!
//! Recording is the hot path and reads no log: it appends to a stream that must not exist, and only
//! if that fails, or if the domain refuses, is it asked whether the request was answered before.

use northstar_eventlog::{Append, AppendError, RequestKey, now};
use northstar_evidence_domain::{
    Command, Event, Evidence, Item, Refusal, RequestId, RetractionReason,
};
use northstar_kernel::{Decider, Digest, EvidenceId, Sequence};
use northstar_wire::evidence::v1::{
    CorrectEvidenceRequest, RecordEvidenceRequest, RestateEvidenceRequest, RetractEvidenceRequest,
    ValidateEvidenceRequest,
};

use crate::api::caller::Caller;
use crate::api::case::Case;
use crate::api::content;
use crate::api::draft::{Draft, id};
use crate::api::failure::Failure;
use crate::api::references::References;
use crate::codec;
use crate::projection::ledger::stream;

/// How often a decision is made anew because the evidence changed meanwhile.
const ATTEMPTS: u32 = 8;

/// A command's effect is durable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Done {
    pub(super) evidence: EvidenceId,
    /// It had been answered before, or nothing changed.
    pub(super) repeated: bool,
    /// Place of the newest event that the answer rests on.
    pub(super) sequence: Sequence,
}

/// Runs commands.
#[derive(Default)]
pub(super) struct Commands {
    references: References,
}

impl Commands {
    pub(super) async fn record(
        &self,
        caller: &Caller,
        request: RecordEvidenceRequest,
    ) -> Result<Done, Failure> {
        let request_id = RequestId::new(request.request_id)?;
        let id = EvidenceId::derive(caller.log.tenant(), request_id.as_str());
        let draft = Draft::read(request.item)?;
        caller.may_state(&draft.item)?;
        let facts = self.references.facts(&caller.log, &draft.item, now()).await?;
        let item = seal(caller, draft, facts.learner_known, &request_id).await?;
        let key = key(&request_id, content::of_record(&item));
        match Evidence::decide(&None, Command::Record { id, item, facts }) {
            Err(refusal) => first_answer(caller, id, &key, refusal).await,
            Ok(events) => match append(caller, id, &Case::NEW, &events, Some(key)).await {
                Err(AppendError::WrongVersion(_)) => {
                    Err(Refusal::EvidenceExists { evidence: id }.into())
                }
                done => Ok(done?),
            },
        }
    }

    pub(super) async fn correct(
        &self,
        caller: &Caller,
        request: CorrectEvidenceRequest,
    ) -> Result<Done, Failure> {
        let request_id = RequestId::new(request.request_id)?;
        let id = id("evidence_id", &request.evidence_id)?;
        let draft = Draft::read(request.item)?;
        caller.may_state(&draft.item)?;
        let case = Case::load(&caller.log, id).await?;
        caller.may_change(id, &case.standing)?;
        let facts = self.references.facts(&caller.log, &draft.item, now()).await?;
        let known = facts.learner_known || case.is_of(draft.item.learner);
        let item = seal(caller, draft, known, &request_id).await?;
        let key = key(&request_id, content::of_correction(id, &item));
        settle(caller, case, id, Command::Correct { id, item, facts }, Some(key)).await
    }

    pub(super) async fn validate(
        &self,
        caller: &Caller,
        request: ValidateEvidenceRequest,
    ) -> Result<Done, Failure> {
        let request_id = RequestId::new(request.request_id)?;
        let id = id("evidence_id", &request.evidence_id)?;
        let case = Case::load(&caller.log, id).await?;
        let validator = caller.validator();
        let key = key(&request_id, content::of_validation(id, &validator.id));
        settle(caller, case, id, Command::Validate { id, validator }, Some(key)).await
    }

    pub(super) async fn retract(
        &self,
        caller: &Caller,
        request: RetractEvidenceRequest,
    ) -> Result<Done, Failure> {
        let request_id = RequestId::new(request.request_id)?;
        let id = id("evidence_id", &request.evidence_id)?;
        let reason: RetractionReason = request.reason.parse()?;
        let case = Case::load(&caller.log, id).await?;
        caller.may_change(id, &case.standing)?;
        let key = key(&request_id, content::of_retraction(id, reason));
        settle(caller, case, id, Command::Retract { id, reason }, Some(key)).await
    }

    /// The first time is like recording; from then on what stands decides, not what was asked.
    pub(super) async fn restate(
        &self,
        caller: &Caller,
        request: RestateEvidenceRequest,
    ) -> Result<Done, Failure> {
        let source_key = RequestId::new(request.source_key)?;
        let id = EvidenceId::derive(caller.log.tenant(), source_key.as_str());
        let draft = Draft::read(request.item)?;
        caller.may_state(&draft.item)?;
        let facts = self.references.facts(&caller.log, &draft.item, now()).await?;
        let item = seal(caller, draft, facts.learner_known, &source_key).await?;
        let key = key(&source_key, content::of_statement(&item));
        let command = Command::Restate { id, item, facts };
        let first = match Evidence::decide(&None, command.clone()) {
            Err(refusal) => Failure::from(refusal),
            Ok(events) => match append(caller, id, &Case::NEW, &events, Some(key)).await {
                Ok(done) if !done.repeated => return Ok(done),
                Ok(_) => Failure::from(Refusal::EvidenceNotFound { evidence: id }),
                Err(AppendError::Fault(fault)) => return Err(fault.into()),
                Err(known) => Failure::from(known),
            },
        };
        let case = Case::load(&caller.log, id).await?;
        if case.standing.is_none() {
            return Err(first);
        }
        caller.may_change(id, &case.standing)?;
        settle(caller, case, id, command, None).await
    }
}

/// Decides upon what is loaded and appends; again, if the evidence changes meanwhile.
async fn settle(
    caller: &Caller,
    mut case: Case,
    id: EvidenceId,
    command: Command,
    key: Option<RequestKey>,
) -> Result<Done, Failure> {
    let mut attempt = 1;
    loop {
        let events = match (Evidence::decide(&case.standing, command.clone()), &key) {
            (Ok(events), _) => events,
            (Err(refusal), Some(key)) => return first_answer(caller, id, key, refusal).await,
            (Err(refusal), None) => return Err(refusal.into()),
        };
        if events.is_empty() {
            return Ok(Done { evidence: id, repeated: true, sequence: case.sequence });
        }
        match append(caller, id, &case, &events, key.clone()).await {
            Err(AppendError::WrongVersion(_)) if attempt < ATTEMPTS => {}
            done => return Ok(done?),
        }
        case = Case::load(&caller.log, id).await?;
        attempt += 1;
    }
}

async fn append(
    caller: &Caller,
    id: EvidenceId,
    case: &Case,
    events: &[Event],
    request: Option<RequestKey>,
) -> Result<Done, AppendError> {
    let append = Append {
        stream: stream(id),
        expected: case.expected,
        events: events.iter().map(codec::encode).collect(),
        request,
        cause: caller.cause(),
    };
    let appended = caller.log.append(append).await?;
    let (repeated, sequence) = (appended.repeated, appended.sequence);
    Ok(Done { evidence: id, repeated, sequence })
}

/// A request that is refused now may have been accepted before: then that answer stands.
async fn first_answer(
    caller: &Caller,
    id: EvidenceId,
    key: &RequestKey,
    refusal: Refusal,
) -> Result<Done, Failure> {
    match caller.log.answered(&key.id).await? {
        None => Err(refusal.into()),
        Some(answered) if answered.content == key.content => {
            Ok(Done { evidence: id, repeated: true, sequence: answered.appended.sequence })
        }
        Some(_) => Err(Refusal::RequestIdReused { request_id: key.id.clone() }.into()),
    }
}

/// Seals the note, but makes no key for somebody who is not known, unless this very request was
/// answered when they still were.
async fn seal(
    caller: &Caller,
    draft: Draft,
    known: bool,
    request_id: &RequestId,
) -> Result<Item, Failure> {
    let log = &caller.log;
    if draft.has_note() && !known && log.answered(request_id.as_str()).await?.is_none() {
        return Ok(draft.item);
    }
    Ok(draft.seal(log).await?)
}

fn key(request_id: &RequestId, content: Digest) -> RequestKey {
    RequestKey { id: request_id.to_string(), content }
}
