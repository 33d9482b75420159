//! A request asked twice is answered twice and written once.

use northstar_eventlog::{Append, AppendError, Appended, Log, TenantLog};
use northstar_kernel::{Digest, ExpectedVersion, Position, TenantScope, Version};
use tokio::task::JoinSet;

use super::{Store, given};

fn first() -> Append {
    let append = given::append(&given::stream(1), ExpectedVersion::NoStream, &["1", "2"]);
    given::asked(append, "request-1", "one")
}

fn repeated(first: Appended) -> Appended {
    Appended { repeated: true, ..first }
}

fn is_reuse(result: Result<Appended, AppendError>) -> bool {
    matches!(result, Err(AppendError::KeyReused { id }) if id == "request-1")
}

async fn events(log: &Log, scope: &TenantScope) -> u64 {
    log.tenant(scope).sequence().await.unwrap().0
}

/// The same request gets the first answer again, whatever has happened to the stream since.
pub async fn a_repeat_gets_the_first_answer(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("repeat");
    let tenant = log.tenant(&scope);
    let answer = tenant.append(first()).await.unwrap();
    assert!(!answer.repeated);
    assert_eq!(tenant.append(first()).await.unwrap(), repeated(answer));
    tenant.append(given::note(&given::stream(1), "3")).await.unwrap();
    assert_eq!(tenant.append(first()).await.unwrap(), repeated(answer));
    let any = Append { expected: ExpectedVersion::Any, ..first() };
    assert_eq!(tenant.append(any).await.unwrap(), repeated(answer), "content decides, not belief");
    assert_eq!(events(&log, &scope).await, 3);
}

/// A used id cannot ask for something else, on that stream or another.
pub async fn another_content_is_refused(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("reuse");
    let tenant = log.tenant(&scope);
    tenant.append(first()).await.unwrap();
    assert!(is_reuse(tenant.append(given::asked(first(), "request-1", "two")).await));
    let elsewhere = given::asked(given::note(&given::stream(2), "x"), "request-1", "two");
    assert!(is_reuse(tenant.append(elsewhere).await));
    assert_eq!(events(&log, &scope).await, 2);
}

/// Answers are in the store, not in the log that gave them.
pub async fn answers_outlive_the_log(store: &impl Store) {
    let scope = given::scope("outlives");
    let answer = store.log().tenant(&scope).append(first()).await.unwrap();
    let log = store.log();
    let known = log.tenant(&scope).answered("request-1").await.unwrap().unwrap();
    assert_eq!(known.content, Digest::of(b"one"));
    assert_eq!(known.stream, given::stream(1).as_str());
    assert_eq!(known.appended, repeated(answer));
    assert_eq!(log.tenant(&scope).answered("request-2").await.unwrap(), None);
    assert_eq!(log.tenant(&scope).append(first()).await.unwrap(), repeated(answer));
    let fresh = store.log().tenant(&scope);
    assert!(is_reuse(fresh.append(given::asked(first(), "request-1", "two")).await));
}

/// The same request from many at once, at two replicas, is written once.
pub async fn twins_are_written_once(store: &impl Store) {
    let logs = [store.log(), store.log()];
    let scope = given::scope("twins");
    for expected in [ExpectedVersion::NoStream, ExpectedVersion::Any] {
        let mut callers = JoinSet::new();
        let before = events(&logs[0], &scope).await;
        for number in 0..16 {
            let tenant = logs[number % 2].tenant(&scope);
            let stream = given::stream(u128::from(before) + 1);
            let append = given::append(&stream, expected, &["x"]);
            let append = given::asked(append, &format!("twin-{before}"), "same");
            callers.spawn(async move { tenant.append(append).await.unwrap() });
        }
        let answers = callers.join_all().await;
        assert_eq!(answers.iter().filter(|answer| !answer.repeated).count(), 1, "{expected:?}");
        assert!(answers.iter().all(|answer| answer.position == answers[0].position));
        assert_eq!(events(&logs[0], &scope).await, before + 1);
    }
}

/// A refusal leaves no trace: the id may be used for the next try.
pub async fn a_refused_append_uses_no_request_id(store: &impl Store) {
    let tenant = store.log().tenant(&given::scope("refused"));
    tenant.append(given::note(&given::stream(1), "0")).await.unwrap();
    let refused = tenant.append(first()).await.unwrap_err();
    assert!(matches!(refused, AppendError::WrongVersion(_)), "{refused:?}");
    assert_eq!(tenant.answered("request-1").await.unwrap(), None);
    let again = Append { expected: ExpectedVersion::Any, ..first() };
    assert!(!tenant.append(again).await.unwrap().repeated);
}

