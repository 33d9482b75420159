//! What the business says about awards.

use northstar_credentials_domain::award::{
    self, Asked, Award, Awards, Claim, Command, Due, MasteryEvent, Merit,
};
use northstar_credentials_domain::credential::{self, Edition, Grounds, Order, Person, Refusal};
use northstar_kernel::{
    AchievementId, CompetencyId, CredentialId, Decider as _, EventId, LearnerId, Sequence,
    TenantId, Timestamp,
};

fn tenant() -> TenantId {
    TenantId::from_slug("front-range")
}

/// The mastery event with this sequence.
fn mastery(sequence: u64) -> MasteryEvent {
    let id = EventId::derive(tenant(), &sequence.to_string());
    MasteryEvent { id, sequence: Sequence(sequence) }
}

fn at(day: u32) -> Timestamp {
    format!("2026-11-{day:02}T12:00:00Z").parse().expect("an instant")
}

fn achievement() -> AchievementId {
    AchievementId::derive(tenant(), "responsibility-3")
}

/// The n-th credential.
fn claim(ordinal: u32) -> Claim {
    let learner = LearnerId::derive(tenant(), "s1");
    Claim {
        credential: CredentialId::derive(tenant(), &ordinal.to_string()),
        award: award::id_of(tenant(), learner, achievement()),
        learner,
    }
}

/// Issued at `level` in answer to a mastery event.
fn issue(ordinal: u32, level: u32, sequence: u32) -> Command {
    let edition = Edition {
        credential: claim(ordinal).credential,
        place: None,
        serial: 0,
        achievement: achievement(),
        achievement_name: "Responsibility".into(),
        achievement_version: 1,
        level,
        decision: mastery(sequence.into()),
        valid_from: at(sequence),
        valid_until: None,
        grounds: Grounds {
            competency: CompetencyId::derive(tenant(), "res"),
            evidence: Vec::new(),
            policy_hash: String::new(),
            criteria: "Mastery".into(),
        },
        key_names: vec!["p256-2026-11".into()],
        document: String::new(),
        token: "head.body.signature".into(),
    };
    Command { claim: claim(ordinal), what: credential::Command::Issue(edition) }
}

fn withdraw(ordinal: u32, sequence: u32, review_days: u16) -> Command {
    let decision = mastery(sequence.into());
    let what = credential::Command::Withdraw { decision, review_days, at: at(sequence) };
    Command { claim: claim(ordinal), what }
}

fn order(ordinal: u32, order: Order) -> Command {
    Command { claim: claim(ordinal), what: credential::Command::Revoke { order, at: at(9) } }
}

fn person() -> Person {
    Person { actor: "principal".into(), reason: "Another pupil's portfolio.".into() }
}

/// The award after these commands, each of which must be allowed.
fn after(commands: impl IntoIterator<Item = Command>) -> Award {
    commands.into_iter().fold(Award::default(), |award, command| {
        let events = Awards::decide(&award, command).expect("allowed");
        events.iter().fold(award, Awards::evolve)
    })
}

#[test]
fn earning_is_answered_once() {
    assert_eq!(
        Award::default().due(Merit::Earned(3), mastery(1), at(1)),
        Due::Issue { ordinal: 1 }
    );
    let held = after([issue(1, 3, 1)]);
    assert_eq!(held.due(Merit::Earned(3), mastery(2), at(1)), Due::Nothing);
    assert_eq!(Awards::decide(&held, issue(2, 3, 2)), Ok(vec![]), "one lives at a time");
}

#[test]
fn what_was_never_earned_is_not_withdrawn() {
    assert_eq!(Award::default().due(Merit::Lost, mastery(1), at(1)), Due::Nothing);
    assert_eq!(Awards::decide(&Award::default(), withdraw(1, 1, 0)), Ok(vec![]));
}

