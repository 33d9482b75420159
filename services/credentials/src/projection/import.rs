//! Imported credentials, by learner. The files stand in the log alone.
//!
//! All of it is `extra`: ids and times differ from one recording to the next.

use northstar_credentials_domain::import::{Acceptance, Event, What};
use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{CredentialId, LearnerId};
use northstar_wire::credentials::v1 as wire;
use prost::Message as _;

use super::{joined, read};
use crate::codec::field::moment;
use crate::codec::found;

/// An imported credential as it is shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ImportDocument(pub(crate) wire::ImportedCredential);

impl ImportDocument {
    /// Where it is kept: a learner's are neighbours.
    pub(crate) fn key(learner: LearnerId, import: CredentialId) -> Vec<u8> {
        joined(learner.uuid(), import.uuid())
    }

    /// Takes in what happened to it.
    pub(crate) fn live_through(&mut self, event: &Event) {
        let shown = &mut self.0;
        match &event.what {
            What::Imported(imported) => {
                shown.import_id = event.import.to_string();
                shown.learner_id = event.learner.to_string();
                shown.form = imported.form.clone();
                shown.issuer = imported.issuer.clone();
                shown.name = imported.name.clone();
                shown.valid_from = Some(moment(imported.valid_from));
                shown.alignments = imported.alignments.clone();
                shown.checks = found::to_wire(&imported.checks);
                shown.on_word = imported.word.is_some();
                shown.at = Some(moment(imported.at));
            }
            What::Accepted(acceptance) => shown.accepted.push(accepted(acceptance)),
            What::Withdrawn { at, .. } => shown.withdrawn_at = Some(moment(*at)),
        }
    }
}

fn accepted(acceptance: &Acceptance) -> wire::AcceptedAs {
    wire::AcceptedAs {
        competency_id: acceptance.competency.to_string(),
        level: acceptance.level,
        evidence_id: acceptance.evidence.to_string(),
        assessor_id: acceptance.assessor.clone(),
        at: Some(moment(acceptance.at)),
    }
}

impl Shape for ImportDocument {
    const NOUN: &'static str = "imported_credential";

    fn encode(&self) -> Document {
        Document { state: Vec::new(), extra: self.0.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        read(Self::NOUN, &document.extra).map(Self)
    }

    fn weight(&self) -> usize {
        2_048
    }
}
