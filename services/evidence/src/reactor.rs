//! What this context does about events of others.

pub(crate) mod on_credentials;
