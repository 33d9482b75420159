//! What the business says about achievements.

use northstar_credentials_domain::achievement::{
    Achievement, Achievements, Alignment, Command, Event, Refusal, Standing, State,
};
use northstar_credentials_domain::criteria::{Criteria, Level};
use northstar_kernel::{CompetencyId, Decider as _, Kind, LearnerId, Refusal as _, TenantId};

fn achievement() -> Achievement {
    let tenant = TenantId::from_slug("front-range");
    Achievement {
        id: Achievement::id_of(tenant, "responsibility-3"),
        key: "responsibility-3".into(),
        name: "Responsibility, proficient".into(),
        description: "Keeps commitments to others.\nOwns the outcome.".into(),
        criteria: "Mastery of Responsibility at level 3 or above.".into(),
        alignment: Alignment {
            competency: CompetencyId::derive(tenant, "res"),
            code: "NS.RES".into(),
            name: "Responsibility".into(),
            uri: "https://frameworks.example/items/res".into(),
        },
        required_level: 3,
        rule: None,
        further: Vec::new(),
        valid_days: 0,
    }
}

fn define(given: Option<Achievement>, wanted: Achievement) -> Result<Vec<Event>, Refusal> {
    Achievements::decide(&State { definition: given, offered: None }, Command::Define(wanted))
}

#[test]
fn defining_makes_it_stand() {
    let events = define(None, achievement()).expect("sound");
    assert_eq!(events, [Event::Defined(achievement())]);
    assert_eq!(Achievements::fold(&events).definition, Some(achievement()));
}

#[test]
fn the_same_definition_again_changes_nothing() {
    assert_eq!(define(Some(achievement()), achievement()), Ok(vec![]));
}

#[test]
fn words_may_change() {
    let reworded = Achievement { name: "Responsibility, level 3".into(), ..achievement() };
    let events = define(Some(achievement()), reworded.clone());
    assert_eq!(events, Ok(vec![Event::Defined(reworded)]));
}

#[test]
fn terms_may_not_change() {
    let mut harder = achievement();
    harder.required_level = 4;
    harder.alignment.competency = CompetencyId::derive(TenantId::from_slug("x"), "other");
    let refusal = define(Some(achievement()), harder).expect_err("terms are fixed");
    assert_eq!((refusal.reason(), refusal.kind()), ("ACHIEVEMENT_TERMS_FIXED", Kind::Precondition));
    let fields: Vec<_> = refusal.violations().into_iter().map(|v| v.field).collect();
    assert_eq!(fields, ["achievement.alignment.competency_id", "achievement.required_level"]);
}

#[test]
fn each_bad_field_is_named() {
    type Spoil = fn(&mut Achievement);
    let cases: [(&str, Spoil); 15] = [
        ("key", |a| a.key.clear()),
        ("key", |a| a.key = "Upper".into()),
        ("key", |a| a.key = "-edge".into()),
        ("key", |a| a.key = "a".repeat(64)),
        ("name", |a| a.name = "  ".into()),
        ("name", |a| a.name = "two\nlines".into()),
        ("description", |a| a.description = "bell\u{7}".into()),
        ("criteria", |a| a.criteria = "x".repeat(4_001)),
        ("alignment.code", |a| a.alignment.code = "\u{0}".into()),
        ("alignment.name", |a| a.alignment.name.clear()),
        ("alignment.uri", |a| a.alignment.uri = "urn:uuid:1".into()),
        ("alignment.uri", |a| a.alignment.uri = "https:///no-host".into()),
        ("alignment.uri", |a| a.alignment.uri = "https://a b".into()),
        ("required_level", |a| a.required_level = 0),
        ("required_level", |a| a.required_level = 101),
    ];
    for (field, spoil) in cases {
        let mut spoiled = achievement();
        spoil(&mut spoiled);
        let refusal = define(None, spoiled).expect_err(field);
        assert_eq!((refusal.reason(), refusal.kind()), ("ACHIEVEMENT_INVALID", Kind::Invalid));
        let fields: Vec<_> = refusal.violations().into_iter().map(|v| v.field).collect();
        assert_eq!(fields, [format!("achievement.{field}")]);
    }
}

#[test]
fn everything_wrong_is_reported_at_once() {
    let mut spoiled = achievement();
    spoiled.name.clear();
    spoiled.required_level = 0;
    let refusal = define(None, spoiled).expect_err("two fields are wrong");
    assert_eq!(refusal.violations().len(), 2);
}

