//! A policy, read and applied as its document says, in the plainest way.

use std::collections::BTreeSet;

use northstar_wire::mastery::v1::PolicyPublished;
use serde_json::Value;

use super::believed::{Judgement, Told};
use super::history::DAY;
use super::number::Fraction;

/// A policy's document.
pub(crate) struct Rule {
    document: Value,
    hash: String,
    pub(crate) name: String,
    pub(crate) banked: bool,
}

/// What some of the judgements come to.
struct Outcome {
    value_milli: i64,
    provisional: bool,
}

impl Rule {
    pub(crate) fn read(policy: &PolicyPublished) -> Self {
        let document: Value = serde_json::from_str(&policy.document).expect("JSON");
        let name = document["name"].as_str().expect("a text").to_owned();
        let banked = document["banked"].as_bool().expect("a truth");
        Self { document, hash: policy.policy_hash.clone(), name, banked }
    }

    fn number(&self, field: &str) -> i64 {
        self.document[field].as_i64().expect("a number")
    }

    fn flag(&self, field: &str) -> bool {
        self.document[field].as_bool().expect("a truth")
    }

    pub(crate) fn apply(&self, judgements: &[Judgement], scale: &[i64], at: i64) -> Told {
        let mut used = Vec::new();
        let mut left_out = Vec::new();
        for one in judgements {
            match self.why_not(one, at) {
                None => used.push(one),
                Some(why) => left_out.push((one.evidence.clone(), why.to_owned())),
            }
        }
        if self.document["order"] == "recorded" {
            used.sort_by_key(|one| (one.recorded, one.evidence.clone()));
        }
        let outcome = self.outcome(&used);
        let value_milli = outcome.as_ref().map_or(0, |outcome| outcome.value_milli);
        let rungs = scale.iter().filter(|score| **score <= value_milli).count();
        Told::Derived {
            policy: self.hash.clone(),
            used: used.iter().map(|one| (one.evidence.clone(), one.recorded)).collect(),
            left_out,
            standing: self.standing(outcome.as_ref()).to_owned(),
            value_milli,
            level: if outcome.is_some() { rungs as u64 } else { 0 },
            provisional: outcome.is_some_and(|outcome| outcome.provisional),
        }
    }

    fn standing(&self, outcome: Option<&Outcome>) -> &'static str {
        let exceeds = self.number("exceeds_milli");
        match outcome {
            None => "not_enough_evidence",
            Some(held) if exceeds > 0 && held.value_milli >= exceeds => "exceeds",
            Some(held) if held.value_milli >= self.number("mastery_milli") => "at_mastery",
            Some(_) => "below_mastery",
        }
    }

    fn why_not(&self, one: &Judgement, at: i64) -> Option<&'static str> {
        let roles = self.document["excluded_roles"].as_array().expect("a list");
        let days = self.number("expires_after_days");
        if one.observed > at {
            Some("not_yet")
        } else if roles.iter().any(|role| *role == one.said.assessor_role.as_str()) {
            Some("role_excluded")
        } else if self.flag("validated_only") && !one.validated {
            Some("not_validated")
        } else if days > 0 && one.observed + days * DAY <= at {
            Some("expired")
        } else {
            None
        }
    }

    /// Of all of them; of a monotone policy, of the best beginning, the longest of equals.
    fn outcome(&self, used: &[&Judgement]) -> Option<Outcome> {
        let mut best: Option<Outcome> = None;
        for length in 1..=used.len() {
            let some = &used[..length];
            let counts = length == used.len() || self.flag("monotone");
            if !counts || !self.is_enough(some) {
                continue;
            }
            let values: Vec<i64> = some.iter().map(|one| one.said.value_milli).collect();
            let Some(exact) = self.method(&values) else { continue };
            let value_milli = exact.rounded(self.number("round_to_milli"));
            if best.as_ref().is_none_or(|best| best.value_milli <= value_milli) {
                let provisional = some.iter().all(|one| !one.validated);
                best = Some(Outcome { value_milli, provisional });
            }
        }
        best
    }

    fn is_enough(&self, some: &[&Judgement]) -> bool {
        let assessors: BTreeSet<_> = some.iter().map(|one| &one.said.assessor_id).collect();
        let kinds: BTreeSet<_> = some.iter().map(|one| &one.said.kind).collect();
        some.len() as i64 >= self.number("minimum_observations")
            && assessors.len() as i64 >= self.number("minimum_assessors")
            && kinds.len() as i64 >= self.number("minimum_kinds")
    }

    fn method(&self, values: &[i64]) -> Option<Fraction> {
        let method = &self.document["method"];
        let last = |count: &Value| {
            let count = count.as_u64().expect("a number") as usize;
            &values[values.len() - count.min(values.len())..]
        };
        match method["name"].as_str().expect("a text") {
            "highest" => values.iter().max().copied().map(Fraction::whole),
            "latest" => values.last().copied().map(Fraction::whole),
            "mean" => Fraction::mean(values),
            "median" => {
                let mut sorted = values.to_vec();
                sorted.sort_unstable();
                Fraction::mean(&sorted[(sorted.len() - 1) / 2..=sorted.len() / 2])
            }
            "mean_of_recent" => Fraction::mean(last(&method["count"])),
            "in_a_row" => {
                let row = last(&method["count"]);
                let enough = row.len() as u64 >= method["count"].as_u64().expect("a number");
                row.iter().min().copied().filter(|_| enough).map(Fraction::whole)
            }
            "times_at_mastery" => {
                let mastery = self.number("mastery_milli");
                let there: Vec<_> =
                    values.iter().copied().filter(|value| *value >= mastery).collect();
                let enough = there.len() as u64 >= method["times"].as_u64().expect("a number");
                Fraction::mean(&there).filter(|_| enough)
            }
            "decaying_average" => {
                let (first, rest) = values.split_first()?;
                Some(
                    rest.iter()
                        .fold(Fraction::whole(*first), |so_far, value| so_far.halfway(*value)),
                )
            }
            other => panic!("no method {other}"),
        }
    }
}
