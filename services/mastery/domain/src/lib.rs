//! The mastery domain, pure: which level a learner holds in a competency, by which rule.
//!
//! Numbers are whole thousandths (`3000` is 3). A method's result is an exact fraction and is
//! rounded once, at the end, so the same evidence gives the same level on every machine and in
//! whatever order it arrived.

mod advancement;
mod assessor;
mod calibration;
mod change;
mod day;
mod exact;
mod explain;
mod fixed;
mod held;
mod json;
mod method;
mod observation;
mod overriding;
mod pace;
mod past;
mod policy;
mod reason;
mod rollup;
mod scale;

pub use advancement::{
    AdvanceUponMastery, Advancement, AdvancementRefusal, Ground, LearnerAdvanced,
};
pub use assessor::AssessorRole;
pub use calibration::{
    Calibration, CalibrationReport, Drift, Estimate, Finding as CalibrationFinding, Judgement,
    Measures, RaterReport, RubricReport, SchoolReport, Stability, Terms as CalibrationTerms,
    adjusted,
};
pub use change::MasteryChanged;
pub use day::Day;
pub use exact::Exact;
pub use explain::{Derivation, derivation_json, explain};
pub use held::{
    Confidence, Held, LeftOut, Minimum, Outlook, Standing, counted, evaluate, next_change, settle,
};
pub use json::Json;
pub use method::{
    Bayesian, Count, FitBy, Khan, MOfLast, Mark, Method, MethodFlaw, NewestWeight, Parameter,
    Points, Probability, Step, Times, Worked,
};
pub use observation::{Observation, Observations};
pub use overriding::{
    Override, OverrideCommand, OverrideEvent, OverrideRefusal, Overriding, SetOverride, Shown,
    Terms, holding, overlay,
};
pub use pace::{
    Calendar, CalendarDraft, CalendarFlaw, CalendarPublished, CalendarRefusal, Forecast, Pace,
    Plan, PlanFlaw, Status, Term,
};
pub use past::{Past, Superseded};
pub use policy::{
    Candidate, ENGINE, Flaw, HIGHEST_THRESHOLD_MILLI, InvalidScope, LONGEST_EXPIRY_DAYS,
    MOST_OBSERVATIONS, Offered, Order, Outcome, Policy, PolicyDraft, PolicyPublished,
    PolicyRefusal, PublishPolicy, Published, Question, ROUNDINGS_MILLI, Resolution, Scope, chosen,
    names, resolve,
};
pub use reason::{Thousandths, sentence, sentence_without_policy};
pub use rollup::{
    Competency, Criterion, DEEPEST_NESTING, Finding, Findings, Input, MOST_PARTS, MOST_WEIGHT,
    Pointed, RolledUp, Rollup, RollupDraft, RollupFlaw, RollupProblem, RollupRefusal, Rollups,
    Test, Verdict, Weighted, rollups_json,
};
pub use scale::Scale;
