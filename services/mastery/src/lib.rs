//! The mastery service.
