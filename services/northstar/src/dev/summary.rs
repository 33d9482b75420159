//! What a newcomer wants to see.

mod print;

use anyhow::Context as _;
use northstar_kernel::LearnerId;
use northstar_wire::credentials::v1::{
    Credential, CredentialStatus, ListCredentialsRequest, VerifyCredentialRequest,
};
use northstar_wire::pathways::v1::{RankOccupationsRequest, RankedOccupation};
use northstar_wire::registry::v1::GetLearnerRequest;
use serde::Serialize;

use super::Clients;
use super::region::{Loaded, Region};
use crate::client::refused;
use crate::command::profile::{self, Entry};
use crate::command::verify::{self, State};

pub(super) use print::{loaded, print};

/// The learner that is shown, by the roster's id: judged often, by many.
const LEARNER: &str = "fr-d2s0-s16";
/// Colorado.
const REGION: &str = "0800000";
const OCCUPATIONS: u32 = 5;
const PAGE: u32 = 1_000;

/// The summary, for people and programs alike.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    loaded: Vec<Loaded>,
    policy_hash: String,
    learner: Shown,
    badges: Badges,
    occupations: Vec<Occupation>,
    state: State,
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

#[derive(Debug, Serialize)]
struct Verified {
    achievement: String,
    credential_id: String,
    verified: bool,
    checks: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Occupation {
    code: String,
    title: String,
    coverage_milli: i32,
    known_milli: i32,
    annual_median_dollars: Option<i64>,
    employment: Option<i64>,
}

/// Asks the services for all of it.
pub(super) async fn gather(
    clients: &Clients,
    region: Region,
    token: String,
) -> anyhow::Result<Summary> {
    let learner = clients.admin.learner(LEARNER)?;
    Ok(Summary {
        loaded: region.loaded,
        policy_hash: region.policy_hash,
        learner: shown(clients, learner).await?,
        badges: badges(clients, learner).await?,
        occupations: occupations(clients, learner).await?,
        state: verify::state(&clients.admin).await?,
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
    let all = credentials(clients, String::new()).await?;
    let held = |one: &&Credential| one.status() == CredentialStatus::Issued;
    let issued = all.iter().filter(held).count();
    let mut learners: Vec<&str> =
        all.iter().filter(held).map(|one| one.learner_id.as_str()).collect();
    learners.sort_unstable();
    learners.dedup();
    let one = credentials(clients, learner.to_string()).await?;
    let one = one.into_iter().find(|one| held(&one)).or_else(|| all.iter().find(held).cloned());
    let verified = match one {
        Some(credential) => Some(verify_one(clients, credential).await?),
        None => None,
    };
    Ok(Badges { issued, revoked: all.len() - issued, learners: learners.len(), verified })
}

async fn credentials(clients: &Clients, learner_id: String) -> anyhow::Result<Vec<Credential>> {
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let learner_id = learner_id.clone();
        let request = ListCredentialsRequest { learner_id, page_size: PAGE, page_token };
        let reply = clients.admin.credentials().list_credentials(request).await;
        let page = reply.map_err(refused("asking for credentials"))?.into_inner();
        all.extend(page.credentials);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}

async fn verify_one(clients: &Clients, credential: Credential) -> anyhow::Result<Verified> {
    let request = VerifyCredentialRequest { compact_jws: credential.compact_jws };
    let reply = clients.admin.credentials().verify_credential(request).await;
    let report = reply.map_err(refused("verifying a credential"))?.into_inner();
    let passed = report.checks.iter().filter(|check| check.passed);
    Ok(Verified {
        achievement: credential.achievement_name,
        credential_id: credential.credential_id,
        verified: report.verified,
        checks: passed.map(|check| check.name.clone()).collect(),
    })
}

async fn occupations(clients: &Clients, learner: LearnerId) -> anyhow::Result<Vec<Occupation>> {
    let request = RankOccupationsRequest {
        learner_id: learner.to_string(),
        region_code: REGION.to_owned(),
        limit: OCCUPATIONS,
    };
    let reply = clients.admin.pathways().rank_occupations(request).await;
    let ranked = reply.map_err(refused("ranking occupations"))?.into_inner();
    let shown = |one: RankedOccupation| Occupation {
        code: one.code,
        title: one.title,
        coverage_milli: one.coverage_milli,
        known_milli: one.known_milli,
        annual_median_dollars: one.annual_median_dollars,
        employment: one.employment,
    };
    Ok(ranked.occupations.into_iter().map(shown).collect())
}
