//! A derivation says enough to work the result out again, by somebody who shares no code.

use northstar_mastery_domain::Test;
use proptest::prelude::*;
use serde_json::Value;

use super::frameworks::frameworks;

type Said = (&'static str, Option<i64>);

/// Works a criterion out again from a derivation alone: verdict and value, as named there.
fn recomputed(rule: &Value, step: i64) -> Said {
    let kind = rule["kind"].as_str().expect("a kind");
    if kind == "competency" || kind == "own" {
        return single(rule);
    }
    let parts = rule["parts"].as_array().expect("a group has parts").iter();
    let said: Vec<_> = parts.map(|part| (part, recomputed(part, step))).collect();
    let counting = said.into_iter().filter(|(_, (verdict, _))| *verdict != "not_counting");
    let group = Group { rule, parts: counting.collect() };
    if group.parts.is_empty() {
        return ("not_counting", None);
    }
    let (verdict, value) = match kind {
        "all" => group.all(),
        "any" => (group.enough("", 1, 1), group.values().first().copied()),
        "at_least" => group.at_least(),
        "minimum" => group.minimum(),
        "points" => group.points(),
        "weighted_mean" => group.mean(step),
        other => panic!("no kind {other}"),
    };
    (verdict, value.filter(|_| verdict != "open"))
}

/// A group, and its parts that count.
struct Group<'a> {
    rule: &'a Value,
    parts: Vec<(&'a Value, Said)>,
}

impl Group<'_> {
    fn number(&self, name: &str) -> i64 {
        self.rule[name].as_i64().expect(name)
    }

    /// What the parts with this verdict are worth; each 1 if they have no such share.
    fn with(&self, wanted: &str, share: &str) -> i64 {
        let these = self.parts.iter().filter(|(_, (verdict, _))| *verdict == wanted);
        these.map(|(part, _)| part[share].as_i64().unwrap_or(1)).sum()
    }

    fn total(&self, share: &str) -> i64 {
        ["missed", "open", "reached"].map(|verdict| self.with(verdict, share)).iter().sum()
    }

    /// The highest first.
    fn values(&self) -> Vec<i64> {
        let mut values: Vec<i64> = self.parts.iter().filter_map(|(_, (_, value))| *value).collect();
        values.sort_by(|a, b| b.cmp(a));
        values
    }

    fn lowest(&self) -> Option<i64> {
        let values = self.values();
        values.last().copied().filter(|_| values.len() == self.parts.len())
    }

    fn enough(&self, share: &str, needed: i64, available: i64) -> &'static str {
        let (yes, open) = (self.with("reached", share), self.with("open", share));
        match () {
            () if yes >= needed => "reached",
            () if available >= needed && yes + open < needed => "missed",
            () => "open",
        }
    }

    fn all(&self) -> Said {
        let verdict = match (self.with("missed", ""), self.with("open", "")) {
            (0, 0) => "reached",
            (0, _) => "open",
            _ => "missed",
        };
        (verdict, self.lowest())
    }

    fn at_least(&self) -> Said {
        let k = self.number("k");
        (self.enough("", k, self.total("")), self.values().get(k as usize - 1).copied())
    }

    fn minimum(&self) -> Said {
        let low = self.values().iter().any(|value| *value < self.number("mastery_milli"));
        let lowest = self.lowest();
        (if low { "missed" } else { lowest.map_or("open", |_| "reached") }, lowest)
    }

    fn points(&self) -> Said {
        let (needed, available) = (self.number("needed"), self.total("points"));
        let required = self.parts.iter().filter(|(part, _)| part["required"] == true);
        let required: Vec<_> = required.map(|(_, (verdict, _))| *verdict).collect();
        let verdict = match self.enough("points", needed, available) {
            _ if available < needed => "open",
            _ if required.contains(&"missed") => "missed",
            "reached" if required.contains(&"open") => "open",
            verdict => verdict,
        };
        (verdict, Some(self.with("reached", "points") * 1_000))
    }

    fn mean(&self, step: i64) -> Said {
        let (mut sum, mut known) = (0, 0);
        for (part, (_, value)) in &self.parts {
            let weight = part["weight"].as_i64().expect("a weight");
            sum += value.map_or(0, |value| value * weight);
            known += value.map_or(0, |_| weight);
        }
        let stated = ["sum", "weight_known"].map(|name| self.rule[name].as_str());
        assert_eq!(stated, [Some(&*sum.to_string()), Some(&*known.to_string())]);
        let share = known * 100 >= self.number("minimum_known_percent") * self.total("weight");
        // Values are never negative here: add a half, then cut.
        let unit = known * step;
        let mean = (known > 0 && share).then(|| (2 * sum + unit) / (2 * unit) * step);
        let mastery = self.number("mastery_milli");
        (mean.map_or("open", |mean| if mean >= mastery { "reached" } else { "missed" }), mean)
    }
}

fn single(rule: &Value) -> Said {
    if rule["retired"] == true {
        return ("not_counting", None);
    }
    let value = rule["read"]["value_milli"].as_i64();
    let milli = rule["milli"].as_i64().expect("thousandths");
    let by_value = |reached: fn(&i64, &i64) -> bool| {
        value.map_or("open", |value| if reached(&value, &milli) { "reached" } else { "missed" })
    };
    let verdict = match rule["test"].as_str() {
        Some("gte") => by_value(i64::ge),
        Some("lte") => by_value(i64::le),
        Some("eq") => by_value(i64::eq),
        _ => match rule["read"]["standing"].as_str() {
            Some("at_mastery" | "exceeds") => "reached",
            Some("below_mastery") => "missed",
            _ => "open",
        },
    };
    (verdict, value.filter(|_| verdict != "open"))
}

fn any_test() -> BoxedStrategy<Test> {
    let bound = 0_i64..5_000;
    let one = prop_oneof![
        3 => Just(Test::Mastery),
        1 => bound.clone().prop_map(Test::AtLeast),
        1 => bound.clone().prop_map(Test::AtMost),
        1 => bound.prop_map(Test::Exactly),
    ];
    one.boxed()
}

proptest! {
    #[test]
    fn a_derivation_alone_gives_the_same_result(framework in frameworks(any_test(), 6, true)) {
        let rollups = framework.rollups();
        let findings = framework.evaluate(&rollups);
        for rollup in rollups.rules() {
            let said = findings.explain(rollup.competency()).expect("there is a rule");
            let derivation: Value =
                serde_json::from_str(&said.derivation.to_string()).expect("JSON");
            let rule = &derivation["rule"];
            let (verdict, value) = recomputed(rule, rollup.round_to_milli().into());
            prop_assert_eq!(rule["verdict"].as_str(), Some(verdict));
            prop_assert_eq!(rule["value_milli"].as_i64(), value);
            prop_assert_eq!(said.shown.by_rule.value_milli, value);
            let standing = derivation["by_rule"]["standing"].as_str();
            let expected: &[_] = match verdict {
                "reached" => &["at_mastery"],
                "missed" => &["below_mastery"],
                _ => &["not_observed", "not_enough_evidence"],
            };
            prop_assert!(standing.is_some_and(|standing| expected.contains(&standing)));
        }
    }
}
