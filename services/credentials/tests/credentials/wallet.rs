//! Credentials follow mastery: once up, once down, whatever comes twice, late or in another order.

use std::fs;
use std::sync::Arc;

use async_trait::async_trait;
use northstar_bus::{HandleError, Handler, Source, Work};
use northstar_eventlog::Recorded;
use northstar_wire::credentials::v1::CredentialStatus;

use crate::badge;
use crate::region::{FRONT_RANGE, Region, achievement, learner};

const RES: &str = "responsibility";

#[tokio::test]
async fn mastery_reached_is_one_credential_that_verifies() {
    let region = Region::running().await;
    assert!(region.define(achievement("res-3", RES, 3)).await.expect("sound"));
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;

    let credentials = region.credentials_of(learner("s1")).await;
    let [credential] = &credentials[..] else { panic!("one credential, not {credentials:?}") };
    assert_eq!(credential.status(), CredentialStatus::Issued);
    assert_eq!(credential.achievement_name, "responsibility, level 3");
    assert_eq!(region.failed_check(&credential.compact_jws).await, None);

    let payload = badge::payload(&credential.compact_jws);
    assert_eq!(payload["id"], format!("urn:uuid:{}", credential.credential_id));
    assert_eq!(payload["issuer"]["id"], format!("did:web:localhost%3A7402:t:{FRONT_RANGE}"));
    assert_eq!(payload["issuer"]["name"], "The front-range network");
    assert_eq!(payload["nbf"], credential.issued_at.expect("a time").seconds);
    assert!(!payload.to_string().contains(&learner("s1").to_string()));
}

#[tokio::test]
async fn the_same_again_and_more_of_it_is_still_one() {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    for level in [3, 3, 4, 3] {
        region.mastery(learner("s1"), RES, level, true).await;
    }
    region.settled().await;
    assert_eq!(region.credentials_of(learner("s1")).await.len(), 1);
}

#[tokio::test]
async fn a_policy_beside_the_main_one_earns_nothing_and_takes_nothing() {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery_by("trial", learner("s1"), RES, (3, true)).await;
    region.mastery(learner("s2"), RES, 3, true).await;
    region.mastery_by("trial", learner("s2"), RES, (1, false)).await;
    region.settled().await;
    assert_eq!(region.credentials_of(learner("s1")).await.len(), 0);
    let credentials = region.credentials_of(learner("s2")).await;
    assert_eq!(credentials[0].status(), CredentialStatus::Issued);
}

#[tokio::test]
async fn it_takes_mastery_and_the_level() {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.define(achievement("res-4", RES, 4)).await.expect("sound");
    region.mastery(learner("low"), RES, 2, true).await;
    region.mastery(learner("unsure"), RES, 4, false).await;
    region.mastery(learner("elsewhere"), "initiative", 4, true).await;
    region.mastery(learner("three"), RES, 3, true).await;
    region.mastery(learner("four"), RES, 4, true).await;
    region.settled().await;
    for (key, credentials) in
        [("low", 0), ("unsure", 0), ("elsewhere", 0), ("three", 1), ("four", 2)]
    {
        assert_eq!(region.credentials_of(learner(key)).await.len(), credentials, "{key}");
    }
}

#[tokio::test]
async fn mastery_withdrawn_revokes_once_and_regained_issues_anew() {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    for level in [2, 1, 0] {
        region.mastery(learner("s1"), RES, level, false).await;
    }
    region.settled().await;
    let credentials = region.credentials_of(learner("s1")).await;
    let [lost] = &credentials[..] else { panic!("one credential, not {credentials:?}") };
    assert_eq!(lost.status(), CredentialStatus::Revoked);
    assert_eq!(lost.revocation_reason, "mastery_withdrawn");
    assert!(lost.revoked_at.is_some());
    assert_eq!(region.failed_check(&lost.compact_jws).await.as_deref(), Some("status"));

    region.mastery(learner("s1"), RES, 4, true).await;
    region.settled().await;
    let credentials = region.credentials_of(learner("s1")).await;
    let [first, second] = &credentials[..] else { panic!("two, not {credentials:?}") };
    assert_eq!(first, lost, "what was revoked stays revoked");
    assert_eq!(second.status(), CredentialStatus::Issued);
    assert_eq!(region.failed_check(&second.compact_jws).await, None);
    assert_ne!(first.credential_id, second.credential_id);
    let subject = |jws: &str| badge::payload(jws)["credentialSubject"]["id"].clone();
    assert_ne!(subject(&first.compact_jws), subject(&second.compact_jws), "nothing links the two");

    let found = region.event_types().await;
    let found: Vec<_> = found.iter().filter(|name| name.starts_with("credential_")).collect();
    assert_eq!(found, ["credential_issued", "credential_revoked", "credential_issued"]);
}

