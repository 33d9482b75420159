//! Official files in, compact tables out: codes, names and numbers, no descriptive text.

mod rows;

use std::path::{Path, PathBuf};
use std::{fs, io};

use northstar_pathways_domain::{Crosswalk, Occupation, Region};

use super::{CROSSWALK, OCCUPATIONS, RATINGS, REGIONS, WAGES};
use crate::standard::problem::{Problem, Problems};
use crate::standard::{crosswalk, oews, onet};

/// A file that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct ImportError {
    /// The file.
    path: PathBuf,
    /// Why.
    source: io::Error,
}

/// What was written, and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Occupations, rated or not.
    pub occupations: usize,
    /// Occupations with at least one rating.
    pub rated: usize,
    /// Ratings taken as missing, since their publisher recommends to suppress them.
    pub suppressed: u64,
    /// Levels taken as 0, since the element is not relevant to the occupation.
    pub not_relevant: u64,
    /// Regions.
    pub regions: usize,
    /// Rows of wages, over all regions.
    pub wages: usize,
    /// Those whose median was not released.
    pub without_median: usize,
    /// Those whose median is a lower bound.
    pub lower_bounds: usize,
    /// Links of the crosswalk.
    pub links: usize,
    /// What was refused.
    pub problems: Problems,
}

/// Reads O*NET's files from `onet`, the wage survey's (`oews_<year>_<area>.csv` and
/// `oews_footnotes.csv`) from `labor` and one authored crosswalk (`<framework>_to_onet.csv`), and
/// writes the compact tables to the folder `out`, which is created if it is not there.
///
/// The same input gives the same bytes. A bad row is reported and the rest is written.
///
/// # Errors
/// A file that cannot be read or written.
pub fn write_reference(
    onet: &Path,
    labor: &Path,
    crosswalk: &Path,
    out: &Path,
) -> Result<Written, ImportError> {
    let mut written = Written::default();
    let occupations = read_onet(onet, &mut written)?;
    let regions = read_labor(labor, &mut written)?;
    let links = read_crosswalk(crosswalk, &occupations, &mut written)?;
    fs::create_dir_all(out).map_err(|source| ImportError { path: out.to_owned(), source })?;
    put(out, OCCUPATIONS, rows::occupation_rows(&occupations))?;
    put(out, RATINGS, rows::rating_rows(&occupations))?;
    put(out, REGIONS, rows::region_rows(&regions))?;
    put(out, WAGES, rows::wage_rows(&regions))?;
    put(out, CROSSWALK, rows::crosswalk_rows(links.as_ref()))?;
    Ok(written)
}

fn read_onet(folder: &Path, written: &mut Written) -> Result<Vec<Occupation>, ImportError> {
    let names = ["Occupation Data.txt", "Job Zones.txt"];
    let [titles, zones] = [get(&folder.join(names[0]))?, get(&folder.join(names[1]))?];
    let rated = ["Skills.txt", "Knowledge.txt", "Work Styles.txt"];
    let [skills, knowledge, styles] =
        [get(&folder.join(rated[0]))?, get(&folder.join(rated[1]))?, get(&folder.join(rated[2]))?];
    let files = onet::OnetFiles {
        occupations: (names[0], &titles),
        job_zones: (names[1], &zones),
        ratings: [(rated[0], &skills), (rated[1], &knowledge), (rated[2], &styles)],
    };
    let (occupations, flagged) = onet::occupations(&files, &mut written.problems);
    written.occupations = occupations.len();
    written.rated = occupations.iter().filter(|one| !one.ratings().is_empty()).count();
    (written.suppressed, written.not_relevant) = (flagged.suppressed, flagged.not_relevant);
    Ok(occupations)
}

fn read_labor(folder: &Path, written: &mut Written) -> Result<Vec<Region>, ImportError> {
    let notes = "oews_footnotes.csv";
    let top = oews::top_wage(notes, &get(&folder.join(notes))?);
    let top = written.problems.keep(top);
    let mut regions: Vec<Region> = Vec::new();
    for (name, year) in surveys(folder)? {
        let bytes = get(&folder.join(&name))?;
        let release = format!("oews-{year}");
        for region in oews::regions((&name, &bytes), &release, top, &mut written.problems) {
            if regions.iter().any(|known| known.code() == region.code()) {
                let message = format!("the area {} is in another file already", region.code());
                written.problems.add(Problem::of_file(&name, "REPEATED", message));
            } else {
                regions.push(region);
            }
        }
    }
    regions.sort_by_key(Region::code);
    let wages = || regions.iter().flat_map(Region::wages);
    written.regions = regions.len();
    written.wages = wages().count();
    written.without_median = wages().filter(|wage| wage.median.is_none()).count();
    written.lower_bounds =
        wages().filter(|wage| wage.median.is_some_and(|median| median.is_lower_bound())).count();
    Ok(regions)
}

/// The survey's tables in a folder by name, with the year of each.
fn surveys(folder: &Path) -> Result<Vec<(String, String)>, ImportError> {
    let failed = |source| ImportError { path: folder.to_owned(), source };
    let mut surveys = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        let year = name
            .strip_prefix("oews_")
            .filter(|rest| rest.ends_with(".csv"))
            .and_then(|rest| rest.split_once('_'))
            .map(|(year, _)| year.to_owned())
            .filter(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()));
        surveys.extend(year.map(|year| (name, year)));
    }
    surveys.sort();
    Ok(surveys)
}

fn read_crosswalk(
    path: &Path,
    occupations: &[Occupation],
    written: &mut Written,
) -> Result<Option<Crosswalk>, ImportError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stem = name.trim_end_matches(".csv");
    let key = stem.replace("_to_", "-").replace('_', "-").to_ascii_lowercase();
    let elements = rows::elements(occupations);
    let bytes = get(path)?;
    let links = crosswalk::crosswalk((&name, &bytes), &key, &elements, &mut written.problems);
    written.links = links.as_ref().map_or(0, |links| links.links().len());
    Ok(links)
}

fn get(path: &Path) -> Result<Vec<u8>, ImportError> {
    fs::read(path).map_err(|source| ImportError { path: path.to_owned(), source })
}

fn put(folder: &Path, name: &str, rows: Vec<Vec<String>>) -> Result<(), ImportError> {
    let path = folder.join(name);
    let write = || -> io::Result<()> {
        let mut writer = csv::Writer::from_path(&path)?;
        for row in &rows {
            writer.write_record(row)?;
        }
        writer.flush()
    };
    write().map_err(|source| ImportError { path: path.clone(), source })
}
