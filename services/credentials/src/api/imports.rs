//! Credentials of other issuers: taking them in for a learner, accepting them as evidence of prior
//! learning, withdrawing, getting and listing them.

use northstar_chassis::{Principal, Role, page, status};
use northstar_credentials_domain::credential::Person;
use northstar_credentials_domain::import::{
    self, Acceptance, Event, Imported, Imports, Refusal, SealedFile, State, What,
};
use northstar_credentials_proof::verifier;
use northstar_eventlog::{Sealed, TenantLog, now};
use northstar_kernel::{CompetencyId, CredentialId, Digest, LearnerId, Timestamp};
use northstar_wire::credentials::v1 as wire;
use serde_json::Value;
use tonic::Status;
use uuid::Uuid;

use super::deciding::decided;
use super::issuers;
use super::refusal::Absent;
use super::refusing::{self, seal, words};
use super::taking_in::{Foreign, Taken, is_a, take_in};
use crate::beside::{self, Loaded};
use crate::projection::framework::{KnownCompetency, KnownLearner};
use crate::projection::import::ImportDocument;
use crate::standard::baking::{Baked, unbake};
use crate::standard::did_web::Host;

/// Who may hand one in.
const IMPORTERS: [Role; 6] = [
    Role::NetworkAdmin,
    Role::DistrictAdmin,
    Role::Teacher,
    Role::Validator,
    Role::Learner,
    Role::Guardian,
];
/// Who may judge what one shows.
const ASSESSORS: [Role; 4] =
    [Role::NetworkAdmin, Role::DistrictAdmin, Role::Teacher, Role::Validator];
/// Who may withdraw one.
const WITHDRAWERS: [Role; 3] = [Role::NetworkAdmin, Role::DistrictAdmin, Role::Validator];
/// Longest file, in bytes: sealed, it must pass in one event.
const LONGEST_FILE: usize = 700_000;
/// Most alignments that are kept, and the longest of them, in bytes.
const MOST_ALIGNMENTS: usize = 200;
const LONGEST_ALIGNMENT: usize = 2_000;
/// Fields that are sealed.
const FILE: &str = "import.file";
const WORDS: &str = "import.words";

/// Takes one in.
pub(super) async fn import(
    principal: &Principal,
    host: &Host,
    log: &TenantLog,
    request: wire::ImportCredentialRequest,
) -> Result<wire::ImportCredentialResponse, Status> {
    principal.require(&IMPORTERS)?;
    let learner = refusing::learner(&request.learner_id)?;
    principal.may_see(learner)?;
    let known: Option<KnownLearner> =
        log.document(learner.as_bytes()).await.map_err(status::fault)?;
    known.ok_or_else(|| status::refused(&Absent::Learner))?;
    let (form, text) = read(&request.file)?;
    let (did, _) = issuers::find(host, log).await?;
    let at = now();
    let foreign = Foreign {
        field: "file",
        text: text.as_bytes(),
        documents: &request.issuer_documents,
        lists: request.status_lists,
        word: &request.word,
    };
    let taken = take_in(principal, &did, foreign, at)?;
    let digest = Digest::of(&request.file);
    let name = format!("imported credential/{learner}/{digest}");
    let import = CredentialId::from_uuid(Uuid::new_v5(&log.tenant().uuid(), name.as_bytes()));
    let badge = badge(taken)?;
    let word = match &badge.word {
        Some(word) => Some(seal(log, learner.uuid(), WORDS, word).await?),
        None => None,
    };
    let sealed = log.seal(learner.uuid(), FILE, &request.file).await.map_err(status::fault)?;
    let imported = Imported {
        form: form.into(),
        file: SealedFile { key_id: sealed.key_id.into_bytes(), sealed: sealed.bytes },
        digest: digest.0,
        word,
        actor: principal.subject().to_owned(),
        at,
        ..badge
    };
    let event = Event { import, learner, what: What::Imported(imported) };
    let (state, changed) = decided::<Imports>(principal, log, event.import, event).await?;
    let imported = Some(shown(import, &state));
    Ok(wire::ImportCredentialResponse { imported, repeated: !changed })
}