#[tokio::test]
async fn an_achievement_defined_late_is_awarded_to_who_holds_it_now() {
    let region = Region::running().await;
    region.mastery(learner("still"), RES, 3, true).await;
    region.mastery(learner("no-more"), RES, 3, true).await;
    region.mastery(learner("no-more"), RES, 2, false).await;
    region.settled().await;
    assert!(region.credentials_of(learner("still")).await.is_empty());

    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.settled().await;
    assert_eq!(region.credentials_of(learner("still")).await.len(), 1);
    assert!(region.credentials_of(learner("no-more")).await.is_empty());

    let mut reworded = achievement("res-3", RES, 3);
    reworded.name = "Responsible".into();
    assert!(region.define(reworded).await.expect("words may change"));
    region.settled().await;
    assert_eq!(region.credentials_of(learner("still")).await.len(), 1);
}

#[tokio::test]
async fn more_learners_than_one_step_takes_are_all_awarded() {
    let region = Region::running().await;
    let learners: Vec<_> = (0..1_050).map(|number| learner(&format!("s{number}"))).collect();
    let reached = learners.iter().map(|learner| region.mastery(*learner, RES, 3, true));
    futures::future::join_all(reached).await;
    region.settled().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.settled().await;
    for learner in learners {
        assert_eq!(region.credentials_of(learner).await.len(), 1);
    }
    let names = region.event_types().await;
    let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
    assert_eq!((count("credential_issued"), count("achievement_offered")), (1_050, 1));
}

#[tokio::test]
async fn a_tenant_named_late_signs_then() {
    let mut region = Region::new();
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    region.start();
    region.settled().await;
    assert_eq!(region.event_types().await, ["achievement_defined"]);

    region.name(FRONT_RANGE).await;
    region.settled().await;
    let credentials = region.credentials_of(learner("s1")).await;
    assert_eq!(credentials.len(), 1);
    assert_eq!(region.failed_check(&credentials[0].compact_jws).await, None);
}

/// The consumer under another name: its checkpoint starts from nothing, its documents and streams
/// are those that are there.
struct Forgetful(Arc<dyn Handler>);

#[async_trait]
impl Handler for Forgetful {
    fn consumer(&self) -> &'static str {
        "credentials.forgetful"
    }

    fn sources(&self) -> &'static [Source] {
        self.0.sources()
    }

    fn nouns(&self) -> &'static [&'static str] {
        self.0.nouns()
    }

    async fn handle(
        &self,
        source: &'static str,
        event: &Recorded,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        self.0.handle(source, event, work).await
    }
}

#[tokio::test]
async fn a_lost_checkpoint_issues_and_revokes_nothing_twice() {
    let mut region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    for (level, at) in [(2, false), (3, true), (2, false), (1, false), (4, true), (3, true)] {
        region.mastery(learner("s1"), RES, level, at).await;
    }
    region.settled().await;
    let before = region.event_types().await;
    assert_eq!(before.iter().filter(|name| *name == "credential_issued").count(), 2);

    let forgetful = Arc::new(Forgetful(region.handler()));
    region.run(forgetful);
    region.settled_for("credentials.forgetful").await;
    assert_eq!(region.event_types().await, before);
}

#[tokio::test]
async fn an_event_that_makes_no_sense_does_not_stop_the_others() {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.nonsense().await;
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    assert_eq!(region.credentials_of(learner("s1")).await.len(), 1);
}

#[tokio::test]
async fn secrets_are_kept_and_nowhere_in_clear() {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    let files = fs::read_dir(region.folder()).expect("a folder");
    let files: Vec<_> = files.map(|file| fs::read(file.expect("a file").path())).collect();
    let keys = region.issuer().await.keys;
    let keys = keys.iter().map(|key| format!("credentials/keys/{}", key.key_name));
    let names: Vec<_> = keys.chain(["credentials/pseudonyms".to_owned()]).collect();
    assert_eq!(names.len(), 4);
    for name in &names {
        let secret = region.tenant_log().secret(name).await.expect("it opens").expect("it is kept");
        assert_eq!(secret.len(), 32);
        let hexadecimal: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        for bytes in &files {
            let bytes = bytes.as_ref().expect("its bytes");
            assert!(!bytes.windows(32).any(|window| window == secret), "{name}");
            assert!(!bytes.windows(64).any(|window| window == hexadecimal.as_bytes()), "{name}");
        }
    }
}
