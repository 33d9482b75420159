//! Policies on the wire.

use northstar_eventlog::Malformed;
use northstar_kernel::{FrameworkId, InvalidId};
use northstar_mastery_domain::{Method, Policy, PolicyDraft, PolicyPublished};
use northstar_wire::mastery::v1 as wire;

use super::{POLICY_PUBLISHED, read_hash};

/// A policy, for others.
pub(crate) fn policy_message(policy: &Policy) -> wire::Policy {
    let method = match policy.method() {
        Method::Highest => wire::Method::Highest,
        Method::Latest => wire::Method::Latest,
        Method::Mean => wire::Method::Mean,
        Method::DecayingAverage(_) => wire::Method::DecayingAverage,
    };
    let weight = policy.method().newest_weight().map_or(0, |weight| weight.percent());
    wire::Policy {
        framework_id: policy.framework().to_string(),
        method: method.into(),
        newest_weight_percent: weight.into(),
        threshold_milli: policy.threshold_milli(),
        minimum_observations: policy.minimum_observations().into(),
        excluded_roles: policy.excluded_roles().map(|role| role.name().to_owned()).collect(),
    }
}

/// What somebody asks the policy of `framework` to be; the domain says whether it may.
pub(crate) fn policy_draft(framework: FrameworkId, message: &wire::Policy) -> PolicyDraft {
    let method = match wire::Method::try_from(message.method) {
        Ok(wire::Method::Unspecified) => String::new(),
        Ok(wire::Method::Highest) => "highest".to_owned(),
        Ok(wire::Method::Latest) => "latest".to_owned(),
        Ok(wire::Method::Mean) => "mean".to_owned(),
        Ok(wire::Method::DecayingAverage) => "decaying_average".to_owned(),
        Err(_) => message.method.to_string(),
    };
    PolicyDraft {
        framework,
        method,
        newest_weight_percent: message.newest_weight_percent,
        threshold_milli: message.threshold_milli,
        minimum_observations: message.minimum_observations,
        excluded_roles: message.excluded_roles.clone(),
    }
}

/// The event, for the log.
pub(crate) fn policy_published_message(event: &PolicyPublished) -> wire::PolicyPublished {
    wire::PolicyPublished {
        policy: Some(policy_message(&event.policy)),
        policy_hash: event.hash.to_string(),
    }
}

/// The event, from the log or from a document.
pub(crate) fn policy_published(
    message: &wire::PolicyPublished,
) -> Result<PolicyPublished, Malformed> {
    let of = |why: String| Malformed::new(POLICY_PUBLISHED, why);
    let policy = message.policy.as_ref().ok_or_else(|| of("the policy is missing".to_owned()))?;
    let framework = policy.framework_id.parse().map_err(|why: InvalidId| of(why.to_string()))?;
    let policy =
        Policy::new(&policy_draft(framework, policy)).map_err(|why| of(why.to_string()))?;
    let hash = read_hash(&message.policy_hash)?;
    Ok(PolicyPublished { policy, hash: hash.ok_or_else(|| of("the hash is missing".to_owned()))? })
}

#[cfg(test)]
mod tests {
    use northstar_mastery_domain::PolicyRefusal;

    use super::*;

    fn message_of(method: wire::Method, weight: u32) -> wire::Policy {
        wire::Policy {
            framework_id: "6b0a2f3e-0000-4000-8000-000000000001".to_owned(),
            method: method.into(),
            newest_weight_percent: weight,
            threshold_milli: 3_000,
            minimum_observations: 2,
            excluded_roles: vec!["self".to_owned()],
        }
    }

    fn read(message: &wire::Policy) -> Result<Policy, PolicyRefusal> {
        let framework = message.framework_id.parse().expect("a UUID");
        Policy::new(&policy_draft(framework, message))
    }

    #[test]
    fn every_method_survives_the_wire() {
        let methods = [
            (wire::Method::Highest, 0),
            (wire::Method::Latest, 0),
            (wire::Method::Mean, 0),
            (wire::Method::DecayingAverage, 65),
        ];
        for (method, weight) in methods {
            let message = message_of(method, weight);
            assert_eq!(read(&message).map(|policy| policy_message(&policy)), Ok(message));
        }
    }

    #[test]
    fn a_method_of_the_future_is_left_to_the_domain_to_refuse() {
        let message = wire::Policy { method: 99, ..message_of(wire::Method::Mean, 0) };
        let refusal = read(&message).expect_err("unknown");
        assert!(refusal.to_string().contains("there is no method \"99\""), "{refusal}");
    }

    #[test]
    fn a_stored_policy_without_its_parts_is_malformed() {
        let whole = wire::PolicyPublished {
            policy: Some(message_of(wire::Method::Mean, 0)),
            policy_hash: "ab".repeat(32),
        };
        assert!(policy_published(&whole).is_ok());
        let broken = [
            wire::PolicyPublished { policy: None, ..whole.clone() },
            wire::PolicyPublished { policy_hash: String::new(), ..whole.clone() },
            wire::PolicyPublished { policy_hash: "é".repeat(32), ..whole.clone() },
            wire::PolicyPublished { policy_hash: "ab".repeat(31), ..whole },
        ];
        assert!(broken.iter().all(|message| policy_published(message).is_err()));
    }
}