/// What the file is, and the credential in it.
fn read(file: &[u8]) -> Result<(&'static str, String), Status> {
    let invalid = |why: &str| status::invalid("CREDENTIAL_FILE_INVALID", "file", why);
    if file.len() > LONGEST_FILE {
        let wrong = format!(
            "has {} bytes, more than {LONGEST_FILE}: hand in the credential without its image",
            file.len()
        );
        return Err(invalid(&wrong));
    }
    let image = match file {
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        _ if file.trim_ascii_start().starts_with(b"<") => Some("svg"),
        _ => None,
    };
    let baked = match image {
        Some(_) => unbake(file),
        None => {
            let text = std::str::from_utf8(file).map_err(|error| invalid(&error.to_string()))?;
            Baked::of_text(text)
        }
    };
    Ok(match (image, baked.map_err(|error| invalid(&error.to_string()))?) {
        (Some(form), baked) => (form, baked.as_str().to_owned()),
        (None, Baked::Json(text)) => ("json", text),
        (None, Baked::CompactJws(text)) => ("jws", text),
    })
}

/// What is kept of the credential beside its file; the word is not sealed yet.
fn badge(taken: Taken) -> Result<Imported, Status> {
    let credential = &taken.credential;
    let subject = &credential["credentialSubject"];
    let badge = ["OpenBadgeCredential", "AchievementCredential"];
    if !badge.iter().any(|kind| is_a(credential, kind)) {
        let wrong = "must be one badge: an OpenBadgeCredential or AchievementCredential";
        return Err(status::invalid("CREDENTIAL_FILE_INVALID", "file", wrong));
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let alignment = &subject["achievement"]["alignment"];
    let many = alignment.as_array().map(Vec::as_slice);
    let alignments = many.unwrap_or_else(|| std::slice::from_ref(alignment)).iter();
    let urls = alignments.filter_map(|one| one["targetUrl"].as_str());
    let urls = urls.filter(|url| url.len() <= LONGEST_ALIGNMENT).take(MOST_ALIGNMENTS);
    let [from, _] = verifier::bounds(credential);
    Ok(Imported {
        form: String::new(),
        file: SealedFile { key_id: [0; 16], sealed: Vec::new() },
        digest: [0; 32],
        issuer: taken.issuer,
        name: text(&subject["achievement"]["name"]),
        valid_from: from.and_then(verifier::instant).unwrap_or_default(),
        alignments: urls.map(ToOwned::to_owned).collect(),
        checks: taken.checks,
        word: taken.word,
        actor: String::new(),
        at: Timestamp::default(),
    })
}

fn shown(import: CredentialId, state: &State) -> wire::ImportedCredential {
    let mut document = ImportDocument::default();
    if let Some((learner, imported)) = &state.imported {
        let lived = |what| Event { import, learner: *learner, what };
        document.live_through(&lived(What::Imported(imported.clone())));
        for acceptance in &state.accepted {
            document.live_through(&lived(What::Accepted(acceptance.clone())));
        }
    }
    document.0
}

/// One that the caller may see, as the log has it.
async fn find(
    principal: &Principal,
    log: &TenantLog,
    import_id: &str,
) -> Result<(CredentialId, LearnerId, Imported, Loaded<Imports>), Status> {
    let id = refusing::signed_id("IMPORT_ID_INVALID", "import_id", import_id)?;
    let loaded: Loaded<Imports> = beside::load(log, id).await.map_err(status::fault)?;
    let absent = || status::refused(&Refusal::NotFound);
    let (learner, imported) = loaded.state.imported.clone().ok_or_else(absent)?;
    principal.may_see(learner).map_err(|_| absent())?;
    Ok((id, learner, imported, loaded))
}

/// Accepts one as evidence, at the level that the caller says it shows.
pub(super) async fn accept(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::AcceptImportedCredentialRequest,
) -> Result<wire::AcceptImportedCredentialResponse, Status> {
    principal.require(&ASSESSORS)?;
    let (import, learner, imported, _) = find(principal, log, &request.import_id).await?;
    let invalid = |_| status::invalid("COMPETENCY_ID_INVALID", "competency_id", "must be a UUID");
    let competency: CompetencyId = request.competency_id.parse().map_err(invalid)?;
    let known: Option<KnownCompetency> =
        log.document(competency.as_bytes()).await.map_err(status::fault)?;
    let known = known.ok_or_else(|| status::refused(&Absent::Competency))?;
    if !import::names(&imported.alignments, competency, &known.uri) {
        let wrong = format!(
            "is none that the credential is aligned to; those are: {}",
            imported.alignments.join(", ")
        );
        return Err(status::invalid("COMPETENCY_NOT_NAMED", "competency_id", &wrong));
    }
    let at = now();
    let teaches = principal.has(Role::Teacher) && !principal.has(Role::Validator);
    let acceptance = Acceptance {
        evidence: import::evidence_of(log.tenant(), import, competency),
        competency,
        framework: known.framework,
        level: request.level,
        score_milli: score(&known, request.level)?,
        assessor: principal.subject().to_owned(),
        assessor_role: if teaches { "teacher" } else { "validator" }.into(),
        observed_at: imported.valid_from.min(at),
        at,
    };
    let evidence_id = acceptance.evidence.to_string();
    let event = Event { import, learner, what: What::Accepted(acceptance) };
    let (_, changed) = decided::<Imports>(principal, log, event.import, event).await?;
    Ok(wire::AcceptImportedCredentialResponse { evidence_id, changed })
}

fn score(known: &KnownCompetency, level: u32) -> Result<i64, Status> {
    let rung = known.scale.iter().find(|(position, _)| *position == level);
    rung.map(|(_, score)| *score).ok_or_else(|| {
        let levels: Vec<_> = known.scale.iter().map(|(level, _)| level.to_string()).collect();
        let wrong = match levels.is_empty() {
            true => "the competency has no scale to judge by".to_owned(),
            false => format!("must be a level of the competency's scale: {}", levels.join(", ")),
        };
        status::invalid("LEVEL_UNKNOWN", "level", &wrong)
    })
}

/// Withdraws one, and with it the evidence that it became.
pub(super) async fn withdraw(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::WithdrawImportedCredentialRequest,
) -> Result<wire::WithdrawImportedCredentialResponse, Status> {
    principal.require(&WITHDRAWERS)?;
    let reason = words("reason", &request.reason)?;
    let (import, learner, _, _) = find(principal, log, &request.import_id).await?;
    let reason = seal(log, learner.uuid(), WORDS, reason).await?;
    let by = Person { actor: principal.subject().to_owned(), reason };
    let what = What::Withdrawn { evidence: Vec::new(), by, at: now() };
    let event = Event { import, learner, what };
    let (_, changed) = decided::<Imports>(principal, log, event.import, event).await?;
    Ok(wire::WithdrawImportedCredentialResponse { changed })
}

/// Gets one, with the file as it came. One that the caller may not see looks as if not there.
pub(super) async fn get(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::GetImportedCredentialRequest,
) -> Result<wire::GetImportedCredentialResponse, Status> {
    let (import, learner, imported, _) = find(principal, log, &request.import_id).await?;
    let SealedFile { key_id, sealed } = imported.file;
    let sealed = Sealed { key_id: Uuid::from_bytes(key_id), bytes: sealed };
    let file = log.open(learner.uuid(), FILE, &sealed).await.map_err(status::fault)?;
    let key = ImportDocument::key(learner, import);
    let known: Option<ImportDocument> = log.document(&key).await.map_err(status::fault)?;
    let absent = || status::refused(&Refusal::NotFound);
    let ImportDocument(shown) = known.ok_or_else(absent)?;
    let imported = Some(shown);
    Ok(wire::GetImportedCredentialResponse { imported, file: file.unwrap_or_default() })
}

/// Lists a learner's.
pub(super) async fn list(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::ListImportedCredentialsRequest,
) -> Result<wire::ListImportedCredentialsResponse, Status> {
    let learner = refusing::learner(&request.learner_id)?;
    principal.may_see(learner)?;
    let after = page::decode(&request.page_token)?;
    let size = page::size(request.page_size);
    let mut found = log
        .documents::<ImportDocument>(learner.as_bytes(), after.as_deref(), size + 1)
        .await
        .map_err(status::fault)?;
    let more = found.len() > size as usize;
    found.truncate(size as usize);
    let last = found.last().filter(|_| more);
    Ok(wire::ListImportedCredentialsResponse {
        next_page_token: last.map(|(key, _)| page::encode(key)).unwrap_or_default(),
        imported: found.into_iter().map(|(_, ImportDocument(shown))| shown).collect(),
    })
}
