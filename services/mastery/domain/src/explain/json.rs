//! A derivation for machines.

use super::Derivation;
use crate::json::Json;
use crate::{LeftOut, Minimum, Observation, Step};

/// The derivation as JSON, from which alone the result can be worked out again.
///
/// Written as a policy's canonical form is: keys sorted, no white space, integers and no other
/// numbers. Times are microseconds since 1970-01-01T00:00:00Z, values thousandths. The fields:
///
/// - `at_micros`: the instant asked about.
/// - `exact`: the value before it is rounded, in thousandths, as a fraction in lowest terms:
///   `"3105"`, `"-7/2"`; `""` if there is no value.
/// - `left_out`: one object for each observation that does not count, by `observed_at_micros`, then
///   `evidence`: an observation as below and `why`, the first that applies of `not_yet` (observed
///   after `at_micros`), `role_excluded` (its role is among the policy's `excluded_roles`),
///   `not_validated` (`validated_only` and not validated), `expired` (`expires_after_days` is not 0,
///   and `observed_at_micros` and so many days of 86,400 s are at or before `at_micros`).
/// - `level`: how many rungs of `scale` are at or below `value_milli`; 0 while there is no value.
/// - `minimums`: `what` (`observation`, `assessor`, `kind`), `needed`, and `had`: how many
///   observations count, of how many different assessors, of how many different kinds.
/// - `of_first`: the value is worked out from so many observations, the first of `used`: all, or if
///   the policy is `monotone` those that give the most. That is the largest rounded value over all
///   beginnings of `used` which meet all minimums and about which the method says something; of
///   several such beginnings the longest. 0 if there is no value.
/// - `policy`: the policy's document; its own text is its canonical form.
/// - `policy_hash`: SHA-256 of that text in UTF-8, in lower-case hexadecimal.
/// - `provisional`: true if there is a value and none of the first `of_first` of `used` is
///   validated.
/// - `scale`: the scores of the competency's rungs, bottom first.
/// - `standing`: `not_observed` (nothing was observed by `at_micros`), `not_enough_evidence` (a
///   minimum is not met, or the method says nothing), `below_mastery`, `at_mastery` (`value_milli`
///   at or above the policy's `mastery_milli`), `exceeds` (at or above its `exceeds_milli`, which
///   is not 0).
/// - `steps`: the method's intermediate values in order, each `name` and `value`; what they mean
///   stands with the method.
/// - `used`: the observations that count. By the policy's `order` sorted by `observed_at_micros` or
///   `recorded_at_micros`, then by `evidence`, as text.
/// - `value_milli`: `exact` rounded to a multiple of the policy's `round_to_milli`, halves away
///   from zero, and to the nearest number of 64 bits if it fits none; 0 while there is no value.
///
/// An observation has `assessor`, `evidence` (UUID), `kind`, `observed_at_micros`,
/// `recorded_at_micros`, `role`, `validated`, `value_milli`.
pub fn derivation_json(derivation: &Derivation) -> String {
    let Derivation { policy, scale, held, .. } = derivation;
    let worked = derivation.worked();
    let exact = worked.as_ref().map(|worked| worked.value.to_string());
    let steps = worked.iter().flat_map(|worked| &worked.steps);
    let scores = scale.scores_milli().iter();
    Json::object([
        ("at_micros", Json::Integer(derivation.at.micros())),
        ("exact", Json::Text(exact.unwrap_or_default())),
        ("left_out", Json::list(derivation.left_out.iter().map(left_out))),
        ("level", Json::Integer(held.level.into())),
        ("minimums", Json::list(derivation.minimums().iter().map(minimum))),
        ("of_first", number(derivation.of_first)),
        ("policy", policy.json()),
        ("policy_hash", Json::text(policy.hash())),
        ("provisional", Json::Flag(held.provisional)),
        ("scale", Json::list(scores.map(|score| Json::Integer(*score)))),
        ("standing", Json::text(held.standing.name())),
        ("steps", Json::list(steps.map(step))),
        ("used", Json::list(derivation.used.iter().map(|seen| Json::object(fields(seen))))),
        ("value_milli", Json::Integer(held.value_milli)),
    ])
    .to_string()
}

fn left_out((observation, why): &(Observation, LeftOut)) -> Json {
    let why = [("why", Json::text(why.name()))];
    Json::Object(fields(observation).into_iter().chain(why).collect())
}

fn fields(observation: &Observation) -> [(&'static str, Json); 8] {
    [
        ("assessor", Json::text(&observation.assessor)),
        ("evidence", Json::text(observation.evidence)),
        ("kind", Json::text(&observation.kind)),
        ("observed_at_micros", Json::Integer(observation.observed_at.micros())),
        ("recorded_at_micros", Json::Integer(observation.recorded_at.micros())),
        ("role", Json::text(observation.role)),
        ("validated", Json::Flag(observation.validated)),
        ("value_milli", Json::Integer(observation.value_milli)),
    ]
}

fn minimum(minimum: &Minimum) -> Json {
    Json::object([
        ("what", Json::text(minimum.what)),
        ("needed", number(minimum.needed)),
        ("had", number(minimum.had)),
    ])
}

fn step(step: &Step) -> Json {
    Json::object([("name", Json::text(&step.name)), ("value", Json::text(&step.value))])
}

/// A length in memory, which is below what fits.
fn number(length: usize) -> Json {
    Json::Integer(i64::try_from(length).unwrap_or(i64::MAX))
}
