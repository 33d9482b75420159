//! What a record selects, when something foreign is taken in, and the lives of endorsements and imported
//! credentials.

use northstar_credentials_domain::credential::Person;
use northstar_credentials_domain::endorsement::{self, Endorsements, Received, Request, Signed};
use northstar_credentials_domain::import::{self, Acceptance, Imported, Imports, SealedFile};
use northstar_credentials_domain::record::{self, Candidate, select};
use northstar_credentials_domain::status::Place;
use northstar_credentials_domain::verified::{self, Found, Outcome, accept};
use northstar_kernel::{
    CompetencyId, CredentialId, Decider as _, EvidenceId, FrameworkId, LearnerId, Refusal as _,
    TenantId, Timestamp,
};

const AT: Timestamp = Timestamp::from_micros(1_793_534_400_000_000);

fn id(name: &str) -> CredentialId {
    CredentialId::derive(TenantId::COMMONS, name)
}

fn learner() -> LearnerId {
    LearnerId::derive(TenantId::COMMONS, "s1")
}

fn competency() -> CompetencyId {
    CompetencyId::derive(TenantId::COMMONS, "res")
}

fn by() -> Person {
    Person { actor: "somebody".into(), reason: "sealed".into() }
}

/// One that is shown, one that is held, one that ended.
fn known() -> [Candidate; 3] {
    let one = |name, shows, ended| Candidate { credential: id(name), shows, ended };
    [one("shown", true, false), one("held", false, false), one("ended", false, true)]
}

#[test]
fn a_record_is_partial_as_soon_as_something_is_left_out_that_has_not_ended() {
    let [shown, held, ended] = known();
    let selected = |known: &[Candidate]| select(&[], known).map(|it| it.partial);
    assert_eq!(selected(&[shown]), Ok(false));
    assert_eq!(selected(&[shown, ended]), Ok(false), "what ended is nothing to tell");
    assert_eq!(selected(&[shown, held]), Ok(true), "what is held is known all the same");
    let other = Candidate { credential: id("other"), ..shown };
    let both = select(&[], &[shown, other]).expect("two");
    assert!(both.credentials.is_sorted() && both.credentials.len() == 2 && !both.partial);
    let one = select(&[other.credential], &[shown, other]).expect("one");
    assert_eq!((one.credentials, one.partial), (vec![other.credential], true));
}

#[test]
fn a_record_of_nothing_or_of_what_does_not_hold_is_refused() {
    assert_eq!(select(&[], &known()[1..]), Err(record::Refusal::Empty));
    for name in ["held", "ended", "another's"] {
        let refused = select(&[id("shown"), id(name)], &known()).expect_err(name);
        assert_eq!(refused, record::Refusal::NotShown(id(name)));
        assert_eq!(refused.reason(), "CREDENTIAL_NOT_SHOWN");
    }
}

fn found(name: &str, outcome: Outcome) -> Found {
    Found { name: name.into(), outcome, detail: "as seen".into() }
}

#[test]
fn a_word_stands_for_missing_documents_and_for_nothing_that_failed() {
    let passed = found("form", Outcome::Passed);
    let absent = found("endorsements", Outcome::Absent);
    assert_eq!(accept("file", &[passed.clone(), absent], true), Ok(false), "no word was needed");
    for name in ["key owner", "arithmetic", "status", "endorsements"] {
        let checks = [passed.clone(), found(name, Outcome::Unknown)];
        assert_eq!(accept("file", &checks, true), Ok(true), "{name}");
        let refused = accept("file", &checks, false).expect_err(name);
        assert_eq!(refused.reason(), "CREDENTIAL_UNRESOLVED");
        assert_eq!(refused.violations()[0].field, "file");
        let failed = [checks[1].clone(), found("time", Outcome::Failed)];
        let refused = accept("file", &failed, true).expect_err("it is over");
        assert_eq!(refused.reason(), "CREDENTIAL_NOT_VERIFIED");
        assert!(refused.to_string().contains("\"time\""), "{refused}");
    }
    for name in ["form", "schema", "time", "policy"] {
        let refused = accept("file", &[found(name, Outcome::Unknown)], true).expect_err(name);
        assert!(matches!(refused, verified::Refusal::NotVerified { .. }), "{name}");
    }
}

fn endorse(what: endorsement::What) -> endorsement::Event {
    endorsement::Event { endorsement: id("endorsement"), what }
}

fn requested() -> endorsement::What {
    endorsement::What::Requested(Request {
        subject: "https://school.example".into(),
        comment: "We rely on it.".into(),
        valid_until: None,
        learner: None,
        actor: "somebody".into(),
        at: AT,
    })
}

fn given() -> endorsement::What {
    endorsement::What::Given(Signed {
        serial: 7,
        place: Place { list: 0, index: 9 },
        valid_from: AT,
        key_name: "ed-2026-11".into(),
        document: "{}".into(),
    })
}

fn received() -> endorsement::What {
    endorsement::What::Received(Received {
        subject: "urn:uuid:1".into(),
        endorser: "did:key:z".into(),
        document: "sealed".into(),
        learner: Some(learner()),
        checks: Vec::new(),
        word: None,
        actor: "somebody".into(),
        at: AT,
    })
}

