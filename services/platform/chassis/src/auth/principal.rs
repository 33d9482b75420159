//! The caller, as a handler sees them.

use std::sync::Arc;

use northstar_eventlog::Cause;
use northstar_kernel::{LearnerId, TenantId, TenantScope};
use tonic::Status;
use uuid::Uuid;

use super::{Grant, Role};
use crate::status;

/// Who makes this call: what their token grants, and the journey the call belongs to.
#[derive(Debug, Clone)]
pub struct Principal {
    grant: Arc<Grant>,
    correlation_id: Uuid,
    traceparent: Option<String>,
}

impl Principal {
    /// A principal for a call that came in with `correlation_id` and `traceparent`.
    pub fn new(grant: Arc<Grant>, correlation_id: Uuid, traceparent: Option<String>) -> Self {
        Self { grant, correlation_id, traceparent }
    }

    /// The caller of `request`.
    ///
    /// # Errors
    ///
    /// `UNAUTHENTICATED` when nothing has verified the call; a server of this crate lets no such
    /// call through to a handler.
    pub fn of<T>(request: &tonic::Request<T>) -> Result<Self, Status> {
        let missing = || status::denied(super::Denied::Missing);
        request.extensions().get::<Self>().cloned().ok_or_else(missing)
    }

    /// The issuer's name for the caller.
    pub fn subject(&self) -> &str {
        &self.grant.subject
    }

    /// The tenant they act for, if they act for one.
    pub fn tenant(&self) -> Option<TenantId> {
        self.grant.tenant
    }

    /// Whether the token grants `role`.
    pub fn has(&self, role: Role) -> bool {
        self.grant.roles.contains(&role)
    }

    /// Demands one of `roles`.
    ///
    /// # Errors
    ///
    /// `PERMISSION_DENIED` with the reason `ROLE_REQUIRED`, naming the roles that would do.
    pub fn require(&self, roles: &[Role]) -> Result<(), Status> {
        if roles.iter().any(|role| self.has(*role)) {
            return Ok(());
        }
        let wanted: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
        let message = format!("this call needs one of the roles {}", wanted.join(", "));
        Err(status::forbidden("ROLE_REQUIRED", &message))
    }

    /// Demands `role`, and a token that names no tenant: what concerns every tenant is not for
    /// somebody who comes for one of them, whatever else their token grants.
    ///
    /// # Errors
    ///
    /// `PERMISSION_DENIED` with the reason `ROLE_REQUIRED` or, if it is the tenant that is too much,
    /// `TENANT_IN_TOKEN`.
    pub fn require_for_all(&self, role: Role) -> Result<(), Status> {
        self.require(&[role])?;
        match self.tenant() {
            None => Ok(()),
            Some(_) => Err(status::forbidden(
                "TENANT_IN_TOKEN",
                "this call concerns every tenant and needs a token that names none",
            )),
        }
    }

    /// The proof that the caller may act for their tenant.
    ///
    /// # Errors
    ///
    /// `PERMISSION_DENIED` with the reason `TENANT_REQUIRED` for a token without a tenant.
    #[expect(clippy::disallowed_methods, reason = "the token that names the tenant was verified")]
    pub fn scope(&self) -> Result<TenantScope, Status> {
        self.grant.tenant.map(TenantScope::assume).ok_or_else(|| {
            status::forbidden("TENANT_REQUIRED", "this call needs a token that names a tenant")
        })
    }

    /// Demands that the caller may see `learner`.
    ///
    /// Learners and guardians see the learners their token names; every other role sees all of its
    /// tenant. It is asked before anything is looked up, so the answer does not tell whether the
    /// learner exists.
    ///
    /// # Errors
    ///
    /// `PERMISSION_DENIED` with the reason `LEARNER_NOT_IN_TOKEN`.
    pub fn may_see(&self, learner: LearnerId) -> Result<(), Status> {
        let named_only = self.grant.roles.iter().all(|role| role.sees_named_learners_only());
        if !named_only || self.grant.learners.contains(&learner) {
            return Ok(());
        }
        Err(status::forbidden("LEARNER_NOT_IN_TOKEN", "the token does not cover this learner"))
    }

    /// What an event records about who and what made it happen.
    pub fn cause(&self) -> Cause {
        Cause {
            actor: self.grant.subject.clone(),
            correlation_id: self.correlation_id,
            causation_id: None,
            traceparent: self.traceparent.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use tonic_types::StatusExt as _;

    use super::*;

    fn principal(roles: &[Role], learners: &[LearnerId]) -> Principal {
        let grant = Grant {
            subject: "somebody".to_owned(),
            tenant: roles.contains(&Role::Teacher).then(|| TenantId::from_slug("a")),
            roles: roles.iter().copied().collect(),
            learners: learners.iter().copied().collect(),
        };
        Principal::new(Arc::new(grant), Uuid::nil(), Some("00-a-b-01".to_owned()))
    }

    fn reason(status: &Status) -> String {
        assert_eq!(status.code(), Code::PermissionDenied);
        status.get_details_error_info().unwrap().reason
    }

    #[test]
    fn one_of_the_roles_is_enough() {
        let teacher = principal(&[Role::Teacher], &[]);
        assert!(teacher.require(&[Role::DistrictAdmin, Role::Teacher]).is_ok());
        let refused = teacher.require(&[Role::DistrictAdmin, Role::NetworkAdmin]).unwrap_err();
        assert_eq!(reason(&refused), "ROLE_REQUIRED");
        assert!(refused.message().contains("district_admin, network_admin"));
    }

    #[test]
    fn without_a_tenant_there_is_no_scope() {
        let scope = principal(&[Role::Teacher], &[]).scope().unwrap();
        assert_eq!(scope.tenant(), TenantId::from_slug("a"));
        let operator = principal(&[Role::PlatformOperator], &[]);
        assert_eq!(reason(&operator.scope().unwrap_err()), "TENANT_REQUIRED");
    }

    #[test]
    fn what_concerns_every_tenant_is_not_for_a_token_of_one() {
        let operator = principal(&[Role::PlatformOperator], &[]);
        assert!(operator.require_for_all(Role::PlatformOperator).is_ok());
        let refused = operator.require_for_all(Role::Service).unwrap_err();
        assert_eq!(reason(&refused), "ROLE_REQUIRED");
        // Here the role of a teacher brings a tenant.
        let both = principal(&[Role::PlatformOperator, Role::Teacher], &[]);
        let refused = both.require_for_all(Role::PlatformOperator).unwrap_err();
        assert_eq!(reason(&refused), "TENANT_IN_TOKEN");
    }

    #[test]
    fn learners_and_guardians_see_whom_their_token_names() {
        let tenant = TenantId::from_slug("a");
        let [mine, other] = ["mine", "other"].map(|key| LearnerId::derive(tenant, key));
        for roles in [&[Role::Guardian][..], &[Role::Learner, Role::Guardian], &[]] {
            let caller = principal(roles, &[mine]);
            assert!(caller.may_see(mine).is_ok());
            assert_eq!(reason(&caller.may_see(other).unwrap_err()), "LEARNER_NOT_IN_TOKEN");
        }
        assert!(principal(&[Role::Guardian, Role::Teacher], &[mine]).may_see(other).is_ok());
    }

    #[test]
    fn the_cause_names_the_subject_and_the_trace() {
        let cause = principal(&[Role::Teacher], &[]).cause();
        assert_eq!((cause.actor.as_str(), cause.causation_id), ("somebody", None));
        assert_eq!(cause.traceparent.as_deref(), Some("00-a-b-01"));
    }
}
