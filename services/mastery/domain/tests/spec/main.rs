//! What the domain promises, as specs.

mod acceptance;
mod advancement;
mod any_order;
mod calendar;
mod calibration;
mod canonical;
mod derived;
mod explain;
mod held;
mod lives;
mod overriding;
mod pace;
mod past;
mod policy;
mod publish;
mod resolve;
mod rollup;
mod sentence;
mod settle;
mod support;
mod time;
mod vectors;