#[test]
fn losing_mastery_ends_it_once_and_regaining_earns_another() {
    let held = after([issue(1, 3, 1)]);
    assert_eq!(held.due(Merit::Lost, mastery(2), at(1)), Due::Withdraw(claim(1)));
    let lost = after([issue(1, 3, 1), withdraw(1, 2, 0)]);
    assert_eq!(lost.due(Merit::Lost, mastery(3), at(1)), Due::Nothing);
    assert_eq!(Awards::decide(&lost, withdraw(1, 3, 0)), Ok(vec![]));
    assert_eq!(lost.due(Merit::Earned(3), mastery(3), at(1)), Due::Issue { ordinal: 2 });
    let again = Awards::decide(&lost, issue(1, 3, 3));
    assert_eq!(again, Err(Refusal::Ended("mastery_withdrawn")), "what ended does not come back");
    let regained = after([issue(1, 3, 1), withdraw(1, 2, 0), issue(2, 3, 3)]);
    assert_eq!(regained.lives().count(), 2);
    assert_eq!(regained.due(Merit::Earned(3), mastery(4), at(1)), Due::Nothing);
}

#[test]
fn mastery_events_that_come_again_ask_for_nothing() {
    let lost = after([issue(1, 3, 1), withdraw(1, 2, 0)]);
    assert_eq!(
        lost.due(Merit::Earned(3), mastery(1), at(1)),
        Due::Nothing,
        "1 earned what 2 ended"
    );
    assert_eq!(lost.due(Merit::Earned(3), mastery(2), at(1)), Due::Nothing);
    let regained = after([issue(1, 3, 1), withdraw(1, 2, 0), issue(2, 3, 3)]);
    assert_eq!(regained.due(Merit::Lost, mastery(2), at(1)), Due::Nothing, "3 earned it again");
}

#[test]
fn a_higher_level_is_another_edition_of_the_same_credential() {
    let held = after([issue(1, 3, 1)]);
    assert_eq!(held.due(Merit::Earned(4), mastery(2), at(1)), Due::Supersede(claim(1)));
    let higher = after([issue(1, 3, 1), issue(1, 4, 2)]);
    let (_, life) = higher.life(claim(1).credential).expect("it lives");
    assert_eq!((higher.lives().count(), life.editions().len()), (1, 2));
    assert_eq!(
        higher.due(Merit::Earned(3), mastery(3), at(1)),
        Due::Nothing,
        "a lower one is none"
    );
}

#[test]
fn mastery_that_returns_in_time_restores() {
    let reviewed = after([issue(1, 3, 1), withdraw(1, 2, 14)]);
    assert_eq!(reviewed.due(Merit::Lost, mastery(3), at(1)), Due::Nothing);
    assert_eq!(reviewed.due(Merit::Earned(3), mastery(3), at(1)), Due::Restore(claim(1)));
}

#[test]
fn what_a_person_ended_stays_ended_and_what_a_key_ended_is_issued_anew() {
    let by_person = after([issue(1, 3, 1), order(1, Order::Person(person()))]);
    assert_eq!(by_person.due(Merit::Earned(4), mastery(5), at(1)), Due::Nothing);
    let key = Order::KeyCompromised { key_name: "p256-2026-11".into(), from: at(1) };
    let by_key = after([issue(1, 3, 1), order(1, key)]);
    assert_eq!(by_key.due(Merit::Earned(3), mastery(1), at(1)), Due::Issue { ordinal: 2 });
    assert_eq!(by_key.due(Merit::Lost, mastery(1), at(1)), Due::Nothing);
}

#[test]
fn what_a_person_holds_is_not_talked_over() {
    let by = person();
    let hold = credential::Command::Hold { by, at: at(2) };
    let held = after([issue(1, 3, 1), Command { claim: claim(1), what: hold }]);
    assert_eq!(held.due(Merit::Earned(4), mastery(3), at(1)), Due::Nothing);
    assert_eq!(held.due(Merit::Lost, mastery(3), at(1)), Due::Withdraw(claim(1)));
}

