//! How what is held came about, whole: enough to say it to a guardian, and to work it out again.

use northstar_kernel::Timestamp;

use crate::held::Counted;
use crate::{Held, LeftOut, Minimum, Observation, Observations, Policy, Scale, Worked};

mod json;

pub use json::derivation_json;

/// How what is held came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    /// The rule.
    pub policy: Policy,
    /// The competency's scale.
    pub scale: Scale,
    /// The instant it was asked about.
    pub at: Timestamp,
    /// The observations that count, oldest first in the policy's order.
    pub used: Vec<Observation>,
    /// Those that do not, and why, oldest first.
    pub left_out: Vec<(Observation, LeftOut)>,
    /// From so many of `used`, the oldest, the value is worked out: from all, unless the policy
    /// is monotone and fewer gave more; from none if there is no value.
    pub of_first: usize,
    /// What is held: the same as [`crate::evaluate`] says.
    pub held: Held,
}

impl Derivation {
    /// What the policy asks for before anything is said, and what there is of it.
    pub fn minimums(&self) -> [Minimum; 3] {
        Counted(self.used.iter().collect()).minimums(&self.policy)
    }

    /// The method's result before it is rounded, and its working; `None` if there is no value.
    ///
    /// It is worked out when it is asked for: long fractions in lowest terms cost many times as much
    /// as all else here, and a sentence needs none of them.
    pub fn worked(&self) -> Option<Worked> {
        let first = self.used.get(..self.of_first).filter(|first| !first.is_empty())?;
        let marks: Vec<_> = first.iter().map(Observation::mark).collect();
        self.policy.method().work(&marks, self.policy.mastery_milli())
    }
}

/// Applies `policy` as [`crate::evaluate`] does, and keeps all that led to the result.
pub fn explain(
    policy: &Policy,
    scale: &Scale,
    observations: &Observations,
    at: Timestamp,
) -> Derivation {
    let counted = Counted::of(policy, observations, at);
    let marks = counted.marks();
    let (of_first, held) = match observations.until(at).is_empty() {
        true => (0, Held::default()),
        false => counted.best(policy, scale, &marks),
    };
    let why = |seen: &Observation| LeftOut::why(policy, seen, at).map(|why| (seen.clone(), why));
    Derivation {
        policy: policy.clone(),
        scale: scale.clone(),
        at,
        left_out: observations.iter().filter_map(why).collect(),
        of_first,
        held,
        used: counted.0.into_iter().cloned().collect(),
    }
}
