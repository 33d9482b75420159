//! What is signed so that parts can be disclosed, and what is noted of each disclosure.

use northstar_credentials_domain::disclosure::{
    Command, Disclosable, Disclosure, Disclosures, Event, MOST_MEMBERS, Refusal, State,
};
use northstar_kernel::{CredentialId, Decider as _, LearnerId, Refusal as _, TenantId, Timestamp};

const AT: Timestamp = Timestamp::from_micros(1_793_534_400_000_000);

fn made(edition: &str, key_name: &str) -> Disclosable {
    Disclosable {
        credential: CredentialId::derive(TenantId::COMMONS, "c"),
        learner: LearnerId::derive(TenantId::COMMONS, "l"),
        edition: edition.into(),
        key_name: key_name.into(),
        document: "{}".into(),
        at: AT,
    }
}

fn disclosure(edition: &str, members: &[&str]) -> Disclosure {
    let Disclosable { credential, learner, .. } = made("", "");
    let members = members.iter().map(|member| (*member).to_owned()).collect();
    let (actor, audience) = ("learner-1".into(), "sealed".into());
    Disclosure { credential, learner, edition: edition.into(), members, actor, audience, at: AT }
}

fn after(events: &[Event]) -> State {
    Disclosures::fold(events)
}

#[test]
fn an_edition_is_signed_once_by_a_key() {
    let first = made("e1", "p256-2026-11");
    let events = Disclosures::decide(&State::default(), Command::Make(first.clone()));
    assert_eq!(events, Ok(vec![Event::Made(first.clone())]));
    let state = after(&[Event::Made(first.clone())]);
    assert_eq!(Disclosures::decide(&state, Command::Make(first)), Ok(vec![]));
    for other in [made("e2", "p256-2026-11"), made("e1", "p256-2027-02")] {
        let events = Disclosures::decide(&state, Command::Make(other.clone()));
        assert_eq!(events, Ok(vec![Event::Made(other)]));
    }
}

#[test]
fn what_was_signed_so_is_disclosed_each_time_anew() {
    let state = after(&[Event::Made(made("e1", "k"))]);
    let disclosure = disclosure("e1", &["/credentialSubject/result"]);
    for _ in 0..2 {
        let events = Disclosures::decide(&state, Command::Disclose(disclosure.clone()));
        assert_eq!(events, Ok(vec![Event::Disclosed(disclosure.clone())]));
    }
    assert_eq!(Disclosures::evolve(state.clone(), &Event::Disclosed(disclosure)), state);
}

#[test]
fn another_edition_or_none_is_not_disclosed() {
    let old = after(&[Event::Made(made("e1", "k")), Event::Made(made("e2", "k"))]);
    for state in [State::default(), old] {
        let refused = Disclosures::decide(&state, Command::Disclose(disclosure("e1", &[])));
        assert_eq!(refused, Err(Refusal::NotMade));
    }
}

#[test]
fn members_are_pointers_and_not_too_many() {
    let state = after(&[Event::Made(made("e1", "k"))]);
    let decide = |members: &[&str]| {
        Disclosures::decide(&state, Command::Disclose(disclosure("e1", members)))
    };
    assert!(decide(&[]).is_ok(), "what is always shown, alone");
    let long = format!("/{}", "a".repeat(500));
    for wrong in ["", "name", "#/name", &long] {
        let refused = decide(&["/name", wrong]).expect_err(wrong);
        assert_eq!(refused.reason(), "MEMBER_INVALID");
    }
    assert!(decide(&["/name"; MOST_MEMBERS]).is_ok());
    assert_eq!(decide(&["/name"; MOST_MEMBERS + 1]), Err(Refusal::TooMany(MOST_MEMBERS + 1)));
}
