//! What the benchmarks stand on: servers, a region, figures with their bars, and the line of a table.

pub mod child;
pub mod clock;
pub mod command;
pub mod figure;
pub mod follower;
pub mod journey;
pub mod memory;
pub mod rebuilding;
pub mod recorder;
pub mod region;
pub mod request;
pub mod run;
pub mod sample;
pub mod served;
pub mod stand;
