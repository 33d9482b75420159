use std::sync::Arc;

use northstar_kernel::{TenantId, Timestamp};
use northstar_mastery_domain::{
    AssessorRole, Finding, Ground, LearnerAdvanced, OverrideEvent, Standing, Superseded, Terms,
};
use proptest::prelude::*;
use prost::Message as _;

use super::stored::State;
use super::*;

fn observation() -> impl Strategy<Value = Observation> {
    let role = prop::sample::select(AssessorRole::NAMED.as_slice());
    let instant = || any::<i64>().prop_map(Timestamp::from_micros);
    let name = || "[abc]{0,2}";
    (instant(), instant(), any::<u128>(), any::<i64>(), role, name(), name(), any::<bool>())
        .prop_map(|(observed_at, recorded_at, id, value_milli, role, assessor, kind, validated)| {
            let evidence = EvidenceId::from_uuid(uuid::Uuid::from_u128(id));
            let (assessor, kind) = (assessor.into(), kind.into());
            Observation {
                observed_at,
                recorded_at,
                evidence,
                value_milli,
                role,
                assessor,
                kind,
                validated,
            }
        })
}

fn reading() -> impl Strategy<Value = Reading> {
    let standing = prop::sample::select(Standing::ALL.as_slice());
    (standing, any::<i64>(), any::<u32>(), any::<bool>(), "[a-z]{0,3}", any::<[u8; 32]>()).prop_map(
        |(standing, value_milli, level, provisional, name, hash)| {
            let held = Held { standing, value_milli, level, provisional };
            Reading { name, held, policy: Digest(hash) }
        },
    )
}

/// What a fold can come to: with an override, whatever happened to it, and an advancement.
fn decided() -> impl Strategy<Value = Decided> {
    let at = || any::<i64>().prop_map(Timestamp::from_micros);
    let held = || (reading(), at()).prop_map(|(reading, due)| (reading.held, due));
    let finding = (held(), any::<bool>()).prop_map(|((held, _), said)| Finding {
        standing: held.standing,
        value_milli: said.then_some(held.value_milli),
        provisional: false,
    });
    let events = (finding, at(), at(), 0_usize..4);
    (events, prop::option::of((held(), any::<bool>())), prop::option::of(at())).prop_map(
        |((says, from, until, happened), extra, clock)| {
            let mut decided = Decided { clock, ..Decided::default() };
            for event in overriding(says, from, until).into_iter().take(happened) {
                decided.happened(id(1), &event);
            }
            if let Some(((held, due), shown)) = extra {
                decided.shown = shown.then_some((id(1), held));
                decided.due = Some(due);
                decided.advance(advanced(says, until));
            }
            decided
        },
    )
}

fn id<I: std::str::FromStr<Err: std::fmt::Debug>>(number: u128) -> I {
    uuid::Uuid::from_u128(number).to_string().parse().expect("an id")
}

/// An override that is set, confirmed and taken back.
fn overriding(says: Finding, from: Timestamp, until: Timestamp) -> [OverrideEvent; 3] {
    let (by, reason) = (id(4), id(5));
    let (learner, competency, second_signer) = (id(2), id(3), id(6));
    let id = id(1);
    let terms = Terms { id, learner, competency, says, reason, by, second_signer, from, until };
    [
        OverrideEvent::Set(terms),
        OverrideEvent::Confirmed { at: from },
        OverrideEvent::Revoked { by, reason, at: until },
    ]
}

fn advanced(held: Finding, at: Timestamp) -> LearnerAdvanced {
    LearnerAdvanced {
        learner: id(2),
        competency: id(3),
        decider: id(4),
        ground: Ground::Stated(id(5)),
        held,
        evidence: vec![id(7)],
        at,
    }
}

