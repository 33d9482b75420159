//! What the business says about the life of issuers' keys.

use northstar_credentials_domain::issuer_keys::{
    Algorithm, Command, Event, IssuerKeys, KeyRing, Purpose, Refusal, Stage,
};
use northstar_kernel::{Decider as _, Kind, Refusal as _, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// Noon of a day in November 2026.
fn noon(day: u32) -> Timestamp {
    at(&format!("2026-11-{day:02}T12:00:00Z"))
}

fn create_for(purpose: Purpose, algorithm: Algorithm, byte: u8, at: Timestamp) -> Command {
    Command::Create { algorithm, purpose, public: vec![byte; algorithm.public_bytes()], at }
}

fn create(byte: u8, at: Timestamp) -> Command {
    create_for(Purpose::Credentials, Algorithm::Ed25519, byte, at)
}

fn publish(name: &str, at: Timestamp) -> Command {
    Command::Publish { name: name.into(), at }
}

fn activate(name: &str, at: Timestamp) -> Command {
    Command::Activate { name: name.into(), at }
}

fn retire(name: &str, at: Timestamp) -> Command {
    Command::Retire { name: name.into(), at }
}

fn remove(name: &str, live: u64, at: Timestamp) -> Command {
    Command::Remove { name: name.into(), live, at }
}

fn compromise(name: &str, from: Timestamp, at: Timestamp) -> Command {
    Command::Compromise { name: name.into(), from, at }
}

/// The ring after these commands, each of which must be allowed.
fn after(commands: impl IntoIterator<Item = Command>) -> KeyRing {
    commands.into_iter().fold(KeyRing::default(), |ring, command| {
        let events = IssuerKeys::decide(&ring, command).expect("allowed");
        events.iter().fold(ring, IssuerKeys::evolve)
    })
}

/// A key in use since 1 November, the next one published on the 10th.
fn in_rotation() -> Vec<Command> {
    vec![
        create(1, noon(1)),
        publish("ed-2026-11", noon(1)),
        activate("ed-2026-11", noon(1)),
        create(2, noon(10)),
        publish("ed-2026-11-2", noon(10)),
    ]
}

fn signs(ring: &KeyRing, at: Timestamp) -> Option<&str> {
    let key = ring.signing_key(Purpose::Credentials, Algorithm::Ed25519, at)?;
    Some(key.name.as_str())
}

fn listed(ring: &KeyRing, at: Timestamp) -> Vec<&str> {
    ring.listed_keys(at).map(|key| key.name.as_str()).collect()
}

#[test]
fn keys_are_named_after_their_month() {
    let p256 = |byte, at| create_for(Purpose::Credentials, Algorithm::P256, byte, at);
    let status = create_for(Purpose::StatusLists, Algorithm::Ed25519, 7, noon(3));
    let december = at("2026-12-01T00:00:00Z");
    let ring = after([
        create(1, noon(1)),
        create(2, noon(2)),
        create(3, noon(3)),
        p256(4, noon(3)),
        status,
        create(5, december),
    ]);
    let names: Vec<_> = ring.keys().iter().map(|key| key.name.as_str()).collect();
    let expected = ["ed-2026-11", "ed-2026-11-2", "ed-2026-11-3", "p256-2026-11"];
    assert_eq!(names[..4], expected);
    assert_eq!(names[4..], ["status-ed-2026-11", "ed-2026-12"]);
}

#[test]
fn the_same_key_is_taken_in_once() {
    let ring = after([create(1, noon(1))]);
    assert_eq!(IssuerKeys::decide(&ring, create(1, noon(2))), Ok(vec![]));
}

#[test]
fn bytes_that_are_no_public_key_are_refused() {
    let command = Command::Create {
        algorithm: Algorithm::P256,
        purpose: Purpose::Credentials,
        public: vec![0; 32],
        at: noon(1),
    };
    let refusal = IssuerKeys::decide(&KeyRing::default(), command).expect_err("33 are needed");
    assert_eq!((refusal.reason(), refusal.kind()), ("KEY_INVALID", Kind::Invalid));
    assert_eq!(refusal.to_string(), "a public key of p256 has 33 bytes, not 32");
    assert_eq!(refusal.violations().len(), 1);
}

#[test]
fn the_first_key_signs_as_soon_as_it_is_published() {
    let ring = after([create(1, noon(1))]);
    assert_eq!((signs(&ring, noon(1)), listed(&ring, noon(1)).len()), (None, 0));
    let refusal = IssuerKeys::decide(&ring, activate("ed-2026-11", noon(1)));
    let refusal = refusal.expect_err("it is not published");
    assert_eq!((refusal.reason(), refusal.kind()), ("KEY_STAGE", Kind::Precondition));
    let ring = after(in_rotation().into_iter().take(3));
    assert_eq!(signs(&ring, noon(1)), Some("ed-2026-11"));
    assert_eq!(listed(&ring, noon(1)), ["ed-2026-11"]);
}

#[test]
fn the_next_key_is_published_for_a_day_before_it_signs() {
    let ring = after(in_rotation());
    assert_eq!(listed(&ring, noon(10)), ["ed-2026-11", "ed-2026-11-2"]);
    let early = at("2026-11-11T11:59:59.999999Z");
    let refusal = IssuerKeys::decide(&ring, activate("ed-2026-11-2", early));
    let refusal = refusal.expect_err("a microsecond is missing");
    assert_eq!(refusal, Refusal::NotYet { name: "ed-2026-11-2".into(), from: noon(11) });
    assert!(refusal.to_string().contains("from 2026-11-11T12:00:00Z on"), "{refusal}");
    let events = IssuerKeys::decide(&ring, activate("ed-2026-11-2", noon(11))).expect("a day");
    let expected = [
        Event::KeyRetired { name: "ed-2026-11".into(), at: noon(11) },
        Event::KeyActivated { name: "ed-2026-11-2".into(), at: noon(11) },
    ];
    assert_eq!(events, expected);
}

#[test]
fn a_retired_key_stays_listed_and_signs_nothing() {
    let rotated = in_rotation().into_iter().chain([activate("ed-2026-11-2", noon(11))]);
    let ring = after(rotated);
    assert_eq!(signs(&ring, noon(10)), Some("ed-2026-11"), "the past does not change");
    assert_eq!(signs(&ring, noon(12)), Some("ed-2026-11-2"));
    assert_eq!(listed(&ring, noon(12)), ["ed-2026-11", "ed-2026-11-2"]);
    let again = IssuerKeys::decide(&ring, activate("ed-2026-11", noon(20)));
    assert_eq!(again.map_err(|refusal| refusal.reason()), Err("KEY_STAGE"));
}

#[test]
fn a_key_is_not_removed_while_badges_rest_on_it() {
    let ring = after(in_rotation().into_iter().chain([activate("ed-2026-11-2", noon(11))]));
    let refusal = IssuerKeys::decide(&ring, remove("ed-2026-11", 3, noon(12)));
    let refusal = refusal.expect_err("three badges rest on it");
    assert_eq!((refusal.reason(), refusal.kind()), ("KEY_STILL_NEEDED", Kind::Precondition));
    let in_use = IssuerKeys::decide(&ring, remove("ed-2026-11-2", 0, noon(12)));
    assert_eq!(in_use.map_err(|refusal| refusal.reason()), Err("KEY_STAGE"));
    let events = IssuerKeys::decide(&ring, remove("ed-2026-11", 0, noon(12))).expect("none left");
    let ring = events.iter().fold(ring, IssuerKeys::evolve);
    assert_eq!(listed(&ring, noon(12)), ["ed-2026-11-2"]);
    assert_eq!(listed(&ring, noon(11)).len(), 2, "a day before it was there");
    let back = IssuerKeys::decide(&ring, publish("ed-2026-11", noon(13)));
    assert_eq!(back.map_err(|refusal| refusal.reason()), Err("KEY_STAGE"));
}

#[test]
fn a_compromised_key_goes_at_once_and_the_next_takes_over() {
    let ring = after(in_rotation());
    let command = compromise("ed-2026-11", noon(5), noon(12));
    let events = IssuerKeys::decide(&ring, command.clone()).expect("always allowed");
    let expected = [
        Event::KeyCompromised { name: "ed-2026-11".into(), from: noon(5), at: noon(12) },
        Event::KeyActivated { name: "ed-2026-11-2".into(), at: noon(12) },
    ];
    assert_eq!(events, expected);
    let ring = events.iter().fold(ring, IssuerKeys::evolve);
    assert_eq!(listed(&ring, noon(12)), ["ed-2026-11-2"]);
    assert_eq!(signs(&ring, noon(12)), Some("ed-2026-11-2"));
    assert_eq!(ring.keys()[0].compromised_from(), Some(noon(5)));
    assert_eq!(IssuerKeys::decide(&ring, command), Ok(vec![]), "it is known");
}

#[test]
fn a_key_that_is_not_known_for_a_day_does_not_take_over() {
    let ring = after(in_rotation());
    let events = IssuerKeys::decide(&ring, compromise("ed-2026-11", noon(5), noon(10)));
    let ring = events.expect("allowed").iter().fold(ring, IssuerKeys::evolve);
    assert_eq!(signs(&ring, noon(10)), None, "nothing is signed until the next may");
    let next = IssuerKeys::decide(&ring, activate("ed-2026-11-2", noon(11)));
    assert_eq!(next.expect("a day has passed").len(), 1);
}

#[test]
fn a_compromise_that_began_earlier_is_taken_down_and_a_later_one_is_not() {
    let ring = after([create(1, noon(1)), compromise("ed-2026-11", noon(5), noon(6))]);
    let later = IssuerKeys::decide(&ring, compromise("ed-2026-11", noon(7), noon(8)));
    assert_eq!(later, Ok(vec![]));
    let earlier = IssuerKeys::decide(&ring, compromise("ed-2026-11", noon(2), noon(8)));
    let ring = earlier.expect("worse").iter().fold(ring, IssuerKeys::evolve);
    assert_eq!(ring.keys()[0].compromised_from(), Some(noon(2)));
    assert_eq!(ring.keys()[0].stage(noon(8)), Some(Stage::Compromised));
}

#[test]
fn what_was_done_is_not_done_again() {
    let done = after(in_rotation().into_iter().take(3));
    for command in [publish("ed-2026-11", noon(2)), activate("ed-2026-11", noon(2))] {
        assert_eq!(IssuerKeys::decide(&done, command), Ok(vec![]));
    }
    let all = in_rotation().into_iter().take(3).chain([retire("ed-2026-11", noon(2))]);
    let retired = after(all);
    assert_eq!(IssuerKeys::decide(&retired, retire("ed-2026-11", noon(3))), Ok(vec![]));
    let unknown = IssuerKeys::decide(&done, retire("ed-1999-01", noon(2))).expect_err("unknown");
    assert_eq!((unknown.reason(), unknown.kind()), ("KEY_UNKNOWN", Kind::NotFound));
}

#[test]
fn a_clock_that_is_behind_does_not_rewrite_the_past() {
    let ring = after(in_rotation());
    let events = IssuerKeys::decide(&ring, retire("ed-2026-11", noon(2))).expect("in use");
    assert_eq!(events, [Event::KeyRetired { name: "ed-2026-11".into(), at: noon(10) }]);
}

fn any_command() -> impl Strategy<Value = Command> {
    let name = prop_oneof![Just("ed-2026-11"), Just("ed-2026-11-2"), Just("p256-2026-11")];
    (0..7_u8, 0..4_u8, name, 1..28_u32, 0..2_u64).prop_map(|(what, byte, name, day, live)| {
        match what {
            0 => create(byte, noon(day)),
            1 => create_for(Purpose::Credentials, Algorithm::P256, byte, noon(day)),
            2 => publish(name, noon(day)),
            3 => activate(name, noon(day)),
            4 => retire(name, noon(day)),
            5 => remove(name, live, noon(day)),
            _ => compromise(name, noon(day), noon(day)),
        }
    })
}

proptest! {
    #[test]
    fn at_any_time_one_key_signs_at_most_and_it_is_listed(commands in vec(any_command(), 0..40)) {
        let ring = commands.into_iter().fold(KeyRing::default(), |ring, command| {
            let events = IssuerKeys::decide(&ring, command).unwrap_or_default();
            events.iter().fold(ring, IssuerKeys::evolve)
        });
        for moment in (1..28).map(noon) {
            for algorithm in [Algorithm::Ed25519, Algorithm::P256] {
                let active = |key: &&northstar_credentials_domain::issuer_keys::Key| {
                    key.algorithm == algorithm && key.stage(moment) == Some(Stage::Active)
                };
                prop_assert!(ring.keys().iter().filter(active).count() <= 1);
                if let Some(key) = ring.signing_key(Purpose::Credentials, algorithm, moment) {
                    prop_assert!(listed(&ring, moment).contains(&key.name.as_str()));
                }
            }
        }
    }
}
