//! Rubrics, their criteria, and the levels of these.

use std::collections::BTreeSet;

use northstar_kernel::CompetencyId;
use northstar_registry_domain::framework::scale::{Rung, bottom_first};
use northstar_registry_domain::framework::{Criterion, Level, Rubric};

use super::decimal::Finer;
use super::{Element, Problem, duplicate};

/// The weight of a criterion that has none, in thousandths.
const WEIGHT_MILLI: i64 = 1_000;

/// A rubric with those of its criteria that can be read; the others go to `problems`.
pub(super) fn rubric(
    element: &Element<'_>,
    problems: &mut Vec<Problem>,
) -> Result<Rubric, Problem> {
    let (id, title) = (element.id("identifier")?, element.text("title")?);
    let mut known = BTreeSet::new();
    let mut criteria = Vec::new();
    for each in element.list("CFRubricCriteria")? {
        match each.and_then(|each| Ok((criterion(&each)?, duplicate(&each)))) {
            Ok((criterion, _)) if known.insert(criterion.id) => criteria.push(criterion),
            Ok((_, duplicate)) | Err(duplicate) => problems.push(duplicate),
        }
    }
    criteria.sort_by_key(|criterion| (criterion.position, criterion.id));
    Ok(Rubric { id, title, criteria })
}

/// A criterion with all its levels: a scale with a rung missing would be another scale.
fn criterion(element: &Element<'_>) -> Result<Criterion, Problem> {
    let description = element.text("description")?;
    Ok(Criterion {
        id: element.id("identifier")?,
        description: if description.is_empty() { element.text("category")? } else { description },
        competency: competency(element)?,
        weight_milli: element.thousandths("weight", Finer::Cut)?.unwrap_or(WEIGHT_MILLI),
        position: element.whole("position")?.unwrap_or(0),
        levels: levels(element)?,
    })
}

fn competency(criterion: &Element<'_>) -> Result<Option<CompetencyId>, Problem> {
    criterion.object("CFItemURI")?.map(|item| item.id("identifier")).transpose()
}

fn levels(criterion: &Element<'_>) -> Result<Vec<Level>, Problem> {
    let levels: Vec<Element<'_>> =
        criterion.list("CFRubricCriterionLevels")?.collect::<Result<_, _>>()?;
    let scored =
        levels.iter().map(|level| level.thousandths("score", Finer::Refuse)).collect::<Vec<_>>();
    let any_score = scored.iter().any(|score| matches!(score, Ok(Some(_))));
    let mut known = BTreeSet::new();
    let mut rungs = Vec::new();
    for (level, score) in levels.iter().zip(scored) {
        let rung = rung(level, score?, any_score)?;
        if !known.insert(rung.id) {
            return Err(duplicate(level));
        }
        rungs.push(rung);
    }
    Ok(bottom_first(rungs))
}

/// A rung scores what it says; where no rung of the criterion says anything, its place counts.
fn rung(level: &Element<'_>, score: Option<i64>, any_score: bool) -> Result<Rung, Problem> {
    let place = level.whole("position")?;
    let score_milli = match (score, place) {
        (Some(score), _) => score,
        (None, Some(place)) if !any_score => place.saturating_mul(1_000),
        (None, _) => {
            let message = "every level of a criterion needs a score, or none and each a position";
            return Err(level.problem("score", "MISSING_VALUE", message));
        }
    };
    Ok(Rung {
        id: level.id("identifier")?,
        quality: level.text("quality")?,
        score_milli,
        place: place.unwrap_or(0),
        description: level.text("description")?,
    })
}
