//! The evidence domain, pure.
