use northstar_kernel::TenantId;
use northstar_mastery_domain::{Input, Scale, Standing};

use super::*;

fn id(code: &str) -> CompetencyId {
    CompetencyId::derive(TenantId::COMMONS, code)
}

fn framework() -> FrameworkId {
    FrameworkId::derive(TenantId::COMMONS, "f")
}

/// "top" needs "a" and "b".
fn document() -> RollupDocument {
    let (top, a, b) = (id("top"), id("a"), id("b"));
    let text = format!(
        r#"{{"framework":"{}","rollups":[{{"competency":"{top}","criterion":{{"kind":"all",
            "parts":[{{"kind":"competency","competency":"{a}"}},
                     {{"kind":"competency","competency":"{b}"}}]}}}}]}}"#,
        framework()
    );
    read_rollup_document(&text).expect("a document")
}

fn known(code: &str, retired: bool) -> Competency {
    let scale = Scale::new([1_000, 2_000, 3_000]).into();
    Competency {
        framework: framework(),
        code: code.to_owned(),
        scale,
        retired,
        recorded_at: Timestamp::from_micros(5),
        former: Vec::new(),
    }
}

#[test]
fn reads_what_it_wrote() {
    let competencies =
        BTreeMap::from([(id("a"), known("a", true)), (id("top"), known("top", false))]);
    let rollup = Rollup::new(document(), competencies).expect("valid");
    assert_eq!(Rollup::decode(&rollup.encode()), Ok(rollup.clone()));
    assert_eq!(rollup.named(), &[id("a"), id("b"), id("top")].into());
    let none = Rollup::none(framework());
    assert_eq!(Rollup::decode(&none.encode()), Ok(none));
}

#[test]
fn what_is_not_known_does_not_count_and_has_no_result() {
    let rollup = Rollup::new(document(), BTreeMap::new()).expect("valid");
    assert_eq!(rollup.rule(id("top")), None, "nothing is told of what nobody knows");
    let rollup = rollup.with(id("top"), Some(known("top", false))).expect("valid");
    let rollup = rollup.with(id("a"), Some(known("a", false))).expect("valid");
    assert_eq!(rollup.ruled().map(|(id, _)| id).collect::<Vec<_>>(), [id("top")]);
    let own =
        Finding { standing: Standing::AtMastery, value_milli: Some(3_000), provisional: false };
    let input = |of| if of == id("a") { Input { own, overriding: None } } else { Input::default() };
    let shown = rollup.rollups().evaluate(input).get(id("top")).expect("in the framework").held;
    assert_eq!(shown, own, "b is not there, so a is all");
    assert_eq!(rollup.held(id("top"), shown).level, 3);
    let gone = rollup.with(id("a"), None).expect("valid");
    let shown = gone.rollups().evaluate(input).get(id("top")).expect("in the framework").held;
    assert_eq!(shown.standing, Standing::NotObserved);
}

#[test]
fn bytes_that_make_no_sense_are_malformed() {
    let state = State { document: "{}".to_owned() }.encode_to_vec();
    assert!(Rollup::decode(&Document { state: state.clone(), extra: Vec::new() }).is_err());
    let known = Known { id: vec![1], ..Known::default() };
    let extra = Extra { known: vec![known], ..Extra::default() }.encode_to_vec();
    let state = Rollup::none(framework()).encode().state;
    assert!(Rollup::decode(&Document { state, extra }).is_err());
}

#[test]
fn rules_are_known_as_they_were_by_then() {
    let first = Rollup::new(document(), [(id("top"), known("top", false))].into()).expect("valid");
    let first = first.published(Timestamp::from_micros(7), None);
    let second = Rollup::none(framework()).published(Timestamp::from_micros(9), Some(&first));
    let second = Rollup::decode(&second.encode()).expect("what was written");
    let at = |at| second.known(Timestamp::from_micros(at)).expect("valid");
    let named = [6, 7, 8, 9].map(|instant| at(instant).map(|rollup| rollup.named().len()));
    assert_eq!(named, [None, Some(3), Some(3), Some(0)]);
    let state = Rollup::none(framework()).encode().state;
    assert_eq!(second.encode().state, state, "what was before is not state");
    assert_ne!(second.revision(), first.revision());
    let renamed = first.with(id("top"), Some(known("TOP", false))).expect("valid");
    assert_eq!(renamed.revision(), first.revision(), "a name changes no result");
    let retired = first.with(id("top"), Some(known("top", true))).expect("valid");
    assert_ne!(retired.revision(), first.revision());
}
