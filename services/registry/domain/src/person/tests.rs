use northstar_kernel::TenantId;

use super::*;
use crate::spec::given;

fn organization(key: &str) -> OrganizationId {
    OrganizationId::derive(TenantId::from_slug("t"), key)
}

fn id() -> PersonId {
    PersonId::derive(TenantId::from_slug("t"), "p")
}

fn name(text: &str) -> SealedName {
    SealedName { key_id: [1; 16], sealed: text.as_bytes().to_vec() }
}

fn ada() -> Person {
    Person {
        id: id(),
        source_id: "p".into(),
        roles: vec!["student".into()],
        organizations: vec![organization("s")],
        grades: vec!["09".into(), "10".into()],
        enabled: true,
        name: name("ada"),
    }
}

fn roles(roles: &[&str], at: &str, added: bool) -> Option<Roles> {
    let roles = roles.iter().map(|&role| role.to_owned()).collect();
    Some(Roles { roles, organizations: vec![organization(at)], added })
}

fn details(text: &str) -> Option<Details> {
    let grades = vec!["10".into(), "09".into(), "10".into()];
    Some(Details { grades, enabled: true, name: name(text) })
}

fn change(roles: Option<Roles>, details: Option<Details>) -> Command {
    Command::Change(Change { id: id(), source_id: "p".into(), roles, details })
}

fn known() -> [Event; 1] {
    [Event::Changed(ada())]
}

#[test]
fn is_taken_in_with_lists_in_order_and_none_twice() {
    given::<Aggregate>(&[])
        .when(change(roles(&["student", "student"], "s", false), details("ada")))
        .then(&known());
}

#[test]
fn the_same_said_again_changes_nothing() {
    given::<Aggregate>(&known())
        .when(change(roles(&["student"], "s", false), details("ada")))
        .then_nothing();
    given::<Aggregate>(&known()).when(change(None, None)).then_nothing();
}

#[test]
fn another_sealed_name_is_a_change() {
    given::<Aggregate>(&known())
        .when(change(roles(&["student"], "s", false), details("ada renamed")))
        .then(&[Event::Changed(Person { name: name("ada renamed"), ..ada() })]);
}

#[test]
fn silence_on_roles_keeps_them() {
    given::<Aggregate>(&known())
        .when(change(None, details("new")))
        .then(&[Event::Changed(Person { name: name("new"), ..ada() })]);
}

#[test]
fn an_added_role_comes_on_top_and_a_full_list_takes_their_place() {
    let mut organizations = vec![organization("s"), organization("z")];
    organizations.sort();
    let both = Person { roles: vec!["aide".into(), "student".into()], organizations, ..ada() };
    given::<Aggregate>(&known())
        .when(change(roles(&["aide"], "z", true), None))
        .then(&[Event::Changed(both)]);
    let aide =
        Person { roles: vec!["aide".into()], organizations: vec![organization("z")], ..ada() };
    given::<Aggregate>(&known())
        .when(change(roles(&["aide"], "z", false), None))
        .then(&[Event::Changed(aide)]);
}

#[test]
fn nobody_is_taken_in_without_a_role_or_by_a_role_alone() {
    given::<Aggregate>(&[]).when(change(None, details("ada"))).then_refused(Refusal::Roleless);
    given::<Aggregate>(&[])
        .when(change(roles(&["student"], "s", true), None))
        .then_refused(Refusal::Unknown);
}

#[test]
fn is_taken_out_once_and_may_come_back() {
    let gone = [Event::Changed(ada()), Event::Removed(id())];
    given::<Aggregate>(&gone[..1]).when(Command::Remove(id())).then(&gone[1..]);
    given::<Aggregate>(&gone).when(Command::Remove(id())).then_nothing();
    given::<Aggregate>(&gone)
        .when(change(roles(&["student"], "s", false), details("ada")))
        .then(&known());
}
