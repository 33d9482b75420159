//! Occupations from their list and the table of their ratings.

use std::collections::{BTreeMap, BTreeSet};

use northstar_pathways_domain::{
    ElementId, Entry, Importance, Occupation, OccupationCode, Rating, RequiredLevel,
};

use super::open;
use crate::standard::problem::{Problem, Problems};
use crate::standard::reference::{OCCUPATION_COLUMNS, OCCUPATIONS, RATINGS};
use crate::standard::table::Row;

/// Ratings by occupation; `None` where its row was refused.
type Rated = BTreeMap<OccupationCode, Option<Vec<Rating>>>;

/// An occupation without a row of ratings has not been surveyed; one whose row was refused is left
/// out, since without its ratings it would look as if it had not been surveyed.
pub(super) fn read(titles: &[u8], ratings: &[u8], problems: &mut Problems) -> Vec<Entry> {
    let mut entries = Vec::new();
    let Some(mut rated) = rated(ratings, problems) else { return entries };
    let table = open(OCCUPATIONS, titles, &OCCUPATION_COLUMNS);
    let Some(table) = problems.keep(table) else { return entries };
    let mut listed = BTreeSet::new();
    table.each(problems, |row| {
        let code: OccupationCode = row.code("code")?;
        if !listed.insert(code) {
            return Err(row.problem("code", "REPEATED", "the occupation is listed already"));
        }
        if let Some(ratings) = rated.remove(&code).unwrap_or_else(|| Some(Vec::new())) {
            entries.push(Entry::Occupation(occupation(row, code, ratings)?));
        }
        Ok(())
    });
    for code in rated.keys().filter(|code| !listed.contains(code)) {
        let message = format!("{code} is rated but {OCCUPATIONS} does not list it");
        problems.add(Problem::of_file(RATINGS, "UNKNOWN_OCCUPATION", message));
    }
    entries
}

fn rated(bytes: &[u8], problems: &mut Problems) -> Option<Rated> {
    let table = problems.keep(open(RATINGS, bytes, &["code"]))?;
    let elements = problems.keep(elements(table.columns()))?;
    let mut rated = Rated::new();
    table.each(problems, |row| {
        let code = row.code("code")?;
        if rated.contains_key(&code) {
            return Err(row.problem("code", "REPEATED", "the occupation is rated already"));
        }
        let ratings: Result<Vec<_>, _> = elements.iter().map(|one| rating(row, one)).collect();
        let (kept, refused) = match ratings {
            Ok(ratings) => (Some(ratings.into_iter().flatten().collect()), Ok(())),
            Err(problem) => (None, Err(problem)),
        };
        rated.insert(code, kept);
        refused
    });
    Some(rated)
}

/// An element and its two columns.
struct Columns {
    element: ElementId,
    importance: String,
    level: String,
}

/// The elements that the header names.
fn elements(header: &[String]) -> Result<Vec<Columns>, Problem> {
    let element = |column: &String| {
        let id = column.strip_suffix(".IM").or_else(|| column.strip_suffix(".LV"));
        id.and_then(|id| id.parse().ok()).ok_or_else(|| {
            let message = "a column is code, or an element with .IM or .LV: 2.A.1.a.IM";
            let problem = Problem::of_file(RATINGS, "UNKNOWN_COLUMN", message);
            Problem { field: column.clone(), ..problem }
        })
    };
    let named = header.iter().filter(|column| *column != "code").map(element);
    let named: BTreeSet<ElementId> = named.collect::<Result<_, _>>()?;
    let columns = |element| {
        let (importance, level) = (format!("{element}.IM"), format!("{element}.LV"));
        Columns { element, importance, level }
    };
    Ok(named.into_iter().map(columns).collect())
}

/// What a row says of one element; `None` where both figures are missing.
fn rating(row: &Row<'_>, columns: &Columns) -> Result<Option<Rating>, Problem> {
    let importance = row.optional(&columns.importance)?.map(Importance::from_centi).transpose();
    let importance = importance.map_err(|refusal| row.refused(&columns.importance, refusal))?;
    let level = row.optional(&columns.level)?.map(RequiredLevel::from_centi).transpose();
    let level = level.map_err(|refusal| row.refused(&columns.level, refusal))?;
    let said = importance.is_some() || level.is_some();
    Ok(said.then_some(Rating { element: columns.element, importance, level }))
}

fn occupation(
    row: &Row<'_>,
    code: OccupationCode,
    ratings: Vec<Rating>,
) -> Result<Occupation, Problem> {
    let zone = row.optional("job_zone")?.map(u8::try_from).transpose();
    let zone =
        zone.map_err(|_| row.problem("job_zone", "OUT_OF_BOUNDS", "a job zone is 1 to 5"))?;
    Occupation::new(code, row.text("title")?.to_owned(), zone, ratings)
        .map_err(|refusal| row.refused(refusal.field(), refusal))
}
