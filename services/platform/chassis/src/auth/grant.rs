//! What a token says, apart from who vouches for it and until when.

use std::collections::BTreeSet;
use std::str::FromStr;

use northstar_kernel::{LearnerId, TenantId};
use serde::{Deserialize, Serialize};

use super::{Denied, Role};

/// A subject's name is stored with every event it causes.
const MAX_SUBJECT: usize = 255;

/// Who somebody is and what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The issuer's name for the caller; it becomes the actor of events. At most 255 bytes.
    pub subject: String,
    /// The tenant they act for; `None` for those who act for the platform.
    pub tenant: Option<TenantId>,
    /// What they are.
    pub roles: BTreeSet<Role>,
    /// The learners that a learner or guardian may see.
    pub learners: BTreeSet<LearnerId>,
}

/// The claims of a token, as JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    // Written here, judged by the verifier; their form in a token may vary.
    #[serde(skip_deserializing)]
    iss: String,
    #[serde(skip_deserializing)]
    aud: String,
    pub(super) exp: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nbf: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    iat: Option<u64>,
    #[serde(default)]
    sub: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    roles: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    learners: Vec<String>,
}

impl Claims {
    /// The claims of a token for `grant` that is valid from `now` to `expires`, in seconds since the
    /// epoch.
    pub(super) fn new(grant: &Grant, issuer: &str, audience: &str, now: u64, expires: u64) -> Self {
        Self {
            iss: issuer.into(),
            aud: audience.into(),
            exp: Some(expires),
            nbf: Some(now),
            iat: Some(now),
            sub: grant.subject.clone(),
            tenant: grant.tenant.map(|tenant| tenant.to_string()),
            roles: Some(grant.roles.iter().map(Role::to_string).collect()),
            learners: grant.learners.iter().map(LearnerId::to_string).collect(),
        }
    }

    pub(super) fn grant(&self) -> Result<Grant, Denied> {
        let length_fits = (1..=MAX_SUBJECT).contains(&self.sub.len());
        if !length_fits || self.sub.chars().any(char::is_control) {
            return Err(Denied::Malformed);
        }
        let roles = self.roles.as_ref().ok_or(Denied::Incomplete)?;
        let roles = roles.iter().map(|role| role.parse().map_err(|_| Denied::UnknownRole));
        Ok(Grant {
            subject: self.sub.clone(),
            tenant: self.tenant.as_deref().map(id).transpose()?,
            roles: roles.collect::<Result<_, _>>()?,
            learners: self.learners.iter().map(|learner| id(learner)).collect::<Result<_, _>>()?,
        })
    }
}

fn id<T: FromStr>(text: &str) -> Result<T, Denied> {
    text.parse().map_err(|_| Denied::Malformed)
}
