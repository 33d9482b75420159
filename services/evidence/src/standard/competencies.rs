//! Which competency a code means.

use std::collections::{BTreeMap, BTreeSet};

use northstar_kernel::CompetencyId;

/// The competencies that a file's codes may name, as the registry publishes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Competencies {
    by_code: BTreeMap<String, CompetencyId>,
    by_last_segment: BTreeMap<String, BTreeSet<CompetencyId>>,
}

impl Competencies {
    /// The competency with this human coding scheme: `NS.RES.1`.
    pub fn by_code(&self, code: &str) -> Option<CompetencyId> {
        self.by_code.get(code).copied()
    }

    /// The competency whose code ends in this segment, `RES` for `NS.RES`, if there is only one:
    /// with two, nobody could say which was meant.
    pub fn by_last_segment(&self, segment: &str) -> Option<CompetencyId> {
        let named = self.by_last_segment.get(segment)?;
        named.first().copied().filter(|_| named.len() == 1)
    }
}

/// From pairs of code and competency; competencies without a code are left out.
impl FromIterator<(String, CompetencyId)> for Competencies {
    fn from_iter<I: IntoIterator<Item = (String, CompetencyId)>>(pairs: I) -> Self {
        let mut all = Self::default();
        for (code, competency) in pairs.into_iter().filter(|(code, _)| !code.is_empty()) {
            let last = code.rsplit('.').next().unwrap_or_default().to_owned();
            all.by_last_segment.entry(last).or_default().insert(competency);
            all.by_code.insert(code, competency);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;

    fn competency(key: &str) -> CompetencyId {
        CompetencyId::derive(TenantId::COMMONS, key)
    }

    fn all(codes: &[&str]) -> Competencies {
        codes.iter().map(|code| ((*code).to_owned(), competency(code))).collect()
    }

    #[test]
    fn codes_and_last_segments_name_competencies() {
        let all = all(&["NS.RES", "NS.RES.1", ""]);
        assert_eq!(all.by_code("NS.RES.1"), Some(competency("NS.RES.1")));
        assert_eq!(all.by_last_segment("RES"), Some(competency("NS.RES")));
        assert_eq!((all.by_code(""), all.by_code("ns.res")), (None, None));
    }

    #[test]
    fn an_ambiguous_segment_names_nothing() {
        assert_eq!(all(&["NS.RES.1", "NS.ADP.1"]).by_last_segment("1"), None);
    }
}
