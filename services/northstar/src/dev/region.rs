//! Loads the demo region through the API, as anybody would. Twice is once.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use indicatif::ProgressBar;
use northstar_wire::credentials::v1::{Achievement, Alignment, DefineAchievementRequest};
use northstar_wire::mastery::v1::PublishPolicyRequest;
use northstar_wire::registry::v1::{
    CompetencyPublished, CreateTenantRequest, GetFrameworkRequest, ImportCount,
};
use serde::Serialize;

use super::{Clients, TENANT, files};
use crate::client::import::{self, evidence};
use crate::client::retry::patiently;
use crate::client::settle;
use crate::command::import::{bar, show};

const PATIENCE: Duration = Duration::from_secs(120);
/// The rung from which on a competency counts as mastered, and that earns its badge.
const PROFICIENT: u32 = 3;

/// What an import came to.
#[derive(Debug, Serialize)]
pub(super) struct Loaded {
    pub(super) what: String,
    pub(super) changed: u64,
    pub(super) unchanged: u64,
    pub(super) refused: u64,
}

/// Everything that was loaded, and the framework's competencies.
pub(super) struct Region {
    pub(super) loaded: Vec<Loaded>,
    pub(super) policy_hash: String,
}

/// Loads everything, and waits until all that follows from it has happened.
pub(super) async fn load(clients: &Clients, bars: bool) -> anyhow::Result<Region> {
    let mut loaded = Vec::new();
    create_tenant(clients).await?;
    loaded.extend(roster(clients, bars).await?);
    let framework_id = framework(clients, &mut loaded).await?;
    loaded.push(reference(clients, bars).await?);
    settle::settle(&clients.admin, PATIENCE).await?;
    let policy_hash = policy(clients, &framework_id).await?;
    achievements(clients, &framework_id).await?;
    loaded.extend(evidence(clients, bars).await?);
    settle::settle(&clients.admin, PATIENCE).await?;
    settle::settle(&clients.operator, PATIENCE).await?;
    Ok(Region { loaded, policy_hash })
}

async fn create_tenant(clients: &Clients) -> anyhow::Result<()> {
    let request = CreateTenantRequest {
        slug: TENANT.to_owned(),
        name: "Front Range Regional Network (demo)".to_owned(),
    };
    let create = async || clients.operator.registry().create_tenant(request.clone()).await;
    patiently("creating the demo tenant", create).await.map(drop)
}

fn progress(what: &'static str, bars: bool) -> ProgressBar {
    if bars { bar(what) } else { ProgressBar::hidden() }
}

fn counted(count: ImportCount) -> Loaded {
    let ImportCount { kind, changed, unchanged, refused, .. } = count;
    Loaded { what: kind, changed, unchanged, refused }
}

async fn roster(clients: &Clients, bars: bool) -> anyhow::Result<Vec<Loaded>> {
    let bar = progress("roster", bars);
    let told = |done, total| show(&bar, done, total);
    let report = import::roster(&clients.admin, files::roster(), &told).await?;
    bar.finish_and_clear();
    Ok(report.counts.into_iter().map(counted).collect())
}

async fn framework(clients: &Clients, loaded: &mut Vec<Loaded>) -> anyhow::Result<String> {
    let reply = import::framework(&clients.admin, files::framework()).await?;
    ensure!(!reply.framework_id.is_empty(), "the demo framework could not be used");
    loaded.extend(reply.report.unwrap_or_default().counts.into_iter().map(counted));
    Ok(reply.framework_id)
}

async fn reference(clients: &Clients, bars: bool) -> anyhow::Result<Loaded> {
    let bar = progress("reference", bars);
    show(&bar, 0, 1);
    let reply = import::reference(&clients.operator, files::reference()).await?;
    bar.finish_and_clear();
    Ok(Loaded {
        what: "occupations, regions and crosswalks".to_owned(),
        changed: reply.changed,
        unchanged: reply.unchanged,
        refused: reply.problems.len() as u64,
    })
}

/// A judgement counts more the newer it is, three are needed, and a learner's own do not count.
async fn policy(clients: &Clients, framework_id: &str) -> anyhow::Result<String> {
    let document = serde_json::json!({
        "framework": framework_id,
        "method": { "name": "decaying_average", "newest_weight_percent": 65 },
        "mastery_milli": 3_000,
        "minimum_observations": 3,
        "excluded_roles": ["self"],
    });
    let request =
        PublishPolicyRequest { document: document.to_string(), ..PublishPolicyRequest::default() };
    let publish = async || clients.admin.mastery().publish_policy(request.clone()).await;
    Ok(patiently("publishing the policy", publish).await?.into_inner().policy_hash)
}

/// One badge for each competency that has a scale.
async fn achievements(clients: &Clients, framework_id: &str) -> anyhow::Result<()> {
    let request = GetFrameworkRequest { framework_id: framework_id.to_owned() };
    let get = async || clients.admin.registry().get_framework(request.clone()).await;
    let whole = patiently("asking for the framework", get).await?.into_inner();
    let by_code: BTreeMap<_, _> =
        whole.competencies.into_iter().map(|one| (one.code.clone(), one)).collect();
    for competency in by_code.into_values().filter(|one| one.scale.len() >= PROFICIENT as usize) {
        let request = DefineAchievementRequest { achievement: Some(achievement(&competency)?) };
        let define = async || clients.admin.credentials().define_achievement(request.clone()).await;
        patiently("defining an achievement", define).await?;
    }
    Ok(())
}

fn achievement(competency: &CompetencyPublished) -> anyhow::Result<Achievement> {
    let short = &competency.short_statement;
    let name = if short.is_empty() { &competency.statement } else { short };
    let rung = competency.scale.get(PROFICIENT as usize - 1).context("the scale is too short")?;
    Ok(Achievement {
        achievement_id: String::new(),
        key: competency.code.to_lowercase().replace('.', "-"),
        name: name.chars().take(100).collect(),
        description: competency.statement.clone(),
        criteria: format!(
            "Mastery at level {PROFICIENT} ({}) or above, judged by teachers and employers on at \
             least three occasions.",
            rung.quality
        ),
        alignment: Some(Alignment {
            competency_id: competency.competency_id.clone(),
            code: competency.code.clone(),
            name: name.clone(),
            uri: competency.uri.clone(),
        }),
        required_level: PROFICIENT,
        ..Achievement::default()
    })
}

async fn evidence(clients: &Clients, bars: bool) -> anyhow::Result<Vec<Loaded>> {
    let client = &clients.admin;
    let (tenant, known) = (client.tenant()?, evidence::competencies(client).await?);
    let gradebook: BTreeMap<_, _> = files::roster().into_iter().collect();
    let sources = [
        ("rubric evidence", evidence::from_csv(tenant, &known, files::evidence())),
        ("gradebook results", evidence::from_gradebook(tenant, &known, &gradebook)),
    ];
    let mut loaded = Vec::new();
    for (what, rows) in sources {
        let bar = progress("evidence", bars);
        let report = evidence::send(client, rows, &|done, total| show(&bar, done, total)).await?;
        bar.finish_and_clear();
        loaded.push(Loaded {
            what: what.to_owned(),
            changed: report.accepted,
            unchanged: report.repeated,
            refused: report.problems.len() as u64,
        });
    }
    Ok(loaded)
}
