//! From a draft to a policy, or to all that is wrong with it.

use super::{
    ENGINE, Flaw, HIGHEST_THRESHOLD_MILLI, LONGEST_EXPIRY_DAYS, MOST_OBSERVATIONS, Order, Policy,
    PolicyDraft, ROUNDINGS_MILLI,
};
use crate::{AssessorRole, Method, Parameter};

const LONGEST_NAME: usize = 40;

pub(super) fn policy(draft: &PolicyDraft) -> Result<Policy, Vec<Flaw>> {
    let mut flaws = Flaws::default();
    flaws.unless(draft.engine == ENGINE, Flaw::EngineUnknown(draft.engine));
    flaws.unless(names_a_policy(&draft.name), Flaw::NameInvalid(draft.name.clone()));
    let method = flaws.method(draft);
    let order = flaws.order(&draft.order);
    let round_to_milli = flaws.rounding(draft.round_to_milli);
    flaws.thresholds(draft, method.as_ref());
    let minimum_observations = flaws.minimum(draft.minimum_observations, Flaw::MinimumOutOfRange);
    let minimum_assessors = flaws.minimum(draft.minimum_assessors, Flaw::AssessorsOutOfRange);
    let minimum_kinds = flaws.minimum(draft.minimum_kinds, Flaw::KindsOutOfRange);
    let excluded_roles = flaws.excluded(&draft.excluded_roles);
    let expires_after_days = flaws.expiry(draft.expires_after_days);
    match (method, order) {
        (Some(method), Some(order)) if flaws.0.is_empty() => Ok(Policy {
            framework: draft.framework,
            name: draft.name.clone(),
            method,
            order,
            round_to_milli,
            mastery_milli: draft.mastery_milli,
            exceeds_milli: draft.exceeds_milli,
            minimum_observations,
            minimum_assessors,
            minimum_kinds,
            excluded_roles,
            validated_only: draft.validated_only,
            expires_after_days,
            monotone: draft.monotone,
            banked: draft.banked,
        }),
        _ => Err(flaws.0),
    }
}

fn names_a_policy(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.len() <= LONGEST_NAME && name.bytes().all(allowed)
}

/// The highest value that `method` can give, where that is not up to the judgements.
fn top(method: &Method) -> Option<i64> {
    match method {
        Method::Bayesian(_) => Some(1_000),
        Method::Khan(_) => Some(4_000),
        Method::Points(_) => {
            method.parameters().into_iter().find_map(|parameter| match parameter {
                ("cap_milli", Parameter::Number(cap)) => Some(cap),
                _ => None,
            })
        }
        _ => None,
    }
}

/// What was found so far. Where a number is no good, what stands in for it never gets out.
#[derive(Default)]
struct Flaws(Vec<Flaw>);

impl Flaws {
    fn unless(&mut self, fine: bool, flaw: Flaw) {
        if !fine {
            self.0.push(flaw);
        }
    }

    fn method(&mut self, draft: &PolicyDraft) -> Option<Method> {
        let method = Method::named(&draft.method, &draft.parameters);
        method.map_err(|found| self.0.extend(found.into_iter().map(Flaw::Method))).ok()
    }

    fn order(&mut self, name: &str) -> Option<Order> {
        let order = Order::named(name);
        self.unless(order.is_some(), Flaw::OrderUnknown(name.to_owned()));
        order
    }

    fn rounding(&mut self, given: i64) -> u32 {
        self.unless(ROUNDINGS_MILLI.contains(&given), Flaw::RoundingUnknown(given));
        u32::try_from(given).unwrap_or_default()
    }

    /// A threshold of mastery in range, and that of exceeding, if there is one, above it; both
    /// within the method's reach.
    fn thresholds(&mut self, draft: &PolicyDraft, method: Option<&Method>) {
        let (mastery, exceeds) = (draft.mastery_milli, draft.exceeds_milli);
        let in_range = (1..=HIGHEST_THRESHOLD_MILLI).contains(&mastery);
        self.unless(in_range, Flaw::MasteryOutOfRange(mastery));
        let above = exceeds > mastery && exceeds <= HIGHEST_THRESHOLD_MILLI;
        self.unless(exceeds == 0 || above, Flaw::ExceedsOutOfRange { exceeds, mastery });
        if let Some(top) = method.and_then(top)
            && in_range
        {
            self.unless(mastery <= top, Flaw::MasteryOutOfReach { mastery, top });
            let reached = mastery > top || exceeds <= top;
            self.unless(reached, Flaw::ExceedsOutOfReach { exceeds, top });
        }
    }

    fn minimum(&mut self, given: i64, flaw: impl FnOnce(i64) -> Flaw) -> u8 {
        self.unless((1..=MOST_OBSERVATIONS).contains(&given), flaw(given));
        u8::try_from(given).unwrap_or_default()
    }

    fn excluded(&mut self, names: &[String]) -> Vec<AssessorRole> {
        let given = |role: &AssessorRole| names.iter().any(|name| name == role.name());
        let roles: Vec<_> = AssessorRole::NAMED.into_iter().filter(given).collect();
        let unknown = names.iter().filter(|name| AssessorRole::named(name).is_none());
        self.0.extend(unknown.map(|name| Flaw::RoleUnknown(name.clone())));
        self.unless(roles.len() < AssessorRole::NAMED.len(), Flaw::NobodyCounts);
        roles
    }

    fn expiry(&mut self, given: i64) -> u32 {
        self.unless((0..=LONGEST_EXPIRY_DAYS).contains(&given), Flaw::ExpiryOutOfRange(given));
        u32::try_from(given).unwrap_or_default()
    }
}
