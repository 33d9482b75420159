//! The words of the command line.

mod beside;
mod calibration;
mod credential;
mod deciding;
mod framework;
mod wallet;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use northstar_kernel::{FrameworkId, Timestamp};
use northstar_mastery_domain::Scale;

use crate::evaluate::{as_of, scale};
use crate::output::Format;

pub(crate) use beside::{AssembleRecord, Endorse, ImportBadge, Vouch};
pub(crate) use calibration::{Calibration, CalibrationBy};
pub(crate) use credential::{
    Bake, Credential, IssueCredential, ListCredentials, OrderCredential, ShowCredential,
    VerifyCredential,
};
pub(crate) use deciding::{Advance, Evidence, Override, Says, SetOverride};
pub(crate) use framework::{Missing, Pace, Rollup};
pub(crate) use wallet::{Connect, Fetch, Kept, Send, WalletWord};

/// A provable answer to: what can this learner do, how do we know, and what does it open?
#[derive(Debug, Parser)]
#[command(name = "northstar", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run everything in one process with a demo region, and keep serving.
    Dev(Dev),
    /// Run services: all of them, or those named.
    Serve(Serve),
    /// Show or bring up the database schemas (cluster footing).
    #[command(subcommand)]
    Migrate(Migrate),
    /// Make a token, signed with the deployment's issuer key.
    Token(Token),
    /// Import rosters, frameworks, evidence and reference figures.
    #[command(subcommand)]
    Import(Import),
    /// Try a rule on a file of judgements. Needs no server.
    Evaluate(Evaluate),
    /// Show what is held of a learner, and why.
    Profile(Profile),
    /// Show what was held of a learner on a day, by what is known now or what was known on another.
    AsOf(AsOf),
    /// Show how what is held of a learner in a competency came about.
    Explain(Explain),
    /// Show the policy that holds for a framework, try one, or publish one.
    #[command(subcommand)]
    Policy(Policy),
    /// Have something else shown than what the rule says: two people sign.
    #[command(subcommand)]
    Override(Override),
    /// Decide that a learner moves on from a competency.
    Advance(Advance),
    /// Sign evidence off.
    #[command(subcommand)]
    Evidence(Evidence),
    /// Show how well those who judge agree.
    Calibration(Calibration),
    /// Show the rules by which parts of a framework make the whole, try them, or publish them.
    #[command(subcommand)]
    Rollup(Rollup),
    /// Show what a learner still has to reach below a competency.
    Missing(Missing),
    /// Show a learner's pace against the calendar, or publish one.
    #[command(subcommand)]
    Pace(Pace),
    /// Show credentials, or verify one.
    Badges(Badges),
    /// Issue, show, bake, hold, end or explain credentials, records and endorsements; or look at one in a
    /// file, with no server.
    #[command(subcommand)]
    Credential(Credential),
    /// Show which occupations a learner's mastery covers best.
    Occupations(Occupations),
    /// Follow what happens.
    #[command(subcommand)]
    Events(Events),
    /// Show head and state hash of each context for a tenant.
    Verify(Verify),
    /// Fold a context's projections again from the logs.
    Rebuild(Rebuild),
}

#[derive(Debug, Args)]
pub(crate) struct Dev {
    /// Where data and keys are kept.
    #[arg(long, default_value = "northstar-data")]
    pub(crate) data: PathBuf,
    /// Address of the API.
    #[arg(long, default_value = "127.0.0.1:7400")]
    pub(crate) listen: std::net::SocketAddr,
    /// Address of health and metrics.
    #[arg(long, default_value = "127.0.0.1:7401")]
    pub(crate) health: std::net::SocketAddr,
    /// Address of the public face: what issuers publish, shared credentials, verification.
    #[arg(long, default_value = "127.0.0.1:7402")]
    pub(crate) edge: std::net::SocketAddr,
    /// Print the summary and exit instead of serving on.
    #[arg(long)]
    pub(crate) once: bool,
    /// For whom to print.
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub(crate) output: Format,
}

