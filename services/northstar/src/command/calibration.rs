//! `northstar calibration`.

use northstar_wire::mastery::v1 as wire;
use serde::Serialize;

use crate::cli::{Calibration, CalibrationBy};
use crate::client::{Client, refused};
use crate::output::{Format, instant, json, milli, say, table};

/// How well those who judge agree, for programs. What was not asked for is empty.
#[derive(Debug, Serialize)]
struct Agreement {
    judgements: u64,
    pairs: u64,
    competencies_without_scale: u32,
    raters: Vec<Row>,
    rubrics: Vec<Row>,
    schools: Vec<Row>,
}

/// One rater, rubric or school.
#[derive(Debug, Serialize)]
struct Row {
    /// The rater's id, the competency's code (or id) with the criterion, or the school's id.
    of: String,
    /// Of a rubric: whether it can be trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    stability: Option<&'static str>,
    pairs: u64,
    exact: Figure,
    adjacent: Figure,
    kappa: Figure,
    weighted_kappa: Figure,
    comparisons: u64,
    severity: Figure,
    drift_per_30_days: Figure,
    rise: Figure,
}

/// A number in thousandths with its bounds; all three are null if there is none.
#[derive(Debug, Serialize)]
struct Figure {
    value_milli: Option<i64>,
    low_milli: Option<i64>,
    high_milli: Option<i64>,
    /// How many more pairs or comparisons it would take to say one.
    missing: u64,
}

pub(super) async fn run(options: &Calibration) -> anyhow::Result<()> {
    let id = |id: Option<String>| id.unwrap_or_default();
    let by = options.by.map_or(wire::CalibrationBy::Unspecified, |by| match by {
        CalibrationBy::Rater => wire::CalibrationBy::Rater,
        CalibrationBy::Rubric => wire::CalibrationBy::Rubric,
        CalibrationBy::School => wire::CalibrationBy::School,
    });
    let request = wire::GetCalibrationRequest {
        framework_id: id(options.framework.map(|framework| framework.to_string())),
        competency_id: id(options.competency.map(|competency| competency.to_string())),
        by: by.into(),
        since: options.since.map(instant),
        until: options.until.map(instant),
        window_days: options.window_days,
        minimum: options.minimum,
        bar_milli: None,
    };
    let reply = Client::open(&options.client)?.mastery().get_calibration(request).await;
    let reply = reply.map_err(refused("asking how well raters agree"))?.into_inner();
    let agreement = Agreement::from(reply);
    if options.client.output == Format::Json {
        return json(&agreement);
    }
    print(&agreement);
    Ok(())
}

impl From<wire::GetCalibrationResponse> for Agreement {
    fn from(reply: wire::GetCalibrationResponse) -> Self {
        let rubric = |it: wire::RubricCalibration| {
            let stability = Some(words(it.stability()));
            let code = it.competency_code;
            let code = if code.is_empty() { it.competency_id } else { code };
            let of = format!("{code} {}", it.criterion_id).trim_end().to_owned();
            Row { stability, ..Row::new(of, it.measures) }
        };
        let mut rubrics: Vec<_> = reply.rubrics.into_iter().map(rubric).collect();
        rubrics.sort_by(|a, b| a.of.cmp(&b.of));
        Self {
            judgements: reply.judgements,
            pairs: reply.pairs,
            competencies_without_scale: reply.without_scale,
            raters: reply
                .raters
                .into_iter()
                .map(|it| Row::new(it.assessor_id, it.measures))
                .collect(),
            rubrics,
            schools: reply
                .schools
                .into_iter()
                .map(|it| Row::new(it.organization_id, it.measures))
                .collect(),
        }
    }
}

impl Row {
    fn new(of: String, measures: Option<wire::CalibrationMeasures>) -> Self {
        let it = measures.unwrap_or_default();
        Self {
            of,
            stability: None,
            pairs: it.pairs,
            exact: it.exact.into(),
            adjacent: it.adjacent.into(),
            kappa: it.kappa.into(),
            weighted_kappa: it.weighted_kappa.into(),
            comparisons: it.comparisons,
            severity: it.severity.into(),
            drift_per_30_days: it.drift_per_30_days.into(),
            rise: it.rise.into(),
        }
    }

    fn says_something(&self) -> bool {
        self.exact.missing == 0 || self.severity.missing == 0
    }

    fn cells(&self) -> [String; 8] {
        [
            self.of.clone(),
            self.pairs.to_string(),
            self.exact.text(),
            self.adjacent.text(),
            self.kappa.text(),
            self.weighted_kappa.text(),
            self.severity.text(),
            self.drift_per_30_days.text(),
        ]
    }
}

impl From<Option<wire::CalibrationFinding>> for Figure {
    fn from(finding: Option<wire::CalibrationFinding>) -> Self {
        let finding = finding.unwrap_or_default();
        let (estimate, missing) = (finding.estimate, finding.missing);
        Self {
            value_milli: estimate.map(|it| it.value_milli),
            low_milli: estimate.map(|it| it.low_milli),
            high_milli: estimate.map(|it| it.high_milli),
            missing,
        }
    }
}

impl Figure {
    /// `0.71 (0.65 to 0.77)`; without a number, how much is missing.
    fn text(&self) -> String {
        match (self.value_milli, self.low_milli, self.high_milli) {
            (Some(value), Some(low), Some(high)) => {
                format!("{} ({} to {})", milli(value), milli(low), milli(high))
            }
            _ if self.missing > 0 => format!("{} more", self.missing),
            _ => "-".to_owned(),
        }
    }
}

fn words(stability: wire::Stability) -> &'static str {
    match stability {
        wire::Stability::Unspecified | wire::Stability::TooFewPairs => "too few pairs",
        wire::Stability::Undefined => "one level only",
        wire::Stability::Unstable => "unstable",
        wire::Stability::Unclear => "unclear",
        wire::Stability::Stable => "stable",
    }
}

fn print(agreement: &Agreement) {
    say(&format!("{} judgements make {} pairs.", agreement.judgements, agreement.pairs));
    if agreement.competencies_without_scale > 0 {
        let without = agreement.competencies_without_scale;
        say(&format!("Left out, for want of a scale: {without} competencies."));
    }
    let measures =
        ["pairs", "exact", "adjacent", "kappa", "weighted kappa", "severity", "drift in 30 days"];
    for (what, rows) in [("rater", &agreement.raters), ("school", &agreement.schools)] {
        let [pairs, exact, adjacent, kappa, weighted, severity, drift] = measures;
        let header = [what, pairs, exact, adjacent, kappa, weighted, severity, drift];
        print_rows(what, header, rows, Row::cells);
    }
    let header = ["rubric", "it is", "pairs", "exact", "adjacent", "kappa", "weighted kappa"];
    print_rows("rubric", header, &agreement.rubrics, |row| {
        let [of, pairs, exact, adjacent, kappa, weighted, ..] = row.cells();
        [of, row.stability.unwrap_or_default().to_owned(), pairs, exact, adjacent, kappa, weighted]
    });
}

/// The rows of whom something can be said, and how many others there are.
fn print_rows<const N: usize>(
    what: &str,
    header: [&str; N],
    rows: &[Row],
    cells: impl Fn(&Row) -> [String; N],
) {
    let (told, rest): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.says_something());
    if !told.is_empty() {
        say("");
        table(header, told.into_iter().map(cells));
    }
    if !rest.is_empty() {
        say(&format!("{} {what}s have too few pairs to say anything.", rest.len()));
    }
}