fn endorsement_withdrawn() -> endorsement::What {
    endorsement::What::Withdrawn { by: by(), at: AT }
}

/// How many events each step makes, from nothing.
fn steps(steps: impl IntoIterator<Item = endorsement::What>) -> Vec<Option<usize>> {
    let mut state = endorsement::State::default();
    let mut counts = Vec::new();
    for what in steps {
        let events = Endorsements::decide(&state, endorse(what));
        counts.push(events.as_ref().ok().map(Vec::len));
        state = events.unwrap_or_default().iter().fold(state, Endorsements::evolve);
    }
    counts
}

#[test]
fn an_endorsement_is_asked_for_signed_and_withdrawn_once_each() {
    let twice = |what: fn() -> endorsement::What| [what(), what()];
    let all = [twice(requested), twice(given), twice(endorsement_withdrawn)].concat();
    assert_eq!(steps(all), [Some(1), Some(0), Some(1), Some(0), Some(1), Some(0)]);
    let early = [given(), requested(), endorsement_withdrawn(), given()];
    assert_eq!(steps(early), [Some(0), Some(1), Some(1), Some(0)], "withdrawn, it is not signed");
    let foreign = [received(), received(), endorsement_withdrawn(), received()];
    assert_eq!(steps(foreign), [Some(1), Some(0), Some(1), None], "withdrawn, it stays so");
    assert_eq!(steps([endorsement_withdrawn()]), [None]);
}

fn act(what: import::What) -> import::Event {
    import::Event { import: id("import"), learner: learner(), what }
}

fn imported() -> import::What {
    import::What::Imported(Imported {
        form: "json".into(),
        file: SealedFile { key_id: [1; 16], sealed: vec![2] },
        digest: [3; 32],
        issuer: "did:key:z".into(),
        name: "Patrol leader".into(),
        valid_from: AT,
        alignments: Vec::new(),
        checks: Vec::new(),
        word: None,
        actor: "somebody".into(),
        at: AT,
    })
}

fn accepted(level: u32) -> import::What {
    import::What::Accepted(Acceptance {
        evidence: import::evidence_of(TenantId::COMMONS, id("import"), competency()),
        competency: competency(),
        framework: FrameworkId::derive(TenantId::COMMONS, "ns"),
        level,
        score_milli: 3_000,
        assessor: "somebody".into(),
        assessor_role: "teacher".into(),
        observed_at: AT,
        at: AT,
    })
}

#[test]
fn an_imported_credential_is_accepted_once_and_names_its_evidence_when_withdrawn() {
    let none = import::State::default();
    let early = Imports::decide(&none, act(accepted(3))).expect_err("there is none");
    assert_eq!(early, import::Refusal::NotFound);
    let state = Imports::evolve(none, &act(imported()));
    assert_eq!(Imports::decide(&state, act(imported())), Ok(vec![]));
    let state = Imports::evolve(state, &act(accepted(3)));
    assert_eq!(Imports::decide(&state, act(accepted(3))), Ok(vec![]));
    let other = Imports::decide(&state, act(accepted(4))).expect_err("another level");
    assert_eq!(other, import::Refusal::AcceptedOtherwise(3));

    let nothing = import::What::Withdrawn { evidence: Vec::new(), by: by(), at: AT };
    let events = Imports::decide(&state, act(nothing.clone())).expect("it is there");
    let import::What::Withdrawn { evidence, .. } = &events[0].what else { panic!("{events:?}") };
    let expected = import::evidence_of(TenantId::COMMONS, id("import"), competency());
    assert_eq!(evidence, &[expected]);
    let state = Imports::evolve(state, &events[0]);
    assert_eq!(Imports::decide(&state, act(nothing)), Ok(vec![]));
    for what in [imported(), accepted(3)] {
        let refused = Imports::decide(&state, act(what)).expect_err("it was withdrawn");
        assert_eq!(refused, import::Refusal::Withdrawn);
    }
}

#[test]
fn evidence_follows_from_import_and_competency_and_alignments_are_matched_whole() {
    let of = |import, competency| import::evidence_of(TenantId::COMMONS, import, competency);
    let other = CompetencyId::derive(TenantId::COMMONS, "other");
    let ids: [EvidenceId; 3] =
        [of(id("a"), competency()), of(id("b"), competency()), of(id("a"), other)];
    assert!(ids[0] != ids[1] && ids[0] != ids[2]);
    assert_eq!(ids[0], of(id("a"), competency()));

    let named = |target: &str, uri: &str| import::names(&[target.to_owned()], competency(), uri);
    let uuid = competency().to_string();
    assert!(named("https://frameworks.example/items/res", "https://frameworks.example/items/res"));
    assert!(named(&format!("https://case.example/uri/{uuid}"), ""));
    assert!(named(&format!("urn:uuid:{}", uuid.to_uppercase()), ""));
    assert!(!named("", ""));
    assert!(!named(
        "https://frameworks.example/items/resilience",
        "https://frameworks.example/items/res"
    ));
    assert!(!named(&format!("https://case.example/uri/{uuid}/children"), ""));
}
