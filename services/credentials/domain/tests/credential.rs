//! What the business says about the life of a credential.

use northstar_credentials_domain::award::MasteryEvent;
use northstar_credentials_domain::credential::{
    Cause, Command, Credentials, Edition, Event, Life, Order, Person, Refusal, Review, Standing,
};
use northstar_credentials_domain::status::Place;
use northstar_kernel::{
    CredentialId, Decider as _, EventId, Kind, Refusal as _, Sequence, TenantId, Timestamp,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// Noon of a day in November 2026.
fn noon(day: u32) -> Timestamp {
    format!("2026-11-{day:02}T12:00:00Z").parse().expect("an instant")
}

fn decision(sequence: u64) -> MasteryEvent {
    let id = EventId::derive(TenantId::COMMONS, &sequence.to_string());
    MasteryEvent { id, sequence: Sequence(sequence) }
}

/// Level 2, earned by decision 1 on the 1st, with no end.
fn first() -> Edition {
    Edition {
        credential: CredentialId::derive(TenantId::COMMONS, "badge"),
        place: Place { list: 0, index: 23 },
        achievement_version: 1,
        level: 2,
        decision: decision(1),
        valid_from: noon(1),
        valid_until: None,
        key_name: "ed-2026-10".into(),
        document: "{\"level\":2}".into(),
    }
}

/// Level 3, earned by decision 2 on the 5th.
fn higher() -> Edition {
    Edition { level: 3, decision: decision(2), valid_from: noon(5), ..first() }
}

/// Ends on the 10th.
fn ending() -> Edition {
    Edition { valid_until: Some(noon(10)), ..first() }
}

fn principal() -> Person {
    Person { actor: "principal".into(), reason: "The portfolio was another pupil's.".into() }
}

fn withdraw(sequence: u64, review_days: u16, day: u32) -> Command {
    Command::Withdraw { decision: decision(sequence), review_days, at: noon(day) }
}

fn restore(sequence: u64, day: u32) -> Command {
    Command::Restore { decision: decision(sequence), at: noon(day) }
}

fn hold(day: u32) -> Command {
    Command::Hold { by: principal(), at: noon(day) }
}

fn release(day: u32) -> Command {
    Command::Release { by: principal(), at: noon(day) }
}

fn revoke(order: Order, day: u32) -> Command {
    Command::Revoke { order, at: noon(day) }
}

fn compromised(key_name: &str, day: u32) -> Order {
    Order::KeyCompromised { key_name: key_name.into(), from: noon(day) }
}

/// A credential's story so far.
struct Story(Life);

fn given(commands: impl IntoIterator<Item = Command>) -> Story {
    let mut story = Story(Life::default());
    for command in commands {
        story.tell(command).expect("allowed");
    }
    story
}

impl Story {
    /// What a command leads to; it is part of the story from then on.
    fn tell(&mut self, command: Command) -> Result<Vec<Event>, Refusal> {
        let events = Credentials::decide(&self.0, command)?;
        self.0 = events.iter().fold(self.0.clone(), Credentials::evolve);
        Ok(events)
    }

    fn refuses(&self, command: Command, reason: &str) {
        let refusal = Credentials::decide(&self.0, command).expect_err(reason);
        assert_eq!(refusal.reason(), reason, "{refusal}");
    }

    fn stands(&self, day: u32) -> Standing {
        self.0.standing(noon(day))
    }

    fn level(&self) -> Option<u32> {
        self.0.current().map(|edition| edition.level)
    }
}

#[test]
fn a_credential_is_issued_once_for_a_decision() {
    let mut story = given([]);
    assert_eq!(story.stands(1), Standing::NotIssued);
    assert_eq!(story.tell(Command::Issue(first())), Ok(vec![Event::Issued(first())]));
    assert_eq!(story.stands(1), Standing::Valid);
    let again = Edition { document: "signed again".into(), valid_from: noon(2), ..first() };
    assert_eq!(story.tell(Command::Issue(again)), Ok(vec![]));
}

#[test]
fn a_higher_level_supersedes_under_the_same_id_and_keeps_what_was() {
    let mut story = given([Command::Issue(first())]);
    assert_eq!(story.tell(Command::Issue(higher())), Ok(vec![Event::Superseded(higher())]));
    assert_eq!(story.0.editions(), [first(), higher()]);
    assert_eq!((story.level(), story.stands(6)), (Some(3), Standing::Valid));
}

#[test]
fn the_same_level_again_says_nothing_new() {
    let mut story = given([Command::Issue(first())]);
    let same = Edition { level: 2, ..higher() };
    assert_eq!(story.tell(Command::Issue(same)), Ok(vec![]));
}

#[test]
fn an_edition_that_would_not_replace_is_refused() {
    let story = given([Command::Issue(first())]);
    story.refuses(Command::Issue(Edition { valid_from: noon(1), ..higher() }), "EDITION_NOT_LATER");
    let moved = Edition { place: Place { list: 0, index: 24 }, ..higher() };
    story.refuses(Command::Issue(moved), "CREDENTIAL_OTHER");
    let backwards = Edition { valid_until: Some(noon(5)), ..higher() };
    story.refuses(Command::Issue(backwards), "EDITION_INVALID");
}

#[test]
fn withdrawn_mastery_opens_a_review_of_as_many_days_as_the_tenant_says() {
    let mut story = given([Command::Issue(first())]);
    let opened = Event::ReviewOpened { decision: decision(2), until: noon(17), at: noon(3) };
    assert_eq!(story.tell(withdraw(2, 14, 3)), Ok(vec![opened]));
    let review = Review { decision: decision(2), until: noon(17) };
    assert_eq!(story.stands(3), Standing::UnderReview(review));
    assert_eq!(story.tell(withdraw(2, 14, 4)), Ok(vec![]), "it came again");
    assert_eq!(story.tell(withdraw(3, 14, 5)), Ok(vec![]), "the window does not start anew");
    assert_eq!(story.stands(5), Standing::UnderReview(review));
}

#[test]
fn without_a_review_the_credential_ends_at_once_and_once() {
    let mut story = given([Command::Issue(first())]);
    let cause = Cause::MasteryWithdrawn(decision(2));
    let revoked = Event::Revoked { cause: cause.clone(), at: noon(3) };
    assert_eq!(story.tell(withdraw(2, 0, 3)), Ok(vec![revoked]));
    assert_eq!(story.stands(3), Standing::Revoked(cause));
    assert_eq!(story.tell(withdraw(2, 0, 4)), Ok(vec![]));
    assert_eq!(story.tell(withdraw(3, 0, 4)), Ok(vec![]));
}

#[test]
fn mastery_that_returns_within_the_window_reinstates() {
    let mut story = given([Command::Issue(first()), withdraw(2, 14, 3)]);
    let back = Event::Reinstated { decision: decision(3), at: noon(16) };
    assert_eq!(story.tell(restore(3, 16)), Ok(vec![back]));
    assert_eq!(story.stands(16), Standing::Valid);
    assert_eq!(story.tell(Command::CloseReview { at: noon(20) }), Ok(vec![]));
    assert_eq!(story.tell(withdraw(2, 14, 20)), Ok(vec![]), "that was looked at");
}

#[test]
fn mastery_that_returns_with_the_end_of_the_window_is_too_late() {
    let mut story = given([Command::Issue(first()), withdraw(2, 14, 3)]);
    let cause = Cause::MasteryWithdrawn(decision(2));
    let revoked = Event::Revoked { cause: cause.clone(), at: noon(17) };
    assert_eq!(story.tell(restore(3, 17)), Ok(vec![revoked]));
    assert_eq!(story.stands(17), Standing::Revoked(cause));
}

#[test]
fn what_carried_mastery_before_it_was_withdrawn_does_not_bring_it_back() {
    let mut story = given([Command::Issue(first()), withdraw(2, 14, 3)]);
    assert_eq!(story.tell(restore(1, 4)), Ok(vec![]));
    assert!(matches!(story.stands(4), Standing::UnderReview(_)));
}

#[test]
fn the_end_of_the_review_ends_the_credential() {
    let mut story = given([Command::Issue(first()), withdraw(2, 14, 3)]);
    assert_eq!(story.tell(Command::CloseReview { at: noon(16) }), Ok(vec![]), "a day is left");
    let events = story.tell(Command::CloseReview { at: noon(17) }).expect("always allowed");
    let cause = Cause::MasteryWithdrawn(decision(2));
    assert_eq!(events, [Event::Revoked { cause, at: noon(17) }]);
    assert_eq!(story.tell(Command::CloseReview { at: noon(18) }), Ok(vec![]));
}

#[test]
fn what_is_revoked_does_not_come_back() {
    let mut story = given([Command::Issue(first()), withdraw(2, 0, 3)]);
    let later = Edition { decision: decision(3), valid_from: noon(6), ..higher() };
    story.refuses(Command::Issue(later.clone()), "CREDENTIAL_SPENT");
    story.refuses(Command::Renew(later), "CREDENTIAL_SPENT");
    story.refuses(hold(6), "CREDENTIAL_SPENT");
    story.refuses(release(6), "CREDENTIAL_SPENT");
    assert_eq!(story.tell(restore(4, 6)), Ok(vec![]));
    assert_eq!(story.tell(revoke(Order::Person(principal()), 6)), Ok(vec![]));
    let cause = Cause::MasteryWithdrawn(decision(2));
    assert_eq!(story.stands(7), Standing::Revoked(cause), "what came first is why");
}

#[test]
fn a_person_holds_and_releases_and_says_why() {
    let mut story = given([Command::Issue(first())]);
    assert_eq!(story.tell(hold(2)), Ok(vec![Event::HoldPlaced { by: principal(), at: noon(2) }]));
    assert_eq!((story.stands(2), story.tell(hold(3))), (Standing::Held, Ok(vec![])));
    story.refuses(Command::Issue(higher()), "CREDENTIAL_HELD");
    let lifted = Event::HoldLifted { by: principal(), at: noon(4) };
    assert_eq!(story.tell(release(4)), Ok(vec![lifted]));
    assert_eq!((story.stands(4), story.tell(release(5))), (Standing::Valid, Ok(vec![])));
    let nobody = Person { actor: "principal".into(), reason: " ".into() };
    story.refuses(Command::Hold { by: nobody.clone(), at: noon(5) }, "REASON_MISSING");
    story.refuses(revoke(Order::Person(nobody), 5), "REASON_MISSING");
}

#[test]
fn releasing_a_hold_does_not_end_a_review() {
    let mut story = given([Command::Issue(first()), hold(2), withdraw(2, 14, 3), release(4)]);
    assert!(matches!(story.stands(4), Standing::UnderReview(_)));
    story.refuses(release(5), "CREDENTIAL_UNDER_REVIEW");
    story.tell(restore(3, 6)).expect("mastery is back");
    assert_eq!(story.stands(6), Standing::Valid);
}

#[test]
fn a_level_reached_during_a_review_waits_until_mastery_is_restored() {
    let mut story = given([Command::Issue(first()), withdraw(2, 14, 3)]);
    let risen = Edition { decision: decision(4), valid_from: noon(6), ..higher() };
    story.refuses(Command::Issue(risen.clone()), "CREDENTIAL_UNDER_REVIEW");
    story.tell(restore(3, 6)).expect("mastery is back");
    assert_eq!(story.tell(Command::Issue(risen.clone())), Ok(vec![Event::Superseded(risen)]));
}

#[test]
fn one_decision_may_bring_mastery_back_and_raise_the_level() {
    let mut story = given([Command::Issue(first()), withdraw(2, 14, 3), restore(3, 6)]);
    let risen = Edition { decision: decision(3), valid_from: noon(6), ..higher() };
    assert_eq!(story.tell(Command::Issue(risen.clone())), Ok(vec![Event::Superseded(risen)]));
}

#[test]
fn a_compromised_key_ends_what_it_signed_since_then() {
    let mut story = given([Command::Issue(first()), Command::Issue(higher())]);
    story.refuses(revoke(compromised("ed-2026-11", 1), 7), "CREDENTIAL_OF_OTHER_KEY");
    story.refuses(revoke(compromised("ed-2026-10", 6), 7), "CREDENTIAL_OF_OTHER_KEY");
    let order = compromised("ed-2026-10", 4);
    let cause = Cause::Ordered(order.clone());
    let revoked = Event::Revoked { cause: cause.clone(), at: noon(7) };
    assert_eq!(story.tell(revoke(order, 7)), Ok(vec![revoked]));
    assert_eq!(
        (story.stands(7), cause.code()),
        (Standing::Revoked(cause.clone()), "key_compromised")
    );
}

#[test]
fn a_person_revokes_without_waiting_for_a_review() {
    let mut story = given([Command::Issue(first()), withdraw(2, 14, 3)]);
    story.tell(revoke(Order::Person(principal()), 4)).expect("may decide");
    let cause = Cause::Ordered(Order::Person(principal()));
    assert_eq!(cause.code(), "decided_by_person");
    assert_eq!(story.stands(4), Standing::Revoked(cause));
    assert_eq!(story.tell(Command::CloseReview { at: noon(20) }), Ok(vec![]), "it is over");
}

#[test]
fn a_credential_ends_by_its_date_and_is_renewed_while_mastery_stands() {
    let mut story = given([Command::Issue(ending())]);
    assert_eq!((story.stands(9), story.stands(10)), (Standing::Valid, Standing::Expired));
    let renewed = Edition { valid_from: noon(11), valid_until: Some(noon(21)), ..ending() };
    let command = Command::Renew(renewed.clone());
    assert_eq!(story.tell(command.clone()), Ok(vec![Event::Renewed(renewed)]));
    assert_eq!((story.stands(20), story.stands(21)), (Standing::Valid, Standing::Expired));
    assert_eq!(story.tell(command), Ok(vec![]), "it came again");
}

#[test]
fn a_renewal_neither_lowers_nor_shortens() {
    let renewal = Edition { valid_from: noon(5), valid_until: Some(noon(20)), ..ending() };
    let story = given([Command::Issue(ending()), withdraw(2, 14, 3), restore(3, 4)]);
    let renewal = Edition { decision: decision(3), ..renewal };
    let spoiled = [
        (Edition { level: 1, ..renewal.clone() }, "EDITION_LOWER"),
        (Edition { valid_until: Some(noon(10)), ..renewal.clone() }, "EDITION_NO_LATER_END"),
        (Edition { valid_from: noon(1), ..renewal.clone() }, "EDITION_NOT_LATER"),
        (Edition { decision: decision(1), ..renewal.clone() }, "EDITION_OUTDATED"),
    ];
    for (edition, reason) in spoiled {
        story.refuses(Command::Renew(edition), reason);
    }
    given([]).refuses(Command::Renew(renewal.clone()), "CREDENTIAL_NOT_ISSUED");
    given([Command::Issue(first())]).refuses(Command::Renew(renewal), "EDITION_NO_LATER_END");
}

#[test]
fn what_was_never_issued_is_not_acted_upon() {
    let mut story = given([]);
    assert_eq!(story.tell(withdraw(1, 0, 1)), Ok(vec![]));
    assert_eq!(story.tell(restore(1, 1)), Ok(vec![]));
    for command in [hold(1), release(1), revoke(Order::Person(principal()), 1)] {
        story.refuses(command, "CREDENTIAL_NOT_ISSUED");
    }
}

#[test]
fn a_review_takes_a_year_at_most() {
    let story = given([Command::Issue(first())]);
    let refusal = Credentials::decide(&story.0, withdraw(2, 366, 3)).expect_err("too long");
    assert_eq!((refusal.reason(), refusal.kind()), ("REVIEW_TOO_LONG", Kind::Invalid));
    assert_eq!(refusal.to_string(), "a review takes 0 to 365 days, not 366");
}

fn any_command() -> impl Strategy<Value = Command> {
    (0..8_u8, 0..6_u64, 1..28_u32, 1..5_u32, 0..4_u16).prop_map(
        |(what, sequence, day, level, days)| {
            let (valid_from, decision) = (noon(day), decision(sequence));
            let edition = Edition { level, decision, valid_from, ..first() };
            match what {
                0 => Command::Issue(edition),
                1 => Command::Renew(Edition { valid_until: Some(noon(28)), ..edition }),
                2 => withdraw(sequence, days, day),
                3 => restore(sequence, day),
                4 => Command::CloseReview { at: noon(day) },
                5 => hold(day),
                6 => release(day),
                _ => revoke(compromised("ed-2026-10", day), day),
            }
        },
    )
}

proptest! {
    #[test]
    fn whatever_happens_an_end_is_final_and_levels_only_rise(
        commands in vec(any_command(), 0..40),
    ) {
        let mut story = given([]);
        let (mut ends, mut level) = (0, None);
        for command in commands {
            let ended = matches!(story.stands(28), Standing::Revoked(_));
            let events = story.tell(command.clone()).unwrap_or_default();
            prop_assert!(!ended || events.is_empty(), "{:?} after the end", events);
            ends += events.iter().filter(|event| matches!(event, Event::Revoked { .. })).count();
            prop_assert!(story.level() >= level);
            level = story.level();
            let again = story.tell(command).unwrap_or_default();
            prop_assert!(again.is_empty(), "told again, it led to {:?}", again);
        }
        prop_assert!(ends <= 1);
        let editions = story.0.editions();
        prop_assert!(editions.is_sorted_by(|a, b| a.valid_from < b.valid_from));
    }
}
