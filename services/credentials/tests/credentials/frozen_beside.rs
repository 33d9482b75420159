//! The frozen examples of what stands beside badges.

use northstar_credentials_domain::Event;
use northstar_credentials_domain::credential::Person;
use northstar_credentials_domain::endorsement::{self, Received, Request, Signed};
use northstar_credentials_domain::import::{self, Acceptance, Imported, SealedFile};
use northstar_credentials_domain::record::{Assembled, Packed, Token};
use northstar_credentials_domain::status::Place;
use northstar_credentials_domain::verified::{Found, Outcome};
use northstar_kernel::{CompetencyId, CredentialId, EvidenceId, FrameworkId, Timestamp};

use crate::frozen::{claim, uuid};

const AT: Timestamp = Timestamp::from_micros(1_793_534_400_000_001);
const FROM: Timestamp = Timestamp::from_micros(1_793_534_400_000_000);
const UNTIL: Timestamp = Timestamp::from_micros(1_801_310_400_000_000);

fn words() -> String {
    "00000000-0000-0000-8000-000000000009:00ff".into()
}

fn by() -> Person {
    Person { actor: "principal".into(), reason: words() }
}

fn checks() -> Vec<Found> {
    let found = |name: &str, outcome, detail: &str| Found {
        name: name.into(),
        outcome,
        detail: detail.into(),
    };
    vec![
        found("form", Outcome::Passed, "strict"),
        found("key owner", Outcome::Unknown, "no document"),
    ]
}

pub(crate) fn examples() -> Vec<(&'static str, Event)> {
    let mut examples = vec![("record_assembled.v1", record().into())];
    examples.extend(endorsements().map(|(name, what)| {
        let endorsement = CredentialId::from_uuid(uuid(12));
        (name, endorsement::Event { endorsement, what }.into())
    }));
    examples.extend(imports().map(|(name, what)| {
        let import = CredentialId::from_uuid(uuid(13));
        (name, import::Event { import, learner: claim().learner, what }.into())
    }));
    examples
}

fn record() -> Assembled {
    Assembled {
        record: CredentialId::from_uuid(uuid(10)),
        learner: claim().learner,
        name: "Transcript".into(),
        credentials: vec![claim().credential, CredentialId::from_uuid(uuid(11))],
        partial: true,
        valid_from: FROM,
        valid_until: UNTIL,
        actor: "principal".into(),
        purpose: words(),
        consent: words(),
        key_names: vec!["ed-2026-11".into(), "p256-2026-11".into()],
        document: Packed(vec![1, 2]),
        token: Token {
            header: "head".into(),
            payload: Packed(vec![3]),
            signature: "signature".into(),
        },
    }
}

fn endorsements() -> [(&'static str, endorsement::What); 4] {
    let subject = || format!("urn:uuid:{}", claim().credential);
    let requested = Request {
        subject: subject(),
        comment: "We rely on it.".into(),
        valid_until: Some(UNTIL),
        learner: Some(claim().learner),
        actor: "principal".into(),
        at: AT,
    };
    let signed = Signed {
        serial: 300_000,
        place: Place { list: 2, index: 131_071 },
        valid_from: FROM,
        key_name: "ed-2026-11".into(),
        document: r#"{"id":"urn:uuid:12"}"#.into(),
    };
    let received = Received {
        subject: subject(),
        endorser: "did:web:accreditor.example".into(),
        document: words(),
        learner: Some(claim().learner),
        checks: checks(),
        word: Some(words()),
        actor: "principal".into(),
        at: AT,
    };
    let withdrawn = endorsement::What::Withdrawn { by: by(), at: AT };
    [
        ("endorsement_given.v1", endorsement::What::Given(signed)),
        ("endorsement_received.v1", endorsement::What::Received(received)),
        ("endorsement_requested.v1", endorsement::What::Requested(requested)),
        ("endorsement_withdrawn.v1", withdrawn),
    ]
}

fn imports() -> [(&'static str, import::What); 3] {
    let imported = Imported {
        form: "png".into(),
        file: SealedFile { key_id: uuid(9).into_bytes(), sealed: vec![0, 0xff] },
        digest: std::array::from_fn(|at| at as u8),
        issuer: "did:web:scouts.example".into(),
        name: "Patrol leader".into(),
        valid_from: FROM,
        alignments: vec!["https://case.example/uri/2".into()],
        checks: checks(),
        word: Some(words()),
        actor: "principal".into(),
        at: AT,
    };
    let accepted = Acceptance {
        evidence: EvidenceId::from_uuid(uuid(8)),
        competency: CompetencyId::from_uuid(uuid(2)),
        framework: FrameworkId::from_uuid(uuid(14)),
        level: 3,
        score_milli: 2_500,
        assessor: "principal".into(),
        assessor_role: "validator".into(),
        observed_at: FROM,
        at: AT,
    };
    let evidence = vec![EvidenceId::from_uuid(uuid(8))];
    let withdrawn = import::What::Withdrawn { evidence, by: by(), at: AT };
    [
        ("credential_imported.v1", import::What::Imported(imported)),
        ("foreign_credential_accepted.v1", import::What::Accepted(accepted)),
        ("imported_credential_withdrawn.v1", withdrawn),
    ]
}
