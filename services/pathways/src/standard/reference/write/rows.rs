//! The rows of each compact table, header first.

use std::collections::BTreeSet;

use northstar_pathways_domain::{Crosswalk, ElementId, Importance, Occupation, Region, Wage};

use crate::standard::reference::{
    CROSSWALK_COLUMNS, OCCUPATION_COLUMNS, REGION_COLUMNS, WAGE_COLUMNS,
};

pub(super) fn elements(occupations: &[Occupation]) -> BTreeSet<ElementId> {
    occupations.iter().flat_map(Occupation::ratings).map(|rating| rating.element).collect()
}

pub(super) fn occupation_rows(occupations: &[Occupation]) -> Vec<Vec<String>> {
    let row = |one: &Occupation| {
        let zone = one.job_zone().map(|zone| zone.to_string());
        vec![one.code().to_string(), one.title().to_owned(), zone.unwrap_or_default()]
    };
    with_header(&OCCUPATION_COLUMNS, occupations.iter().map(row))
}

pub(super) fn rating_rows(occupations: &[Occupation]) -> Vec<Vec<String>> {
    let elements = elements(occupations);
    let mut header = vec!["code".to_owned()];
    for element in &elements {
        header.push(format!("{element}.IM"));
        header.extend(element.has_level_scale().then(|| format!("{element}.LV")));
    }
    let rated = occupations.iter().filter(|one| !one.ratings().is_empty());
    let rows = rated.map(|one| {
        let mut row = vec![one.code().to_string()];
        for element in &elements {
            let rating = one.rating(*element);
            row.push(text(rating.and_then(|rating| rating.importance).map(Importance::centi)));
            let level = rating.and_then(|rating| rating.level).map(|level| level.centi());
            row.extend(element.has_level_scale().then(|| text(level)));
        }
        row
    });
    [header].into_iter().chain(rows).collect()
}

pub(super) fn region_rows(regions: &[Region]) -> Vec<Vec<String>> {
    let row = |one: &Region| {
        let kind = one.kind().letter().to_string();
        vec![one.code().to_string(), one.name().to_owned(), kind, one.release().to_owned()]
    };
    with_header(&REGION_COLUMNS, regions.iter().map(row))
}

pub(super) fn wage_rows(regions: &[Region]) -> Vec<Vec<String>> {
    let row = |region: &Region, wage: &Wage| {
        let bound = wage.median.is_some_and(|median| median.is_lower_bound());
        vec![
            region.code().to_string(),
            wage.soc.to_string(),
            text(wage.median.map(|median| median.dollars())),
            if bound { "1".to_owned() } else { String::new() },
            text(wage.employment),
        ]
    };
    let rows = regions.iter().flat_map(|one| one.wages().iter().map(move |wage| row(one, wage)));
    with_header(&WAGE_COLUMNS, rows)
}

pub(super) fn crosswalk_rows(crosswalk: Option<&Crosswalk>) -> Vec<Vec<String>> {
    let rows = crosswalk.into_iter().flat_map(|crosswalk| {
        crosswalk.links().iter().map(|link| {
            vec![
                crosswalk.key().to_owned(),
                link.competency().to_string(),
                link.element().to_string(),
                link.element_name().to_owned(),
                link.weight_milli().to_string(),
            ]
        })
    });
    with_header(&CROSSWALK_COLUMNS, rows)
}

fn with_header(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<Vec<String>> {
    let header = columns.iter().map(|column| (*column).to_owned()).collect();
    [header].into_iter().chain(rows).collect()
}

/// A figure, or an empty field for a missing one.
fn text<T: ToString>(figure: Option<T>) -> String {
    figure.map(|figure| figure.to_string()).unwrap_or_default()
}
