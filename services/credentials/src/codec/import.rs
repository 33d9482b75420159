//! Events about imported credentials.

use bytes::Bytes;
use northstar_credentials_domain::credential::Person;
use northstar_credentials_domain::import::{Acceptance, Event, Imported, SealedFile, What};
use northstar_kernel::{CredentialId, LearnerId};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::platform::v1::Sealed;
use uuid::Uuid;

use super::field::{id, instant, moment, present};
use super::{bytes, found, message, sealed};

pub(super) fn encode(Event { import, learner, what }: &Event) -> (&'static str, Bytes) {
    let (import_id, learner_id) = (import.to_string(), learner.to_string());
    match what {
        What::Imported(it) => ("credential_imported", bytes(&imported(import_id, learner_id, it))),
        What::Accepted(it) => {
            let accepted = wire::ForeignCredentialAccepted {
                import_id,
                learner_id,
                evidence_id: it.evidence.to_string(),
                competency_id: it.competency.to_string(),
                framework_id: it.framework.to_string(),
                level: it.level,
                score_milli: it.score_milli,
                assessor_id: it.assessor.clone(),
                assessor_role: it.assessor_role.clone(),
                observed_at: Some(moment(it.observed_at)),
                at: Some(moment(it.at)),
            };
            ("foreign_credential_accepted", bytes(&accepted))
        }
        What::Withdrawn { evidence, by, at } => {
            let withdrawn = wire::ImportedCredentialWithdrawn {
                import_id,
                learner_id,
                evidence_ids: evidence.iter().map(ToString::to_string).collect(),
                actor: by.actor.clone(),
                words: Some(sealed::to_wire(&by.reason)),
                at: Some(moment(*at)),
            };
            ("imported_credential_withdrawn", bytes(&withdrawn))
        }
    }
}

fn imported(import_id: String, learner_id: String, it: &Imported) -> wire::CredentialImported {
    let key_id = Uuid::from_bytes(it.file.key_id).to_string();
    wire::CredentialImported {
        import_id,
        learner_id,
        form: it.form.clone(),
        file: Some(Sealed { key_id, r#box: it.file.sealed.clone() }),
        digest: it.digest.to_vec(),
        issuer: it.issuer.clone(),
        name: it.name.clone(),
        valid_from: Some(moment(it.valid_from)),
        alignments: it.alignments.clone(),
        checks: found::to_wire(&it.checks),
        word: it.word.as_deref().map(sealed::to_wire),
        actor: it.actor.clone(),
        at: Some(moment(it.at)),
    }
}

/// The event of this type; `None` if it is not one of these.
pub(super) fn decode(event_type: &str, payload: &Bytes) -> Option<Result<Event, String>> {
    Some(match event_type {
        "credential_imported" => message(payload).and_then(read_imported),
        "foreign_credential_accepted" => message(payload).and_then(read_accepted),
        "imported_credential_withdrawn" => message(payload).and_then(read_withdrawn),
        _ => return None,
    })
}

fn event(import: &str, learner: &str, what: What) -> Result<Event, String> {
    let (import, learner): (CredentialId, LearnerId) = (id(import)?, id(learner)?);
    Ok(Event { import, learner, what })
}

fn read_imported(it: wire::CredentialImported) -> Result<Event, String> {
    let file = present("file", it.file)?;
    let key_id: Uuid = file.key_id.parse().map_err(|_| "the key of the file is no UUID")?;
    let digest = it.digest.try_into().map_err(|_| "the digest has not 32 bytes")?;
    let imported = Imported {
        form: it.form,
        file: SealedFile { key_id: key_id.into_bytes(), sealed: file.r#box },
        digest,
        issuer: it.issuer,
        name: it.name,
        valid_from: instant("valid_from", it.valid_from)?,
        alignments: it.alignments,
        checks: found::from_wire(it.checks)?,
        word: it.word.map(sealed::from_wire).transpose()?,
        actor: it.actor,
        at: instant("at", it.at)?,
    };
    event(&it.import_id, &it.learner_id, What::Imported(imported))
}

fn read_accepted(it: wire::ForeignCredentialAccepted) -> Result<Event, String> {
    let acceptance = Acceptance {
        evidence: id(&it.evidence_id)?,
        competency: id(&it.competency_id)?,
        framework: id(&it.framework_id)?,
        level: it.level,
        score_milli: it.score_milli,
        assessor: it.assessor_id,
        assessor_role: it.assessor_role,
        observed_at: instant("observed_at", it.observed_at)?,
        at: instant("at", it.at)?,
    };
    event(&it.import_id, &it.learner_id, What::Accepted(acceptance))
}

fn read_withdrawn(it: wire::ImportedCredentialWithdrawn) -> Result<Event, String> {
    let evidence = it.evidence_ids.iter().map(|text| id(text)).collect::<Result<_, _>>()?;
    let reason = sealed::from_wire(present("words", it.words)?)?;
    let by = Person { actor: it.actor, reason };
    let what = What::Withdrawn { evidence, by, at: instant("at", it.at)? };
    event(&it.import_id, &it.learner_id, what)
}
