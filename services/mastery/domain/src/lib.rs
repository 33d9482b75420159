//! The mastery domain, pure: which level a learner holds in a competency, by which rule.
//!
//! Numbers are whole thousandths (`3000` is 3). A method's result is an exact fraction and is
//! rounded once, at the end, so the same evidence gives the same level on every machine and in
//! whatever order it arrived.

mod advancement;
mod assessor;
mod change;
mod exact;
mod held;
mod json;
mod method;
mod observation;
mod overriding;
mod policy;
mod reason;
mod rollup;
mod scale;

pub use advancement::{
    AdvanceUponMastery, Advancement, AdvancementRefusal, Ground, LearnerAdvanced,
};
pub use assessor::AssessorRole;
pub use change::MasteryChanged;
pub use exact::Exact;
pub use held::{Held, Standing, counted, evaluate};
pub use json::Json;
pub use method::{Method, NewestWeight};
pub use observation::{Observation, Observations};
pub use overriding::{
    Override, OverrideCommand, OverrideEvent, OverrideRefusal, Overriding, SetOverride, Shown,
    Terms, holding, overlay,
};
pub use policy::{
    Flaw, HIGHEST_THRESHOLD_MILLI, InForce, MOST_OBSERVATIONS, Policy, PolicyDraft,
    PolicyPublished, PolicyRefusal, PublishPolicy,
};
pub use reason::{Thousandths, reason};
pub use rollup::{
    Competency, Criterion, DEEPEST_NESTING, Finding, Findings, Input, MOST_PARTS, MOST_WEIGHT,
    Pointed, RolledUp, Rollup, RollupDraft, RollupFlaw, RollupProblem, RollupRefusal, Rollups,
    Test, Verdict, Weighted,
};
pub use scale::Scale;
