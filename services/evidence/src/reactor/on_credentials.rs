//! The consumer `evidence.prior_learning`: a badge of another issuer's that somebody accepted for a
//! learner is evidence of prior learning, and is retracted when that badge is withdrawn.
//!
//! The event says all there is to record, the rung's score among it: whoever accepted was told no if the
//! learner or the level was not known. So nothing is looked up here that might not be known yet.

use std::fmt::Display;
use std::sync::Arc;

use async_trait::async_trait;
use northstar_bus::{HandleError, Handler, Source, Work};
use northstar_eventlog::{Append, Cause, Malformed, Recorded};
use northstar_evidence_domain::{
    Assessor, Command, Competency, Evidence, Facts, Item, Judgement, Milli, RetractionReason, Rung,
    Scale, Standing,
};
use northstar_kernel::{Decider as _, EvidenceId, ExpectedVersion, Timestamp};
use northstar_wire::credentials::v1::{ForeignCredentialAccepted, ImportedCredentialWithdrawn};
use prost::Message;

use crate::codec;
use crate::projection::ledger::stream;

const CONSUMER: &str = "evidence.prior_learning";
const SOURCES: [Source; 1] = [Source::whole("credentials")];
/// What evidence that comes so is called.
const KIND: &str = "prior learning";

/// The consumer.
pub(crate) struct PriorLearning;

#[async_trait]
impl Handler for PriorLearning {
    fn consumer(&self) -> &'static str {
        CONSUMER
    }

    fn sources(&self) -> &'static [Source] {
        &SOURCES
    }

    /// It only appends.
    fn nouns(&self) -> &'static [&'static str] {
        &[]
    }

    async fn handle(
        &self,
        _: &'static str,
        event: &Recorded,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let commands = match (&*event.event_type, event.schema_version) {
            ("foreign_credential_accepted", 1) => accepted(event),
            ("imported_credential_withdrawn", 1) => withdrawn(event),
            ("foreign_credential_accepted" | "imported_credential_withdrawn", version) => {
                Err(format!("version {version} of it is not known here"))
            }
            _ => return Ok(()),
        };
        for (id, command) in commands.map_err(|why| malformed(event, why))? {
            decide(id, command, event, work).await?;
        }
        Ok(())
    }
}

fn malformed(event: &Recorded, why: String) -> Malformed {
    Malformed::new(&*event.event_type, why)
}

/// Decides in the evidence's own stream, with what this very step is about to append, so that an event
/// that comes twice does nothing more. What a person did since is left: evidence that is there is not
/// recorded again, and what they retracted stays so.
async fn decide(
    id: EvidenceId,
    command: Command,
    event: &Recorded,
    work: &mut Work,
) -> Result<(), HandleError> {
    let recorded = work.stream(&stream(id)).await?;
    let mut standing = codec::fold(&recorded)?;
    let mut version = recorded.len() as u64;
    for new in work.pending(&stream(id)).flat_map(|append| &append.events) {
        standing = Evidence::evolve(standing, &codec::decode_new(new)?);
        version += 1;
    }
    if is_done(standing.as_ref(), &command) {
        return Ok(());
    }
    let events = Evidence::decide(&standing, command)
        .map_err(|refusal| malformed(event, refusal.to_string()))?;
    let expected = match version {
        0 => ExpectedVersion::NoStream,
        version => ExpectedVersion::Exactly(northstar_kernel::Version(version)),
    };
    let events = events.iter().map(codec::encode).collect();
    let cause = Cause::reaction(CONSUMER, event);
    work.append(Append { stream: stream(id), expected, events, request: None, cause });
    Ok(())
}

fn is_done(standing: Option<&Standing>, command: &Command) -> bool {
    match command {
        Command::Retract { .. } => standing.is_none_or(|it| it.retracted),
        _ => standing.is_some(),
    }
}

type Commands = Vec<(EvidenceId, Command)>;

fn accepted(event: &Recorded) -> Result<Commands, String> {
    let said = ForeignCredentialAccepted::decode(event.payload.as_ref()).map_err(text)?;
    let learner = said.learner_id.parse().map_err(text)?;
    let role = said.assessor_role.parse().map_err(text)?;
    let observed = said.observed_at.ok_or("it does not say when")?;
    let observed_at = Timestamp::from_parts(observed.seconds, observed.nanos);
    let id = said.evidence_id.parse().map_err(text)?;
    let item = Item {
        learner,
        competency: said.competency_id.parse().map_err(text)?,
        criterion: None,
        judgement: Judgement::Level(said.level),
        kind: KIND.to_owned(),
        assessor: Assessor::of(learner, &said.assessor_id, role).map_err(text)?,
        observed_at: observed_at.ok_or("observed_at is no instant")?,
        note: None,
    };
    let rung =
        Rung { position: said.level, quality: String::new(), score: Milli(said.score_milli) };
    let framework = said.framework_id.parse().map_err(text)?;
    let facts = Facts {
        now: event.recorded_at,
        learner_known: true,
        competency: Some(Arc::new(Competency { framework, scale: Scale(vec![rung]) })),
        criterion: None,
    };
    Ok(vec![(id, Command::Record { id, item, facts })])
}

fn withdrawn(event: &Recorded) -> Result<Commands, String> {
    let said = ImportedCredentialWithdrawn::decode(event.payload.as_ref()).map_err(text)?;
    let retract = |id: &String| {
        let id: EvidenceId = id.parse().map_err(text)?;
        Ok((id, Command::Retract { id, reason: RetractionReason::Invalid }))
    };
    said.evidence_ids.iter().map(retract).collect()
}

fn text(why: impl Display) -> String {
    why.to_string()
}
