//! What a newcomer wants to see.

mod print;

use std::collections::BTreeSet;

use anyhow::Context as _;
use northstar_kernel::LearnerId;
use northstar_wire::registry::v1::GetLearnerRequest;
use serde::Serialize;

use super::Clients;
use super::region::{Loaded, Region};
use crate::client::refused;
use crate::command::badges::{self, Verified};
use crate::command::occupations::{self, Occupation};
use crate::command::profile::{self, Entry};
use crate::command::verify::{self, State};

pub(super) use print::{loaded, print};

/// The learner that is shown, by the roster's id: judged often, by many.
const LEARNER: &str = "fr-d2s0-s16";
/// Colorado.
const REGION: &str = "0800000";
const OCCUPATIONS: u32 = 5;

/// The summary, for people and programs alike.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    loaded: Vec<Loaded>,
    policy_hash: String,
    learner: Shown,
    badges: Badges,
    occupations: Vec<Occupation>,
    state: State,
    /// Where the public face is, and on it what the demo region publishes of itself.
    edge: String,
    token: String,
}

#[derive(Debug, Serialize)]
struct Shown {
    source_id: &'static str,
    learner_id: String,
    name: String,
    profile: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Badges {
    issued: usize,
    revoked: usize,
    learners: usize,
    verified: Option<Verified>,
}

/// Asks the services for all of it.
pub(super) async fn gather(
    clients: &Clients,
    region: Region,
    super::Shown { token, edge }: super::Shown,
) -> anyhow::Result<Summary> {
    let learner = clients.admin.learner(LEARNER)?;
    Ok(Summary {
        loaded: region.loaded,
        policy_hash: region.policy_hash,
        learner: shown(clients, learner).await?,
        badges: badges(clients, learner).await?,
        occupations: occupations::rank(&clients.admin, learner, REGION, OCCUPATIONS).await?,
        state: verify::state(&clients.admin).await?,
        edge,
        token,
    })
}

async fn shown(clients: &Clients, learner: LearnerId) -> anyhow::Result<Shown> {
    let request = GetLearnerRequest { learner_id: learner.to_string() };
    let reply = clients.admin.registry().get_learner(request).await;
    let found = reply.map_err(refused("asking for the learner"))?.into_inner().learner;
    let found = found.context("the registry answered without a learner")?;
    Ok(Shown {
        source_id: LEARNER,
        learner_id: learner.to_string(),
        name: format!("{} {}", found.given_name, found.family_name),
        profile: profile::fetch(&clients.admin, learner).await?,
    })
}

async fn badges(clients: &Clients, learner: LearnerId) -> anyhow::Result<Badges> {
    let (held, revoked): (Vec<_>, Vec<_>) =
        badges::list(&clients.admin, String::new()).await?.into_iter().partition(badges::is_held);
    let learners: BTreeSet<&str> = held.iter().map(|one| one.learner_id.as_str()).collect();
    let (issued, revoked, learners) = (held.len(), revoked.len(), learners.len());
    let learner = learner.to_string();
    let shown = held.iter().find(|one| one.learner_id == learner).or(held.first());
    let verified = match shown {
        Some(credential) => Some(badges::verify(&clients.admin, credential.clone()).await?),
        None => None,
    };
    Ok(Badges { issued, revoked, learners, verified })
}
