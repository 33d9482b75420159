use northstar_kernel::{ClassId, OrganizationId, TenantId};

use super::*;

const ID: &str = "6b0a2f3e-0000-4000-8000-000000000001";

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

fn text(name: &str) -> String {
    format!(
        r#"{{"framework":"{ID}","terms":[{{"name":"{name}","begin":"2026-09-01",
            "end":"2026-12-18","competencies":["{ID}"]}}]}}"#
    )
}

fn school() -> Scope {
    Scope::Organization(OrganizationId::derive(TenantId::COMMONS, "s"))
}

/// One for everybody, one for a school, and another for everybody.
fn three() -> PacePlans {
    let mut plans = PacePlans::default();
    let all = [("first", Scope::Network), ("school", school()), ("second", Scope::Network)];
    for ((name, scope), micros) in all.into_iter().zip([5, 7, 9]) {
        plans.publish(&text(name), scope, at(micros)).expect("a calendar");
    }
    plans
}

/// The name of the first term of the one that holds.
fn holds(plans: &PacePlans, path: &[Scope]) -> Option<String> {
    let found = plans.resolution(path).chosen?;
    found.calendar.draft().terms.first().map(|term| term.name.clone())
}

#[test]
fn reads_what_it_wrote() {
    let plans = three();
    assert_eq!(PacePlans::decode(&plans.encode()), Ok(plans));
}

#[test]
fn when_it_was_published_is_not_state() {
    let mut later = PacePlans::default();
    later.publish(&text("first"), Scope::Network, at(6)).expect("a calendar");
    assert_eq!(later.encode().state, three().known(at(5)).encode().state);
}

#[test]
fn the_most_specific_holds_of_those_known_by_then_the_last() {
    let class = Scope::Class(ClassId::derive(TenantId::COMMONS, "k"));
    let at_school = [class, school(), Scope::Network];
    let known = |micros, path: &[Scope]| holds(&three().known(at(micros)), path);
    let of_all = [4, 5, 8, 9].map(|micros| known(micros, &[Scope::Network]));
    assert_eq!(
        of_all,
        [None, Some("first"), Some("first"), Some("second")].map(|it| it.map(str::to_owned))
    );
    let of_school = [6, 7, 9].map(|micros| known(micros, &at_school));
    assert_eq!(
        of_school,
        [Some("first"), Some("school"), Some("school")].map(|it| it.map(str::to_owned))
    );
    assert!(three().is_scoped() && !three().known(at(5)).is_scoped());
}

#[test]
fn what_was_kept_before_there_were_scopes_is_for_everybody_and_always_known() {
    let documents = vec![text("old")];
    let state = State { documents, scopes: Vec::new() }.encode_to_vec();
    let read = PacePlans::decode(&Document { state, extra: Vec::new() }).expect("a calendar");
    assert_eq!(holds(&read.known(ALWAYS), &[Scope::Network]).as_deref(), Some("old"));
}

#[test]
fn bytes_that_make_no_sense_are_malformed() {
    let whole = State { documents: vec![text("t")], scopes: vec!["network".to_owned()] };
    let recorded = Extra { recorded_micros: vec![5] };
    for (state, extra) in [
        (State { documents: vec!["{}".to_owned()], ..whole.clone() }, recorded.clone()),
        (State { scopes: vec!["school".to_owned()], ..whole.clone() }, recorded.clone()),
        (State { scopes: vec!["network".to_owned(); 2], ..whole.clone() }, recorded),
        (whole, Extra::default()),
    ] {
        let (state, extra) = (state.encode_to_vec(), extra.encode_to_vec());
        assert!(PacePlans::decode(&Document { state, extra }).is_err());
    }
}
