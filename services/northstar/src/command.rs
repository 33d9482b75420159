//! What each word does.

mod advance;
pub(crate) mod badges;
mod beside;
mod calibration;
mod credential;
mod document;
mod dry_run;
mod evaluate;
mod events;
mod evidence;
mod explain;
pub(crate) mod import;
mod migrate;
mod missing;
pub(crate) mod occupations;
mod overriding;
mod pace;
mod policy;
pub(crate) mod profile;
mod rebuild;
mod rollup;
mod token;
pub(crate) mod verify;

use std::process::ExitCode;

use northstar_chassis::server::Drained;

use crate::cli::{Cli, Command, Serve};
use crate::config::Config;
use crate::{client, dev, serve};

/// Runs the command; the code is success unless it says otherwise.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Dev(options) => dev::run(options).await?,
        Command::Serve(options) => return serve_contexts(options).await,
        Command::Migrate(what) => return migrate::run(what).await,
        Command::Token(options) => token::run(&options)?,
        Command::Import(what) => return import::run(what).await,
        Command::Evaluate(options) => return evaluate::run(&options),
        Command::Profile(options) => profile::run(&options).await?,
        Command::AsOf(options) => profile::run_as_of(&options).await?,
        Command::Explain(options) => explain::run(&options).await?,
        Command::Policy(what) => policy::run(what).await?,
        Command::Override(what) => overriding::run(what).await?,
        Command::Advance(options) => advance::run(&options).await?,
        Command::Evidence(what) => evidence::run(what).await?,
        Command::Calibration(options) => calibration::run(&options).await?,
        Command::Rollup(what) => rollup::run(what).await?,
        Command::Missing(options) => missing::run(&options).await?,
        Command::Pace(what) => pace::run(what).await?,
        Command::Badges(options) => badges::run(&options).await?,
        Command::Credential(what) => return credential::run(what).await,
        Command::Occupations(options) => occupations::run(&options).await?,
        Command::Events(what) => events::run(what).await?,
        Command::Verify(options) => verify::run(&options).await?,
        Command::Rebuild(options) => rebuild::run(&options).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve_contexts(options: Serve) -> anyhow::Result<ExitCode> {
    let config = Config::load(options.options.config.as_deref(), &options.options.set)?;
    let contexts = client::contexts(&options.contexts)?;
    match serve::run(config, contexts).await? {
        Drained::InTime => Ok(ExitCode::SUCCESS),
        Drained::Cut { .. } => Ok(ExitCode::from(2)),
    }
}
