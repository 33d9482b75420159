//! What the rules of a framework make of a learner: key = learner id, framework id.

use std::collections::BTreeMap;

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{CompetencyId, Digest, FrameworkId, LearnerId, OverrideId};
use northstar_mastery_domain::{Finding, Held, Input, Standing};
use prost::Message;

use super::Rollup;
use super::level::{standing_code, standing_of};
use crate::codec::read_uuid;

/// What was read of each competency that the rules name, and what they said. Nothing is kept of what
/// was not observed; a document with nothing is removed.
///
/// Not state: it follows from the levels and the rules, and saves reading them all for one judgement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct RolledUp {
    /// By which rules, and by what of the competencies, it was worked out: [`Rollup::revision`].
    pub(crate) revision: Option<Digest>,
    /// What is known of the competencies before any rule.
    pub(crate) inputs: BTreeMap<CompetencyId, Input>,
    /// What a rule says where it says something, override or not, and the rule's hash.
    pub(crate) held: BTreeMap<CompetencyId, (Held, Digest)>,
}

impl RolledUp {
    /// The key of a learner's in a framework.
    pub(crate) fn key(learner: LearnerId, framework: FrameworkId) -> [u8; 32] {
        let mut key = [0; 32];
        key[..16].copy_from_slice(learner.as_bytes());
        key[16..].copy_from_slice(framework.as_bytes());
        key
    }

    /// What the rules make of what is known.
    pub(crate) fn new(rollup: &Rollup, inputs: BTreeMap<CompetencyId, Input>) -> Self {
        let input = |id| inputs.get(&id).copied().unwrap_or_default();
        let findings = rollup.rollups().evaluate(input);
        let said = rollup.ruled().filter_map(|(id, hash)| {
            let held = rollup.held(id, findings.get(id)?.by_rule);
            (held != Held::default()).then_some((id, (held, hash)))
        });
        let held = said.collect();
        Self { revision: rollup.revision(), held, inputs }
    }

    /// Where a rule says something else than before, and where no rule says anything any more; parts
    /// first. If `before` was worked out by other rules, what all rules say.
    pub(crate) fn news(
        &self,
        before: &Self,
        by_same_rules: bool,
        rollup: &Rollup,
    ) -> Vec<(CompetencyId, Option<(Held, Digest)>)> {
        let said = rollup.ruled().map(|(id, hash)| {
            (id, Some(self.held.get(&id).copied().unwrap_or((Held::default(), hash))))
        });
        let no_more = before.held.keys().filter(|id| rollup.rule(**id).is_none());
        let same = |id: &CompetencyId| by_same_rules && self.held.get(id) == before.held.get(id);
        said.chain(no_more.map(|id| (*id, None))).filter(|(id, _)| !same(id)).collect()
    }
}

