//! What mastery needs to know of a competency: key = competency id.

use std::sync::Arc;

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{CompetencyId, FrameworkId, Timestamp};
use northstar_mastery_domain::{Finding, Held, Scale};
use prost::Message;

use crate::codec::read_uuid;

/// A competency as it was last published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Competency {
    /// The framework whose policy applies.
    pub(crate) framework: FrameworkId,
    /// The framework's code for it; may be empty.
    pub(crate) code: String,
    /// The rungs a value is read against.
    pub(crate) scale: Arc<Scale>,
    /// Whether it is no longer part of its framework. What learners hold in it stands, but it does
    /// not count in a roll-up.
    pub(crate) retired: bool,
    /// When it was published so. Not state, nor is what follows.
    pub(crate) recorded_at: Timestamp,
    /// How it was published before, oldest first.
    pub(crate) former: Vec<Self>,
}

impl Competency {
    /// Whether judgements are read by the same scale and policy as in `other`.
    pub(crate) fn reads_as(&self, other: &Self) -> bool {
        self.framework == other.framework && self.scale == other.scale
    }

    /// Whether it says the same as `other`, whenever either was recorded.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        self.reads_as(other) && self.code == other.code && self.retired == other.retired
    }

    /// What people call it: its code or, if it has none, its id.
    pub(crate) fn name(&self, id: CompetencyId) -> String {
        if self.code.is_empty() { id.to_string() } else { self.code.clone() }
    }

    /// What is shown in it, on its scale; at no level where there is no number.
    pub(crate) fn held(&self, finding: Finding) -> Held {
        finding.on(&self.scale)
    }

    /// This, as it was published after `before`.
    pub(crate) fn after(mut self, before: &Self) -> Self {
        self.former.clone_from(&before.former);
        self.former.push(Self { former: Vec::new(), ..before.clone() });
        self
    }

    /// As it was last published until and at `known`; `None` if it was not yet.
    pub(crate) fn known(&self, known: Timestamp) -> Option<&Self> {
        let mut versions = std::iter::once(self).chain(self.former.iter().rev());
        versions.find(|version| version.recorded_at <= known)
    }

    fn stored(&self) -> Stored {
        Stored {
            framework: self.framework.as_bytes().to_vec(),
            code: self.code.clone(),
            scale_milli: self.scale.scores_milli().to_vec(),
            retired: self.retired,
        }
    }

    fn read(stored: Stored, recorded_micros: i64) -> Result<Self, Malformed> {
        Ok(Self {
            framework: FrameworkId::from_uuid(read_uuid(Self::NOUN, &stored.framework)?),
            code: stored.code,
            scale: Scale::new(stored.scale_milli).into(),
            retired: stored.retired,
            recorded_at: Timestamp::from_micros(recorded_micros),
            former: Vec::new(),
        })
    }
}

#[derive(Clone, PartialEq, Message)]
struct Stored {
    #[prost(bytes = "vec", tag = "1")]
    framework: Vec<u8>,
    #[prost(string, tag = "2")]
    code: String,
    #[prost(sint64, repeated, tag = "3")]
    scale_milli: Vec<i64>,
    #[prost(bool, tag = "4")]
    retired: bool,
}

/// When it was published so, and how before.
#[derive(Clone, PartialEq, Message)]
struct Extra {
    #[prost(sint64, tag = "1")]
    recorded_micros: i64,
    #[prost(message, repeated, tag = "2")]
    former: Vec<Former>,
}

#[derive(Clone, PartialEq, Message)]
struct Former {
    #[prost(message, optional, tag = "1")]
    published: Option<Stored>,
    #[prost(sint64, tag = "2")]
    recorded_micros: i64,
}

impl Shape for Competency {
    const NOUN: &'static str = "competency";

    fn encode(&self) -> Document {
        let former = |former: &Self| Former {
            published: Some(former.stored()),
            recorded_micros: former.recorded_at.micros(),
        };
        let extra = Extra {
            recorded_micros: self.recorded_at.micros(),
            former: self.former.iter().map(former).collect(),
        };
        Document { state: self.stored().encode_to_vec(), extra: extra.encode_to_vec() }
    }

    /// One that was kept before its time was counts as published in 1970; a rebuild puts that right.
    fn decode(document: &Document) -> Result<Self, Malformed> {
        let broken = |why| Malformed::new(Self::NOUN, why);
        let extra = Extra::decode(&document.extra[..]).map_err(broken)?;
        let former = |former: Former| {
            Self::read(former.published.unwrap_or_default(), former.recorded_micros)
        };
        let stored = Stored::decode(&document.state[..]).map_err(broken)?;
        let former = extra.former.into_iter().map(former).collect::<Result<_, _>>()?;
        Ok(Self { former, ..Self::read(stored, extra.recorded_micros)? })
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;

    fn published(scale: impl IntoIterator<Item = i64>, recorded_at: i64) -> Competency {
        Competency {
            framework: FrameworkId::derive(TenantId::from_slug("a"), "f"),
            code: "NS.INT.1".to_owned(),
            scale: Scale::new(scale).into(),
            retired: false,
            recorded_at: Timestamp::from_micros(recorded_at),
            former: Vec::new(),
        }
    }

    #[test]
    fn reads_what_it_wrote() {
        let first = published([1_000, 2_000], 5);
        let second = published([1_000], 7).after(&first);
        let second = Competency { retired: true, ..second };
        assert_eq!(Competency::decode(&second.encode()), Ok(second));
    }

    #[test]
    fn when_and_how_it_was_published_before_is_not_state() {
        let again = published([1_000], 9).after(&published([2_000], 8));
        assert_eq!(published([1_000], 5).encode().state, again.encode().state);
    }

    #[test]
    fn it_is_known_as_it_was_published_by_then() {
        let [first, second] = [published([1_000], 5), published([1_000, 2_000], 7)];
        let third = published([], 9).after(&second.after(&first));
        let rungs = [4, 5, 6, 7, 8, 9].map(|at| {
            let known = third.known(Timestamp::from_micros(at));
            known.map(|known| known.scale.rungs())
        });
        assert_eq!(rungs, [None, Some(1), Some(1), Some(2), Some(2), Some(0)]);
    }

    #[test]
    fn bytes_that_make_no_sense_are_malformed() {
        let broken = Document { state: vec![0x0a, 3, 1, 2, 3], extra: Vec::new() };
        assert!(Competency::decode(&broken).is_err());
    }
}
