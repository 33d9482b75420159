//! Why a level is held, in a sentence for people.

use std::fmt;
use std::fmt::Write as _;

use northstar_kernel::Timestamp;

use crate::{Derivation, LeftOut, Minimum, Observation, Standing};

mod rule;

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

/// Says plainly how what is held follows from the observations: which rule, how many judgements,
/// the newest of when (UTC), the value, the threshold, and what was left out.
pub fn sentence(derivation: &Derivation) -> String {
    let mut sentence = String::with_capacity(USUAL);
    // Writing to a text cannot fail.
    _ = write!(sentence, "{}", Said(derivation));
    sentence
}

/// Says that there is no policy to read so many observations by.
pub fn sentence_without_policy(observations: usize) -> String {
    let seen = judgements(observations);
    format!("{seen}, but no policy is published for the framework yet.")
}

/// Bytes of most sentences, at most: a profile has hundreds of them.
const USUAL: usize = 160;

/// What is said of a derivation.
struct Said<'a>(&'a Derivation);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(derivation) = self;
        match derivation.held.standing {
            Standing::NotObserved => f.write_str("Nothing was observed.")?,
            Standing::NotEnoughEvidence => not_enough(derivation, f)?,
            Standing::BelowMastery | Standing::AtMastery | Standing::Exceeds => {
                outcome(derivation, f)?;
            }
        }
        for why in LeftOut::ALL {
            let count = derivation.left_out.iter().filter(|(_, reason)| *reason == why).count();
            if count > 0 {
                write!(f, " {}: {}.", because(derivation, why), judgements(count))?;
            }
        }
        Ok(())
    }
}

fn not_enough(derivation: &Derivation, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let minimums = derivation.minimums();
    let unmet: Vec<_> = minimums.iter().filter(|minimum| !minimum.is_met()).collect();
    let mut parts = vec![judgements(derivation.used.len()).to_string()];
    for Minimum { what, needed, had } in unmet.iter().copied() {
        match *what {
            "observation" => parts[0] += &format!(" of {needed} needed"),
            // Of one assessor or kind it is enough to say that a judgement is missing.
            _ if *needed == 1 => {}
            what => parts.push(format!("{} of {needed} needed", Count(*had, what))),
        }
    }
    if unmet.is_empty() {
        parts.push(rule::need(derivation.policy.method()));
    }
    write!(f, "Not enough evidence: {}{}.", parts.join(", "), Newest(&derivation.used))
}

fn outcome(derivation: &Derivation, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Derivation { policy, scale, held, .. } = derivation;
    let first = &derivation.used[..derivation.of_first];
    rule::rule(policy.method(), judgements(first.len()), f)?;
    write!(f, "{}: {}, ", Newest(first), Thousandths(held.value_milli))?;
    let mastery = Thousandths(policy.mastery_milli());
    match policy.exceeds_milli().filter(|_| held.standing == Standing::Exceeds) {
        Some(exceeds) => {
            write!(f, "at or above {}, which exceeds mastery", Thousandths(exceeds))?;
        }
        None if held.standing.is_mastered() => write!(f, "at or above the threshold {mastery}")?,
        None => write!(f, "below the threshold {mastery}")?,
    }
    match scale.rungs() {
        0 => {}
        rungs => write!(f, "; level {} of {rungs}", held.level)?,
    }
    match derivation.used.len() - first.len() {
        0 => f.write_str("."),
        later => write!(f, ". Kept as the highest so far; later: {}.", judgements(later)),
    }
}

fn because(derivation: &Derivation, why: LeftOut) -> String {
    let policy = &derivation.policy;
    match why {
        LeftOut::NotYet => format!("Observed only after {}", Day(derivation.at)),
        LeftOut::RoleExcluded => {
            let roles: Vec<_> = policy.excluded_roles().iter().map(|role| role.name()).collect();
            format!("Left out by the policy ({})", roles.join(", "))
        }
        LeftOut::NotValidated => "Not signed off yet".to_owned(),
        LeftOut::Expired => {
            let days = usize::try_from(policy.expires_after_days()).unwrap_or(usize::MAX);
            format!("Expired after {}", Count(days, "day"))
        }
    }
}

/// `, newest 2026-03-02`; nothing about nothing.
struct Newest<'a>(&'a [Observation]);

impl fmt::Display for Newest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let newest = self.0.iter().map(|seen| seen.observed_at).max();
        newest.map_or(Ok(()), |at| write!(f, ", newest {}", Day(at)))
    }
}

/// So many of something: `4 judgements`.
#[derive(Clone, Copy)]
struct Count<'a>(usize, &'a str);

impl fmt::Display for Count<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number, what) = *self;
        write!(f, "{number} {what}{}", if number == 1 { "" } else { "s" })
    }
}

const fn judgements(number: usize) -> Count<'static> {
    Count(number, "judgement")
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
