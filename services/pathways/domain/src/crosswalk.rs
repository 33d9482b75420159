//! The links by which a framework's competencies speak for O*NET's elements.

use northstar_kernel::CompetencyId;

use crate::code::ElementId;
use crate::refusal::ReferenceRefusal;
use crate::text::short;

/// One competency speaks for one element, so strongly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    competency: CompetencyId,
    element: ElementId,
    element_name: String,
    weight_milli: u16,
}

impl Link {
    /// Strongest link, in thousandths.
    pub const STRONGEST_MILLI: u16 = 1_000;

    /// A link with its weight in thousandths.
    ///
    /// # Errors
    /// A name out of bounds; a weight that is not 1 to 1000.
    pub fn new(
        competency: CompetencyId,
        element: ElementId,
        element_name: String,
        weight_milli: i64,
    ) -> Result<Self, ReferenceRefusal> {
        let weight_milli = u16::try_from(weight_milli)
            .ok()
            .filter(|weight| (1..=Self::STRONGEST_MILLI).contains(weight))
            .ok_or(ReferenceRefusal::OutOfBounds {
                field: "weight_milli",
                bounds: "1 to 1000 (thousandths)",
            })?;
        let element_name = short("element_name", element_name)?;
        Ok(Self { competency, element, element_name, weight_milli })
    }

    /// The competency.
    pub const fn competency(&self) -> CompetencyId {
        self.competency
    }

    /// The element it speaks for.
    pub const fn element(&self) -> ElementId {
        self.element
    }

    /// The element's name for people.
    pub fn element_name(&self) -> &str {
        &self.element_name
    }

    /// How strongly, 1 to 1000.
    pub const fn weight_milli(&self) -> u16 {
        self.weight_milli
    }
}

/// All links between one framework and O*NET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crosswalk {
    key: String,
    links: Vec<Link>,
}

impl Crosswalk {
    /// A crosswalk; links are put in the order of competency, then element.
    ///
    /// # Errors
    /// A key other than lower-case letters, digits and hyphens; no links; a link given twice.
    pub fn new(key: String, mut links: Vec<Link>) -> Result<Self, ReferenceRefusal> {
        let spelled =
            key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if key.is_empty() || key.len() > 64 || !spelled {
            let bounds = "1 to 64 lower-case letters, digits and hyphens";
            return Err(ReferenceRefusal::OutOfBounds { field: "key", bounds });
        }
        if links.is_empty() {
            return Err(ReferenceRefusal::Empty { field: "links" });
        }
        links.sort_by_key(|link| (link.competency, link.element));
        let same = |pair: &[Link]| {
            (pair[0].competency, pair[0].element) == (pair[1].competency, pair[1].element)
        };
        if links.windows(2).any(same) {
            return Err(ReferenceRefusal::Repeated { field: "element_id" });
        }
        Ok(Self { key, links })
    }

    /// Its permanent key: `northstar-onet`.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// By competency, then element; each pair once.
    pub fn links(&self) -> &[Link] {
        &self.links
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;

    fn link(competency: &str, element: &str, weight: i64) -> Result<Link, ReferenceRefusal> {
        let competency = CompetencyId::derive(TenantId::COMMONS, competency);
        Link::new(competency, element.parse()?, "An element".into(), weight)
    }

    #[test]
    fn a_link_twice_is_refused_but_one_element_may_have_two_competencies() {
        let links = |list: [(&str, &str); 2]| {
            list.iter().map(|(c, e)| link(c, e, 500).expect("valid")).collect::<Vec<_>>()
        };
        let shared = links([("a", "2.A.1.a"), ("b", "2.A.1.a")]);
        assert!(Crosswalk::new("x".into(), shared).is_ok());
        let twice = links([("a", "2.A.1.a"), ("a", "2.A.1.a")]);
        let refusal = Crosswalk::new("x".into(), twice).expect_err("twice");
        assert_eq!(refusal, ReferenceRefusal::Repeated { field: "element_id" });
    }

    #[test]
    fn weights_and_keys_out_of_bounds_are_refused() {
        for weight in [0, -1, 1_001] {
            assert_eq!(link("a", "2.A.1.a", weight).expect_err("weight").field(), "weight_milli");
        }
        for key in ["", "North Star", "é"] {
            let one = vec![link("a", "2.A.1.a", 1).expect("valid")];
            assert_eq!(Crosswalk::new(key.into(), one).expect_err("key").field(), "key");
        }
    }
}
