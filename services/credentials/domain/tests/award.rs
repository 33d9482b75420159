//! What the business says about awards.

use northstar_credentials_domain::award::{
    self, Awards, Command, Credential, Due, Event, MasteryEvent, Reason, Refusal, Revocation, State,
};
use northstar_kernel::{
    AchievementId, CompetencyId, CredentialId, Decider as _, EventId, LearnerId, Refusal as _,
    Sequence, TenantId,
};

fn tenant() -> TenantId {
    TenantId::from_slug("front-range")
}

/// The mastery event with this sequence.
fn mastery(sequence: u64) -> MasteryEvent {
    let id = EventId::derive(tenant(), &sequence.to_string());
    MasteryEvent { id, sequence: Sequence(sequence) }
}

/// The n-th credential, earned by mastery event 2n - 1.
fn credential(ordinal: u32) -> Credential {
    let learner = LearnerId::derive(tenant(), "s1");
    let achievement = AchievementId::derive(tenant(), "responsibility-3");
    Credential {
        id: CredentialId::derive(tenant(), &ordinal.to_string()),
        award: award::id_of(tenant(), learner, achievement),
        achievement,
        achievement_name: "Responsibility".into(),
        learner,
        competency: CompetencyId::derive(tenant(), "res"),
        level: 3,
        mastery_event: mastery(2 * u64::from(ordinal) - 1),
        compact_jws: "head.body.signature".into(),
        key_name: "es256-1".into(),
    }
}

/// Its end, by mastery event 2n.
fn revocation(ordinal: u32) -> Revocation {
    let of = credential(ordinal);
    Revocation {
        credential: of.id,
        award: of.award,
        learner: of.learner,
        reason: Reason::MasteryWithdrawn,
        mastery_event: mastery(2 * u64::from(ordinal)),
    }
}

fn given(events: &[Event]) -> State {
    Awards::fold(events)
}

#[test]
fn earning_is_answered_once() {
    let before = given(&[]);
    assert_eq!(before.due(true, Sequence(1)), Due::Issue { ordinal: 1 });
    let events = Awards::decide(&before, Command::Issue(credential(1))).expect("is due");
    assert_eq!(events, [Event::Issued(credential(1))]);
    let after = given(&events);
    assert_eq!(after.due(true, Sequence(2)), Due::Nothing);
    assert_eq!(Awards::decide(&after, Command::Issue(credential(2))), Ok(vec![]));
}

#[test]
fn what_was_never_earned_is_not_revoked() {
    assert_eq!(given(&[]).due(false, Sequence(1)), Due::Nothing);
    assert_eq!(Awards::decide(&given(&[]), Command::Revoke(revocation(1))), Ok(vec![]));
}

#[test]
fn losing_mastery_revokes_once() {
    let held = given(&[Event::Issued(credential(1))]);
    assert_eq!(held.due(false, Sequence(2)), Due::Revoke(credential(1).id));
    let events = Awards::decide(&held, Command::Revoke(revocation(1))).expect("is held");
    assert_eq!(events, [Event::Revoked(revocation(1))]);
    let lost = given(&[Event::Issued(credential(1)), events[0].clone()]);
    assert_eq!(lost.due(false, Sequence(3)), Due::Nothing);
    assert_eq!(Awards::decide(&lost, Command::Revoke(revocation(1))), Ok(vec![]));
}

#[test]
fn regaining_mastery_earns_a_new_credential_not_the_old_one() {
    let lost = given(&[Event::Issued(credential(1)), Event::Revoked(revocation(1))]);
    assert_eq!(lost.due(true, Sequence(3)), Due::Issue { ordinal: 2 });
    let again = Awards::decide(&lost, Command::Issue(credential(1)));
    assert_eq!(again, Err(Refusal::CredentialSpent(credential(1).id)));
    assert_eq!(again.map_err(|refusal| refusal.reason()), Err("CREDENTIAL_SPENT"));
    let renewed = Awards::decide(&lost, Command::Issue(credential(2)));
    assert_eq!(renewed, Ok(vec![Event::Issued(credential(2))]));
}

#[test]
fn revoking_an_old_credential_leaves_the_new_one_held() {
    let history = [
        Event::Issued(credential(1)),
        Event::Revoked(revocation(1)),
        Event::Issued(credential(2)),
        Event::Revoked(revocation(1)),
    ];
    let state = given(&history);
    assert_eq!(state.due(true, Sequence(4)), Due::Nothing);
    assert_eq!(Awards::decide(&state, Command::Revoke(revocation(1))), Ok(vec![]));
}

#[test]
fn mastery_events_that_come_again_ask_for_nothing() {
    let lost = given(&[Event::Issued(credential(1)), Event::Revoked(revocation(1))]);
    assert_eq!(lost.due(true, Sequence(1)), Due::Nothing, "1 earned what 2 ended");
    assert_eq!(lost.due(false, Sequence(2)), Due::Nothing);
    let regained = given(&[
        Event::Issued(credential(1)),
        Event::Revoked(revocation(1)),
        Event::Issued(credential(2)),
    ]);
    assert_eq!(regained.due(false, Sequence(2)), Due::Nothing, "3 earned it again");
}

#[test]
fn the_mastery_event_answered_last_may_be_looked_at_again() {
    let held = given(&[Event::Issued(credential(1))]);
    assert_eq!(held.due(false, Sequence(1)), Due::Revoke(credential(1).id));
}

#[test]
fn an_award_is_one_learner_and_one_achievement_of_one_tenant() {
    let learner = LearnerId::derive(tenant(), "s1");
    let (a, b) = (AchievementId::derive(tenant(), "a"), AchievementId::derive(tenant(), "b"));
    let id = award::id_of(tenant(), learner, a);
    assert_eq!(id, award::id_of(tenant(), learner, a));
    assert_ne!(id, award::id_of(tenant(), learner, b));
    assert_ne!(id, award::id_of(tenant(), LearnerId::derive(tenant(), "s2"), a));
    assert_ne!(id, award::id_of(TenantId::from_slug("other"), learner, a));
}

#[test]
fn reasons_are_known_by_their_codes() {
    assert_eq!(Reason::of_code("mastery_withdrawn"), Some(Reason::MasteryWithdrawn));
    assert_eq!(Reason::of_code("because"), None);
}
