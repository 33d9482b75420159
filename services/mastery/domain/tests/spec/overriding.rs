//! What may be overridden, by whom, and while it holds.

use northstar_kernel::{
    Decider, Kind, LearnerId, OverrideId, PersonId, ReasonId, Refusal, TenantId,
};
use northstar_mastery_domain::{
    Finding, Override, OverrideCommand, OverrideEvent, OverrideRefusal, Overriding, Scale,
    SetOverride, Shown, Standing, Terms, holding, overlay,
};
use proptest::prelude::*;

use crate::rollup::{id, standing, valued};
use crate::support::march;

fn tenant() -> TenantId {
    TenantId::from_slug("front-range")
}

fn person(name: &str) -> PersonId {
    PersonId::derive(tenant(), name)
}

fn reason() -> ReasonId {
    ReasonId::derive(tenant(), "seen in class")
}

/// At mastery from the 2nd to the 9th, set by "ada", to be confirmed by "ben".
fn draft() -> SetOverride {
    SetOverride {
        id: OverrideId::derive(tenant(), "1"),
        learner: LearnerId::from(person("lee")),
        competency: id("COM"),
        says: standing(Standing::AtMastery),
        reason: Some(reason()),
        by: person("ada"),
        second_signer: person("ben"),
        from: march(2),
        until: march(9),
    }
}

fn terms() -> Terms {
    let SetOverride { id, learner, competency, says, by, second_signer, from, until, .. } = draft();
    Terms { id, learner, competency, says, reason: reason(), by, second_signer, from, until }
}

fn set() -> OverrideEvent {
    OverrideEvent::Set(terms())
}

fn confirmed(day: i64) -> OverrideEvent {
    OverrideEvent::Confirmed { at: march(day) }
}

fn revoked(day: i64) -> OverrideEvent {
    OverrideEvent::Revoked { by: person("cora"), reason: reason(), at: march(day) }
}

fn confirm(name: &str, day: i64) -> OverrideCommand {
    OverrideCommand::Confirm { by: person(name), at: march(day) }
}

fn revoke(reason: Option<ReasonId>, day: i64) -> OverrideCommand {
    OverrideCommand::Revoke { by: person("cora"), reason, at: march(day) }
}

fn decide(
    before: &[OverrideEvent],
    command: OverrideCommand,
) -> Result<Vec<OverrideEvent>, OverrideRefusal> {
    Overriding::decide(&Overriding::fold(before), command)
}

fn refused(draft: SetOverride) -> OverrideRefusal {
    decide(&[], OverrideCommand::Set(draft)).expect_err("it is refused")
}

fn after(events: &[OverrideEvent]) -> Override {
    Overriding::fold(events).0.expect("it was set")
}

#[test]
fn given_nothing_when_an_override_is_set_then_it_waits_for_the_second_signer() {
    assert_eq!(decide(&[], OverrideCommand::Set(draft())), Ok(vec![set()]));
    assert!((1..12).all(|day| !after(&[set()]).holds(march(day))));
}

#[test]
fn an_override_without_a_reason_is_refused() {
    let refusal = refused(SetOverride { reason: None, ..draft() });
    assert_eq!((refusal, refusal.kind()), (OverrideRefusal::ReasonMissing, Kind::Invalid));
    assert_eq!(refusal.violations()[0].field, "reason");
}

#[test]
fn two_people_sign_and_neither_is_the_learner() {
    let alone = SetOverride { second_signer: person("ada"), ..draft() };
    assert_eq!(refused(alone), OverrideRefusal::SameSigner);
    for own in [
        SetOverride { by: person("lee"), ..draft() },
        SetOverride { second_signer: person("lee"), ..draft() },
    ] {
        assert_eq!(refused(own), OverrideRefusal::OwnRecord);
        assert_eq!(refused(own).kind(), Kind::Forbidden);
    }
}

#[test]
fn every_override_ends_after_it_begins() {
    for until in [1, 2] {
        let refusal = refused(SetOverride { until: march(until), ..draft() });
        assert_eq!(refusal, OverrideRefusal::EndsBeforeItBegins);
    }
}

#[test]
fn an_override_says_something_that_can_be_said() {
    let says = |says: Finding| refused(SetOverride { says, ..draft() });
    assert_eq!(says(Finding::default()), OverrideRefusal::SaysNothing);
    let aside = Finding { value_milli: Some(1), ..standing(Standing::NotEnoughEvidence) };
    assert_eq!(says(aside), OverrideRefusal::ValueWithoutStanding);
    for milli in [-1, 1_000_000_001] {
        let beyond = Finding { value_milli: Some(milli), ..standing(Standing::AtMastery) };
        assert_eq!(says(beyond), OverrideRefusal::ValueOutOfRange);
    }
    let aside = SetOverride { says: standing(Standing::NotEnoughEvidence), ..draft() };
    assert!(decide(&[], OverrideCommand::Set(aside)).is_ok());
}

#[test]
fn what_two_people_sign_is_not_provisional() {
    let waiting = Finding { provisional: true, ..draft().says };
    let events = decide(&[], OverrideCommand::Set(SetOverride { says: waiting, ..draft() }));
    assert_eq!(events, Ok(vec![set()]));
}

#[test]
fn setting_the_same_again_changes_nothing_and_something_else_is_refused() {
    assert_eq!(decide(&[set()], OverrideCommand::Set(draft())), Ok(Vec::new()));
    let other = SetOverride { until: march(10), ..draft() };
    let refusal = decide(&[set()], OverrideCommand::Set(other));
    assert_eq!(refusal, Err(OverrideRefusal::AlreadySet));
}

