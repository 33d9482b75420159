//! For whom a policy holds.

use std::fmt;
use std::str::FromStr;

use northstar_kernel::{ClassId, OrganizationId};

/// For whom a policy holds: everybody, those of an organization, those of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The whole tenant.
    Network,
    /// A district or a school.
    Organization(OrganizationId),
    /// A class.
    Class(ClassId),
}

/// As people and events write it: `network`, `organization:<uuid>` or `class:<uuid>`.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network => f.write_str("network"),
            Self::Organization(id) => write!(f, "organization:{id}"),
            Self::Class(id) => write!(f, "class:{id}"),
        }
    }
}

/// A text that names no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidScope;

impl fmt::Display for InvalidScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a scope: write network, organization:<uuid> or class:<uuid>")
    }
}

impl std::error::Error for InvalidScope {}

/// Reads what is displayed.
impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        let scope = match text.split_once(':') {
            None => (text == "network").then_some(Self::Network),
            Some(("organization", id)) => id.parse().ok().map(Self::Organization),
            Some(("class", id)) => id.parse().ok().map(Self::Class),
            Some(_) => None,
        };
        scope.ok_or(InvalidScope)
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;

    #[test]
    fn what_is_displayed_reads_back() {
        let tenant = TenantId::from_slug("front-range");
        let school = Scope::Organization(OrganizationId::derive(tenant, "s1"));
        for scope in [Scope::Network, school, Scope::Class(ClassId::derive(tenant, "c1"))] {
            assert_eq!(scope.to_string().parse(), Ok(scope));
        }
    }

    #[test]
    fn what_is_no_scope_is_refused() {
        let id = "7b7f4a4e-8d0b-5b0a-9a55-0d2c8d5a7d11";
        for text in ["", "Network", "network:", "class", "class:c1", &format!("school:{id}")] {
            assert_eq!(text.parse::<Scope>(), Err(InvalidScope), "{text:?}");
        }
    }
}
