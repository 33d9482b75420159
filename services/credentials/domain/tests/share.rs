//! What the business says about showing a credential to others.

use northstar_credentials_domain::share::{
    Command, Event, MOST_DAYS, Refusal, Share, Shares, State,
};
use northstar_kernel::{
    CredentialId, Decider as _, Digest, LearnerId, Refusal as _, ShareId, TenantId, Timestamp,
};

const DAY: i64 = 86_400_000_000;
const NOW: i64 = 20_000 * DAY;

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

fn share(until: i64) -> Share {
    let tenant = TenantId::from_slug("north");
    Share {
        id: ShareId::derive(tenant, "share"),
        credential: CredentialId::derive(tenant, "credential"),
        learner: LearnerId::derive(tenant, "ana"),
        token: Digest::of(b"token"),
        until: at(until),
        by: "ana's mother".into(),
        at: at(NOW),
    }
}

fn withdraw(micros: i64) -> Command {
    Command::Withdraw { by: "ana".into(), at: at(micros) }
}

fn after(commands: impl IntoIterator<Item = Command>) -> State {
    commands.into_iter().fold(State::default(), |state, command| {
        let events = Shares::decide(&state, command).expect("allowed");
        events.iter().fold(state, Shares::evolve)
    })
}

#[test]
fn a_consent_ends_after_the_present_and_within_a_year() {
    let longest = NOW + MOST_DAYS * DAY;
    for (until, expected) in [
        (NOW - 1, Err(Refusal::EndsInThePast)),
        (NOW, Err(Refusal::EndsInThePast)),
        (NOW + 1, Ok(vec![Event::Opened(share(NOW + 1))])),
        (longest, Ok(vec![Event::Opened(share(longest))])),
        (longest + 1, Err(Refusal::TooLong)),
        (i64::MAX, Err(Refusal::TooLong)),
        (i64::MIN, Err(Refusal::EndsInThePast)),
    ] {
        let decided = Shares::decide(&State::default(), Command::Open(share(until)));
        assert_eq!(decided, expected, "{until}");
    }
    assert_eq!(Refusal::TooLong.violations()[0].field, "until");
}

#[test]
fn it_is_seen_until_its_end_and_not_at_it() {
    let state = after([Command::Open(share(NOW + DAY))]);
    assert!(state.seen_at(at(NOW)).is_some());
    assert!(state.seen_at(at(NOW + DAY - 1)).is_some());
    assert!(state.seen_at(at(NOW + DAY)).is_none());
}

#[test]
fn it_is_taken_back_once_and_for_good() {
    let state = after([Command::Open(share(NOW + DAY)), withdraw(NOW + 1)]);
    assert!(state.seen_at(at(NOW + 2)).is_none());
    assert_eq!(Shares::decide(&state, withdraw(NOW + 3)), Ok(Vec::new()));
    assert_eq!(Shares::decide(&State::default(), withdraw(NOW)), Err(Refusal::NotFound));
}
