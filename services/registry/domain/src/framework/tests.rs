use super::build::{association_id, competency_id, package, rubric_id};
use super::*;
use crate::spec::given;

const TWO: &[(i64, &str)] = &[(1, "Not yet"), (2, "Yes")];

fn region() -> Package {
    package("Region").competency("a").competency("b").below("b", "a").judged("r", "b", TWO)
}

fn publish(package: Package) -> Command {
    Command::Publish { package, complete: true }
}

fn published(package: Package) -> Vec<Event> {
    given::<Aggregate>(&[]).when(publish(package)).events()
}

fn names(events: &[Event]) -> Vec<&'static str> {
    let name = |event: &Event| match event {
        Event::Published(_) => "published",
        Event::CompetencyPublished(..) => "competency",
        Event::CompetencyWithdrawn(..) => "-competency",
        Event::AssociationPublished(..) => "association",
        Event::AssociationWithdrawn(..) => "-association",
        Event::RubricPublished(..) => "rubric",
        Event::RubricWithdrawn(..) => "-rubric",
    };
    events.iter().map(name).collect()
}

fn hash(events: &[Event]) -> String {
    let head = Aggregate::fold(events).head.expect("published");
    head.content_hash.to_string()
}

#[test]
fn is_published_with_all_its_parts_and_their_scales() {
    let events = published(region());
    assert_eq!(names(&events), ["published", "competency", "competency", "association", "rubric"]);
    let state = Aggregate::fold(&events);
    for key in ["a", "b"] {
        assert_eq!(state.competencies[&competency_id(key)].scale.len(), 2, "scale of {key}");
    }
}

#[test]
fn publishing_the_same_again_changes_nothing() {
    given::<Aggregate>(&published(region())).when(publish(region())).then_nothing();
}

#[test]
fn what_differs_is_published_and_what_is_gone_is_withdrawn() {
    let next = package("Region").competency("a").competency("c").below("c", "a");
    let events = given::<Aggregate>(&published(region())).when(publish(next)).events();
    // "a" is published again: with "b" and its rubric gone it has no scale any more.
    assert_eq!(
        names(&events),
        [
            "published",
            "competency",
            "competency",
            "association",
            "-rubric",
            "-association",
            "-competency"
        ]
    );
    let id = region().title.id;
    assert!(events.contains(&Event::CompetencyWithdrawn(id, competency_id("b"))));
    assert!(events.contains(&Event::AssociationWithdrawn(id, association_id("b<a"))));
    assert!(events.contains(&Event::RubricWithdrawn(id, rubric_id("r"))));
}

#[test]
fn another_rubric_changes_the_scale_of_what_it_judges_and_of_what_stands_above() {
    let next = package("Region").competency("a").competency("b").below("b", "a").judged(
        "r",
        "b",
        &[(1, "Not yet"), (2, "Yes"), (3, "Beyond")],
    );
    let events = given::<Aggregate>(&published(region())).when(publish(next)).events();
    assert_eq!(names(&events), ["published", "competency", "competency", "rubric"]);
}

#[test]
fn a_new_title_alone_is_a_new_content() {
    let events = given::<Aggregate>(&published(region()))
        .when(publish(Package { title: package("Renamed").title, ..region() }))
        .events();
    assert_eq!(names(&events), ["published"]);
}

#[test]
fn the_hash_stands_for_the_content_by_whichever_way_it_was_reached() {
    let direct = published(region());
    let mut detour = published(package("Region").competency("z"));
    detour.extend(given::<Aggregate>(&detour).when(publish(region())).events());
    assert_eq!(hash(&direct), hash(&detour));
    assert_ne!(hash(&direct), hash(&published(region().competency("c"))));
}

#[test]
fn an_incomplete_package_withdraws_nothing() {
    let partial = Command::Publish { package: package("Region").competency("c"), complete: false };
    let before = published(region());
    let events = given::<Aggregate>(&before).when(partial).events();
    assert_eq!(names(&events), ["published", "competency"]);
    let state = Aggregate::fold(before.iter().chain(&events));
    assert_eq!(state.competencies.len(), 3);
    assert_eq!(state.rubrics.len(), 1);
}

#[test]
fn nothing_may_stand_below_itself() {
    let cyclic = region().below("a", "b");
    let outcome = Aggregate::decide(&State::default(), publish(cyclic));
    let Err(Refusal::HierarchyCyclic { associations }) = outcome else {
        panic!("accepted: {outcome:?}");
    };
    assert_eq!(associations.len(), 1);
}

#[test]
fn what_is_kept_gives_way_where_it_and_what_is_new_would_make_a_cycle() {
    let turned = package("Region").competency("a").competency("b").below("a", "b");
    let partial = Command::Publish { package: turned, complete: false };
    let before = published(region());
    let events = given::<Aggregate>(&before).when(partial.clone()).events();
    // "b" stands above now, and is judged; "a" has nothing below it any more.
    assert_eq!(names(&events), ["published", "competency", "association", "-association"]);
    let id = region().title.id;
    assert!(events.contains(&Event::AssociationWithdrawn(id, association_id("b<a"))));
    let after: Vec<Event> = before.into_iter().chain(events).collect();
    given::<Aggregate>(&after).when(partial).then_nothing();
}

#[test]
fn needs_a_title() {
    given::<Aggregate>(&[]).when(publish(package(" "))).then_refused(Refusal::Untitled);
}
