//! On random frameworks: evaluation against a plain reading of the rules, and after a change the
//! same from the change alone.

use northstar_mastery_domain::Input;
use proptest::prelude::*;

use super::frameworks::{finding, frameworks, test};
use super::id;
use super::oracle::Oracle;

proptest! {
    #[test]
    fn evaluation_is_what_the_rules_say_read_out_plainly(framework in frameworks(test(), 6, true)) {
        let rollups = framework.rollups();
        let findings = framework.evaluate(&rollups);
        for number in 0..framework.competencies.len() {
            let held = findings.get(id(&number.to_string())).map(|shown| shown.held);
            prop_assert_eq!(held, Some(Oracle(&framework).held(number)), "{}", number);
        }
    }

    #[test]
    fn a_change_worked_out_alone_equals_everything_anew(
        framework in frameworks(test(), 6, true),
        changes in prop::collection::vec((any::<prop::sample::Index>(), finding()), 1..6),
    ) {
        let rollups = framework.rollups();
        let (mut anew, mut findings) = (framework.clone(), framework.evaluate(&rollups));
        for (which, finding) in changes {
            let number = which.index(framework.competencies.len());
            let code = id(&number.to_string());
            let before: Vec<_> = findings.iter().collect();
            anew.findings[number] = finding;
            let changed = findings.update(code, Input { own: finding, overriding: None });
            prop_assert_eq!(&findings, &anew.evaluate(&rollups));
            let differ = before.iter().zip(findings.iter()).filter(|(old, new)| *old != new);
            let differ: Vec<_> = differ.map(|((competency, _), _)| *competency).collect();
            prop_assert_eq!(&changed, &differ);
            let affected = rollups.affected(code);
            prop_assert!(changed.iter().all(|one| *one == code || affected.contains(one)));
        }
    }

    #[test]
    fn parts_come_first_in_the_order(framework in frameworks(test(), 6, true)) {
        let rollups = framework.rollups();
        let order: Vec<_> = rollups.order().map(|competency| competency.id).collect();
        for (place, competency) in order.iter().enumerate() {
            let affected = rollups.affected(*competency);
            let places: Vec<_> = affected
                .iter()
                .map(|above| order.iter().position(|other| other == above).expect("in the order"))
                .collect();
            prop_assert!(places.is_sorted() && places.iter().all(|above| *above > place));
        }
    }
}
