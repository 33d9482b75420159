//! The mastery domain, pure.
