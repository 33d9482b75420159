//! Why a level is held, in one sentence for people.

use std::fmt;

use northstar_kernel::Timestamp;

use crate::{Held, Method, Observations, Policy, Scale, Standing, counted};

/// A number of thousandths as people write it, with two decimals or, where needed, three: `3.00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thousandths(pub i64);

impl fmt::Display for Thousandths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1_000, self.0.unsigned_abs() % 1_000);
        match rest % 10 {
            0 => write!(f, "{sign}{whole}.{:02}", rest / 10),
            _ => write!(f, "{sign}{whole}.{rest:03}"),
        }
    }
}

/// Says in a plain sentence how `held` follows from the observations: which rule, how many
/// judgements, the newest of when (UTC), the value, the threshold, and what was left out.
///
/// Without a policy it says that there is none.
pub fn reason(
    policy: Option<&Policy>,
    scale: &Scale,
    observations: &Observations,
    held: &Held,
) -> String {
    let Some(policy) = policy else {
        let seen = judgements(observations.len());
        return format!("{seen}, but no policy is published for the framework yet.");
    };
    let counting = counted(policy, observations).count();
    let newest = counted(policy, observations).last().map(|newest| newest.observed_at);
    let mut sentence = match held.standing {
        Standing::NotObserved => "Nothing was observed.".to_owned(),
        Standing::NotEnoughEvidence => not_enough(policy, counting, newest),
        Standing::BelowMastery | Standing::AtMastery => {
            outcome(policy, scale, held, counting, newest)
        }
    };
    let left_out = observations.len() - counting;
    if left_out > 0 {
        let roles: Vec<_> = policy.excluded_roles().map(|role| role.name()).collect();
        let counted_out = judgements(left_out);
        sentence += &format!(" Left out by the policy ({}): {counted_out}.", roles.join(", "));
    }
    sentence
}

fn not_enough(policy: &Policy, counting: usize, newest: Option<Timestamp>) -> String {
    let needed = policy.minimum_observations();
    let of_when = newest.map(|at| format!(", newest {}", Day(at))).unwrap_or_default();
    format!("Not enough evidence: {} of {needed} needed{of_when}.", judgements(counting))
}

fn outcome(
    policy: &Policy,
    scale: &Scale,
    held: &Held,
    counting: usize,
    newest: Option<Timestamp>,
) -> String {
    let rule = rule(policy.method());
    let of_when = newest.map(|at| format!(", newest {}", Day(at))).unwrap_or_default();
    let side = if held.standing == Standing::AtMastery { "at or above" } else { "below" };
    let rung = match scale.rungs() {
        0 => String::new(),
        rungs => format!("; level {} of {rungs}", held.level),
    };
    format!(
        "{rule} of {}{of_when}: {}, {side} the threshold {}{rung}.",
        judgements(counting),
        Thousandths(held.value_milli),
        Thousandths(policy.threshold_milli()),
    )
}

fn rule(method: &Method) -> String {
    match method {
        Method::Highest => "Highest".to_owned(),
        Method::Latest => "Latest".to_owned(),
        Method::Mean => "Mean".to_owned(),
        Method::DecayingAverage(weight) => {
            format!("Decaying average (newest {} %)", weight.percent())
        }
        other => other.name().to_owned(),
    }
}

fn judgements(count: usize) -> String {
    format!("{count} judgement{}", if count == 1 { "" } else { "s" })
}

/// The day in UTC: `2026-03-02`.
struct Day(Timestamp);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day, ..) = self.0.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_two_decimals_or_three() {
        let shown =
            [3_000, 3_210, 3_214, 5, 0, -1_250, i64::MIN].map(|n| Thousandths(n).to_string());
        let expected = ["3.00", "3.21", "3.214", "0.005", "0.00", "-1.25", "-9223372036854775.808"];
        assert_eq!(shown, expected);
    }
}
