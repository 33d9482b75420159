//! Another tenant's ids, ids that do not exist, and the same before the other tenant was there.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_chassis::{Role, page};
use northstar_credentials_proof::{SecretKey, jws};
use northstar_kernel::LearnerId;
use northstar_wire::credentials::v1::VerifyCredentialResponse;
use northstar_wire::mastery::v1::FollowMasteryEventsRequest;
use northstar_wire::mastery::v1::follow_mastery_events_response::Item;
use northstar_wire::mastery::v1::mastery_event::Event;
use northstar_wire::mastery::v1::{FollowMasteryEventsResponse, MasteryChanged};
use northstar_wire::platform::v1::GetProgressResponse;
use northstar_wire::registry::v1::{ImportFrameworkResponse, ImportRosterResponse};
use prost::Message;
use serde_json::Value;
use tonic::Code;

use crate::answer::Answer;
use crate::authored;
use crate::questions::{self, Question};
use crate::rpc::{self, LOG, MASTERY, PATHWAYS, name};
use crate::tenant::{Names, done, record};
use crate::world::{Caller, World, is_keep_alive};

#[test]
fn every_rpc_is_asked() {
    let questions = questions::all(&Names::of("aspen"), &Names::of("birch"), 1);
    let asked: BTreeSet<_> = questions.iter().map(|question| name(question.rpc)).collect();
    assert_eq!(asked, rpc::all(), "write a question for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_is_answered_like_what_does_not_exist() {
    let world = World::start().await;
    let own = world.found("aspen", 2).await;
    let operator = world.platform(Role::PlatformOperator);
    let tables = authored::reference([&own, &Names::of("birch")]);
    done(&operator.ask_all((PATHWAYS, "ImportReference"), &tables).await);
    operator.settled().await;
    let admin = world.admin(&own);
    let events = admin.progress("mastery").await.head_sequence;
    let absent = absent(&own);
    let before = answers(&world, &own, &absent, events).await;
    let mut follower = follow(&admin, events).await;

    let foreign = world.found("birch", 9).await;
    let theirs = world.admin(&foreign);
    let state = theirs.state().await;
    assert!(state[2].head_sequence > events + 1, "a cursor beyond ours is not beyond theirs");

    let after = answers(&world, &own, &absent, events).await;
    assert_same(&before, &after, "was changed by the other tenant's coming");
    let asked = answers(&world, &own, &foreign, events).await;
    let names = foreign.beside(&absent);
    let renamed: Vec<_> =
        asked.iter().map(|(question, answer)| (question.clone(), answer.renamed(&names))).collect();
    assert_same(&renamed, &after, "tells the other tenant's id from one that does not exist");

    assert_eq!(theirs.state().await, state, "the questions changed what was asked about");
    for (question, answer) in asked.iter().filter(|(question, _)| reads(question)) {
        let owner = masked(question, ask(&theirs, question).await);
        assert_ne!(&owner, answer, "{question:?} is not about anything of theirs");
    }

    record(&admin, "a last one", own.item(1, 300)).await;
    let heard = next_event(&mut follower).await;
    assert_eq!((heard.0, heard.1.learner_id), (events + 1, own.ana), "nothing came in between");
}

/// Names of a tenant that was never there, with a credential in its name that is sound by itself.
fn absent(own: &Names) -> Names {
    let mut absent = Names::of("cedar");
    let renamed = |text: String| {
        let names = own.beside(&absent).into_iter();
        names.fold(text, |text, (from, to)| text.replace(&from, &to))
    };
    let part = |number: usize| -> Value {
        let part = own.jws.split('.').nth(number).unwrap();
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        serde_json::from_str(&renamed(text)).unwrap()
    };
    let (header, payload) = (part(0), part(1));
    let key = SecretKey::p256(&[9; 32]).unwrap();
    let jws = jws::sign(&key, header["kid"].as_str().unwrap(), &payload).unwrap();
    let learner = LearnerId::derive(absent.tenant, "nobody");
    absent.jws = jws;
    absent.pages = [(); 3].map(|()| page::encode(learner.as_bytes()));
    absent
}

type Answered = Vec<(Question, Answer)>;

async fn answers(world: &World, own: &Names, theirs: &Names, events: u64) -> Answered {
    let mut answers = Vec::new();
    for question in questions::all(own, theirs, events) {
        let caller = world.caller(own.tenant, question.role, &[]);
        let answer = masked(&question, ask(&caller, &question).await);
        let faults = [Code::Internal, Code::Unknown, Code::Unimplemented, Code::Unavailable];
        assert!(!faults.contains(&answer.code()), "{question:?} ended in {answer:?}");
        answers.push((question, answer));
    }
    answers
}

async fn ask(caller: &Caller<'_>, question: &Question) -> Answer {
    caller.send(&name(question.rpc), question.messages.clone()).await
}

/// Leaves out the place in the shard's log, which counts all tenants' events and tells nothing of
/// whose they are, and the order of a batch's replies, which is not promised.
fn masked(question: &Question, mut answer: Answer) -> Answer {
    fn each<M: Message + Default>(answer: &mut Answer, mask: impl Fn(&mut M)) {
        for reply in &mut answer.replies {
            let mut message = M::decode(reply.as_slice()).unwrap();
            mask(&mut message);
            *reply = message.encode_to_vec();
        }
    }
    match question.rpc.1 {
        "GetProgress" => each(&mut answer, |it: &mut GetProgressResponse| {
            it.head_position = 0;
            it.consumers.iter_mut().for_each(|consumer| consumer.position = 0);
        }),
        "ImportRoster" => each(&mut answer, |it: &mut ImportRosterResponse| {
            it.report.iter_mut().for_each(|report| report.position = 0);
        }),
        "ImportFramework" => each(&mut answer, |it: &mut ImportFrameworkResponse| {
            it.report.iter_mut().for_each(|report| report.position = 0);
        }),
        // From when on it is valid, the credential that was sent along says itself.
        "VerifyCredential" => each(&mut answer, |it: &mut VerifyCredentialResponse| {
            let time = it.checks.iter_mut().find(|check| check.name == "time");
            time.into_iter().for_each(|check| check.detail.clear());
        }),
        "RecordEvidenceBatch" => answer.replies.sort(),
        _ => {}
    }
    answer
}

/// Whether the owner of the things asked about must be told something else.
fn reads(question: &Question) -> bool {
    let prefixes = ["Get", "List", "Verify", "Rank", "Follow"];
    // Regions are told to all, and two tenants may have come equally far.
    let alike = [(PATHWAYS, "ListRegions"), (LOG, "GetProgress")].contains(&question.rpc);
    prefixes.iter().any(|prefix| question.rpc.1.starts_with(prefix)) && !alike
}

fn assert_same(left: &Answered, right: &Answered, what: &str) {
    assert_eq!(left.len(), right.len());
    for ((question, left), (_, right)) in left.iter().zip(right) {
        assert_eq!(left, right, "the answer to {question:?} {what}");
    }
}

type Replies = tonic::Streaming<Vec<u8>>;

/// Follows from `after` on; what is there was heard when this returns.
async fn follow(caller: &Caller<'_>, after: u64) -> Replies {
    let request = FollowMasteryEventsRequest { after_sequence: after };
    let rpc = name((MASTERY, "FollowMasteryEvents"));
    let mut replies = caller.open(&rpc, vec![request.encode_to_vec()]).await.unwrap();
    let first = replies.message().await.unwrap().unwrap();
    assert!(is_keep_alive(&first));
    replies
}

/// The next thing that happened, with its place.
async fn next_event(replies: &mut Replies) -> (u64, MasteryChanged) {
    loop {
        let reply = replies.message().await.unwrap().unwrap();
        let reply = FollowMasteryEventsResponse::decode(reply.as_slice()).unwrap();
        let Some(Item::Event(event)) = reply.item else { continue };
        let Some(Event::MasteryChanged(changed)) = event.event else { panic!("no policy changed") };
        return (event.sequence, changed);
    }
}
