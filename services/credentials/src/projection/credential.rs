//! Credentials, by learner, and whose each one is.
//!
//! All of it is `extra`: ids, signatures and times differ from one recording to the next.

use northstar_credentials_domain::award::{self, Claim};
use northstar_credentials_domain::credential::{Edition, Event, Moment};
use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{AchievementId, CompetencyId, CredentialId, LearnerId, TenantId, Timestamp};
use northstar_wire::credentials::v1 as wire;
use prost::Message;
use uuid::Uuid;

use super::due::CourseDue;
use super::{joined, read};
use crate::codec::field::{id, instant, moment};

/// A credential as the API shows it, and what is needed to go on with it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CredentialDocument {
    /// As it is shown.
    pub(crate) shown: wire::Credential,
    /// The competency that earned it.
    competency: Uuid,
    /// The keys that signed any of its editions.
    pub(crate) key_names: Vec<String>,
    /// Those of them that something in use rests on because of it; none once it has ended.
    counted: Vec<String>,
}

impl CredentialDocument {
    /// One that was issued at `at`.
    pub(crate) fn issued(claim: &Claim, edition: &Edition, at: Timestamp) -> Self {
        let shown = wire::Credential {
            credential_id: claim.credential.to_string(),
            learner_id: claim.learner.to_string(),
            issued_at: Some(moment(at)),
            status: wire::CredentialStatus::Issued.into(),
            ..Default::default()
        };
        let competency = edition.grounds.competency.uuid();
        let mut document = Self { shown, competency, key_names: Vec::new(), counted: Vec::new() };
        document.show(edition);
        document
    }

    /// Takes in what happened to it; its first edition made it.
    pub(crate) fn live_through(&mut self, event: &Event) {
        let shown = &mut self.shown;
        match event {
            Event::Issued(edition) | Event::Superseded(edition) | Event::Renewed(edition) => {
                self.show(edition);
            }
            Event::HoldPlaced { .. } => shown.held = true,
            Event::HoldLifted { .. } => shown.held = false,
            Event::ReviewOpened { until, .. } => shown.review_until = Some(moment(*until)),
            Event::Reinstated { .. } => shown.review_until = None,
            Event::Revoked { cause, at } => {
                if shown.revoked_at.is_none() {
                    shown.revoked_at = Some(moment(*at));
                    shown.revocation_reason = cause.code().into();
                }
                (shown.held, shown.suspended, shown.review_until) = (false, false, None);
            }
            Event::Suspended { .. } => shown.suspended = true,
            Event::Resumed { .. } => shown.suspended = false,
            Event::Requested { .. } | Event::Came { .. } => {}
        }
        let paused = self.is_paused();
        let shown = &mut self.shown;
        shown.status = match (&shown.revoked_at, paused || shown.suspended) {
            (Some(_), _) => wire::CredentialStatus::Revoked.into(),
            (None, true) => wire::CredentialStatus::Held.into(),
            (None, false) => wire::CredentialStatus::Issued.into(),
        };
    }

    fn show(&mut self, edition: &Edition) {
        self.shown.achievement_id = edition.achievement.to_string();
        self.shown.achievement_name = edition.achievement_name.clone();
        self.shown.compact_jws = edition.token.clone();
        self.shown.document = edition.document.clone();
        self.shown.level = edition.level;
        self.shown.valid_until = edition.valid_until.map(moment);
        self.shown.renewal_at = edition.renewal().map(moment);
        self.shown.place = edition.place.map(|place| wire::StatusPlace {
            serial: edition.serial,
            list: place.list,
            index: place.index,
        });
        for name in &edition.key_names {
            if !self.key_names.contains(name) {
                self.key_names.push(name.clone());
            }
        }
    }

    /// Takes in that this happened for what it rests on: the keys that it rests on from here on, and
    /// those that it no longer does.
    pub(crate) fn count(&mut self, event: &Event) -> (Vec<String>, Vec<String>) {
        match event {
            Event::Issued(edition) | Event::Superseded(edition) | Event::Renewed(edition) => {
                let names = edition.key_names.iter();
                let new: Vec<_> =
                    names.filter(|name| !self.counted.contains(name)).cloned().collect();
                self.counted.extend(new.clone());
                (new, Vec::new())
            }
            Event::Revoked { .. } | Event::Came { moment: Moment::End, .. } => {
                (Vec::new(), std::mem::take(&mut self.counted))
            }
            _ => (Vec::new(), Vec::new()),
        }
    }

    /// What was earned.
    pub(crate) fn achievement(&self) -> Result<AchievementId, Malformed> {
        id(&self.shown.achievement_id).map_err(|why| Malformed::new(Self::NOUN, why))
    }

    /// The competency that earned it.
    pub(crate) fn competency(&self) -> CompetencyId {
        CompetencyId::from_uuid(self.competency)
    }

    /// Which credential, and whose.
    pub(crate) fn claim(&self, tenant: TenantId) -> Result<Claim, Malformed> {
        let malformed = |why: String| Malformed::new(Self::NOUN, why);
        let learner = id(&self.shown.learner_id).map_err(malformed)?;
        let credential = id(&self.shown.credential_id).map_err(malformed)?;
        let award = award::id_of(tenant, learner, self.achievement()?);
        Ok(Claim { credential, award, learner })
    }

