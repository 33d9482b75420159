//! A level as it is shown at an instant.

use std::borrow::Cow;

use northstar_kernel::{CompetencyId, Digest, Timestamp};
use northstar_mastery_domain::{
    Derivation, Finding, Input, LearnerAdvanced, Observations, Outcome, Override, evaluate,
    explain, next_change, sentence, sentence_without_policy,
};
use northstar_wire::mastery::v1 as wire;

use super::as_of::Times;
use super::{advancement, overrides, scope};
use crate::codec::{held_message, timestamp};
use crate::projection::{Competency, Level, Policies};

/// What a learner's level in a competency is read by. It is worked out when it is asked for, since
/// with time judgements expire.
pub(super) struct Shown<'a> {
    id: CompetencyId,
    pub(super) competency: &'a Competency,
    pub(super) observations: Cow<'a, Observations>,
    policies: Cow<'a, Policies>,
    pub(super) at: Timestamp,
    /// The override that holds at that instant.
    pub(super) overriding: Option<Override>,
    advanced: Option<&'a LearnerAdvanced>,
}

impl<'a> Shown<'a> {
    /// `None` if nothing was observed or decided yet at that instant, or none of it was known.
    pub(super) fn new(
        id: CompetencyId,
        competency: &'a Competency,
        level: &'a Level,
        policies: Option<&'a Policies>,
        times: Times,
    ) -> Option<Self> {
        let policies = policies.map_or_else(Cow::default, Cow::Borrowed);
        let (observations, policies) = match times.known_at {
            None => (Cow::Borrowed(&level.observations), policies),
            Some(at) => (level.past.known(&level.observations, at), Cow::Owned(policies.known(at))),
        };
        let at = times.as_of.instant(&observations);
        let known_at = times.known_at.unwrap_or(Timestamp::from_micros(i64::MAX));
        let overriding = level.decided.holding(at, known_at);
        let advanced = level.decided.advanced.as_deref();
        let advanced = advanced.filter(|advanced| advanced.at <= at.min(known_at));
        let nothing = observations.until(at).is_empty();
        let shown = Self { id, competency, observations, policies, at, overriding, advanced };
        (!nothing || overriding.is_some() || advanced.is_some()).then_some(shown)
    }

    /// An entry for each policy that holds, by its name; one that says so if there is none.
    pub(super) fn entries(&self) -> Vec<wire::ProfileEntry> {
        let entry = |name| self.derivation(name).map(|(hash, found)| self.entry(hash, &found));
        let entries: Vec<_> = self.policies.names().filter_map(entry).collect();
        if entries.is_empty() { vec![self.without_policy()] } else { entries }
    }

    /// What is held by the policy of that name, its hash, and how it came about; `None` if no such
    /// policy holds.
    pub(super) fn derivation(&self, name: &str) -> Option<(Digest, Derivation)> {
        let policy = self.policies.reading(name, &self.observations, self.at)?;
        let scale = &self.competency.scale;
        Some((policy.hash, explain(&policy.policy, scale, &self.observations, self.at)))
    }

    /// The policies of that name for the learner, the one that holds and those that gave way.
    pub(super) fn considered(&self, name: &str) -> Vec<wire::PolicyConsidered> {
        let considered = self.policies.resolution(name, &self.observations, self.at).considered;
        let ours = considered.iter().filter(|one| one.outcome != Outcome::OutOfScope);
        ours.map(scope::considered).collect()
    }

    /// What a roll-up reads of it: what is shown by the main policy. The one place where queries read
    /// a part.
    pub(super) fn input(&self) -> Input {
        let policy = self.policies.reading("", &self.observations, self.at);
        let scale = &self.competency.scale;
        let held = policy.map(|by| evaluate(&by.policy, scale, &self.observations, self.at));
        Input {
            own: held.as_ref().map(Finding::from).unwrap_or_default(),
            overriding: self.overriding.map(|held| (held.terms.id, held.terms.says)),
        }
    }

    /// When other evidence will count than does at an instant, by the main policy of then.
    pub(super) fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let policy = self.policies.reading("", &self.observations, at)?;
        next_change(&policy.policy, &self.observations, at)
    }

    /// What is held and why.
    pub(super) fn entry(&self, hash: Digest, derivation: &Derivation) -> wire::ProfileEntry {
        let used = &derivation.used;
        let newest = used.iter().map(|seen| seen.observed_at).max();
        let entry = wire::ProfileEntry {
            policy_name: derivation.policy.name().to_owned(),
            mastery: Some(held_message(&derivation.held)),
            reason: sentence(derivation),
            policy_hash: hash.to_string(),
            evidence_ids: used.iter().map(|seen| seen.evidence.to_string()).collect(),
            latest_observed_at: newest.map(timestamp),
            ..self.blank()
        };
        self.decided(entry)
    }

    /// That nothing is held, for want of a policy.
    pub(super) fn without_policy(&self) -> wire::ProfileEntry {
        let observed = self.observations.until(self.at).len();
        let reason = sentence_without_policy(observed);
        self.decided(wire::ProfileEntry { reason, ..self.blank() })
    }

    /// Lays what people decided over what the rule says. Policies beside the main one go on showing
    /// what they come to.
    pub(super) fn decided(&self, mut entry: wire::ProfileEntry) -> wire::ProfileEntry {
        if !entry.policy_name.is_empty() {
            return entry;
        }
        entry.advancement = self.advanced.map(advancement::message);
        if let Some(held) = self.overriding {
            let says = held.terms.says.on(&self.competency.scale);
            entry.by_rule = entry.mastery.replace(held_message(&says));
            entry.overridden_by = Some(overrides::message(&held));
            let (until, by_rule) = (held.terms.until, entry.reason);
            entry.reason = format!(
                "Shown by an override that two people signed, until {until}. By the rule: {by_rule}"
            );
        }
        entry
    }

    fn blank(&self) -> wire::ProfileEntry {
        wire::ProfileEntry {
            competency_id: self.id.to_string(),
            competency_code: self.competency.code.clone(),
            framework_id: self.competency.framework.to_string(),
            mastery: Some(wire::Mastery::default()),
            ..wire::ProfileEntry::default()
        }
    }
}
