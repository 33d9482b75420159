//! O*NET's two scales for an element in an occupation, and how they are normalised.
//!
//! s = (x - L) / (H - L) with L = 1, H = 5 for importance and L = 0, H = 7 for level.

use crate::code::ElementId;
use crate::refusal::ReferenceRefusal;

/// Importance of an element to an occupation: 1 to 5, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Importance(u16);

impl Importance {
    /// Bottom of the scale, in hundredths: not important.
    pub const LOWEST: u16 = 100;
    /// Top of the scale, in hundredths.
    pub const HIGHEST: u16 = 500;

    /// From hundredths.
    ///
    /// # Errors
    /// Out of bounds unless 100 to 500.
    pub fn from_centi(centi: i64) -> Result<Self, ReferenceRefusal> {
        bounded(centi, Self::LOWEST, Self::HIGHEST).map(Self).ok_or(ReferenceRefusal::OutOfBounds {
            field: "importance_centi",
            bounds: "100 to 500 (importance 1 to 5 in hundredths)",
        })
    }

    /// In hundredths, 100 to 500.
    pub const fn centi(self) -> u16 {
        self.0
    }

    /// The normalised importance as a weight from 0 to 400; the common divisor 400 cancels in sums.
    pub const fn weight(self) -> u64 {
        (self.0 - Self::LOWEST) as u64
    }

    /// The normalised importance in thousandths, rounded down.
    pub const fn weight_milli(self) -> u16 {
        (self.weight() * 1_000 / (Self::HIGHEST - Self::LOWEST) as u64) as u16
    }
}

/// Level of an element that an occupation requires: 0 to 7, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequiredLevel(u16);

impl RequiredLevel {
    /// Top of the scale, in hundredths; the bottom is 0.
    pub const HIGHEST: u16 = 700;
    /// What an element that O*NET marks "not relevant" requires.
    pub const NOT_RELEVANT: Self = Self(0);

    /// From hundredths.
    ///
    /// # Errors
    /// Out of bounds unless 0 to 700.
    pub fn from_centi(centi: i64) -> Result<Self, ReferenceRefusal> {
        bounded(centi, 0, Self::HIGHEST).map(Self).ok_or(ReferenceRefusal::OutOfBounds {
            field: "level_centi",
            bounds: "0 to 700 (level 0 to 7 in hundredths)",
        })
    }

    /// In hundredths, 0 to 700.
    pub const fn centi(self) -> u16 {
        self.0
    }
}

fn bounded(centi: i64, low: u16, high: u16) -> Option<u16> {
    u16::try_from(centi).ok().filter(|value| (low..=high).contains(value))
}

/// What an occupation asks of one element. A missing figure is unknown: it is never read as zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rating {
    /// The element.
    pub element: ElementId,
    /// How important it is; `None` if not published, or published as too imprecise to use.
    pub importance: Option<Importance>,
    /// The level it needs; `None` if the element has no level scale or the figure is not usable.
    pub level: Option<RequiredLevel>,
}

impl Rating {
    /// How much the element weighs in the whole requirement; `None` if it takes no part in it.
    ///
    /// It takes no part without an importance, where nothing is required (level 0), and where
    /// there is no level scale. A level that exists but is not usable takes part: it is required
    /// and unknown.
    pub fn weight(&self) -> Option<u64> {
        let takes_part =
            self.element.has_level_scale() && self.level != Some(RequiredLevel::NOT_RELEVANT);
        self.importance.filter(|_| takes_part).map(Importance::weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rating(element: &str, importance: Option<i64>, level: Option<i64>) -> Rating {
        Rating {
            element: element.parse().expect("an element"),
            importance: importance.map(|centi| Importance::from_centi(centi).expect("in bounds")),
            level: level.map(|centi| RequiredLevel::from_centi(centi).expect("in bounds")),
        }
    }

    #[test]
    fn importance_is_normalised_between_its_ends() {
        let milli = |centi| Importance::from_centi(centi).expect("in bounds").weight_milli();
        assert_eq!([milli(100), milli(300), milli(412), milli(500)], [0, 500, 780, 1_000]);
    }

    #[test]
    fn figures_off_their_scale_are_refused() {
        for centi in [99, 501, -1, 70_000] {
            assert!(Importance::from_centi(centi).is_err(), "{centi}");
        }
        for centi in [-1, 701, i64::MAX] {
            assert!(RequiredLevel::from_centi(centi).is_err(), "{centi}");
        }
    }

    #[test]
    fn what_is_not_required_weighs_nothing_but_what_is_unknown_does() {
        assert_eq!(rating("2.A.1.a", Some(300), Some(450)).weight(), Some(200));
        assert_eq!(rating("2.A.1.a", Some(300), Some(0)).weight(), None, "not relevant");
        assert_eq!(rating("2.A.1.a", Some(300), None).weight(), Some(200), "suppressed level");
        assert_eq!(rating("2.A.1.a", None, Some(450)).weight(), None, "suppressed importance");
        assert_eq!(rating("1.C.5.a", Some(450), None).weight(), None, "no level scale");
    }
}
