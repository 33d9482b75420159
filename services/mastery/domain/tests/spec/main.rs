//! What the domain promises, as specs.

mod any_order;
mod held;
mod policy;
mod support;
mod vectors;
