//! (a) From encoded events to what is held, in memory, on one core.
//!
//! Ours decodes an event, puts the judgement in its place and evaluates the level, each time, as is
//! done while people wait. Plain decode-and-fold adds the values up by learner and competency.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Instant;

use anyhow::Context as _;
use northstar_kernel::{CompetencyId, LearnerId, Timestamp};
use northstar_mastery_domain::{AssessorRole, Observation, Observations, Policy, Scale, evaluate};
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure};
use northstar_wire::evidence::v1::{self as wire, EvidenceRecorded};
use prost::Message as _;

use crate::policy;
use crate::shape::judgements;

/// Events in one sample.
const EVENTS: u64 = 400_000;

/// An event as it is read.
struct Encoded {
    observed_at: Timestamp,
    payload: Vec<u8>,
}

type Key = (LearnerId, CompetencyId);

pub(crate) fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let events = encoded(EVENTS.min(pace.events));
    let (policy, scale) = (policy::read(&policy::of_the_demo())?, policy::scale());
    let what = "decoded, folded and evaluated, on a core";
    let mut alone = Figure::new(what, "events/s", Bar::AtLeast(500_000.0));
    let mut beside = Figure::new("  … / decoded and added up", "events/s", Bar::None);
    for _ in 0..pace.rounds {
        let ours = rate(&events, || evaluated(&events, &policy, &scale))?;
        alone.add_alone(ours);
        beside.add(ours, rate(&events, || added_up(&events))?);
    }
    Ok(vec![alone, beside])
}

fn encoded(events: u64) -> Vec<Encoded> {
    let judgements = judgements(events);
    let encode = |(judgement, place): (&crate::shape::Judgement, u64)| Encoded {
        observed_at: judgement.observed_at(),
        payload: judgement.message(place).encode_to_vec(),
    };
    judgements.iter().zip(1..).map(encode).collect()
}

fn rate(events: &[Encoded], work: impl FnOnce() -> anyhow::Result<u64>) -> anyhow::Result<f64> {
    let begin = Instant::now();
    black_box(work()?);
    Ok(events.len() as f64 / begin.elapsed().as_secs_f64())
}

/// Returns how often mastery was held.
fn evaluated(events: &[Encoded], policy: &Policy, scale: &Scale) -> anyhow::Result<u64> {
    let mut levels: HashMap<Key, Observations> = HashMap::new();
    let mut mastered = 0;
    for event in events {
        let message = EvidenceRecorded::decode(event.payload.as_slice())?;
        let seen = message.observation.as_ref().context("an observation")?;
        let key = (seen.learner_id.parse()?, seen.competency_id.parse()?);
        let level = levels.entry(key).or_default();
        level.record(observation(&message.evidence_id, seen, event.observed_at, level)?);
        let newest = level.iter().next_back().map_or(event.observed_at, |seen| seen.observed_at);
        let held = evaluate(policy, scale, level, newest);
        mastered += u64::from(held.standing.is_mastered());
    }
    Ok(mastered)
}

/// With the names that the level has already.
fn observation(
    evidence: &str,
    seen: &wire::Observation,
    at: Timestamp,
    level: &Observations,
) -> anyhow::Result<Observation> {
    Ok(Observation {
        observed_at: at,
        recorded_at: at,
        evidence: evidence.parse()?,
        value_milli: seen.value_milli,
        role: AssessorRole::of_evidence(&seen.assessor_role),
        assessor: level.shared(&seen.assessor_id, |known| &known.assessor),
        kind: level.shared(&seen.kind, |known| &known.kind),
        validated: false,
    })
}

/// Returns how many pairs have a mean of mastery.
fn added_up(events: &[Encoded]) -> anyhow::Result<u64> {
    let mut sums: HashMap<Key, (i64, i64)> = HashMap::new();
    for event in events {
        let message = EvidenceRecorded::decode(event.payload.as_slice())?;
        let seen = message.observation.as_ref().context("an observation")?;
        let key = (seen.learner_id.parse()?, seen.competency_id.parse()?);
        let (sum, count) = sums.entry(key).or_default();
        *sum += seen.value_milli;
        *count += 1;
    }
    Ok(sums.values().filter(|(sum, count)| sum / count >= 3_000).count() as u64)
}