/// Three learners in order of id.
fn learners() -> [LearnerId; 3] {
    let mut learners = ["a", "b", "c"].map(|key| LearnerId::derive(TenantId::COMMONS, key));
    learners.sort_unstable();
    learners
}

#[test]
fn an_offer_goes_on_where_the_last_one_ended_and_never_back() {
    let [first, second, third] = learners();
    let mut events = vec![Event::Defined(achievement())];
    for (up_to, news) in [(second, 1), (second, 0), (first, 0), (third, 1)] {
        let command = Command::Offer { up_to };
        let more = Achievements::decide(&Achievements::fold(&events), command).expect("defined");
        assert_eq!(more.len(), news);
        events.extend(more);
    }
    let state = Achievements::fold(&events);
    assert_eq!((state.definition, state.offered), (Some(achievement()), Some(third)));
}

#[test]
fn what_is_not_defined_is_not_offered() {
    let command = Command::Offer { up_to: learners()[0] };
    let refusal = Achievements::decide(&State::default(), command).expect_err("not defined");
    assert_eq!((refusal.reason(), refusal.kind()), ("ACHIEVEMENT_NOT_DEFINED", Kind::NotFound));
    assert!(refusal.violations().is_empty());
}

#[test]
fn it_takes_mastery_and_the_level_to_earn_it() {
    let cases = [(true, 3, true), (true, 4, true), (true, 2, false), (false, 4, false)];
    for (at_mastery, level, earned) in cases {
        assert_eq!(achievement().earned_at(Standing { at_mastery, level }), earned);
    }
}

fn ruled(criteria: Criteria) -> Achievement {
    Achievement { rule: Some(criteria), required_level: 0, ..achievement() }
}

fn at_level(name: &str, level: u32) -> Criteria {
    let competency = CompetencyId::derive(TenantId::from_slug("front-range"), name);
    Criteria::Competency { competency, level: Level::of(level) }
}

/// The fields that are wrong.
fn wrong(wanted: Achievement) -> Vec<String> {
    match define(None, wanted) {
        Err(Refusal::Invalid(violations)) => violations.into_iter().map(|it| it.field).collect(),
        other => panic!("it is not defined: {other:?}"),
    }
}

#[test]
fn a_rule_says_what_earns_it() {
    let two = Criteria::All(vec![at_level("res", 2), at_level("other", 3)]);
    let mut sound = ruled(two);
    let other = CompetencyId::derive(TenantId::from_slug("front-range"), "other");
    sound.further = vec![Alignment { competency: other, ..achievement().alignment }];
    assert_eq!(define(None, sound.clone()), Ok(vec![Event::Defined(sound.clone())]));
    assert_eq!(sound.alignments().count(), 2);
    let other_rule = Achievement { rule: Some(at_level("res", 2)), ..sound.clone() };
    let refused = define(Some(sound.clone()), Achievement { further: Vec::new(), ..other_rule });
    let Err(Refusal::TermsFixed(violations)) = refused else { panic!("{refused:?}") };
    assert_eq!(violations[0].field, "achievement.rule");
    let longer = Achievement { valid_days: 365, ..sound.clone() };
    assert!(define(Some(sound), longer).is_ok(), "how long it holds is no term of earning it");
}

#[test]
fn a_rule_that_contradicts_what_is_shown_is_refused() {
    let level = Achievement { required_level: 3, ..ruled(at_level("res", 2)) };
    assert_eq!(wrong(level), ["achievement.required_level"]);
    let elsewhere = ruled(at_level("other", 2));
    assert_eq!(wrong(elsewhere), ["achievement.alignment.competency_id"]);
    let twice = Achievement { further: vec![achievement().alignment], ..ruled(at_level("res", 2)) };
    assert_eq!(wrong(twice), ["achievement.further_alignments[0].competency_id"]);
    let without = Achievement { further: vec![achievement().alignment], ..achievement() };
    assert_eq!(wrong(without), ["achievement.further_alignments"]);
    assert_eq!(wrong(ruled(Criteria::All(Vec::new()))), ["achievement.rule.all"]);
    let for_ever = Achievement { valid_days: 36_526, ..achievement() };
    assert_eq!(wrong(for_ever), ["achievement.valid_days"]);
    let stack = ruled(Criteria::Achievement(achievement().id));
    assert!(define(None, stack).is_ok(), "a stack of parts stands wherever it is said to stand");
}
