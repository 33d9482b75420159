//! `northstar occupations`.

use northstar_kernel::LearnerId;
use northstar_wire::pathways::v1::{RankOccupationsRequest, RankedOccupation};
use serde::Serialize;

use crate::cli::Occupations;
use crate::client::{Client, refused};
use crate::output::{Format, json, percent, table};

/// One occupation as a learner meets it, for programs. What is not released is null, never zero.
#[derive(Debug, Serialize)]
pub(crate) struct Occupation {
    code: String,
    title: String,
    assured_milli: i32,
    coverage_milli: i32,
    known_milli: i32,
    job_zone: Option<u32>,
    annual_median_dollars: Option<i64>,
    median_is_lower_bound: bool,
    employment: Option<i64>,
}

impl From<RankedOccupation> for Occupation {
    fn from(one: RankedOccupation) -> Self {
        Self {
            code: one.code,
            title: one.title,
            assured_milli: one.assured_milli,
            coverage_milli: one.coverage_milli,
            known_milli: one.known_milli,
            job_zone: (one.job_zone > 0).then_some(one.job_zone),
            annual_median_dollars: one.annual_median_dollars,
            median_is_lower_bound: one.median_is_lower_bound,
            employment: one.employment,
        }
    }
}

pub(super) async fn run(options: &Occupations) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let learner = client.learner(&options.learner)?;
    let ranked = rank(&client, learner, &options.region, options.limit).await?;
    if options.client.output == Format::Json {
        return json(&ranked);
    }
    print(&ranked);
    Ok(())
}

/// The occupations that a learner's mastery covers best.
pub(crate) async fn rank(
    client: &Client,
    learner: LearnerId,
    region: &str,
    limit: u32,
) -> anyhow::Result<Vec<Occupation>> {
    let request = RankOccupationsRequest {
        learner_id: learner.to_string(),
        region_code: region.to_owned(),
        limit,
    };
    let reply = client.pathways().rank_occupations(request).await;
    let ranked = reply.map_err(refused("ranking occupations"))?.into_inner();
    Ok(ranked.occupations.into_iter().map(Occupation::from).collect())
}

/// The table that people read.
pub(crate) fn print(ranked: &[Occupation]) {
    let header = ["occupation", "covered", "of it known", "job zone", "median a year", "jobs"];
    table(header, ranked.iter().map(row));
}

fn row(one: &Occupation) -> [String; 6] {
    let unknown = || "not released".to_owned();
    let bound = if one.median_is_lower_bound { "or more" } else { "" };
    let wage = one.annual_median_dollars.map(|dollars| format!("${dollars} {bound}"));
    [
        format!("{} {}", one.code, one.title),
        percent(one.coverage_milli),
        percent(one.known_milli),
        one.job_zone.map_or_else(unknown, |zone| zone.to_string()),
        wage.map_or_else(unknown, |wage| wage.trim_end().to_owned()),
        one.employment.map_or_else(unknown, |jobs| jobs.to_string()),
    ]
}
