//! Ids as kinds: a learner's id cannot be passed where a tenant's is wanted.
//!
//! Ids are UUIDs. Where an id must be the same each time the same thing is named (an import that
//! runs twice, a reactor that answers the same event twice), it is *derived*: version 5 of RFC 9562
//! over the tenant, the kind and the source's own key; for evidence two such in one, of version 8.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// A text that is no UUID where an id was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidId {
    /// What kind of id was wanted, in lower case: `learner`.
    pub kind: &'static str,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} id is not a UUID", self.kind)
    }
}

impl std::error::Error for InvalidId {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The kind's name in lower case, as used in messages and derivations.
            pub const KIND: &'static str = $kind;

            /// Takes a UUID that is known to name this kind of thing.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The same id for the same `key` of the same `tenant`, every time.
            pub fn derive(tenant: TenantId, key: &str) -> Self {
                Self(derived(tenant.0, $kind, key))
            }

            /// The UUID inside.
            pub const fn uuid(&self) -> Uuid {
                self.0
            }

            /// The sixteen bytes, in network order.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId { kind: $kind })
            }
        }
    )+};
}

ids! {
    /// A network or district whose data never meets another's.
    TenantId = "tenant",
    /// One recorded event (UUIDv7).
    EventId = "event",
    /// A learner; the same UUID as the person's.
    LearnerId = "learner",
    /// Anyone in the roster: learner, teacher, guardian, administrator.
    PersonId = "person",
    /// A network, district or school.
    OrganizationId = "organization",
    /// A class, as OneRoster means it.
    ClassId = "class",
    /// One person's part in one class.
    EnrollmentId = "enrollment",
    /// A competency framework (CASE CFDocument identifier).
    FrameworkId = "framework",
    /// A competency (CASE CFItem identifier).
    CompetencyId = "competency",
    /// A typed relation between two nodes (CASE CFAssociation identifier).
    AssociationId = "association",
    /// Whatever an association joins: a framework, a competency, or something held elsewhere.
    NodeId = "node",
    /// A rubric (CASE CFRubric identifier).
    RubricId = "rubric",
    /// A rubric criterion (CASE CFRubricCriterion identifier).
    CriterionId = "criterion",
    /// A rung of a criterion (CASE CFRubricCriterionLevel identifier).
    LevelId = "level",
    /// One piece of evidence about one learner and one competency.
    EvidenceId = "evidence",
    /// One decision of people to show something other than what a rule says.
    OverrideId = "override",
    /// One written reason, sealed where it is kept.
    ReasonId = "reason",
    /// The definition of something that can be earned.
    AchievementId = "achievement",
    /// One learner's standing towards one achievement.
    AwardId = "award",
    /// One signed credential.
    CredentialId = "credential",
    /// One learner's consent to show one credential to whoever has the link.
    ShareId = "share",
    /// One wallet's access to one learner's credentials.
    WalletId = "wallet",
    /// A program that wallets are.
    WalletClientId = "wallet client",
}

impl TenantId {
    /// The owner of what belongs to no tenant and may be read by all: occupations, wages, regions.
    pub const COMMONS: Self = Self(Uuid::nil());

    /// The tenant's id from its slug; the same slug names the same tenant on every deployment.
    pub fn from_slug(slug: &str) -> Self {
        Self(derived(Uuid::nil(), "tenant", slug))
    }
}

impl From<PersonId> for LearnerId {
    fn from(person: PersonId) -> Self {
        Self(person.0)
    }
}

impl From<LearnerId> for PersonId {
    fn from(learner: LearnerId) -> Self {
        Self(learner.0)
    }
}

/// How many characters at a key's end count upwards in an import: a thousand rows share the rest.
const COUNTED: usize = 3;

/// Length-prefixing the kind keeps ("ab", "c") and ("a", "bc") apart.
fn derived(namespace: Uuid, kind: &str, key: &str) -> Uuid {
    let whole =
        Uuid::new_v5(&namespace, format!("northstar:{}:{kind}:{key}", kind.len()).as_bytes());
    if kind == EvidenceId::KIND { side_by_side(namespace, whole, key) } else { whole }
}

/// Evidence comes by the million, and its ids stand in indexes. Those of keys that differ in their
/// end only begin alike, with 48 bits that are derived from the rest of the key; 74 bits of their own
/// follow. So an import whose keys count upwards writes to a few pages of an index and not to one
/// anywhere for each row. Two ids tell whether their keys are neighbours, and no more.
fn side_by_side(namespace: Uuid, whole: Uuid, key: &str) -> Uuid {
    let end = key.char_indices().rev().nth(COUNTED - 1).map_or(0, |(start, _)| start);
    let shared = Uuid::new_v5(&namespace, format!("northstar:beside:{}", &key[..end]).as_bytes());
    let mut bytes = whole.into_bytes();
    bytes[..6].copy_from_slice(&shared.as_bytes()[..6]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_repeat_and_differ_by_kind_key_and_tenant() {
        let (a, b) = (TenantId::from_slug("a"), TenantId::from_slug("b"));
        assert_eq!(LearnerId::derive(a, "s1"), LearnerId::derive(a, "s1"));
        assert_ne!(LearnerId::derive(a, "s1"), LearnerId::derive(a, "s2"));
        assert_ne!(LearnerId::derive(a, "s1"), LearnerId::derive(b, "s1"));
        assert_ne!(LearnerId::derive(a, "s1").uuid(), PersonId::derive(a, "s1").uuid());
    }

    #[test]
    fn evidence_of_keys_that_count_upwards_lies_side_by_side() {
        let (a, b) = (TenantId::from_slug("a"), TenantId::from_slug("b"));
        let begins = |tenant, key: &str| EvidenceId::derive(tenant, key).as_bytes()[..6].to_vec();
        let ids: std::collections::HashSet<_> =
            (0..1_000).map(|n| EvidenceId::derive(a, &format!("sheet/{n:07}"))).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(ids.iter().all(|id| id.as_bytes()[..6] == begins(a, "sheet/0000000")));
        assert!(ids.iter().all(|id| id.uuid().get_version_num() == 8));
        assert_ne!(begins(a, "sheet/0000999"), begins(a, "sheet/0001000"));
        assert_ne!(begins(a, "sheet/0000999"), begins(b, "sheet/0000999"));
        for short in ["", "é", "éé", "ééé"] {
            assert_eq!(begins(a, short), begins(a, ""));
        }
        assert_ne!(begins(a, "éééé"), begins(a, ""));
    }

    #[test]
    fn a_bad_id_says_what_was_wanted() {
        let error = "x".parse::<LearnerId>().expect_err("x is no UUID");
        assert_eq!(error.to_string(), "the learner id is not a UUID");
    }
}
