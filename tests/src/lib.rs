//! What needs more than one crate: journeys, faults, architecture.
