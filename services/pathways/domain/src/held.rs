//! Where a learner stands on O*NET's level scale, through the crosswalk.
//!
//! l_e = Σ w_ce · q(level_c) / Σ w_ce over the links of the element whose competency has a known
//! level. An element that no such link reaches is unknown: it is absent, never zero.

use std::collections::BTreeMap;

use northstar_kernel::CompetencyId;

use crate::code::ElementId;
use crate::crosswalk::Link;

/// A level that a learner holds in a competency: a rung of a four-rung scale, or 0 for observed
/// and below the first rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MasteredLevel(u8);

impl MasteredLevel {
    /// The rung; `None` above 4, since nothing says where such a rung lies on O*NET's scale.
    pub const fn from_rung(rung: u32) -> Option<Self> {
        if rung <= 4 { Some(Self(rung as u8)) } else { None }
    }

    /// The rung, 0 to 4.
    pub const fn rung(self) -> u8 {
        self.0
    }

    /// q: the rung's place on O*NET's level scale (0 to 7), in hundredths.
    ///
    /// A starting point read off O*NET's published level anchors (2, 4 and 6 of 7), to be replaced
    /// by cut scores that employers set.
    const fn onet_centi(self) -> u64 {
        match self.0 {
            0 => 0,
            1 => 100,
            2 => 250,
            3 => 400,
            _ => 550,
        }
    }
}

/// A level on O*NET's scale, kept as the exact fraction that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldLevel {
    /// Σ w_ce · q(level_c), in thousandths times hundredths.
    sum: u64,
    /// Σ w_ce, in thousandths; never 0.
    weight: u64,
}

impl HeldLevel {
    /// What [`HeldLevel::met_ppb`] counts in.
    pub const WHOLE_PPB: u64 = 1_000_000_000;

    /// In hundredths, rounded to the nearest, halves up: for people. Sums use the exact fraction.
    pub const fn centi(self) -> u32 {
        ((2 * self.sum + self.weight) / (2 * self.weight)) as u32
    }

    /// min(1, l / r): how much of a required level is met, in billionths, rounded down.
    ///
    /// `required_centi` is above 0. A surplus counts as exactly met: it cannot pay for another
    /// element's deficit.
    pub fn met_ppb(self, required_centi: u16) -> u64 {
        let needed = u128::from(required_centi) * u128::from(self.weight);
        let held = u128::from(self.sum);
        if held >= needed {
            return Self::WHOLE_PPB;
        }
        (held * u128::from(Self::WHOLE_PPB) / needed) as u64 // below one whole
    }
}

/// A learner's levels on O*NET's scale, by element. What is not in it is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holdings(BTreeMap<ElementId, HeldLevel>);

impl Holdings {
    /// Carries known levels over `links`; competencies without a known level say nothing.
    pub fn through<'a>(
        links: impl IntoIterator<Item = &'a Link>,
        levels: &BTreeMap<CompetencyId, MasteredLevel>,
    ) -> Self {
        let mut held = BTreeMap::new();
        for link in links {
            let Some(level) = levels.get(&link.competency()) else { continue };
            let weight = u64::from(link.weight_milli());
            let entry = held.entry(link.element()).or_insert(HeldLevel { sum: 0, weight: 0 });
            entry.sum += weight * level.onet_centi();
            entry.weight += weight; // a link weighs at least 1, so this is above 0 from here on
        }
        Self(held)
    }

    /// The level held in an element; `None` is unknown.
    pub fn level(&self, element: ElementId) -> Option<HeldLevel> {
        self.0.get(&element).copied()
    }

    /// Whether nothing at all is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;

    fn competency(key: &str) -> CompetencyId {
        CompetencyId::derive(TenantId::COMMONS, key)
    }

    fn link(key: &str, element: &str, weight: i64) -> Link {
        let element = element.parse().expect("an element");
        Link::new(competency(key), element, "An element".into(), weight).expect("valid")
    }

    fn holdings(links: &[Link], levels: &[(&str, u32)]) -> Holdings {
        let level = |rung| MasteredLevel::from_rung(rung).expect("a rung");
        let levels = levels.iter().map(|(key, rung)| (competency(key), level(*rung))).collect();
        Holdings::through(links, &levels)
    }

    fn centi(holdings: &Holdings, element: &str) -> Option<u32> {
        holdings.level(element.parse().expect("an element")).map(HeldLevel::centi)
    }

    #[test]
    fn rungs_lie_where_the_table_says() {
        let link = [link("a", "2.A.1.a", 1_000)];
        let held = [0, 1, 2, 3, 4].map(|rung| centi(&holdings(&link, &[("a", rung)]), "2.A.1.a"));
        assert_eq!(held, [Some(0), Some(100), Some(250), Some(400), Some(550)]);
        assert_eq!(MasteredLevel::from_rung(5), None);
    }

    #[test]
    fn two_competencies_are_averaged_by_weight() {
        let links = [link("a", "2.A.1.a", 1_000), link("b", "2.A.1.a", 600)];
        let both = holdings(&links, &[("a", 4), ("b", 1)]);
        // (1.0 · 5.5 + 0.6 · 1.0) / 1.6 = 6.1 / 1.6 = 3.8125
        assert_eq!(centi(&both, "2.A.1.a"), Some(381));
    }

    #[test]
    fn an_unknown_competency_is_left_out_of_the_mean_and_not_taken_for_zero() {
        let links = [link("a", "2.A.1.a", 1_000), link("b", "2.A.1.a", 600)];
        let one = holdings(&links, &[("a", 4)]);
        assert_eq!(centi(&one, "2.A.1.a"), Some(550));
        assert_eq!(centi(&one, "2.B.1.a"), None, "no link");
        assert!(holdings(&links, &[]).is_empty(), "no level");
    }

    #[test]
    fn what_is_met_is_capped_at_the_whole() {
        let links = [link("a", "2.A.1.a", 400)];
        let held = holdings(&links, &[("a", 2)]); // 2.50
        let level = held.level("2.A.1.a".parse().expect("an element")).expect("known");
        assert_eq!(level.met_ppb(500), 500_000_000);
        assert_eq!(level.met_ppb(250), HeldLevel::WHOLE_PPB);
        assert_eq!(level.met_ppb(10), HeldLevel::WHOLE_PPB, "a surplus is not more than met");
        assert_eq!(level.met_ppb(300), 833_333_333, "rounded down");
    }
}
