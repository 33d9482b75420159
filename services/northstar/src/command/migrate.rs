//! `northstar migrate`.

use std::process::ExitCode;

use anyhow::Context as _;
use northstar_eventlog::postgres::migrate::{self, Status};

use crate::cli::{Migrate, ServerOptions};
use crate::config::{CONTEXTS, Config, Footing};
use crate::output::table;

/// Shows or brings up the schemas; fails if they do not fit in the end.
pub(super) async fn run(what: Migrate) -> anyhow::Result<ExitCode> {
    let (options, up) = match &what {
        Migrate::Status(options) => (options, false),
        Migrate::Up(options) => (options, true),
    };
    let status = look(options, up).await?;
    let fits = status.iter().all(|one| one.has == one.needs);
    let row = |one: Status| [one.context.to_owned(), one.has.to_string(), one.needs.to_string()];
    table(["schema", "has", "needs"], status.into_iter().map(row));
    Ok(if fits { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn look(options: &ServerOptions, up: bool) -> anyhow::Result<Vec<Status>> {
    let config = Config::load(options.config.as_deref(), &options.set)?;
    let Footing::Cluster(cluster) = config.footing()? else {
        anyhow::bail!("the embedded footing makes its own tables; only [cluster] is migrated");
    };
    let owner = cluster.owner_url.as_ref().context("cluster.owner_url is needed to migrate")?;
    let password = cluster.role_password.as_ref().map(|password| password.expose());
    Ok(match up {
        true => migrate::up(owner.expose(), &CONTEXTS, password).await?,
        false => migrate::status(owner.expose(), &CONTEXTS).await?,
    })
}
