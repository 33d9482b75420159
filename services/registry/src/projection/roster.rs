//! The tenant, and what its roster holds besides people.

use northstar_wire::registry::v1 as wire;

use super::message_shapes;

message_shapes! {
    /// The tenant itself, of which there is one.
    Tenant(wire::TenantCreated) = "tenant",
    /// An organization, under its id.
    Organization(wire::OrganizationChanged) = "organization",
    /// A class, under its id.
    Class(wire::ClassChanged) = "class",
    /// An enrollment, under its id.
    Enrollment(wire::EnrollmentChanged) = "enrollment",
}

impl Tenant {
    /// Where it is kept.
    pub(crate) const KEY: &'static [u8] = b"tenant";
}
