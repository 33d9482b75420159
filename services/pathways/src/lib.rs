//! The pathways service.
