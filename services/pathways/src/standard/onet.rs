//! O*NET's tab-delimited database files: occupations, job zones and ratings.
//!
//! Two flags change the arithmetic. *Recommend Suppress* marks a figure as too imprecise to use: it
//! becomes missing. *Not Relevant* marks a level that few thought worth rating: nothing is required,
//! level 0, whether or not the figure is also suppressed. A blank flag stands for "no".

use std::collections::BTreeMap;

use northstar_pathways_domain::{
    ElementId, Importance, Occupation, OccupationCode, Rating, RequiredLevel,
};

use super::problem::{Problem, Problems};
use super::table::{Layout, Row, Table};

/// The database files, by what is in them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OnetFiles<'a> {
    /// Occupation Data.txt.
    pub(crate) occupations: (&'a str, &'a [u8]),
    /// Job Zones.txt.
    pub(crate) job_zones: (&'a str, &'a [u8]),
    /// Skills.txt, Knowledge.txt, Work Styles.txt.
    pub(crate) ratings: [(&'a str, &'a [u8]); 3],
}

/// How often the flags changed a figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flagged {
    /// Figures taken as missing.
    pub(crate) suppressed: u64,
    /// Levels taken as 0.
    pub(crate) not_relevant: u64,
}

#[derive(Default)]
struct Draft {
    line: u64,
    title: String,
    job_zone: Option<u8>,
    ratings: BTreeMap<ElementId, Scales>,
}

/// `Some(None)` is a figure that was there and is not usable.
#[derive(Default)]
struct Scales {
    importance: Option<Option<Importance>>,
    level: Option<Option<RequiredLevel>>,
}

type Drafts = BTreeMap<OccupationCode, Draft>;

/// Reads the files; what is refused becomes a problem.
pub(crate) fn occupations(
    files: &OnetFiles<'_>,
    problems: &mut Problems,
) -> (Vec<Occupation>, Flagged) {
    let (mut drafts, mut flagged) = (Drafts::new(), Flagged::default());
    read(files.occupations, &["O*NET-SOC Code", "Title"], problems, |row| title(row, &mut drafts));
    read(files.job_zones, &["O*NET-SOC Code", "Job Zone"], problems, |row| zone(row, &mut drafts));
    for file in files.ratings {
        let columns =
            ["O*NET-SOC Code", "Element ID", "Scale ID", "Data Value", "Recommend Suppress"];
        read(file, &columns, problems, |row| rating(row, &mut drafts, &mut flagged));
    }
    let file = files.occupations.0;
    let finished = drafts.into_iter().filter_map(|(code, draft)| {
        let line = draft.line;
        problems.keep(finish(code, draft).map_err(|refusal| Problem::refused(file, line, refusal)))
    });
    (finished.collect(), flagged)
}

fn read(
    (file, bytes): (&str, &[u8]),
    columns: &[&str],
    problems: &mut Problems,
    take: impl FnMut(&Row<'_>) -> Result<(), Problem>,
) {
    if let Some(table) = problems.keep(Table::open(file, bytes, Layout::Tabs, columns)) {
        table.each(problems, take);
    }
}

fn title(row: &Row<'_>, drafts: &mut Drafts) -> Result<(), Problem> {
    let code: OccupationCode = row.code("O*NET-SOC Code")?;
    let draft =
        Draft { line: row.line(), title: row.text("Title")?.to_owned(), ..Draft::default() };
    if drafts.contains_key(&code) {
        return Err(row.problem("O*NET-SOC Code", "REPEATED", "the occupation is listed already"));
    }
    drafts.insert(code, draft);
    Ok(())
}

fn zone(row: &Row<'_>, drafts: &mut Drafts) -> Result<(), Problem> {
    let zone = row.number("Job Zone", 0)?;
    let zone = u8::try_from(zone).ok().filter(|zone| (1..=5).contains(zone));
    let zone =
        zone.ok_or_else(|| row.problem("Job Zone", "OUT_OF_BOUNDS", "a job zone is 1 to 5"))?;
    listed(row, drafts)?.job_zone = Some(zone);
    Ok(())
}

fn rating(row: &Row<'_>, drafts: &mut Drafts, flagged: &mut Flagged) -> Result<(), Problem> {
    let element: ElementId = row.code("Element ID")?;
    let (scale, centi) = (row.text("Scale ID")?, row.number("Data Value", 2)?);
    let suppress = flag(row, "Recommend Suppress")?;
    let not_relevant = flag(row, "Not Relevant")? && scale == "LV";
    let scales = listed(row, drafts)?.ratings.entry(element).or_default();
    let off = |refusal| row.refused("Data Value", refusal);
    let kept = match scale {
        "IM" => {
            let figure = Importance::from_centi(centi).map_err(off)?;
            fill(&mut scales.importance, Some(figure).filter(|_| !suppress))
        }
        "LV" if not_relevant => fill(&mut scales.level, Some(RequiredLevel::NOT_RELEVANT)),
        "LV" => {
            let figure = RequiredLevel::from_centi(centi).map_err(off)?;
            fill(&mut scales.level, Some(figure).filter(|_| !suppress))
        }
        _ => return Err(row.problem("Scale ID", "UNKNOWN_SCALE", "only IM and LV are read")),
    };
    if !kept {
        let message = "the element is rated on this scale already; the first figure was kept";
        return Err(row.problem("Element ID", "REPEATED", message));
    }
    flagged.not_relevant += u64::from(not_relevant);
    flagged.suppressed += u64::from(suppress && !not_relevant);
    Ok(())
}

/// Fills a place that is empty; false if it is not.
fn fill<T>(place: &mut Option<T>, value: T) -> bool {
    let empty = place.is_none();
    place.get_or_insert(value);
    empty
}

/// A column that says Y or N; absent, blank and n/a mean that the question does not arise.
fn flag(row: &Row<'_>, column: &str) -> Result<bool, Problem> {
    match row.text(column)? {
        "Y" => Ok(true),
        "N" | "n/a" | "" => Ok(false),
        _ => Err(row.problem(column, "UNKNOWN_FLAG", "only Y, N, n/a and blank are understood")),
    }
}

fn listed<'a>(row: &Row<'_>, drafts: &'a mut Drafts) -> Result<&'a mut Draft, Problem> {
    let column = "O*NET-SOC Code";
    drafts.get_mut(&row.code(column)?).ok_or_else(|| {
        row.problem(
            column,
            "UNKNOWN_OCCUPATION",
            "Occupation Data.txt does not list this occupation",
        )
    })
}

fn finish(
    code: OccupationCode,
    draft: Draft,
) -> Result<Occupation, northstar_pathways_domain::ReferenceRefusal> {
    let ratings = draft.ratings.into_iter().map(|(element, scales)| Rating {
        element,
        importance: scales.importance.flatten(),
        level: scales.level.flatten(),
    });
    Occupation::new(code, draft.title, draft.job_zone, ratings.collect())
}

#[cfg(test)]
mod tests;
