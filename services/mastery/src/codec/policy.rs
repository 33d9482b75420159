//! Published policies on the wire.

use northstar_eventlog::Malformed;
use northstar_kernel::Timestamp;
use northstar_mastery_domain::{Policy, PolicyPublished};
use northstar_wire::mastery::v1 as wire;

use super::{POLICY_PUBLISHED, instant, read_hash, timestamp};
use crate::standard::read_policy_document;

/// From when on a policy holds that always did: nothing was observed before.
pub(crate) const ALWAYS: Timestamp = Timestamp::from_micros(i64::MIN);

/// The event, for the log.
pub(crate) fn policy_published_message(event: &PolicyPublished) -> wire::PolicyPublished {
    wire::PolicyPublished {
        document: event.policy.canonical(),
        policy_hash: event.hash.to_string(),
        scope: event.scope.to_string(),
        effective_from: effective_from(event),
        retroactive: event.retroactive,
    }
}

/// From when on it holds, for others; `None` if it always did.
pub(crate) fn effective_from(event: &PolicyPublished) -> Option<prost_types::Timestamp> {
    Some(event.effective_from).filter(|from| *from != ALWAYS).map(timestamp)
}

/// The event, from the log or from a document.
pub(crate) fn policy_published(
    message: &wire::PolicyPublished,
) -> Result<PolicyPublished, Malformed> {
    let of = |why: &dyn std::fmt::Display| Malformed::new(POLICY_PUBLISHED, why);
    let draft = read_policy_document(&message.document).map_err(|why| of(&why))?;
    let effective_from = match &message.effective_from {
        None => ALWAYS,
        Some(from) => instant(from).ok_or_else(|| of(&"effective_from is no instant"))?,
    };
    Ok(PolicyPublished {
        policy: Policy::new(&draft).map_err(|why| of(&why))?,
        hash: read_hash(&message.policy_hash)?.ok_or_else(|| of(&"the hash is missing"))?,
        scope: message.scope.parse().map_err(|why| of(&why))?,
        effective_from,
        retroactive: message.retroactive,
    })
}

#[cfg(test)]
mod tests {
    use northstar_mastery_domain::Scope;

    use super::*;

    const DOCUMENT: &str = r#"{"framework":"6b0a2f3e-0000-4000-8000-000000000001",
        "method":{"name":"mean"},"mastery_milli":3000}"#;

    fn published(effective_from: Timestamp) -> PolicyPublished {
        let draft = read_policy_document(DOCUMENT).expect("a document");
        let policy = Policy::new(&draft).expect("valid");
        let (hash, scope) = (policy.hash(), Scope::Network);
        PolicyPublished { policy, hash, scope, effective_from, retroactive: true }
    }

    #[test]
    fn what_was_published_survives_the_wire() {
        for from in
            [ALWAYS, Timestamp::from_micros(-1), Timestamp::from_micros(1_772_323_200_000_001)]
        {
            let event = published(from);
            let message = policy_published_message(&event);
            assert_eq!(message.effective_from.is_none(), from == ALWAYS);
            assert_eq!(policy_published(&message), Ok(event));
        }
    }

    #[test]
    fn a_stored_policy_without_its_parts_is_malformed() {
        let whole = policy_published_message(&published(ALWAYS));
        let nowhen = prost_types::Timestamp { seconds: i64::MAX, nanos: 0 };
        let broken = [
            wire::PolicyPublished { document: String::new(), ..whole.clone() },
            wire::PolicyPublished { document: DOCUMENT.replace("3000", "0"), ..whole.clone() },
            wire::PolicyPublished { policy_hash: String::new(), ..whole.clone() },
            wire::PolicyPublished { policy_hash: "é".repeat(32), ..whole.clone() },
            wire::PolicyPublished { policy_hash: "ab".repeat(31), ..whole.clone() },
            wire::PolicyPublished { scope: "school".to_owned(), ..whole.clone() },
            wire::PolicyPublished { effective_from: Some(nowhen), ..whole },
        ];
        assert!(broken.iter().all(|message| policy_published(message).is_err()));
    }
}