#[derive(Debug, Args)]
pub(crate) struct ServerOptions {
    /// Configuration file (TOML).
    #[arg(long, env = "NORTHSTAR_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Set one key: `section.key=value`.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// `all`, or any of registry, evidence, mastery, credentials, pathways.
    #[arg(required = true)]
    pub(crate) contexts: Vec<String>,
    #[command(flatten)]
    pub(crate) options: ServerOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Migrate {
    /// Show which version each schema has, and which it needs.
    Status(ServerOptions),
    /// Bring every schema up; safe to run again.
    Up(ServerOptions),
}

#[derive(Debug, Args)]
pub(crate) struct Token {
    /// The issuer's key file; made if there is none.
    #[arg(long, default_value = "northstar-data/keys/issuer.pem")]
    pub(crate) key: PathBuf,
    /// The `iss` claim.
    #[arg(long, default_value = "northstar-dev")]
    pub(crate) issuer: String,
    /// The `aud` claim.
    #[arg(long, default_value = "northstar")]
    pub(crate) audience: String,
    /// Who it is for.
    #[arg(long, default_value = "cli")]
    pub(crate) subject: String,
    /// The tenant's slug; none for platform operators and services.
    #[arg(long)]
    pub(crate) tenant: Option<String>,
    /// What they are; may be given more than once.
    #[arg(long = "role", required = true)]
    pub(crate) roles: Vec<String>,
    /// For learners and guardians: whom they may see, as the roster's id or a UUID.
    #[arg(long = "learner")]
    pub(crate) learners: Vec<String>,
    /// For how many hours.
    #[arg(long, default_value_t = 24)]
    pub(crate) hours: u64,
    /// Write the public keys (JWKS) to this file as well.
    #[arg(long)]
    pub(crate) jwks: Option<PathBuf>,
}

/// Where the services are and as whom to come.
#[derive(Debug, Args)]
pub(crate) struct ClientOptions {
    /// File that says where the services are and as whom to come; `northstar dev` writes one.
    #[arg(long, env = "NORTHSTAR_CLIENT", default_value = "northstar-data/client.toml")]
    pub(crate) client: PathBuf,
    /// Token to use instead of the file's.
    #[arg(long, env = "NORTHSTAR_TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,
    /// For whom to print.
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub(crate) output: Format,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// People, classes and enrollments: a folder of OneRoster 1.1 or 1.2 CSV files.
    Roster {
        folder: PathBuf,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// A competency framework: a CASE 1.0 or 1.1 package (JSON).
    Framework {
        file: PathBuf,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// Evidence: a CSV file, or a OneRoster folder with results.csv and lineItems.csv.
    Evidence {
        path: PathBuf,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// Occupations, wages and crosswalks: a folder of compact tables.
    Reference {
        folder: PathBuf,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// The demo region of `northstar dev`, into a system that runs already.
    Demo {
        /// Client file of a platform operator, who makes the tenant and brings reference figures.
        /// The other client must be an administrator of the tenant `front-range`.
        #[arg(long)]
        operator_client: PathBuf,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// Write the compact tables from the official O*NET and wage files. Needs no server.
    WriteReference {
        /// Folder with the O*NET text files.
        #[arg(long)]
        onet: PathBuf,
        /// Folder with the wage tables.
        #[arg(long)]
        labor: PathBuf,
        /// The crosswalk.
        #[arg(long)]
        crosswalk: PathBuf,
        /// Where to write.
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// The rule: a policy document (JSON).
    #[arg(long)]
    pub(crate) policy: PathBuf,
    /// The judgements: CSV with a header, a JSON list, or one JSON object a line. Each has learner,
    /// competency, observed_at and value, and may have recorded_at, evidence (its id), assessor,
    /// role, kind and validated.
    #[arg(long)]
    pub(crate) evidence: PathBuf,
    /// What holds at the end of this day (UTC), or at this time; now if none is given.
    #[arg(long, value_name = "DATE", value_parser = as_of)]
    pub(crate) as_of: Option<Timestamp>,
    /// The lowest value of each level, from level 1 on: `1,2,3,4`. No levels if none is given.
    #[arg(long, value_parser = scale, default_value = "", hide_default_value = true)]
    pub(crate) scale: Scale,
    /// For whom to print.
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub(crate) output: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Profile {
    /// The learner: the roster's id, or a UUID.
    pub(crate) learner: String,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Args)]
pub(crate) struct AsOf {
    /// The learner: the roster's id, or a UUID.
    pub(crate) learner: String,
    /// What was true then, by what was observed until then: a day (2026-03-02, to its end, UTC), or a
    /// time with its zone.
    #[arg(long, value_parser = as_of)]
    pub(crate) at: Timestamp,
    /// What was believed then, by what was recorded until then: before later corrections and
    /// policies. If none is given, by all of it.
    #[arg(long, value_parser = as_of)]
    pub(crate) known: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The learner: the roster's id, or a UUID.
    pub(crate) learner: String,
    /// The competency: the framework's code for it, or a UUID.
    pub(crate) competency: String,
    /// By the policy of this name, of several side by side.
    #[arg(long, default_value = "")]
    pub(crate) policy: String,
    /// As of this instant (2026-03-02T00:00:00Z); now if none is given.
    #[arg(long)]
    pub(crate) as_of: Option<Timestamp>,
    /// By what was recorded until this instant; by all of it if none is given.
    #[arg(long)]
    pub(crate) known_at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// Show the policy that holds.
    Show {
        /// UUID of the framework.
        framework: FrameworkId,
        /// The policy of this name, of several side by side.
        #[arg(long, default_value = "")]
        name: String,
        /// The one that holds at this instant (2026-03-02T00:00:00Z); now if none is given.
        #[arg(long)]
        as_of: Option<Timestamp>,
        /// The one that holds for this learner (the roster's id, or a UUID), and why; if none is given,
        /// the one for everybody.
        #[arg(long)]
        learner: Option<String>,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// Show what publishing a policy would change. Nothing is written.
    DryRun {
        /// The policy: a JSON document.
        #[arg(long)]
        policy: PathBuf,
        /// As `--from` of `publish`.
        #[arg(long)]
        effective_from: Option<Timestamp>,
        /// Read older levels by it too.
        #[arg(long, requires = "effective_from")]
        retroactive: bool,
        /// As `--scope` of `publish`.
        #[arg(long, default_value = "network")]
        scope: String,
        #[command(flatten)]
        client: ClientOptions,
    },
    /// Publish a policy: a JSON document.
    Publish {
        file: PathBuf,
        /// From this instant on (2026-03-02T00:00:00Z), for levels whose newest judgement was observed
        /// then or later; if none is given, for all.
        #[arg(long)]
        from: Option<Timestamp>,
        /// Read older levels by it too.
        #[arg(long, requires = "from")]
        retroactive: bool,
        /// For whom: network, organization:ID (a district or school) or class:ID, by the roster's id or
        /// a UUID.
        #[arg(long, default_value = "network")]
        scope: String,
        #[command(flatten)]
        client: ClientOptions,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Badges {
    /// Only this learner's: the roster's id, or a UUID.
    pub(crate) learner: Option<String>,
    /// Verify the credential with this id instead.
    #[arg(long, conflicts_with = "learner")]
    pub(crate) verify: Option<String>,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Occupations {
    /// The learner: the roster's id, or a UUID.
    pub(crate) learner: String,
    /// Area code of the wage survey; Colorado if none is given.
    #[arg(long, default_value = "0800000")]
    pub(crate) region: String,
    /// At most so many.
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: u32,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Events {
    /// Follow the tenant's mastery events, contiguous by sequence.
    Follow {
        /// Go on after this sequence.
        #[arg(long, default_value_t = 0)]
        after: u64,
        /// Stop when everything up to now was seen.
        #[arg(long)]
        until_now: bool,
        #[command(flatten)]
        client: ClientOptions,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Wait until nothing moves any more before looking: all is handled, and what is due is done.
    #[arg(long)]
    pub(crate) settled: bool,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Rebuild {
    /// Which contexts; all if none is named.
    pub(crate) contexts: Vec<String>,
    /// Workers that fold in parallel, 1 to 64.
    #[arg(long, default_value_t = 2)]
    pub(crate) workers: u32,
    /// Events between two writes; 0: as many as memory allows.
    #[arg(long, default_value_t = 0)]
    pub(crate) batch_size: u32,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}
