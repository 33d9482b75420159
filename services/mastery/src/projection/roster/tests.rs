use std::collections::BTreeMap;
use std::convert::Infallible;

use futures::FutureExt as _;
use northstar_kernel::TenantId;
use northstar_mastery_domain::Scope;

use super::*;

const TENANT: TenantId = TenantId::COMMONS;

fn organization(name: &str) -> OrganizationId {
    OrganizationId::derive(TENANT, name)
}

fn class(name: &str) -> ClassId {
    ClassId::derive(TENANT, name)
}

fn enrollment(name: &str) -> EnrollmentId {
    EnrollmentId::derive(TENANT, name)
}

fn learner() -> LearnerId {
    LearnerId::derive(TENANT, "ana")
}

/// Documents by noun and key, as a store has them.
#[derive(Default)]
struct Shelf(BTreeMap<(&'static str, Vec<u8>), Document>);

impl Shelf {
    fn put<S: Shape>(mut self, key: &[u8], shape: &S) -> Self {
        self.0.insert((S::NOUN, key.to_vec()), shape.encode());
        self
    }

    fn organization(self, name: &str, above: Option<&str>) -> Self {
        let parent = above.map(organization);
        self.put(organization(name).as_bytes(), &Organization { parent })
    }

    fn class(self, name: &str, school: &str) -> Self {
        let known = Class { school: Some(organization(school)), students: Vec::new() };
        self.put(class(name).as_bytes(), &known)
    }

    fn learner(self, classes: &[&str], organizations: &[&str]) -> Self {
        let organizations = organizations.iter().map(|name| organization(name)).collect();
        let mut belonging = Belonging { organizations, classes: Vec::new() };
        for name in classes {
            insert(&mut belonging.classes, (class(name), enrollment(name)));
        }
        self.put(learner().as_bytes(), &belonging)
    }

    fn path(mut self) -> Vec<Scope> {
        let path = path(&mut self, learner()).now_or_never().expect("nothing to wait for");
        path.unwrap_or_else(|never| match never {})
    }
}

impl Documents for Shelf {
    type Error = Infallible;

    async fn find<S: Shape + Clone>(&mut self, key: &[u8]) -> Result<Option<S>, Infallible> {
        let found = self.0.get(&(S::NOUN, key.to_vec()));
        Ok(found.map(|document| S::decode(document).expect("as it was written")))
    }
}

fn organizations(names: &[&str]) -> Vec<Scope> {
    let scopes = names.iter().map(|name| Scope::Organization(organization(name)));
    scopes.chain([Scope::Network]).collect()
}

#[test]
fn what_was_written_is_read() {
    let belonging = Belonging {
        organizations: vec![organization("east"), organization("west")],
        classes: vec![(class("a"), enrollment("1")), (class("b"), enrollment("2"))],
    };
    assert_eq!(Belonging::decode(&belonging.encode()), Ok(belonging));
    let enrolled = Enrollment { learner: learner(), class: class("a") };
    assert_eq!(Enrollment::decode(&enrolled.encode()), Ok(enrolled));
    for school in [None, Some(organization("east"))] {
        let known = Class { school, students: vec![(learner(), enrollment("1"))] };
        assert_eq!(Class::decode(&known.encode()), Ok(known));
        let known = Organization { parent: school };
        assert_eq!(Organization::decode(&known.encode()), Ok(known));
    }
    let scoped = Scoped { frameworks: vec![FrameworkId::derive(TENANT, "f")] };
    assert_eq!(Scoped::decode(&scoped.encode()), Ok(scoped));
}

#[test]
fn bytes_that_make_no_sense_are_malformed() {
    let cut = Document { state: Vec::new(), extra: vec![0x0a, 3, 1, 2, 3] };
    assert!(Class::decode(&cut).is_err());
    let nobodys = Document { state: Vec::new(), extra: Vec::new() };
    assert!(Enrollment::decode(&nobodys).is_err());
}

#[test]
fn who_is_in_no_roster_is_under_the_network_alone() {
    assert_eq!(Shelf::default().path(), [Scope::Network]);
}

#[test]
fn a_path_goes_from_the_classes_by_id_up_to_the_network() {
    let shelf = Shelf::default()
        .organization("district", None)
        .organization("east", Some("district"))
        .class("algebra", "east")
        .class("biology", "east")
        .learner(&["algebra", "biology"], &["east"]);
    let mut classes = [class("algebra"), class("biology")];
    classes.sort();
    let mut expected: Vec<_> = classes.into_iter().map(Scope::Class).collect();
    expected.extend(organizations(&["east", "district"]));
    assert_eq!(shelf.path(), expected);
}

#[test]
fn what_lies_above_comes_after_whatever_lies_below_it() {
    // The person is said to belong to the district too, and one school hangs deeper than another.
    let shelf = Shelf::default()
        .organization("district", None)
        .organization("campus", Some("district"))
        .organization("east", Some("campus"))
        .organization("west", Some("district"))
        .learner(&[], &["district", "west", "east"]);
    let mut middle = ["campus", "west"];
    middle.sort_by_key(|name| organization(name));
    assert_eq!(shelf.path(), organizations(&["east", middle[0], middle[1], "district"]));
}

#[test]
fn what_the_roster_has_not_told_of_is_not_in_the_path() {
    let shelf = Shelf::default()
        .organization("east", Some("district"))
        .learner(&["algebra"], &["east", "west"]);
    assert_eq!(shelf.path(), organizations(&["east"]));
}

#[test]
fn organizations_above_each_other_are_walked_once() {
    let shelf = Shelf::default()
        .organization("east", Some("west"))
        .organization("west", Some("east"))
        .learner(&[], &["east"]);
    let path = shelf.path();
    assert_eq!((path.len(), path.last()), (3, Some(&Scope::Network)));
}
