//! `northstar token`.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use northstar_chassis::auth::issuer::Issuer;
use northstar_chassis::auth::{Grant, Role};
use northstar_kernel::{LearnerId, PersonId, TenantId};

use crate::cli::Token;
use crate::output::say;
use crate::storage::write_private;

/// Mints a token and prints it alone, so that it can be put in a variable.
pub(super) fn run(options: &Token) -> anyhow::Result<()> {
    let issuer = Issuer::open(&options.key, &options.issuer, &options.audience)?;
    if let Some(file) = &options.jwks {
        let jwks = serde_json::to_string_pretty(&issuer.jwks()).context("writing the JWKS")?;
        write_private(file, &jwks)?;
    }
    let token = issuer.mint(&grant(options)?, Duration::from_secs(options.hours * 3_600))?;
    say(&token);
    Ok(())
}

fn grant(options: &Token) -> anyhow::Result<Grant> {
    let tenant = options.tenant.as_deref().map(TenantId::from_slug);
    let roles = options.roles.iter().map(|role| {
        let known: Vec<&str> = Role::ALL.into_iter().map(Role::as_str).collect();
        role.parse::<Role>()
            .map_err(|_| anyhow::anyhow!("there is no role {role}; there are {}", known.join(", ")))
    });
    let roles: BTreeSet<Role> = roles.collect::<anyhow::Result<_>>()?;
    let learners = options.learners.iter().map(|learner| named(tenant, learner));
    ensure!(options.hours > 0, "--hours must be at least 1");
    Ok(Grant {
        subject: options.subject.clone(),
        tenant,
        roles,
        learners: learners.collect::<anyhow::Result<_>>()?,
    })
}

fn named(tenant: Option<TenantId>, learner: &str) -> anyhow::Result<LearnerId> {
    if let Ok(id) = learner.parse() {
        return Ok(id);
    }
    let tenant = tenant.context("a learner by the roster's id needs --tenant")?;
    Ok(PersonId::derive(tenant, learner).into())
}
