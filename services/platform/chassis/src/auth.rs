//! Who calls, proven by a signed token, and what they may do.
//!
//! A token is a JWT of the configured issuer for the configured audience. Beside the registered
//! claims it carries `roles` (a list of [`Role`]s), `tenant` (a UUID; absent for those who act for
//! the platform), and for learners and guardians `learners` (the UUIDs they may see). The raw token
//! is looked at and forgotten; it is never logged.

mod denied;
mod grant;
pub mod issuer;
mod jwks;
mod layer;
mod principal;
mod ring;
mod role;
mod source;
mod verifier;

pub use denied::Denied;
pub use grant::Grant;
pub use layer::{AuthLayer, Guarded};
pub use principal::Principal;
pub use role::{Role, UnknownRole};
pub use verifier::{SetupError, Verifier};
