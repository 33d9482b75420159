//! The evidence service.
