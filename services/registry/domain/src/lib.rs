//! The registry domain, pure.