#[derive(Clone, PartialEq, Message)]
struct Stored {
    #[prost(message, repeated, tag = "1")]
    inputs: Vec<StoredInput>,
    #[prost(message, repeated, tag = "2")]
    held: Vec<StoredHeld>,
    /// 32 bytes.
    #[prost(bytes = "vec", tag = "3")]
    revision: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct StoredHeld {
    #[prost(bytes = "vec", tag = "1")]
    competency: Vec<u8>,
    #[prost(uint32, tag = "2")]
    standing: u32,
    #[prost(sint64, tag = "3")]
    value_milli: i64,
    #[prost(uint32, tag = "4")]
    level: u32,
    #[prost(bool, tag = "5")]
    provisional: bool,
    /// 32 bytes.
    #[prost(bytes = "vec", tag = "6")]
    rule: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct StoredInput {
    #[prost(bytes = "vec", tag = "1")]
    competency: Vec<u8>,
    #[prost(message, optional, tag = "2")]
    own: Option<StoredFinding>,
    #[prost(message, optional, tag = "3")]
    overriding: Option<StoredFinding>,
    /// Empty if no override holds.
    #[prost(bytes = "vec", tag = "4")]
    by_override: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct StoredFinding {
    #[prost(uint32, tag = "1")]
    standing: u32,
    #[prost(sint64, optional, tag = "2")]
    value_milli: Option<i64>,
    #[prost(bool, tag = "3")]
    provisional: bool,
}

impl Shape for RolledUp {
    const NOUN: &'static str = "rolled_up";

    fn encode(&self) -> Document {
        let stored = Stored {
            inputs: self.inputs.iter().map(StoredInput::of).collect(),
            held: self.held.iter().map(StoredHeld::of).collect(),
            revision: self.revision.map(|revision| revision.0.to_vec()).unwrap_or_default(),
        };
        Document { state: Vec::new(), extra: stored.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let broken = |why| Malformed::new(Self::NOUN, why);
        let stored = Stored::decode(&document.extra[..]).map_err(broken)?;
        let revision =
            if stored.revision.is_empty() { None } else { Some(digest(&stored.revision)?) };
        Ok(Self {
            revision,
            held: stored.held.iter().map(StoredHeld::read).collect::<Result<_, _>>()?,
            inputs: stored.inputs.iter().map(StoredInput::read).collect::<Result<_, _>>()?,
        })
    }

    fn weight(&self) -> usize {
        256 + 128 * (self.held.len() + self.inputs.len())
    }
}

fn competency(bytes: &[u8]) -> Result<CompetencyId, Malformed> {
    read_uuid(RolledUp::NOUN, bytes).map(CompetencyId::from_uuid)
}

fn digest(bytes: &[u8]) -> Result<Digest, Malformed> {
    let bytes = bytes.try_into();
    bytes.map(Digest).map_err(|_| Malformed::new(RolledUp::NOUN, "the hash is not 32 bytes"))
}

fn standing(code: u32) -> Result<Standing, Malformed> {
    standing_of(code).ok_or_else(|| Malformed::new(RolledUp::NOUN, "unknown standing"))
}

impl StoredHeld {
    fn of((competency, (held, rule)): (&CompetencyId, &(Held, Digest))) -> Self {
        let Held { standing, value_milli, level, provisional } = *held;
        Self {
            competency: competency.as_bytes().to_vec(),
            standing: standing_code(standing),
            value_milli,
            level,
            provisional,
            rule: rule.0.to_vec(),
        }
    }

    fn read(&self) -> Result<(CompetencyId, (Held, Digest)), Malformed> {
        let Self { value_milli, level, provisional, .. } = *self;
        let held = Held { standing: standing(self.standing)?, value_milli, level, provisional };
        Ok((competency(&self.competency)?, (held, digest(&self.rule)?)))
    }
}

impl StoredInput {
    fn of((competency, input): (&CompetencyId, &Input)) -> Self {
        let by_override = input.overriding.map(|(id, _)| id.as_bytes().to_vec());
        Self {
            competency: competency.as_bytes().to_vec(),
            own: Some(StoredFinding::of(&input.own)),
            overriding: input.overriding.map(|(_, says)| StoredFinding::of(&says)),
            by_override: by_override.unwrap_or_default(),
        }
    }

    fn read(&self) -> Result<(CompetencyId, Input), Malformed> {
        let own = self.own.as_ref().map(StoredFinding::read).transpose()?.unwrap_or_default();
        let overriding = match &self.overriding {
            None => None,
            Some(says) => {
                let id = read_uuid(RolledUp::NOUN, &self.by_override)?;
                Some((OverrideId::from_uuid(id), says.read()?))
            }
        };
        Ok((competency(&self.competency)?, Input { own, overriding }))
    }
}

impl StoredFinding {
    fn of(finding: &Finding) -> Self {
        let Finding { standing, value_milli, provisional } = *finding;
        Self { standing: standing_code(standing), value_milli, provisional }
    }

    fn read(&self) -> Result<Finding, Malformed> {
        let Self { value_milli, provisional, .. } = *self;
        Ok(Finding { standing: standing(self.standing)?, value_milli, provisional })
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;

    #[test]
    fn reads_what_it_wrote() {
        let id = |code| CompetencyId::derive(TenantId::COMMONS, code);
        let finding = |standing, value_milli| Finding { standing, value_milli, provisional: true };
        let revision = Some(Digest::of(b"rules"));
        let mut rolled_up = RolledUp { revision, ..RolledUp::default() };
        for (code, standing) in ["a", "b", "c", "d", "e"].into_iter().zip(Standing::ALL) {
            let own = finding(standing, Some(-5));
            let says = (OverrideId::derive(TenantId::COMMONS, code), finding(standing, None));
            let overriding = (code != "a").then_some(says);
            rolled_up.inputs.insert(id(code), Input { own, overriding });
            let held = Held { standing, value_milli: 3_000, level: 3, provisional: false };
            rolled_up.held.insert(id(code), (held, Digest::of(b"rule")));
        }
        assert_eq!(RolledUp::decode(&rolled_up.encode()), Ok(rolled_up.clone()));
        assert!(rolled_up.encode().state.is_empty());
    }

    #[test]
    fn bytes_that_make_no_sense_are_malformed() {
        let held = vec![StoredHeld { standing: 9, ..StoredHeld::default() }];
        let inputs = vec![StoredInput::default()];
        let whole = Stored::default();
        for broken in [
            Stored { held, ..whole.clone() },
            Stored { inputs, ..whole.clone() },
            Stored { revision: vec![1], ..whole },
        ] {
            let extra = broken.encode_to_vec();
            assert!(RolledUp::decode(&Document { state: Vec::new(), extra }).is_err());
        }
    }
}
