//! The pathways domain, pure.