    /// As the API shows it at that moment: what has ended by its date is over, whether that was told
    /// already or not.
    pub(crate) fn shown_at(self, at: Timestamp) -> wire::Credential {
        let end = instant("valid_until", self.shown.valid_until).ok();
        let over = end.is_some_and(|end| end <= at);
        let mut shown = self.shown;
        if over && shown.status() == wire::CredentialStatus::Issued {
            shown.set_status(wire::CredentialStatus::Expired);
        }
        shown
    }

    /// Whether a person holds it, or a review is open.
    fn is_paused(&self) -> bool {
        self.shown.held || self.shown.review_until.is_some()
    }

    /// Where it is kept that its renewal and its end come.
    pub(crate) fn course(&self, credential: CredentialId) -> Vec<Vec<u8>> {
        let renewal = instant("renewal_at", self.shown.renewal_at).ok();
        let end = instant("valid_until", self.shown.valid_until).ok();
        let moments = [(renewal, Moment::Renewal), (end, Moment::End)];
        let keys =
            moments.into_iter().filter_map(|(at, of)| Some(CourseDue::key(at?, of, credential)));
        keys.collect()
    }

    /// When the open review ends.
    pub(crate) fn review_until(&self) -> Option<Timestamp> {
        instant("review_until", self.shown.review_until).ok()
    }

    /// Where it is kept: a learner's credentials are neighbours.
    pub(crate) fn key(learner: LearnerId, credential: CredentialId) -> Vec<u8> {
        joined(learner.uuid(), credential.uuid())
    }
}

#[derive(Message)]
struct Stored {
    #[prost(message, optional, tag = "1")]
    shown: Option<wire::Credential>,
    #[prost(bytes = "vec", tag = "2")]
    competency: Vec<u8>,
    #[prost(string, repeated, tag = "3")]
    key_names: Vec<String>,
    #[prost(string, repeated, tag = "4")]
    counted: Vec<String>,
}

impl Shape for CredentialDocument {
    const NOUN: &'static str = "credential";

    fn encode(&self) -> Document {
        let stored = Stored {
            shown: Some(self.shown.clone()),
            competency: self.competency.as_bytes().to_vec(),
            key_names: self.key_names.clone(),
            counted: self.counted.clone(),
        };
        Document { state: Vec::new(), extra: stored.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let Stored { shown, competency, key_names, counted } = read(Self::NOUN, &document.extra)?;
        let shown = shown.ok_or_else(|| Malformed::new(Self::NOUN, "nothing is shown"))?;
        let competency = Uuid::from_slice(&competency);
        let competency = competency.map_err(|why| Malformed::new(Self::NOUN, why))?;
        Ok(Self { shown, competency, key_names, counted })
    }

    fn weight(&self) -> usize {
        8_192
    }
}

/// Whose something is; kept under the id of what is theirs.
macro_rules! whose {
    ($(#[$doc:meta])* $name:ident, $noun:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) struct $name(pub(crate) LearnerId);

        impl Shape for $name {
            const NOUN: &'static str = $noun;

            fn encode(&self) -> Document {
                Document { state: Vec::new(), extra: self.0.as_bytes().to_vec() }
            }

            fn decode(document: &Document) -> Result<Self, Malformed> {
                let learner = Uuid::from_slice(&document.extra);
                learner
                    .map(|uuid| Self(LearnerId::from_uuid(uuid)))
                    .map_err(|why| Malformed::new(Self::NOUN, why))
            }
        }
    };
}

whose! {
    /// Whose a credential is; kept under the credential's id.
    HolderDocument, "holder"
}

whose! {
    /// Whose a credential is that counts a piece of evidence; kept under the evidence's id and the
    /// credential's.
    EvidenceUse, "evidence_use"
}

whose! {
    /// Whose a credential is that is under review; kept under the instant that the review ends at
    /// and the credential's id, so that what is due stands first.
    ReviewDue, "review_due"
}

impl EvidenceUse {
    /// Where it is kept: what rests on one piece of evidence are neighbours.
    pub(crate) fn key(evidence: northstar_kernel::EvidenceId, credential: CredentialId) -> Vec<u8> {
        joined(evidence.uuid(), credential.uuid())
    }
}

impl ReviewDue {
    /// Where it is kept.
    pub(crate) fn key(until: Timestamp, credential: CredentialId) -> Vec<u8> {
        // With its sign turned, an earlier instant is the smaller number.
        let until = until.micros().cast_unsigned() ^ (1 << 63);
        [&until.to_be_bytes()[..], credential.as_bytes()].concat()
    }

    /// The instant and the credential that have this key.
    pub(crate) fn read(key: &[u8]) -> Option<(Timestamp, CredentialId)> {
        let (until, credential) = key.split_first_chunk()?;
        let until = (u64::from_be_bytes(*until) ^ (1 << 63)).cast_signed();
        let credential = Uuid::from_slice(credential).ok()?;
        Some((Timestamp::from_micros(until), CredentialId::from_uuid(credential)))
    }
}
