//! The words about credentials.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use northstar_kernel::{CredentialId, Timestamp};

use super::{AssembleRecord, ClientOptions, Endorse, ImportBadge, WalletWord};
use crate::output::Format;

#[derive(Debug, Subcommand)]
pub(crate) enum Credential {
    /// Have one issued that is earned now; what a person ended comes back by this alone.
    Issue(IssueCredential),
    /// Show one: its state, its dates, what it rests on.
    Show(ShowCredential),
    /// Write one into an image.
    Bake(Bake),
    /// List them.
    List(ListCredentials),
    /// Say why one is as it is: its editions with their grounds, and all that happened to it.
    Explain {
        /// UUID of the credential.
        id: CredentialId,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// Have one not count for now.
    Hold(OrderCredential),
    /// Lift such a hold.
    Release(OrderCredential),
    /// End one, for good.
    Revoke(OrderCredential),
    /// Verify: the code is 0 if everything that there is to check passed, and 1 if not.
    Verify(VerifyCredential),
    /// Print the canonical N-Quads of a JSON document, or why it has none.
    Canonicalize {
        /// JSON, with its proofs or without; or an image that JSON is baked into.
        file: PathBuf,
    },
    /// Assemble and sign a learner's record (CLR).
    Record(AssembleRecord),
    /// Endorse something, or see who endorses it.
    Endorse(Endorse),
    /// Take in a badge of another issuer's for a learner, or see which there are.
    Import(ImportBadge),
    /// Be a wallet: read credentials from another host, and send some there.
    #[command(subcommand)]
    Wallet(WalletWord),
}

#[derive(Debug, Args)]
pub(crate) struct IssueCredential {
    /// The learner: the roster's id, or a UUID.
    pub(crate) learner: String,
    /// The achievement: its key, or a UUID.
    pub(crate) achievement: String,
    /// Why; it is kept sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Args)]
pub(crate) struct ShowCredential {
    /// UUID of the credential.
    pub(crate) id: CredentialId,
    /// Print the signed document as it is, and nothing else.
    #[arg(long, conflicts_with = "jws")]
    pub(crate) document: bool,
    /// Print the token (a compact JWS) as it is, and nothing else.
    #[arg(long)]
    pub(crate) jws: bool,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Bake {
    /// UUID of a credential, or a file with one (JSON, a compact JWS, or a baked image), for which no
    /// server is needed.
    pub(crate) credential: String,
    /// Where to write.
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// The image: PNG or SVG. If none is given, a plain one, as the name of the file to write says.
    #[arg(long)]
    pub(crate) image: Option<PathBuf>,
    /// Bake the token in, and not the document.
    #[arg(long)]
    pub(crate) jws: bool,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Args)]
pub(crate) struct ListCredentials {
    /// Only this learner's: the roster's id, or a UUID.
    pub(crate) learner: Option<String>,
    /// Only those that end by their date before this instant (2026-03-02T00:00:00Z), the first to end
    /// first.
    #[arg(long, value_name = "TIME")]
    pub(crate) ends_before: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Args)]
pub(crate) struct OrderCredential {
    /// UUID of the credential.
    pub(crate) id: CredentialId,
    /// Why; it is kept sealed.
    #[arg(long)]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyCredential {
    /// JSON, a compact JWS, or a PNG or SVG that either is baked into.
    pub(crate) file: PathBuf,
    /// Folder with issuers' documents (did.json and the like), one a file; each must have come from
    /// the issuer itself.
    #[arg(long, value_name = "DIR")]
    pub(crate) docs: Option<PathBuf>,
    /// Folder with status lists, one a file.
    #[arg(long, value_name = "DIR")]
    pub(crate) status: Option<PathBuf>,
    /// An endorsement handed beside it (JSON or a compact JWS), once for each.
    #[arg(long, value_name = "FILE")]
    pub(crate) endorsement: Vec<PathBuf>,
    /// As of this instant (2026-03-02T00:00:00Z); now if none is given.
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<Timestamp>,
    /// For whom to print.
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub(crate) output: Format,
}
