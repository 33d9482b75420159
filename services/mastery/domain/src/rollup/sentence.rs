//! A roll-up in words.

use super::explain::Explained;
use super::plan::{Kind, Node};
use super::{Finding, Verdict};
use crate::{Standing, Thousandths};

/// So many codes are named; the rest is counted.
const NAMED: usize = 5;

/// One sentence on what the rule says, and one more if an override says otherwise.
pub(super) fn sentence(explained: &Explained<'_>) -> String {
    let root = &explained.nodes()[0];
    let by_rule = match explained.judged[0].verdict {
        None => "Every part is retired, so the rule says nothing.".to_owned(),
        Some(verdict) if root.is_group() => group(explained, root, verdict),
        Some(verdict) => single(explained, root, verdict),
    };
    match explained.shown().by_override {
        None => by_rule,
        Some(_) => {
            let held = words(explained.shown().held);
            format!("By override: {held}. The rule alone says: {by_rule}")
        }
    }
}

fn words(finding: Finding) -> String {
    let standing = match finding.standing {
        Standing::NotObserved => "not yet observed",
        Standing::NotEnoughEvidence => "not enough evidence",
        Standing::BelowMastery => "below mastery",
        Standing::AtMastery => "at mastery",
        Standing::Exceeds => "beyond mastery",
    };
    match finding.value_milli {
        Some(value) => format!("{standing} with {}", Thousandths(value)),
        None => standing.to_owned(),
    }
}

fn single(explained: &Explained<'_>, root: &Node, verdict: Verdict) -> String {
    let code = explained.code(root);
    match verdict {
        Verdict::Reached => format!("{code} is reached, which is all that is needed."),
        Verdict::Missed => format!("{code} is needed and not reached."),
        Verdict::Open => format!("{code} is needed and too little is known of it."),
    }
}

fn group(explained: &Explained<'_>, root: &Node, verdict: Verdict) -> String {
    let parts = explained.parts(root);
    let (reached, count) = (parts.with(Verdict::Reached), parts.count());
    let missing = missing(explained);
    match root.kind {
        Kind::Any => format!("{reached} of {count} parts reached, one is needed{missing}."),
        Kind::AtLeast(k) if count < usize::try_from(k).unwrap_or(usize::MAX) => format!(
            "{k} parts are needed and only {count} still count, so the rule must be changed."
        ),
        Kind::AtLeast(k) => {
            format!("{reached} of {count} parts reached, {k} are needed{missing}.")
        }
        Kind::Points(needed) => {
            let earned = parts.weight_with(Verdict::Reached);
            format!("{earned} of {needed} needed points earned{missing}.")
        }
        Kind::WeightedMean { mastery_milli, .. } => mean(explained, root, mastery_milli),
        Kind::Minimum(mastery) => minimum(explained, verdict, mastery, &missing),
        Kind::All | Kind::Part { .. } | Kind::Own(_) => {
            format!("{reached} of {count} needed parts {} at mastery{missing}.", are(reached))
        }
    }
}

fn mean(explained: &Explained<'_>, root: &Node, mastery: i64) -> String {
    let (_, known, all) = explained.parts(root).weighed();
    let without = without_value(explained, root);
    let share = known * 100 / all.max(1);
    match explained.judged[0].value {
        Some(mean) => format!(
            "Weighted mean of the known parts ({share} % of the weight): {}, {} {}{without}.",
            Thousandths(mean),
            side(mean, mastery),
            Thousandths(mastery)
        ),
        None => {
            format!("Too little is known for a weighted mean: {share} % of the weight{without}.")
        }
    }
}

fn minimum(explained: &Explained<'_>, verdict: Verdict, mastery: i64, missing: &str) -> String {
    let needed = Thousandths(mastery);
    match (explained.judged[0].value, verdict) {
        (Some(lowest), _) => {
            let side = side(lowest, mastery);
            format!("The lowest part has {}, {side} {needed}.", Thousandths(lowest))
        }
        (None, Verdict::Missed) => format!("A part is below {needed}, which all must reach."),
        (None, _) => format!("Every part must reach {needed}, and not all are known{missing}."),
    }
}

fn side(value: i64, mastery: i64) -> &'static str {
    if value >= mastery { "at or above the threshold" } else { "below the threshold" }
}

const fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// `; missing: COM.2, COM.3`, or nothing.
fn missing(explained: &Explained<'_>) -> String {
    let waited_for = explained.waited_for().into_iter();
    let single = waited_for.map(|at| &explained.nodes()[at]).filter(|node| !node.is_group());
    listed("missing", single.map(|node| explained.code(node)).collect())
}

fn without_value(explained: &Explained<'_>, root: &Node) -> String {
    let unknown = root.parts.clone().filter(|at| {
        let judged = explained.judged[*at];
        judged.verdict.is_some() && judged.value.is_none()
    });
    let label = |at: usize| match &explained.nodes()[at] {
        node if node.is_group() => "a group of parts",
        node => explained.code(node),
    };
    listed("without a result", unknown.map(label).collect())
}

fn listed(title: &str, mut codes: Vec<&str>) -> String {
    let mut seen = std::collections::BTreeSet::new();
    codes.retain(|code| seen.insert(*code));
    let named = codes[..codes.len().min(NAMED)].join(", ");
    match codes.len() {
        0 => String::new(),
        count if count <= NAMED => format!("; {title}: {named}"),
        count => format!("; {title}: {named} and {} more", count - NAMED),
    }
}
