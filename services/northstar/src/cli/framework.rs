//! The words about a framework as a whole: `northstar rollup`, `missing` and `pace`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use northstar_kernel::{FrameworkId, Timestamp};

use super::ClientOptions;
use crate::evaluate::as_of as day;

#[derive(Debug, Subcommand)]
pub(crate) enum Rollup {
    /// Show the rules that hold.
    Show {
        /// UUID of the framework.
        framework: FrameworkId,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// Show what publishing all rules of a framework would change. Nothing is written.
    DryRun {
        /// The rules: a JSON document.
        file: PathBuf,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// Publish all rules of a framework: a JSON document. They take the place of those before.
    Publish {
        file: PathBuf,
        #[command(flatten)]
        client: ClientOptions,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Missing {
    /// The learner: the roster's id, or a UUID.
    pub(crate) learner: String,
    /// The competency: the framework's code for it, or a UUID.
    pub(crate) competency: String,
    /// As of this instant (2026-03-02T00:00:00Z); now if none is given.
    #[arg(long)]
    pub(crate) as_of: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Pace {
    /// Show a learner's pace: expected, achieved, and when the rest may be reached.
    Show {
        /// The learner: the roster's id, or a UUID.
        learner: String,
        /// UUID of the framework.
        framework: FrameworkId,
        /// As of this day (2026-03-02) or instant, in UTC; today if none is given.
        #[arg(long, value_name = "DATE", value_parser = day)]
        as_of: Option<Timestamp>,
        /// By what was recorded until this instant, against the calendar of then; by all of it if none is
        /// given.
        #[arg(long)]
        known_at: Option<Timestamp>,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// Publish a calendar: a JSON document. It takes the place of the one before for the same scope.
    Publish {
        file: PathBuf,
        /// For whom: network, organization:ID (a district or school) or class:ID, by the roster's id or
        /// a UUID.
        #[arg(long, default_value = "network")]
        scope: String,
        #[command(flatten)]
        client: ClientOptions,
    },
}
