//! The rule by which evidence becomes mastery.

use northstar_kernel::{Digest, FrameworkId};

use crate::json::Json;
use crate::{AssessorRole, Method, Parameter};

mod check;
mod draft;
mod publish;
mod refusal;
mod resolve;
mod scope;

pub use draft::PolicyDraft;
pub use publish::{PolicyPublished, PublishPolicy, Published};
pub use refusal::{Flaw, PolicyRefusal};
pub use resolve::{Candidate, Offered, Outcome, Question, Resolution, chosen, names, resolve};
pub use scope::{InvalidScope, Scope};

/// The version of the engine's meaning. It stands in every policy, so that a method that comes to
/// mean something else gives the policy another hash.
pub const ENGINE: i64 = 1;
/// The most observations, assessors or kinds a policy may ask for.
pub const MOST_OBSERVATIONS: i64 = 100;
/// The highest threshold a policy may set: a million, in thousandths.
pub const HIGHEST_THRESHOLD_MILLI: i64 = 1_000_000_000;
/// The longest time until judgements expire: a hundred years, in days.
pub const LONGEST_EXPIRY_DAYS: i64 = 36_500;
/// To what a result may be rounded, in thousandths.
pub const ROUNDINGS_MILLI: [i64; 5] = [1, 10, 100, 500, 1_000];

const DAY_MICROS: i64 = 86_400_000_000;

/// In which order judgements are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Order {
    /// By when they were observed; of two at the same instant, the smaller evidence id first.
    Observed,
    /// By when their evidence was first recorded; of two at the same instant, the smaller evidence
    /// id first.
    Recorded,
}

impl Order {
    /// All orders.
    pub const ALL: [Self; 2] = [Self::Observed, Self::Recorded];

    /// The name in a policy.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Recorded => "recorded",
        }
    }

    /// The order of that name; `None` if there is none.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }
}

/// A valid policy. It never changes; another rule is another policy, with another hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    framework: FrameworkId,
    name: String,
    method: Method,
    order: Order,
    round_to_milli: u32,
    mastery_milli: i64,
    exceeds_milli: i64,
    minimum_observations: u8,
    minimum_assessors: u8,
    minimum_kinds: u8,
    excluded_roles: Vec<AssessorRole>,
    validated_only: bool,
    expires_after_days: u32,
    monotone: bool,
    banked: bool,
}

impl Policy {
    /// The policy that `draft` describes.
    ///
    /// # Errors
    /// [`PolicyRefusal`] with every flaw of the draft, not the first alone.
    pub fn new(draft: &PolicyDraft) -> Result<Self, PolicyRefusal> {
        check::policy(draft).map_err(|flaws| PolicyRefusal { flaws })
    }

    /// The framework it holds for.
    pub const fn framework(&self) -> FrameworkId {
        self.framework
    }

    /// Its name among several side by side for one framework; empty for the main one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The function from values to one value.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// In which order the judgements are read.
    pub const fn order(&self) -> Order {
        self.order
    }

    /// To what the result is rounded, once, halves away from zero: one of [`ROUNDINGS_MILLI`].
    pub const fn round_to_milli(&self) -> u32 {
        self.round_to_milli
    }

    /// The value from which on a competency is mastered, in thousandths, above zero.
    pub const fn mastery_milli(&self) -> i64 {
        self.mastery_milli
    }

    /// The value from which on mastery is exceeded, above that of mastery; `None` if the policy
    /// knows no such state.
    pub fn exceeds_milli(&self) -> Option<i64> {
        (self.exceeds_milli > 0).then_some(self.exceeds_milli)
    }

    /// So many observations must count before anything is said: 1 to 100.
    pub const fn minimum_observations(&self) -> u8 {
        self.minimum_observations
    }

    /// Of so many different assessors: 1 to 100.
    pub const fn minimum_assessors(&self) -> u8 {
        self.minimum_assessors
    }

    /// Of so many different kinds: 1 to 100.
    pub const fn minimum_kinds(&self) -> u8 {
        self.minimum_kinds
    }

    /// The roles whose judgements do not count, by name.
    pub fn excluded_roles(&self) -> &[AssessorRole] {
        &self.excluded_roles
    }

    /// Whether only judgements count that a second person signed off.
    pub const fn validated_only(&self) -> bool {
        self.validated_only
    }

    /// After so many days of 24 hours a judgement no longer counts; 0 if it always does.
    pub const fn expires_after_days(&self) -> u32 {
        self.expires_after_days
    }

    /// The same in microseconds; `None` if judgements never expire.
    pub(crate) fn lifetime_micros(&self) -> Option<i64> {
        (self.expires_after_days > 0).then(|| i64::from(self.expires_after_days) * DAY_MICROS)
    }

    /// Whether the highest that was ever held of the judgements that count stays.
    pub const fn monotone(&self) -> bool {
        self.monotone
    }

    /// Whether a learner stays under the policy they began with.
    pub const fn banked(&self) -> bool {
        self.banked
    }

    /// Whether a judgement made in `role` counts.
    pub fn counts(&self, role: AssessorRole) -> bool {
        !self.excluded_roles.contains(&role)
    }

    /// The policy as text, one way only: what its hash is taken of.
    ///
    /// It is JSON with every field present, keys in the order of their bytes, no white space, and
    /// nothing escaped in strings that need not be:
    /// `banked` (boolean), `engine` (1), `exceeds_milli` (0 for none), `excluded_roles` (sorted
    /// list of names), `expires_after_days`, `framework` (UUID), `mastery_milli`, `method` (an
    /// object: `name` and the method's parameters), `minimum_assessors`, `minimum_kinds`,
    /// `minimum_observations`, `monotone`, `name`, `order`, `round_to_milli`, `validated_only`.
    pub fn canonical(&self) -> String {
        self.json().to_string()
    }

    /// SHA-256 of the canonical text's UTF-8: the policy's name.
    pub fn hash(&self) -> Digest {
        Digest::of(self.canonical().as_bytes())
    }

    pub(crate) fn json(&self) -> Json {
        let roles = self.excluded_roles.iter().map(|role| Json::text(role.name()));
        Json::object([
            ("engine", Json::Integer(ENGINE)),
            ("framework", Json::text(self.framework)),
            ("name", Json::text(&self.name)),
            ("method", method_json(&self.method)),
            ("order", Json::text(self.order.name())),
            ("round_to_milli", Json::Integer(self.round_to_milli.into())),
            ("mastery_milli", Json::Integer(self.mastery_milli)),
            ("exceeds_milli", Json::Integer(self.exceeds_milli)),
            ("minimum_observations", Json::Integer(self.minimum_observations.into())),
            ("minimum_assessors", Json::Integer(self.minimum_assessors.into())),
            ("minimum_kinds", Json::Integer(self.minimum_kinds.into())),
            ("excluded_roles", Json::list(roles)),
            ("validated_only", Json::Flag(self.validated_only)),
            ("expires_after_days", Json::Integer(self.expires_after_days.into())),
            ("monotone", Json::Flag(self.monotone)),
            ("banked", Json::Flag(self.banked)),
        ])
    }
}

fn method_json(method: &Method) -> Json {
    let parameters = method.parameters().into_iter().map(|(name, value)| {
        let value = match value {
            Parameter::Number(number) => Json::Integer(number),
            Parameter::Word(word) => Json::Text(word),
            Parameter::Names(names) => Json::list(names.into_iter().map(Json::Text)),
        };
        (name, value)
    });
    let name = [("name", Json::text(method.name()))];
    Json::Object(name.into_iter().chain(parameters).collect())
}
