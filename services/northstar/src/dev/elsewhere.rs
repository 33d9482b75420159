//! `northstar import demo`: the demo region, in a system that runs already.

use std::path::Path;

use anyhow::ensure;
use northstar_kernel::TenantId;
use serde::Serialize;

use super::region::{self, Loaded};
use super::{Clients, TENANT, summary};
use crate::cli::ClientOptions;
use crate::client::Client;
use crate::command::verify::{self, State};
use crate::output::{Format, json};

/// What is printed for programs.
#[derive(Debug, Serialize)]
struct Imported {
    loaded: Vec<Loaded>,
    policy_hash: String,
    state: State,
}

/// Loads the demo region and shows what came of it.
pub(crate) async fn import(operator: &Path, options: &ClientOptions) -> anyhow::Result<()> {
    let operator =
        ClientOptions { client: operator.to_owned(), token: None, output: options.output };
    let clients = Clients { operator: Client::open(&operator)?, admin: Client::open(options)? };
    ensure!(
        clients.admin.tenant()? == TenantId::from_slug(TENANT),
        "the demo is loaded as an administrator of the tenant {TENANT}, and the token is another's"
    );
    let region = region::load(&clients, options.output == Format::Table).await?;
    let state = verify::state(&clients.admin).await?;
    if options.output == Format::Json {
        let region::Region { loaded, policy_hash } = region;
        return json(&Imported { loaded, policy_hash, state });
    }
    summary::loaded(&region.loaded);
    verify::print(&state);
    Ok(())
}
