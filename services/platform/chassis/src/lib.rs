//! What every server stands on: config, listeners, health, drain, identity, errors.
