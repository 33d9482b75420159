//! The words about being a wallet of another host's.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use northstar_kernel::Timestamp;

use super::ClientOptions;
use crate::output::Format;

#[derive(Debug, Subcommand)]
pub(crate) enum WalletWord {
    /// Offer a learner's credentials here to a wallet: prints the code that they show it.
    Offer {
        /// The learner: the roster's id, or a UUID.
        learner: String,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// Have another host let this program in to a learner's credentials there.
    Connect(Connect),
    /// Read the credentials there: keep them in a folder, or take them in here for a learner.
    Fetch(Fetch),
    /// Send credentials there.
    Send(Send),
    /// Give the access back, and remove what was kept of it.
    Forget(Kept),
}

#[derive(Debug, Args)]
pub(crate) struct Kept {
    /// File with what opens the host; only its owner may read it.
    #[arg(long, value_name = "FILE", default_value = "northstar-wallet.toml")]
    pub(crate) wallet: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Connect {
    /// The host's address, before /ims/…; or that of its service description.
    pub(crate) address: String,
    /// Whose program this is, for the host: pages of yours (https), with terms, privacy and logo.png
    /// under them.
    #[arg(long, value_name = "URL")]
    pub(crate) about: String,
    /// To read records (CLR) and not badges.
    #[arg(long)]
    pub(crate) records: bool,
    /// To send as well.
    #[arg(long)]
    pub(crate) send: bool,
    /// For a host that lets no browser come back to this computer: it goes to a page under --about,
    /// and whoever sees it types its address in here.
    #[arg(long)]
    pub(crate) paste: bool,
    #[command(flatten)]
    pub(crate) kept: Kept,
}

#[derive(Debug, Args)]
pub(crate) struct Fetch {
    /// Take them in for this learner: the roster's id, or a UUID. What their issuers publish is fetched
    /// from the issuers themselves, and the caller vouches for it.
    #[arg(long, required_unless_present = "out")]
    pub(crate) learner: Option<String>,
    /// Keep them there as they came, one a file.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Only those that came there at this instant (2026-03-02T00:00:00Z) or later.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Timestamp>,
    /// How many to ask for at once.
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub(crate) at_once: u32,
    #[command(flatten)]
    pub(crate) kept: Kept,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Send {
    /// JSON, a compact JWS, or a PNG or SVG that either is baked into; one after the other.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) kept: Kept,
    /// For whom to print.
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub(crate) output: Format,
}
