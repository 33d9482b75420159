//! What the domain promises, as specs.

mod any_order;
mod canonical;
mod derived;
mod explain;
mod held;
mod lives;
mod policy;
mod publish;
mod resolve;
mod sentence;
mod settle;
mod support;
mod time;
mod vectors;
