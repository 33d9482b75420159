//! Competency-based education as it is asked for, one story after another.

mod advancing;
mod criteria_trees;
mod history;
mod overrides;
mod partial;
mod retirement;
mod story;
mod world;
