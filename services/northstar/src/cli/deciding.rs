//! The words by which people decide: overrides, advancement, sign-off.

use clap::{Args, Subcommand, ValueEnum};
use northstar_evidence_domain::Milli;
use northstar_kernel::{EvidenceId, OverrideId, Timestamp};

use super::ClientOptions;

#[derive(Debug, Subcommand)]
pub(crate) enum Override {
    /// Ask that something else be shown than what the rule says; a second person must confirm it.
    Set(SetOverride),
    /// Confirm an override, as the second signer it names.
    Confirm {
        /// UUID of the override.
        id: OverrideId,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// Take an override back.
    Revoke {
        /// UUID of the override.
        id: OverrideId,
        /// Why.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// List a learner's overrides, those that are over too.
    List {
        /// The learner: the roster's id, or a UUID.
        learner: String,
        /// Only in this competency: the framework's code for it, or a UUID.
        competency: Option<String>,
        #[command(flatten)]
        client: ClientOptions,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SetOverride {
    /// The learner: the roster's id, or a UUID.
    pub(crate) learner: String,
    /// The competency: the framework's code for it, or a UUID.
    pub(crate) competency: String,
    /// What is to be shown.
    #[arg(long, value_enum, default_value_t = Says::AtMastery)]
    pub(crate) standing: Says,
    /// The level to show; if neither level nor value is given, the policy's threshold for the standing.
    #[arg(long, conflicts_with = "value")]
    pub(crate) level: Option<u32>,
    /// The value to show: `3.25`.
    #[arg(long)]
    pub(crate) value: Option<Milli>,
    /// Why; it is kept sealed.
    #[arg(long)]
    pub(crate) reason: String,
    /// Who is to confirm it: the roster's id, or a UUID.
    #[arg(long)]
    pub(crate) second_signer: String,
    /// From this instant on (2026-03-02T00:00:00Z); now if none is given.
    #[arg(long)]
    pub(crate) from: Option<Timestamp>,
    /// Until this instant.
    #[arg(long)]
    pub(crate) until: Timestamp,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

/// What an override can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Says {
    /// Nothing can be said: the rule's result is set aside.
    NotEnoughEvidence,
    /// Below the threshold of mastery.
    BelowMastery,
    /// At mastery.
    AtMastery,
    /// Beyond the second threshold.
    Exceeds,
}

#[derive(Debug, Args)]
pub(crate) struct Advance {
    /// The learner: the roster's id, or a UUID.
    pub(crate) learner: String,
    /// The competency that is left behind: the framework's code for it, or a UUID.
    pub(crate) competency: String,
    /// Why the learner is to advance without mastery; it is kept sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Evidence {
    /// Sign off what somebody else judged.
    Validate {
        /// UUID of the evidence.
        id: EvidenceId,
        #[command(flatten)]
        client: ClientOptions,
    },
}