/// Repeats and reuses gathered with new appends change nothing for those.
pub async fn a_repeat_leaves_its_neighbours_alone(store: &impl Store) {
    let scope = given::scope("mixed");
    let answer = store.log().tenant(&scope).append(first()).await.unwrap();
    let log = store.log();
    let mut callers = JoinSet::new();
    for number in 0..30 {
        let tenant = log.tenant(&scope);
        let append = match number % 3 {
            0 => first(),
            1 => given::asked(given::note(&given::stream(1), "x"), "request-1", "two"),
            _ => given::note(&given::stream(100 + number), "x"),
        };
        callers.spawn(async move { (number, tenant.append(append).await) });
    }
    for (number, result) in callers.join_all().await {
        match number % 3 {
            0 => assert_eq!(result.unwrap(), repeated(answer)),
            1 => assert!(is_reuse(result)),
            _ => assert!(!result.unwrap().repeated),
        }
    }
    assert_eq!(events(&log, &scope).await, 12);
}

/// Batch follows batch where many go on asking, and a replica beside them takes places too: everybody
/// is answered in their own turn, repeats and refusals as well.
pub async fn those_who_go_on_asking_are_each_answered(store: &impl Store) {
    let (log, beside) = (store.log(), store.log());
    let scope = given::scope("asking");
    let mut callers = JoinSet::new();
    for caller in 0..96 {
        let tenant = log.tenant(&scope);
        callers.spawn(async move { ask(&tenant, caller).await });
    }
    let other = beside.tenant(&scope);
    for number in 1..=20 {
        let appended = other.append(given::note(&given::stream(1_000), "x")).await.unwrap();
        assert_eq!(appended.version.0, number);
    }
    callers.join_all().await;
    let scanned = log.scan(given::shard(&scope), Position::START, 1_000).await.unwrap();
    assert!(scanned.iter().map(|event| event.position.0).eq(1..=96 * 6 + 20));
    assert!(scanned.iter().map(|event| event.sequence.0).eq(1..=96 * 6 + 20));
}

/// Each time something new, the same again, and what can no longer be.
async fn ask(tenant: &TenantLog, caller: u128) {
    let stream = given::stream(caller);
    for version in 0..6 {
        let expected = ExpectedVersion::Exactly(Version(version));
        let append = given::append(&stream, expected, &["x"]);
        let append = given::asked(append, &format!("{caller}-{version}"), "x");
        let answer = tenant.append(append.clone()).await.unwrap();
        assert_eq!((answer.version.0, answer.repeated), (version + 1, false));
        assert_eq!(tenant.append(append.clone()).await.unwrap(), repeated(answer));
        let late = tenant.append(Append { request: None, ..append }).await.unwrap_err();
        let AppendError::WrongVersion(wrong) = late else { panic!("{late:?}") };
        assert_eq!(wrong.actual.0, version + 1);
    }
}

/// A text that no store takes is the fault of whoever sent it, and of nobody else.
pub async fn what_cannot_be_stored_leaves_neighbours_alone(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("unstorable");
    let bad_ids = ["nul\0", &"long".repeat(2_000), ""];
    let mut callers = JoinSet::new();
    for number in 0..30 {
        let tenant = log.tenant(&scope);
        let good = given::note(&given::stream(number), "x");
        let mut append = given::asked(good, &format!("good-{number}"), "x");
        let bad = number % 3 == 0;
        match (bad, number % 2) {
            (true, 0) => append = given::asked(append, bad_ids[number as usize % 9 / 3], "x"),
            (true, _) => append.cause.actor = "nul\0".to_owned(),
            (false, _) => {}
        }
        callers.spawn(async move { (bad, tenant.append(append).await) });
    }
    for (bad, result) in callers.join_all().await {
        assert_eq!(result.is_err(), bad, "{result:?}");
    }
    for id in bad_ids {
        assert_eq!(log.tenant(&scope).answered(id).await.unwrap(), None);
    }
}

/// An id is unique within its tenant, and says nothing of other tenants.
pub async fn two_tenants_may_use_one_id(store: &impl Store) {
    let log = store.log();
    for scope in given::neighbours("one-id", northstar_kernel::Shard(0), 3) {
        let answer = log.tenant(&scope).append(first()).await.unwrap();
        assert!(!answer.repeated);
        assert_eq!((answer.sequence.0, answer.version.0), (2, 2));
    }
}
