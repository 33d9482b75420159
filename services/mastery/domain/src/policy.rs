//! The rule by which evidence becomes mastery.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use northstar_kernel::{Digest, FrameworkId};

use crate::{AssessorRole, Method, NewestWeight};

mod publish;
mod refusal;

pub use publish::{InForce, PolicyPublished, PublishPolicy};
pub use refusal::{Flaw, PolicyRefusal};

/// The most observations a policy may ask for.
pub const MOST_OBSERVATIONS: u32 = 100;
/// The highest threshold a policy may set: a million, in thousandths.
pub const HIGHEST_THRESHOLD_MILLI: i64 = 1_000_000_000;

/// A policy as somebody wrote it down, not looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDraft {
    /// The framework it is to hold for.
    pub framework: FrameworkId,
    /// The method's name, as in [`Method::name`]; empty if none was given.
    pub method: String,
    /// The weight of the newest value in percent, for the decaying average; else 0.
    pub newest_weight_percent: u32,
    /// The value from which on a competency is mastered, in thousandths.
    pub threshold_milli: i64,
    /// So many observations at least before anything is said.
    pub minimum_observations: u32,
    /// Names of the roles whose judgements do not count, in any order.
    pub excluded_roles: Vec<String>,
}

/// A valid policy. It never changes; another rule is another policy, with another hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    framework: FrameworkId,
    method: Method,
    threshold_milli: i64,
    minimum_observations: u8,
    excluded_roles: BTreeSet<AssessorRole>,
}

impl Policy {
    /// The policy that `draft` describes.
    ///
    /// # Errors
    /// [`PolicyRefusal`] with every flaw of the draft, not the first alone.
    pub fn new(draft: &PolicyDraft) -> Result<Self, PolicyRefusal> {
        let mut flaws = Vec::new();
        let method = method(draft).map_err(|flaw| flaws.push(flaw)).ok();
        if !(1..=HIGHEST_THRESHOLD_MILLI).contains(&draft.threshold_milli) {
            flaws.push(Flaw::ThresholdOutOfRange(draft.threshold_milli));
        }
        let minimum = u8::try_from(draft.minimum_observations)
            .ok()
            .filter(|_| (1..=MOST_OBSERVATIONS).contains(&draft.minimum_observations));
        if minimum.is_none() {
            flaws.push(Flaw::MinimumOutOfRange(draft.minimum_observations));
        }
        let excluded_roles = excluded(&draft.excluded_roles, &mut flaws);
        match (method, minimum) {
            (Some(method), Some(minimum_observations)) if flaws.is_empty() => Ok(Self {
                framework: draft.framework,
                method,
                threshold_milli: draft.threshold_milli,
                minimum_observations,
                excluded_roles,
            }),
            _ => Err(PolicyRefusal { flaws }),
        }
    }

    /// The framework it holds for.
    pub const fn framework(&self) -> FrameworkId {
        self.framework
    }

    /// The function from values to one value.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The value from which on a competency is mastered, in thousandths, above zero.
    pub const fn threshold_milli(&self) -> i64 {
        self.threshold_milli
    }

    /// So many observations must count before anything is said: 1 to 100.
    pub const fn minimum_observations(&self) -> u8 {
        self.minimum_observations
    }

    /// The roles whose judgements do not count, by name.
    pub fn excluded_roles(&self) -> impl Iterator<Item = AssessorRole> {
        AssessorRole::NAMED.into_iter().filter(|role| self.excluded_roles.contains(role))
    }

    /// Whether a judgement made in `role` counts.
    pub fn counts(&self, role: AssessorRole) -> bool {
        !self.excluded_roles.contains(&role)
    }

    /// The policy as text, one way only: what its hash is taken of. The first line names the
    /// version of the engine's meaning, so that a method that changes its meaning changes its hash.
    pub fn canonical(&self) -> String {
        let roles: Vec<_> = self.excluded_roles().map(AssessorRole::name).collect();
        let mut text = format!("northstar-policy/1\nframework={}\n", self.framework);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "method={}", self.method.name());
        if let Some(weight) = self.method.newest_weight() {
            let _ = writeln!(text, "newest_weight_percent={}", weight.percent());
        }
        let _ = writeln!(text, "threshold_milli={}", self.threshold_milli);
        let _ = writeln!(text, "minimum_observations={}", self.minimum_observations);
        let _ = writeln!(text, "excluded_roles={}", roles.join(","));
        text
    }

    /// SHA-256 of the canonical text: the policy's name.
    pub fn hash(&self) -> Digest {
        Digest::of(self.canonical().as_bytes())
    }
}

fn method(draft: &PolicyDraft) -> Result<Method, Flaw> {
    let percent = draft.newest_weight_percent;
    let plain = match draft.method.as_str() {
        "highest" => Method::Highest,
        "latest" => Method::Latest,
        "mean" => Method::Mean,
        "decaying_average" => {
            return NewestWeight::new(percent)
                .map(Method::DecayingAverage)
                .ok_or(Flaw::WeightOutOfRange(percent));
        }
        "" => return Err(Flaw::MethodMissing),
        other => return Err(Flaw::MethodUnknown(other.to_owned())),
    };
    if percent == 0 { Ok(plain) } else { Err(Flaw::WeightUnused(plain)) }
}

fn excluded(names: &[String], flaws: &mut Vec<Flaw>) -> BTreeSet<AssessorRole> {
    let mut roles = BTreeSet::new();
    for name in names {
        match AssessorRole::named(name) {
            Some(role) => _ = roles.insert(role),
            None => flaws.push(Flaw::RoleUnknown(name.clone())),
        }
    }
    if roles.len() == AssessorRole::NAMED.len() {
        flaws.push(Flaw::NobodyCounts);
    }
    roles
}
