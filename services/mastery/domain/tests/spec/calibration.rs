//! Calibration of raters, rubrics and schools.

mod invented;
mod naive;
mod raters;
mod shared;
