//! A region of the wage survey: what work pays there and how much of it there is.

use crate::code::{RegionCode, SocCode};
use crate::refusal::ReferenceRefusal;
use crate::text::short;

/// The median yearly wage of full-time work, in whole dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Median {
    /// The figure itself.
    Dollars(u32),
    /// At least so much: the survey publishes no figures beyond a bound.
    AtLeast(u32),
}

impl Median {
    /// The figure or the bound, in whole dollars.
    pub const fn dollars(self) -> u32 {
        match self {
            Self::Dollars(dollars) | Self::AtLeast(dollars) => dollars,
        }
    }

    /// Whether it is a lower bound.
    pub const fn is_lower_bound(self) -> bool {
        matches!(self, Self::AtLeast(_))
    }
}

/// Figures of one six-digit occupation in one region. A missing figure was not released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wage {
    /// The occupation.
    pub soc: SocCode,
    /// What it pays.
    pub median: Option<Median>,
    /// How many jobs there are.
    pub employment: Option<u32>,
}

/// The kind of an area as the survey has it, one capital letter: `N` nation, `S` state,
/// `M` metropolitan or nonmetropolitan area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionKind(char);

impl RegionKind {
    /// From the survey's letter.
    ///
    /// # Errors
    /// Out of bounds unless it is one capital ASCII letter.
    pub fn parse(text: &str) -> Result<Self, ReferenceRefusal> {
        let refused =
            ReferenceRefusal::OutOfBounds { field: "kind", bounds: "one letter from A to Z" };
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) if letter.is_ascii_uppercase() => Ok(Self(letter)),
            _ => Err(refused),
        }
    }

    /// The letter.
    pub const fn letter(self) -> char {
        self.0
    }
}

/// A region and its wages from one release of the survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    code: RegionCode,
    name: String,
    kind: RegionKind,
    release: String,
    wages: Vec<Wage>,
}

impl Region {
    /// A region; wages are put in the order of their codes.
    ///
    /// # Errors
    /// A name or release out of bounds; no wages; an occupation given twice.
    pub fn new(
        code: RegionCode,
        name: String,
        kind: RegionKind,
        release: String,
        mut wages: Vec<Wage>,
    ) -> Result<Self, ReferenceRefusal> {
        wages.sort_by_key(|wage| wage.soc);
        if wages.is_empty() {
            return Err(ReferenceRefusal::Empty { field: "wages" });
        }
        if wages.windows(2).any(|pair| pair[0].soc == pair[1].soc) {
            return Err(ReferenceRefusal::Repeated { field: "soc_code" });
        }
        let (name, release) = (short("name", name)?, short("release", release)?);
        Ok(Self { code, name, kind, release, wages })
    }

    /// Its area code.
    pub const fn code(&self) -> RegionCode {
        self.code
    }

    /// Its name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The kind of area.
    pub const fn kind(&self) -> RegionKind {
        self.kind
    }

    /// The release its figures are from: `oews-2025`.
    pub fn release(&self) -> &str {
        &self.release
    }

    /// By occupation, each once.
    pub fn wages(&self) -> &[Wage] {
        &self.wages
    }

    /// The figures that speak for an occupation: its own, or else those of the broad occupation
    /// that the survey publishes in its place. `Wage::soc` says which they are.
    pub fn wage(&self, soc: SocCode) -> Option<&Wage> {
        let find = |code| self.wages.binary_search_by_key(&code, |wage| wage.soc).ok();
        find(soc).or_else(|| find(soc.broad())).and_then(|place| self.wages.get(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wage(soc: &str, employment: u32) -> Wage {
        let soc = soc.parse().expect("a code");
        Wage { soc, median: Some(Median::Dollars(50_000)), employment: Some(employment) }
    }

    fn region(wages: Vec<Wage>) -> Result<Region, ReferenceRefusal> {
        let kind = RegionKind::parse("S").expect("a kind");
        let code = "0800000".parse().expect("a code");
        Region::new(code, "Colorado".into(), kind, "oews-2025".into(), wages)
    }

    #[test]
    fn the_broad_occupation_speaks_where_the_detailed_one_is_not_published() {
        let made = region(vec![wage("31-1130", 7), wage("31-1120", 5), wage("31-1131", 6)]);
        let made = made.expect("valid");
        let jobs = |soc: &str| made.wage(soc.parse().expect("a code")).and_then(|w| w.employment);
        assert_eq!(jobs("31-1131"), Some(6), "its own figures first");
        assert_eq!(jobs("31-1122"), Some(5), "else the broad occupation's");
        assert_eq!(jobs("31-1999"), None, "else none: unknown, not zero");
    }

    #[test]
    fn empty_regions_and_repeated_occupations_are_refused() {
        assert_eq!(region(vec![]), Err(ReferenceRefusal::Empty { field: "wages" }));
        let twice = region(vec![wage("31-1130", 7), wage("31-1130", 8)]);
        assert_eq!(twice, Err(ReferenceRefusal::Repeated { field: "soc_code" }));
    }

    #[test]
    fn a_kind_is_one_capital_letter() {
        assert_eq!(RegionKind::parse("M").map(RegionKind::letter), Ok('M'));
        for text in ["", "m", "MM", "1", "É"] {
            assert!(RegionKind::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_bound_is_not_mistaken_for_a_figure() {
        let bound = Median::AtLeast(239_200);
        assert!(bound.is_lower_bound() && !Median::Dollars(239_200).is_lower_bound());
        assert_eq!(bound.dollars(), 239_200);
    }
}
