//! A policy before anybody looked at it.

use std::collections::BTreeMap;

use northstar_kernel::FrameworkId;

use super::{ENGINE, Order};
use crate::{Parameter, Policy};

/// A policy as somebody wrote it down, not looked at yet: the fields of its document, with room
/// for whatever was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDraft {
    /// The version of the engine it was written for, [`ENGINE`].
    pub engine: i64,
    /// The framework it is to hold for.
    pub framework: FrameworkId,
    /// Its name among several side by side: up to 40 lower-case letters, digits and hyphens;
    /// empty for the main one.
    pub name: String,
    /// The method's name, as in [`crate::Method::name`]; empty if none was given.
    pub method: String,
    /// The method's parameters by name.
    pub parameters: BTreeMap<String, Parameter>,
    /// By what judgements are ordered: `observed` or `recorded`.
    pub order: String,
    /// To what the result is rounded, in thousandths: one of [`crate::ROUNDINGS_MILLI`].
    pub round_to_milli: i64,
    /// The value from which on a competency is mastered, in thousandths.
    pub mastery_milli: i64,
    /// The value from which on mastery is exceeded, in thousandths; 0 for no such state.
    pub exceeds_milli: i64,
    /// So many observations at least before anything is said.
    pub minimum_observations: i64,
    /// By so many different assessors.
    pub minimum_assessors: i64,
    /// Of so many different kinds.
    pub minimum_kinds: i64,
    /// Names of the roles whose judgements do not count, in any order.
    pub excluded_roles: Vec<String>,
    /// Whether only judgements count that a second person signed off.
    pub validated_only: bool,
    /// After so many days a judgement no longer counts; 0 for never.
    pub expires_after_days: i64,
    /// Whether the highest that was ever held stays.
    pub monotone: bool,
    /// Whether a learner stays under the policy they began with.
    pub banked: bool,
}

impl PolicyDraft {
    /// What holds where a document says nothing. Method and threshold have no default: such a
    /// draft is refused until both are given.
    pub fn new(framework: FrameworkId) -> Self {
        Self {
            engine: ENGINE,
            framework,
            name: String::new(),
            method: String::new(),
            parameters: BTreeMap::new(),
            order: Order::Observed.name().to_owned(),
            round_to_milli: 1,
            mastery_milli: 0,
            exceeds_milli: 0,
            minimum_observations: 1,
            minimum_assessors: 1,
            minimum_kinds: 1,
            excluded_roles: Vec::new(),
            validated_only: false,
            expires_after_days: 0,
            monotone: false,
            banked: false,
        }
    }
}

/// The draft that gives this policy again.
impl From<&Policy> for PolicyDraft {
    fn from(policy: &Policy) -> Self {
        let parameters = policy.method().parameters().into_iter();
        let roles = policy.excluded_roles().iter();
        Self {
            engine: ENGINE,
            framework: policy.framework(),
            name: policy.name().to_owned(),
            method: policy.method().name().to_owned(),
            parameters: parameters.map(|(name, value)| (name.to_owned(), value)).collect(),
            order: policy.order().name().to_owned(),
            round_to_milli: policy.round_to_milli().into(),
            mastery_milli: policy.mastery_milli(),
            exceeds_milli: policy.exceeds_milli().unwrap_or_default(),
            minimum_observations: policy.minimum_observations().into(),
            minimum_assessors: policy.minimum_assessors().into(),
            minimum_kinds: policy.minimum_kinds().into(),
            excluded_roles: roles.map(|role| role.name().to_owned()).collect(),
            validated_only: policy.validated_only(),
            expires_after_days: policy.expires_after_days().into(),
            monotone: policy.monotone(),
            banked: policy.banked(),
        }
    }
}
