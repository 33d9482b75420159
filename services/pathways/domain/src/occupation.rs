//! An occupation and what it asks of whoever works in it.

use crate::code::{ElementId, OccupationCode};
use crate::rating::Rating;
use crate::refusal::ReferenceRefusal;
use crate::text::short;

/// A kind of work as O*NET describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupation {
    code: OccupationCode,
    title: String,
    job_zone: Option<u8>,
    ratings: Vec<Rating>,
}

impl Occupation {
    /// An occupation; ratings are put in the order of their elements. No ratings is right for the
    /// many codes that O*NET names but has not surveyed.
    ///
    /// # Errors
    /// A title or job zone out of bounds; an element rated twice.
    pub fn new(
        code: OccupationCode,
        title: String,
        job_zone: Option<u8>,
        mut ratings: Vec<Rating>,
    ) -> Result<Self, ReferenceRefusal> {
        if job_zone.is_some_and(|zone| !(1..=5).contains(&zone)) {
            let bounds = "1 to 5, or 0 if not published";
            return Err(ReferenceRefusal::OutOfBounds { field: "job_zone", bounds });
        }
        ratings.sort_by_key(|rating| rating.element);
        if ratings.windows(2).any(|pair| pair[0].element == pair[1].element) {
            return Err(ReferenceRefusal::Repeated { field: "element_id" });
        }
        Ok(Self { code, title: short("title", title)?, job_zone, ratings })
    }

    /// Its O*NET-SOC code.
    pub const fn code(&self) -> OccupationCode {
        self.code
    }

    /// Its title for people.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How much preparation it needs, 1 to 5; `None` if not published.
    pub const fn job_zone(&self) -> Option<u8> {
        self.job_zone
    }

    /// By element, each element once.
    pub fn ratings(&self) -> &[Rating] {
        &self.ratings
    }

    /// What it asks of one element, if that was rated.
    pub fn rating(&self, element: ElementId) -> Option<&Rating> {
        let place = self.ratings.binary_search_by_key(&element, |rating| rating.element).ok()?;
        self.ratings.get(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rating(element: &str) -> Rating {
        Rating { element: element.parse().expect("an element"), importance: None, level: None }
    }

    fn occupation(zone: Option<u8>, elements: &[&str]) -> Result<Occupation, ReferenceRefusal> {
        let code = "15-1252.00".parse().expect("a code");
        Occupation::new(
            code,
            "Developers".into(),
            zone,
            elements.iter().map(|e| rating(e)).collect(),
        )
    }

    #[test]
    fn ratings_are_sorted_and_found() {
        let made = occupation(Some(4), &["2.B.1.a", "2.A.1.a"]).expect("valid");
        assert!(made.ratings().is_sorted_by_key(|rating| rating.element));
        let element = "2.B.1.a".parse().expect("an element");
        assert_eq!(made.rating(element).map(|rating| rating.element), Some(element));
        assert_eq!(made.rating("2.C.1.a".parse().expect("an element")), None);
    }

    #[test]
    fn an_element_twice_and_a_zone_off_the_scale_are_refused() {
        let twice = occupation(None, &["2.A.1.a", "2.A.1.a"]).expect_err("twice");
        assert_eq!(twice, ReferenceRefusal::Repeated { field: "element_id" });
        for zone in [0, 6] {
            assert_eq!(occupation(Some(zone), &[]).expect_err("zone").field(), "job_zone");
        }
    }
}