#[test]
fn only_the_second_signer_confirms_and_in_time() {
    assert_eq!(decide(&[set()], confirm("ben", 3)), Ok(vec![confirmed(3)]));
    assert_eq!(decide(&[set(), confirmed(3)], confirm("ben", 4)), Ok(Vec::new()));
    for (before, command, refusal) in [
        (&[set()][..], confirm("ada", 3), OverrideRefusal::NotTheSecondSigner),
        (&[set()], confirm("ben", 9), OverrideRefusal::Over),
        (&[set(), revoked(3)], confirm("ben", 4), OverrideRefusal::Revoked),
        (&[], confirm("ben", 3), OverrideRefusal::Unknown),
    ] {
        assert_eq!(decide(before, command), Err(refusal));
    }
}

#[test]
fn it_is_taken_back_with_a_reason_and_once() {
    assert_eq!(decide(&[set()], revoke(Some(reason()), 3)), Ok(vec![revoked(3)]));
    let before = [set(), confirmed(3), revoked(4)];
    assert_eq!(decide(&before, revoke(Some(reason()), 5)), Ok(Vec::new()));
    for (before, command, refusal) in [
        (&[set()][..], revoke(None, 3), OverrideRefusal::ReasonMissing),
        (&[set()], revoke(Some(reason()), 9), OverrideRefusal::Over),
        (&[], revoke(Some(reason()), 3), OverrideRefusal::Unknown),
    ] {
        assert_eq!(decide(before, command), Err(refusal));
    }
}

#[test]
fn it_holds_from_confirmation_to_its_end_or_until_it_is_taken_back() {
    let days = |events: &[OverrideEvent]| -> Vec<i64> {
        (1..12).filter(|day| after(events).holds(march(*day))).collect()
    };
    assert_eq!(days(&[set(), confirmed(1)]), [2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(days(&[set(), confirmed(5)]), [5, 6, 7, 8]);
    assert_eq!(days(&[set(), confirmed(5), revoked(7)]), [5, 6]);
    assert!(days(&[set(), revoked(7)]).is_empty());
}

#[test]
fn the_rule_goes_on_being_visible() {
    let held = after(&[set(), confirmed(3)]);
    let by_rule = valued(2_000);
    let shown = overlay(by_rule, &[held], march(4));
    let expected =
        Shown { held: standing(Standing::AtMastery), by_rule, by_override: Some(held.terms.id) };
    assert_eq!(shown, expected);
    // Whatever is computed anew, the override stays and the rule shows its new result.
    let anew = overlay(valued(1_000), &[held], march(4));
    assert_eq!((anew.held, anew.by_rule), (shown.held, valued(1_000)));
    let over = overlay(by_rule, &[held], march(9));
    assert_eq!(over, Shown { held: by_rule, by_rule, by_override: None });
}

#[test]
fn what_it_says_stands_on_the_scale_if_it_has_a_value() {
    let scale = Scale::new([1_000, 2_000, 3_000]);
    let held = valued(2_500).on(&scale);
    assert_eq!((held.value_milli, held.level), (2_500, 2));
    let held = standing(Standing::AtMastery).on(&scale);
    assert_eq!((held.standing, held.value_milli, held.level), (Standing::AtMastery, 0, 0));
}

fn override_from(day: i64, number: u32) -> Override {
    let id = OverrideId::derive(tenant(), &number.to_string());
    Override {
        terms: Terms { id, from: march(day), ..terms() },
        confirmed_at: Some(march(1)),
        revoked_at: None,
    }
}

proptest! {
    #[test]
    fn of_several_the_one_that_begins_last_holds_in_whatever_order_they_come(
        overrides in prop::collection::vec(1_i64..9, 1..8)
            .prop_map(|days| days.into_iter().zip(0..).map(|(d, n)| override_from(d, n)).collect())
            .prop_flat_map(|all: Vec<_>| (Just(all.clone()), Just(all).prop_shuffle())),
        day in 1_i64..9,
    ) {
        let (first, shuffled) = overrides;
        let found = holding(&first, march(day));
        prop_assert_eq!(found, holding(&shuffled, march(day)));
        let begun = first.iter().filter(|held| held.terms.from <= march(day));
        prop_assert_eq!(found.map(|held| held.terms.from), begun.map(|held| held.terms.from).max());
    }
}

#[test]
fn every_refusal_has_its_own_name_and_words() {
    use OverrideRefusal as R;
    let all = [
        R::Unknown,
        R::AlreadySet,
        R::ReasonMissing,
        R::SameSigner,
        R::OwnRecord,
        R::EndsBeforeItBegins,
        R::SaysNothing,
        R::ValueWithoutStanding,
        R::ValueOutOfRange,
        R::NotTheSecondSigner,
        R::Revoked,
        R::Over,
    ];
    let mut said: Vec<_> = all.iter().flat_map(|no| [no.reason().into(), no.to_string()]).collect();
    said.sort();
    said.dedup();
    assert_eq!(said.len(), 2 * all.len());
    assert_eq!(R::Unknown.kind(), Kind::NotFound);
    assert_eq!(R::AlreadySet.kind(), Kind::AlreadyExists);
    assert_eq!(R::Over.kind(), Kind::Precondition);
}
