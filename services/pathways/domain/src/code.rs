//! The codes by which official tables name things, checked once and small enough to copy.

use std::fmt;
use std::str::FromStr;

use crate::refusal::ReferenceRefusal;

/// Whether `text` has the shape of `pattern`: `0` stands for a digit, anything else for itself.
fn fits(text: &str, pattern: &[u8]) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            other => byte == *other,
        })
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $length:literal, $field:literal, $pattern:literal, $example:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $length]);

        impl $name {
            /// The code as the tables write it.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or_default() // ASCII since it was parsed
            }
        }

        impl FromStr for $name {
            type Err = ReferenceRefusal;

            fn from_str(text: &str) -> Result<Self, ReferenceRefusal> {
                let refused = ReferenceRefusal::InvalidCode { field: $field, example: $example };
                if !fits(text, $pattern) {
                    return Err(refused);
                }
                text.as_bytes().try_into().map(Self).map_err(|_| refused)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}

codes! {
    /// An O*NET-SOC occupation, eight digits: `15-1252.00`.
    OccupationCode = 10, "code", b"00-0000.00", "15-1252.00";
    /// A SOC occupation, six digits: `15-1252`. Wages are published for these.
    SocCode = 7, "soc_code", b"00-0000", "15-1252";
    /// An area of the wage survey, seven digits: `0800000` is Colorado.
    RegionCode = 7, "region_code", b"0000000", "0800000";
}

impl OccupationCode {
    /// The six-digit code that wages are published for; many occupations share one.
    pub fn soc(self) -> SocCode {
        let mut code = [0; 7];
        code.copy_from_slice(&self.0[..7]);
        SocCode(code)
    }
}

impl SocCode {
    /// The broad occupation it belongs to: the same code ending in 0.
    ///
    /// Where the wage survey cannot tell detailed occupations apart it publishes their broad one.
    #[must_use]
    pub fn broad(self) -> Self {
        let mut code = self.0;
        code[6] = b'0';
        Self(code)
    }
}

/// An element of O*NET's content model: `2.A.1.a` is Reading Comprehension.
///
/// At most [`ElementId::MAX_BYTES`] bytes: letters and digits in groups joined by dots.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId([u8; Self::MAX_BYTES]);

impl ElementId {
    /// Longest id, in bytes; O*NET's own have 13 at most.
    pub const MAX_BYTES: usize = 16;

    /// The id as the tables write it.
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(Self::MAX_BYTES);
        std::str::from_utf8(&self.0[..end]).unwrap_or_default() // ASCII since it was parsed
    }

    /// Whether O*NET rates the element on the level scale, besides importance.
    ///
    /// Work styles (branch 1.C) are rated on importance alone: nothing says how *much*
    /// dependability a job asks for, so there is no level that a learner could be held against.
    pub fn has_level_scale(&self) -> bool {
        !self.0.starts_with(b"1.C.")
    }
}

impl FromStr for ElementId {
    type Err = ReferenceRefusal;

    fn from_str(text: &str) -> Result<Self, ReferenceRefusal> {
        let groups_hold = text
            .split('.')
            .all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_alphanumeric()));
        if !groups_hold || !text.contains('.') || text.len() > Self::MAX_BYTES {
            return Err(ReferenceRefusal::InvalidCode { field: "element_id", example: "2.A.1.a" });
        }
        let mut id = [0; Self::MAX_BYTES];
        id[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self(id))
    }
}

impl fmt::Display for ElementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ElementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_occupation_names_its_soc_and_its_broad_group() {
        let code: OccupationCode = "31-1122.03".parse().expect("a code");
        assert_eq!(code.soc().as_str(), "31-1122");
        assert_eq!(code.soc().broad().as_str(), "31-1120");
    }

    #[test]
    fn malformed_codes_are_refused_with_an_example() {
        for text in ["", "15-1252", "15-1252.0", "15–1252.00", "aa-bbbb.cc", "15-1252.000"] {
            let refusal = text.parse::<OccupationCode>().expect_err(text);
            assert!(refusal.to_string().contains("15-1252.00"), "{refusal}");
        }
        for text in ["", "2", "2.", ".a", "2..a", "2.A 1", "2.A.1.a.b.c.d.e.f.g", "2.Ä"] {
            assert!(text.parse::<ElementId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn element_ids_round_trip_and_sort_as_text() {
        let ids = ["1.C.5.a", "2.A.1.a", "2.B.5.a", "2.C.1.a", "4.A.1.a.1.I01"];
        let parsed: Vec<ElementId> = ids.iter().map(|id| id.parse().expect("an id")).collect();
        assert!(parsed.is_sorted());
        assert_eq!(parsed.iter().map(ElementId::as_str).collect::<Vec<_>>(), ids);
    }

    #[test]
    fn only_work_styles_lack_the_level_scale() {
        let has = |id: &str| id.parse::<ElementId>().expect("an id").has_level_scale();
        assert!(has("2.A.1.a") && has("2.C.10") && has("1.A.1.a.1"));
        assert!(!has("1.C.5.a"));
    }
}
