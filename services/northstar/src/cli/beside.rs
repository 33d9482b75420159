//! The words about what stands beside badges: records, endorsements, badges of other issuers.

use std::path::PathBuf;

use clap::Args;
use northstar_kernel::{CompetencyId, CredentialId};

use super::ClientOptions;

#[derive(Debug, Args)]
pub(crate) struct AssembleRecord {
    /// The learner: the roster's id, or a UUID.
    pub(crate) learner: String,
    /// What it is for, in a sentence; it is kept sealed.
    #[arg(long)]
    pub(crate) purpose: String,
    /// On whose consent it rests, in a sentence; it is kept sealed.
    #[arg(long)]
    pub(crate) consent: String,
    /// UUID of a credential that it is to have, once for each; all that hold if none is given.
    #[arg(long, value_name = "ID")]
    pub(crate) credential: Vec<CredentialId>,
    /// What the record is called.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) name: String,
    /// Names this request: the same again gives the same record. A new one if none is given.
    #[arg(long)]
    pub(crate) request_id: Option<String>,
    /// Write the record there: the signed document, or with --jws the token.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// Give the token (a compact JWS) in place of the document.
    #[arg(long)]
    pub(crate) jws: bool,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Endorse {
    /// Id of an achievement, an issuer or a credential, as documents name it.
    pub(crate) subject: String,
    /// What is said of it, in public; without, the endorsements that there are of it are listed.
    #[arg(long)]
    pub(crate) comment: Option<String>,
    /// An endorsement of it by somebody else, JSON or a compact JWS, to be taken in.
    #[arg(long, value_name = "FILE", conflicts_with = "comment")]
    pub(crate) receive: Option<PathBuf>,
    /// Withdraw the endorsement with this id.
    #[arg(long, value_name = "ID", requires = "reason", conflicts_with_all = ["comment", "receive"])]
    pub(crate) withdraw: Option<CredentialId>,
    /// Why it is withdrawn; it is kept sealed.
    #[arg(long, requires = "withdraw")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) vouch: Vouch,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Args)]
pub(crate) struct ImportBadge {
    /// The learner: the roster's id, or a UUID.
    pub(crate) learner: String,
    /// JSON, a compact JWS, or a PNG or SVG that either is baked into; without, those that there are
    /// of the learner are listed.
    pub(crate) file: Option<PathBuf>,
    /// Accept it as evidence of prior learning in this competency, to which it must be aligned.
    #[arg(long, value_name = "COMPETENCY", requires = "level")]
    pub(crate) accept: Option<CompetencyId>,
    /// The level of the competency's scale that it shows, in your judgement.
    #[arg(long, requires = "accept")]
    pub(crate) level: Option<u32>,
    /// Withdraw the imported badge with this id, and the evidence that it became.
    #[arg(long, value_name = "ID", requires = "reason", conflicts_with_all = ["file", "accept"])]
    pub(crate) withdraw: Option<CredentialId>,
    /// Why it is withdrawn; it is kept sealed.
    #[arg(long, requires = "withdraw")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) vouch: Vouch,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

/// What an administrator vouches for, where what came in cannot be looked at whole.
#[derive(Debug, Args)]
pub(crate) struct Vouch {
    /// Folder with issuers' documents that you vouch for, one a file.
    #[arg(long, value_name = "DIR")]
    pub(crate) docs: Option<PathBuf>,
    /// Folder with status lists that you vouch for, one a file.
    #[arg(long, value_name = "DIR")]
    pub(crate) status: Option<PathBuf>,
    /// Your word for what cannot be checked for want of such; it is kept sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) word: String,
}
