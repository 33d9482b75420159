//! What may happen to a learner's evidence, and the policies it may be read by.

use std::collections::BTreeMap;

use crate::support::{draft, draft_of, evidence, number, policy};
use northstar_kernel::{EvidenceId, Timestamp};
use northstar_mastery_domain::{AssessorRole, Observation, Observations, Policy, PolicyDraft};
use proptest::prelude::*;

pub(crate) const DAY: i64 = 86_400_000_000;

/// What happens to one piece of evidence, in the order it happens.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Record(Observation),
    Correct(Observation),
    Validate(EvidenceId),
    Retract(EvidenceId),
}

impl Step {
    pub(crate) fn apply(&self, observations: &mut Observations) {
        match self {
            Self::Record(observation) => observations.record(observation.clone()),
            Self::Correct(observation) => observations.correct(observation.clone()),
            Self::Validate(evidence) => _ = observations.validate(*evidence),
            Self::Retract(evidence) => _ = observations.retract(*evidence),
        }
    }
}

/// Few instants, assessors and kinds, so that ties are common.
pub(crate) fn observation(number: u32) -> impl Strategy<Value = Observation> {
    let role = prop::sample::select(AssessorRole::NAMED.as_slice());
    let text = || prop::sample::select(&["", "a", "b"][..]);
    let micros = || (0_i64..5).prop_map(|days| Timestamp::from_micros(days * DAY));
    (micros(), micros(), -9_000_i64..9_000, role, text(), text()).prop_map(
        move |(observed_at, recorded_at, value_milli, role, assessor, kind)| Observation {
            observed_at,
            recorded_at,
            evidence: evidence(number),
            value_milli,
            role,
            assessor: assessor.into(),
            kind: kind.into(),
            validated: false,
        },
    )
}

pub(crate) fn life(number: u32) -> impl Strategy<Value = Vec<Step>> {
    let corrections = prop::collection::vec(observation(number), 0..3);
    (observation(number), corrections, any::<[bool; 2]>()).prop_map(
        move |(first, later, [validated, retracted])| {
            let mut steps = vec![Step::Record(first)];
            steps.extend(later.into_iter().map(Step::Correct));
            steps.extend(validated.then_some(Step::Validate(evidence(number))));
            steps.extend(retracted.then_some(Step::Retract(evidence(number))));
            steps
        },
    )
}

/// Several lives, and in which order their steps arrive: each keeps its own order.
pub(crate) fn lives_and_arrivals() -> impl Strategy<Value = (Vec<Vec<Step>>, Vec<usize>)> {
    prop::collection::vec(any::<()>(), 1..12)
        .prop_flat_map(|lives| (0..lives.len() as u32).map(life).collect::<Vec<_>>())
        .prop_flat_map(|lives| {
            let whose: Vec<usize> = lives
                .iter()
                .enumerate()
                .flat_map(|(life, steps)| std::iter::repeat_n(life, steps.len()))
                .collect();
            (Just(lives), Just(whose).prop_shuffle())
        })
}

/// The same, thought out anew: keep the last word on each piece, then sort.
pub(crate) fn oracle(lives: &[Vec<Step>]) -> Vec<Observation> {
    let mut standing = BTreeMap::new();
    for life in lives {
        let said = |step: &Step| match step {
            Step::Record(seen) | Step::Correct(seen) => Some(seen.clone()),
            Step::Validate(_) | Step::Retract(_) => None,
        };
        let words: Vec<_> = life.iter().filter_map(said).collect();
        let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
        if !matches!(life.last(), Some(Step::Retract(_))) {
            let validated = matches!(life.last(), Some(Step::Validate(_)));
            let last = Observation { recorded_at: first.recorded_at, validated, ..last.clone() };
            standing.insert((last.observed_at, last.evidence), last);
        }
    }
    standing.into_values().collect()
}

pub(crate) fn fold(lives: &[Vec<Step>], arrivals: &[usize]) -> Observations {
    let mut next = vec![0; lives.len()];
    let mut observations = Observations::default();
    for life in arrivals {
        lives[*life][next[*life]].apply(&mut observations);
        next[*life] += 1;
    }
    observations
}

/// Policies that leave out, order, wait, expire and keep.
pub(crate) fn policies() -> impl Strategy<Value = Policy> {
    let method = prop_oneof![
        Just(draft()),
        Just(draft_of("mean")),
        Just(draft_of("mode")),
        Just(draft_of("linear_trend")),
        Just(PolicyDraft { parameters: number("times", 2), ..draft_of("times_at_mastery") }),
    ];
    let minimums = (1_i64..4, 1_i64..3, 1_i64..3, 0_i64..4);
    (method, any::<[bool; 4]>(), minimums).prop_map(
        |(method, [recorded, validated_only, monotone, no_peers], (n, assessors, kinds, days))| {
            policy(PolicyDraft {
                order: if recorded { "recorded" } else { "observed" }.to_owned(),
                minimum_observations: n,
                minimum_assessors: assessors,
                minimum_kinds: kinds,
                excluded_roles: no_peers.then(|| "peer".to_owned()).into_iter().collect(),
                validated_only,
                expires_after_days: days,
                monotone,
                ..method
            })
        },
    )
}

pub(crate) fn instants() -> impl Strategy<Value = Timestamp> {
    (-1_i64..12).prop_map(|days| Timestamp::from_micros(days * DAY))
}