proptest! {
    #[test]
    fn reads_what_it_wrote(
        seen in prop::collection::vec(observation(), 0..30),
        readings in prop::collection::vec(reading(), 0..3),
        rolled_up in prop::option::of(reading()),
        decided in decided(),
        past in prop::collection::vec((observation(), any::<i64>()), 0..3),
    ) {
        let superseded = |(observation, until)| {
            Superseded { observation, until: Timestamp::from_micros(until) }
        };
        let past = Past::new(past.into_iter().map(superseded));
        let observations = Observations::new(seen);
        let level = Level { observations, readings, rolled_up, decided, past };
        prop_assert_eq!(Level::decode(&level.encode()), Ok(level));
    }

    #[test]
    fn bytes_at_random_are_read_or_refused(
        state in prop::collection::vec(any::<u8>(), 0..80),
        extra in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let _ = Level::decode(&Document { state, extra });
    }

    #[test]
    fn when_it_was_recorded_is_not_state(
        seen in prop::collection::vec(observation(), 0..30),
        later in any::<i64>(),
    ) {
        let first = Level { observations: Observations::new(seen.clone()), ..Level::default() };
        let recorded_at = Timestamp::from_micros(later);
        let again = seen.iter().cloned().map(|seen| Observation { recorded_at, ..seen });
        let mut again = Level { observations: Observations::new(again), ..Level::default() };
        for observation in seen {
            again.past.supersede(&observation, Timestamp::from_micros(i64::MAX));
        }
        prop_assert_eq!(first.encode().state, again.encode().state);
    }
}

fn seen(at: i64) -> Seen<'static> {
    Seen {
        observed_at: Timestamp::from_micros(1_772_323_200_000_000 + at * 3_600_000_000),
        recorded_at: Timestamp::from_micros(1_800_000_000_000_000),
        value_milli: 3_000,
        role: AssessorRole::Teacher,
        assessor: "7b7f4a4e-8d0b-5b0a-9a55-0d2c8d5a7d11",
        kind: "classroom",
    }
}

fn level(observations: i64) -> Level {
    let evidence = |n: i64| EvidenceId::derive(TenantId::from_slug("a"), &n.to_string());
    let mut level = Level::default();
    for n in 0..observations {
        let observation = level.observation(evidence(n), &seen(n));
        level.observations.record(observation);
    }
    level
}

#[test]
fn an_observation_takes_less_than_forty_bytes() {
    let document = level(100).encode();
    assert!(document.state.len() < 35 * 100, "{}", document.state.len());
    assert!(document.extra.len() < 10 * 100, "{}", document.extra.len());
}

#[test]
fn a_level_of_which_nothing_stands_has_no_state_and_remembers() {
    let mut level = level(1);
    let evidence = level.observations.iter().next().expect("one").evidence;
    level.supersede(evidence, Timestamp::from_micros(1_800_000_000_000_001));
    assert!(level.observations.retract(evidence));
    let document = level.encode();
    assert!(document.state.is_empty() && !document.extra.is_empty());
    assert_eq!(Level::decode(&document), Ok(level));
}

#[test]
fn names_that_were_seen_before_are_shared() {
    let level = level(3);
    let all: Vec<_> = level.observations.iter().collect();
    assert!(Arc::ptr_eq(&all[0].assessor, &all[2].assessor));
    assert!(Arc::ptr_eq(&all[0].kind, &all[2].kind));
}

#[test]
fn columns_of_different_lengths_are_malformed() {
    let mut broken = State::default();
    (broken.roles, broken.evidence) = (vec![1, 1], vec![0; 33]);
    let document = Document { state: broken.encode_to_vec(), extra: Vec::new() };
    assert!(Level::decode(&document).is_err());
    let unknown_when = Document { extra: Vec::new(), ..level(2).encode() };
    assert!(Level::decode(&unknown_when).is_err());
}

#[test]
fn keys_lead_back_to_learner_and_competency() {
    let tenant = TenantId::from_slug("a");
    let key = LevelKey {
        learner: LearnerId::derive(tenant, "l"),
        competency: CompetencyId::derive(tenant, "c"),
    };
    assert_eq!(LevelKey::read(&key.bytes()), Ok(key));
    assert!(LevelKey::read(&key.bytes()[..31]).is_err());
    assert!(LevelKey::read(&[]).is_err());
}
