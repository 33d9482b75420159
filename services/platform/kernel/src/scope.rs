//! The typed wall between tenants.

use crate::TenantId;

/// Proof that whoever holds it may act for one tenant; the only way to a tenant's tables.
///
/// It is made in three places: from a verified token, from an event already in the log, and by an
/// operator's command for a tenant named by hand. The linter refuses `assume` anywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenantScope(TenantId);

impl TenantScope {
    /// Declares that the right to act for `tenant` was established by the caller.
    pub const fn assume(tenant: TenantId) -> Self {
        Self(tenant)
    }

    /// What belongs to no tenant and may be read by all.
    pub const COMMONS: Self = Self(TenantId::COMMONS);

    /// The tenant.
    pub const fn tenant(&self) -> TenantId {
        self.0
    }
}
