//! The credentials service.
