//! The words of `northstar calibration`.

use clap::{Args, ValueEnum};
use northstar_kernel::{CompetencyId, FrameworkId, Timestamp};

use super::ClientOptions;

#[derive(Debug, Args)]
pub(crate) struct Calibration {
    /// Only in this framework (UUID).
    #[arg(long)]
    pub(crate) framework: Option<FrameworkId>,
    /// Only in this competency (UUID).
    #[arg(long, conflicts_with = "framework")]
    pub(crate) competency: Option<CompetencyId>,
    /// Of whom; of all three if none is given.
    #[arg(long, value_enum)]
    pub(crate) by: Option<CalibrationBy>,
    /// Only judgements observed on the day of this instant (2026-03-02T00:00:00Z) or later.
    #[arg(long)]
    pub(crate) since: Option<Timestamp>,
    /// Only judgements observed on the day of this instant or earlier.
    #[arg(long)]
    pub(crate) until: Option<Timestamp>,
    /// Judgements at most so many days apart are compared; 30 if none is given.
    #[arg(long)]
    pub(crate) window_days: Option<u32>,
    /// Nothing is said below so many pairs; 30 if none is given.
    #[arg(long)]
    pub(crate) minimum: Option<u32>,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

/// Of whom calibration speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CalibrationBy {
    /// Each who judged.
    Rater,
    /// Each criterion of a competency, or the competency as a whole.
    Rubric,
    /// Each school, by the judges who belong to it.
    School,
}
