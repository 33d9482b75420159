//! Any learner, any day, as believed on any other: the service against somebody who goes through all
//! that was ever recorded, each time anew.

mod believed;
mod history;
mod number;
mod rule;

use northstar_chassis::Role;
use northstar_kernel::Timestamp;
use northstar_testkit::thorough;
use northstar_wire::mastery::v1 as wire;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;
use tonic::Code;

use self::believed::{Recordings, Told};
use self::history::{CODES, LEARNERS, NAMES};
use crate::region::{Client, Region, competency, instant, learner};
use crate::stand::Stand;

/// Who, in what, by which policy, when it was true and when it was believed.
#[derive(Debug, Clone)]
struct Question {
    learner: &'static str,
    code: &'static str,
    name: &'static str,
    at: Timestamp,
    known: Timestamp,
}

/// Histories, steps in each, and questions about each.
fn schedule() -> (u64, u32, u32) {
    if thorough() { (10, 400, 1_000) } else { (2, 150, 150) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_is_what_a_naive_reader_comes_to_on_sqlite() {
    for seed in 0..schedule().0 {
        compare(Stand::sqlite(), seed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_is_what_a_naive_reader_comes_to_on_postgres() {
    for seed in 0..schedule().0 {
        compare(Stand::postgres().await, 1_000 + seed).await;
    }
}

/// Writes a history and asks about it.
async fn compare(stand: Stand, seed: u64) {
    let (_, steps, questions) = schedule();
    let mut random = StdRng::seed_from_u64(seed);
    let region = Region::on(stand).await;
    history::write(&region, &mut random, steps).await;
    region.settled().await;
    let recordings = Recordings::read(&region).await;
    let mut client = region.client(Role::Teacher, &[]);
    let mut derived = 0;
    for _ in 0..questions {
        let question = ask(&recordings, &mut random);
        let told = answer(&mut client, &question).await;
        assert_eq!(told, recordings.told(&question), "seed {seed}: {question:?}");
        derived += u32::from(matches!(told, Told::Derived { .. }));
    }
    assert!(derived > questions / 4, "seed {seed}: only {derived} of {questions} say anything");
}

/// Instants at which something happened, one microsecond before and after, and any others.
fn ask(recordings: &Recordings, random: &mut StdRng) -> Question {
    let learner = LEARNERS[random.random_range(0..LEARNERS.len())];
    let code = CODES[random.random_range(0..CODES.len())];
    let name = NAMES[random.random_range(0..NAMES.len())];
    let mut near = |[all, own]: [Vec<Timestamp>; 2], far: i64| {
        let instants = if own.is_empty() || random.random_range(0..3) == 0 { all } else { own };
        let picked = instants[random.random_range(0..instants.len())].micros();
        Timestamp::from_micros(match random.random_range(0..8) {
            0 => picked + random.random_range(-far..far),
            1 => picked - 1,
            2 => picked + 1,
            _ => picked,
        })
    };
    let at = near(recordings.observed(learner, code), 3_000 * history::DAY);
    let known = near(recordings.recorded(learner, code), 10_000);
    Question { learner, code, name, at, known }
}

async fn answer(client: &mut Client, question: &Question) -> Told {
    let request = wire::GetDerivationRequest {
        learner_id: learner(question.learner).to_string(),
        competency_id: competency(question.code).to_string(),
        policy_name: question.name.to_owned(),
        as_of: Some(instant(question.at)),
        known_at: Some(instant(question.known)),
    };
    match client.get_derivation(request).await {
        Ok(response) => read(&response.into_inner()),
        Err(status) if status.code() == Code::NotFound => Told::Nothing,
        Err(status) => panic!("{status}: {question:?}"),
    }
}

fn read(response: &wire::GetDerivationResponse) -> Told {
    if response.derivation.is_empty() {
        return Told::WithoutPolicy;
    }
    let json: Value = serde_json::from_str(&response.derivation).expect("JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let all = |field: &str| json[field].as_array().expect("a list").clone();
    let micros = |seen: &Value| seen["recorded_at_micros"].as_i64().expect("a number");
    let used = all("used");
    Told::Derived {
        policy: text(&json["policy_hash"]),
        used: used.iter().map(|seen| (text(&seen["evidence"]), micros(seen))).collect(),
        left_out: all("left_out")
            .iter()
            .map(|seen| (text(&seen["evidence"]), text(&seen["why"])))
            .collect(),
        standing: text(&json["standing"]),
        value_milli: json["value_milli"].as_i64().expect("a number"),
        level: json["level"].as_u64().expect("a number"),
        provisional: json["provisional"].as_bool().expect("a truth"),
    }
}
