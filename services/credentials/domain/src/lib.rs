//! The credentials domain, pure.