#[test]
fn who_asks_gets_what_lives_or_another_after_what_ended() {
    let ask = |ordinal| {
        let (achievement, by, at) = (achievement(), person(), at(3));
        let what = credential::Command::Request { achievement, by, at };
        Command { claim: claim(ordinal), what }
    };
    let held = after([issue(1, 3, 1)]);
    assert_eq!(held.asked(), Asked::Known(claim(1)));
    assert_eq!(Awards::decide(&held, ask(2)), Ok(vec![]), "one lives at a time");
    let ended = after([issue(1, 3, 1), order(1, Order::Person(person()))]);
    assert_eq!(ended.asked(), Asked::New { ordinal: 2 });
    let asked = after([issue(1, 3, 1), order(1, Order::Person(person())), ask(2)]);
    assert_eq!(asked.asked(), Asked::Known(claim(2)));
    assert_eq!(Awards::decide(&asked, ask(2)), Ok(vec![]));
    assert_eq!(asked.due(Merit::Lost, mastery(1), at(3)), Due::Nothing);
    assert_eq!(asked.due(Merit::Earned(3), mastery(1), at(3)), Due::Issue { ordinal: 2 });
    let again = [issue(1, 3, 1), order(1, Order::Person(person())), ask(2), issue(2, 3, 1)];
    assert_eq!(after(again).due(Merit::Earned(3), mastery(1), at(3)), Due::Nothing);
}

#[test]
fn a_missing_part_holds_and_one_that_is_back_releases() {
    let (parts, facts) = (vec![AchievementId::derive(tenant(), "part")], Vec::new());
    let what = credential::Command::Suspend { parts, facts, at: at(2) };
    let suspend = Command { claim: claim(1), what };
    let held = after([issue(1, 3, 1)]);
    assert_eq!(held.due(Merit::Incomplete, mastery(1), at(2)), Due::Suspend(claim(1)));
    let suspended = after([issue(1, 3, 1), suspend.clone()]);
    assert_eq!(suspended.due(Merit::Incomplete, mastery(1), at(2)), Due::Nothing);
    assert_eq!(suspended.due(Merit::Earned(4), mastery(2), at(2)), Due::Resume(claim(1)));
    assert_eq!(suspended.due(Merit::Lost, mastery(2), at(2)), Due::Withdraw(claim(1)));
    assert_eq!(Awards::decide(&suspended, issue(1, 4, 2)), Err(Refusal::Held));
    let resume = Command { claim: claim(1), what: credential::Command::Resume { at: at(3) } };
    let resumed = after([issue(1, 3, 1), suspend, resume]);
    assert_eq!(resumed.due(Merit::Earned(4), mastery(2), at(3)), Due::Supersede(claim(1)));
    assert_eq!(Award::default().due(Merit::Incomplete, mastery(1), at(1)), Due::Nothing);
}

/// Valid from the 1st to the 21st: renewed from the 19th on.
#[test]
fn what_ends_by_its_date_is_renewed_when_a_tenth_is_left() {
    let ends = |ordinal, until| {
        let mut issued = issue(ordinal, 3, 1);
        if let credential::Command::Issue(edition) = &mut issued.what {
            edition.valid_until = Some(until);
        }
        issued
    };
    let held = after([ends(1, at(21))]);
    assert_eq!(held.due(Merit::Earned(3), mastery(1), at(18)), Due::Nothing);
    assert_eq!(held.due(Merit::Earned(3), mastery(1), at(19)), Due::Renew(claim(1)));
    assert_eq!(held.due(Merit::Earned(2), mastery(2), at(19)), Due::Nothing, "it states 3");
    let remind =
        |day| Command { claim: claim(1), what: credential::Command::Remind { at: at(day) } };
    let told = |award: &Award, day| Awards::decide(award, remind(day)).expect("allowed").len();
    assert_eq!((told(&held, 18), told(&held, 19), told(&held, 21)), (0, 1, 2));
    let reminded = after([ends(1, at(21)), remind(19)]);
    assert_eq!((told(&reminded, 20), told(&reminded, 22)), (0, 1));
    assert_eq!(told(&after([ends(1, at(21)), remind(22)]), 23), 0, "each is told once");
    assert_eq!(told(&after([issue(1, 3, 1)]), 30), 0, "it does not end");
    let ended = after([ends(1, at(21)), order(1, Order::Person(person()))]);
    assert_eq!(told(&ended, 22), 0);
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
