//! Calendars: which competencies in which term.

use northstar_kernel::{CompetencyId, TenantId};
use northstar_mastery_domain::{Calendar, CalendarDraft, CalendarFlaw, Day, Status, Term};

use crate::support::draft;

fn id(code: &str) -> CompetencyId {
    CompetencyId::derive(TenantId::COMMONS, code)
}

fn term(name: &str, begin: i32, end: i32, codes: &[&str]) -> Term {
    let competencies = codes.iter().map(|code| id(code)).collect();
    Term { name: name.to_owned(), begin: Day::new(begin), end: Day::new(end), competencies }
}

fn of(terms: Vec<Term>) -> CalendarDraft {
    CalendarDraft { framework: draft().framework, buffer_milli: 100, terms }
}

fn flaws(draft: CalendarDraft) -> Vec<(String, CalendarFlaw)> {
    let known = |competency| competency != id("unknown");
    Calendar::new(draft, known).expect_err("something is wrong").flaws
}

#[test]
fn each_term_has_its_pace_and_all_together_another() {
    // Given two in the first ten days and one in the next twenty,
    let terms = vec![term("one", 0, 10, &["a", "b"]), term("two", 10, 30, &["c"])];
    let calendar = Calendar::new(of(terms), |_| true).expect("a calendar");
    // when one of each was reached and fifteen days have gone by,
    let reached = [(id("a"), Day::new(3)), (id("c"), Day::new(12))].into();
    let (whole, terms) = calendar.pace(&reached, Day::new(15));
    // then the first term is behind, the second ahead, and all together too.
    let statuses = terms.iter().map(|pace| pace.status).collect::<Vec<_>>();
    assert_eq!(statuses, [Status::Behind, Status::Ahead]);
    assert_eq!((whole.reached, whole.expected_milli, whole.actual_milli), (2, 500, 667));
    assert_eq!(whole.status, Status::Ahead);
    assert_eq!(calendar.whole().wanted(), 3);
}

#[test]
fn the_same_calendar_has_the_same_hash_and_another_has_another() {
    let calendar =
        |name| Calendar::new(of(vec![term(name, 0, 10, &["a"])]), |_| true).expect("a calendar");
    assert_eq!(calendar("one").hash(), calendar("one").hash());
    assert_ne!(calendar("one").hash(), calendar("two").hash());
    let (framework, a) = (draft().framework, id("a"));
    assert_eq!(
        calendar("one").canonical(),
        format!(
            r#"{{"buffer_milli":100,"framework":"{framework}","terms":[{{"begin":"1970-01-01","competencies":["{a}"],"end":"1970-01-11","name":"one"}}]}}"#
        )
    );
}

#[test]
fn every_flaw_is_said() {
    assert_eq!(flaws(of(Vec::new())), [("terms".to_owned(), CalendarFlaw::Terms(0))]);
    let terms = vec![
        term("", 5, 5, &["a", "unknown"]),
        term("two", 6, 9, &["a"]),
        term("three", 6, 9, &[]),
    ];
    let found = flaws(of(terms));
    let fields: Vec<_> = found.iter().map(|(field, _)| field.as_str()).collect();
    let expected = [
        "terms[0].name",
        "terms[0].competencies[1]",
        "terms[1].competencies[0]",
        "terms[0]",
        "terms[2]",
    ];
    assert_eq!(fields, expected);
    assert_eq!(found[2].1, CalendarFlaw::Twice(id("a")));
    // A buffer of the whole leaves nobody behind.
    let draft = CalendarDraft { buffer_milli: 1_000, ..of(vec![term("one", 0, 1, &["a"])]) };
    assert_eq!(flaws(draft).len(), 1);
}
