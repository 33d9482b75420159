//! What the domain promises, as specs.

mod any_order;
mod calibration;
mod held;
mod pace;
mod policy;
mod support;
mod vectors;
