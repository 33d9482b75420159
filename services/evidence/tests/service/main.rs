//! The service as its callers see it, on an embedded log.

mod batch;
mod changing;
mod isolation;
mod listing;
mod prior_learning;
mod recording;
mod region;
mod restating;
mod validating;
mod views;
