//! What stands beside badges: a tenant's records, endorsements and imported badges, and what may be tried
//! on another's.

use northstar_credentials_proof::{SecretKey, jws};
use northstar_wire::credentials::v1 as credentials;
use serde_json::json;

use crate::questions::{Question, ask};
use crate::rpc::CREDENTIALS;
use crate::tenant::{Names, done};
use crate::world::Caller;

/// What a tenant endorses.
fn endorsed(names: &Names) -> String {
    format!("https://{}.example", names.slug)
}

/// A badge by somebody whose name is their own key.
fn badge() -> String {
    let key = SecretKey::ed25519(&[9; 32]);
    let did = format!("did:key:{}", key.public().multibase().unwrap());
    let (id, subject) = (
        "urn:uuid:4f0f3d9a-5f0e-4b9f-8f1d-9b6f4e1c2a33",
        "urn:uuid:b2f0b6a1-4c3d-4a1e-9a59-2f6f0f7f9c10",
    );
    let claims = json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": id, "jti": id, "iss": did, "sub": subject, "nbf": 1_772_452_800,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": did, "type": ["Profile"], "name": "Scouts"},
        "validFrom": "2026-03-02T12:00:00Z",
        "credentialSubject": {
            "id": subject, "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://scouts.example/leader", "type": ["Achievement"], "name": "Leader",
                "description": "Led.", "criteria": {"narrative": "A year."},
            }
        }
    });
    let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
    jws::sign(&key, &method, &claims).unwrap()
}

fn record(names: &Names, credential_ids: Vec<String>) -> credentials::AssembleRecordRequest {
    credentials::AssembleRecordRequest {
        request_id: format!("{}-record", names.slug),
        learner_id: names.ana.clone(),
        credential_ids,
        name: String::new(),
        purpose: "To apply.".to_owned(),
        consent: "Her mother's.".to_owned(),
    }
}

fn import(learner: &str, file: &str) -> credentials::ImportCredentialRequest {
    credentials::ImportCredentialRequest {
        learner_id: learner.to_owned(),
        file: file.as_bytes().to_vec(),
        ..Default::default()
    }
}

/// Makes one of each, and fills in the names that the server chooses.
pub(crate) async fn found(admin: &Caller<'_>, names: &mut Names) {
    let answer = admin.ask((CREDENTIALS, "AssembleRecord"), record(names, vec![])).await;
    let assembled: credentials::AssembleRecordResponse = answer.only();
    names.record = assembled.record.unwrap().record_id;
    let give = credentials::GiveEndorsementRequest {
        request_id: format!("{}-endorses", names.slug),
        subject: endorsed(names),
        comment: "Well known.".to_owned(),
        valid_until: None,
    };
    let answer = admin.ask((CREDENTIALS, "GiveEndorsement"), give).await;
    names.endorsement = answer.only::<credentials::GiveEndorsementResponse>().endorsement_id;
    let answer = admin.ask((CREDENTIALS, "ImportCredential"), import(&names.ana, &badge())).await;
    done(&answer);
    let imported: credentials::ImportCredentialResponse = answer.only();
    names.import = imported.imported.unwrap().import_id;
    admin.settled().await;
}

/// None of it is granted.
pub(crate) fn questions(own: &Names, theirs: &Names) -> Vec<Question> {
    let mut questions = of_records(own, theirs);
    questions.extend(of_endorsements(own, theirs));
    questions.extend(of_imports(own, theirs));
    questions
}

fn of_records(own: &Names, theirs: &Names) -> Vec<Question> {
    let another = |names: &Names, ids: Vec<String>| credentials::AssembleRecordRequest {
        request_id: "asked".to_owned(),
        ..record(names, ids)
    };
    let get = |id: &str| credentials::GetRecordRequest { record_id: id.to_owned(), token: false };
    let list = |id: &str| credentials::ListRecordsRequest {
        learner_id: id.to_owned(),
        ..Default::default()
    };
    vec![
        ask((CREDENTIALS, "AssembleRecord"), another(theirs, vec![])),
        ask((CREDENTIALS, "AssembleRecord"), another(own, vec![theirs.credential.clone()])),
        ask((CREDENTIALS, "GetRecord"), get(&theirs.record)),
        ask((CREDENTIALS, "GetRecord"), get(&own.record)),
        ask((CREDENTIALS, "ListRecords"), list(&theirs.ana)),
        ask((CREDENTIALS, "ListRecords"), list(&own.ana)),
    ]
}

fn of_endorsements(own: &Names, theirs: &Names) -> Vec<Question> {
    let withdraw = |id: &str, reason: &str| credentials::WithdrawEndorsementRequest {
        endorsement_id: id.to_owned(),
        reason: reason.to_owned(),
    };
    let list =
        |subject: String| credentials::ListEndorsementsRequest { subject, ..Default::default() };
    let give = credentials::GiveEndorsementRequest {
        request_id: "asked".to_owned(),
        subject: format!("urn:uuid:{}", theirs.credential),
        ..Default::default()
    };
    let receive = credentials::ReceiveEndorsementRequest {
        document: theirs.jws.clone(),
        ..Default::default()
    };
    vec![
        ask((CREDENTIALS, "GiveEndorsement"), give),
        ask((CREDENTIALS, "ReceiveEndorsement"), receive),
        ask((CREDENTIALS, "WithdrawEndorsement"), withdraw(&theirs.endorsement, "Asked.")),
        ask((CREDENTIALS, "WithdrawEndorsement"), withdraw(&own.endorsement, "")),
        ask((CREDENTIALS, "ListEndorsements"), list(endorsed(theirs))),
        ask((CREDENTIALS, "ListEndorsements"), list(endorsed(own))),
    ]
}

fn of_imports(own: &Names, theirs: &Names) -> Vec<Question> {
    let accept = |id: &str, competency: &str| credentials::AcceptImportedCredentialRequest {
        import_id: id.to_owned(),
        competency_id: competency.to_owned(),
        level: 2,
    };
    let withdraw = |id: &str, reason: &str| credentials::WithdrawImportedCredentialRequest {
        import_id: id.to_owned(),
        reason: reason.to_owned(),
    };
    let get = |id: &str| credentials::GetImportedCredentialRequest { import_id: id.to_owned() };
    let list = |id: &str| credentials::ListImportedCredentialsRequest {
        learner_id: id.to_owned(),
        ..Default::default()
    };
    vec![
        ask((CREDENTIALS, "ImportCredential"), import(&theirs.ana, &badge())),
        ask((CREDENTIALS, "ImportCredential"), import(&own.ana, "{}")),
        ask((CREDENTIALS, "AcceptImportedCredential"), accept(&theirs.import, &own.competency)),
        ask((CREDENTIALS, "AcceptImportedCredential"), accept(&own.import, &theirs.competency)),
        ask((CREDENTIALS, "WithdrawImportedCredential"), withdraw(&theirs.import, "Asked.")),
        ask((CREDENTIALS, "WithdrawImportedCredential"), withdraw(&own.import, "")),
        ask((CREDENTIALS, "GetImportedCredential"), get(&theirs.import)),
        ask((CREDENTIALS, "GetImportedCredential"), get(&own.import)),
        ask((CREDENTIALS, "ListImportedCredentials"), list(&theirs.ana)),
        ask((CREDENTIALS, "ListImportedCredentials"), list(&own.ana)),
    ]
}
