//! (d) From the correction of a judgement that is eight years old to the event that mastery changed.
//!
//! The learner has 5,000 judgements. Half of the corrections raise what is held, and half lower it
//! again; each begins when the one before was heard of, with the call, and ends at the follower.

use std::time::{Duration, Instant};

use northstar_kernel::LearnerId;
use northstar_tests::measure::clock::millis;
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure, quantile};
use northstar_tests::measure::follower::Follower;
use northstar_tests::measure::request::{item, request_id};
use northstar_tests::measure::sample::{competency, learner};
use northstar_tests::measure::served::connect;
use northstar_wire::evidence::v1::CorrectEvidenceRequest;
use northstar_wire::evidence::v1::evidence_service_client::EvidenceServiceClient;

use crate::school::{Judged, School};
use crate::shape::COMPETENCIES;

const JUDGEMENTS: u64 = 5_000;
/// Corrections in one sample.
const CORRECTIONS: usize = 100;
const BAR: Bar = Bar::AtMost(50.0);

pub(crate) async fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let spread = ["corrected to heard of, 200 competencies, median", "  … p99"];
    let single = ["corrected to heard of, one competency, median", "  … p99"];
    let mut figures = of(learner(0), COMPETENCIES, spread, pace).await?;
    figures.extend(of(learner(1), 1, single, pace).await?);
    Ok(figures)
}

async fn of(
    learner: LearnerId,
    competencies: u64,
    [median, worst]: [&'static str; 2],
    pace: Pace,
) -> anyhow::Result<Vec<Figure>> {
    let mut school = School::start().await?;
    let all: Vec<_> = (0..JUDGEMENTS).map(|number| competency(number % competencies)).collect();
    let judged = school.judge(learner, &all).await?;
    let mut follower = Follower::start(&school.journey.mastery).await?;
    for _ in 0..competencies {
        follower.next().await?;
    }
    let mut figures = [Figure::new(median, "ms", Bar::None), Figure::new(worst, "ms", BAR)];
    // Of the oldest, others each time.
    let mut oldest = judged[..judged.len() / 10].iter().copied().cycle();
    for round in 0..=pace.rounds {
        let sample = sample(&mut school, learner, &mut follower, &mut oldest).await?;
        // In the first round caches are cold.
        if round > 0 {
            figures[0].add_alone(quantile(&sample, 0.5));
            figures[1].add_alone(quantile(&sample, 0.99));
        }
    }
    Ok(figures.into())
}

async fn sample(
    school: &mut School,
    learner: LearnerId,
    follower: &mut Follower,
    oldest: &mut impl Iterator<Item = Judged>,
) -> anyhow::Result<Vec<f64>> {
    let mut elapsed = Vec::new();
    for judged in oldest.take(CORRECTIONS / 2) {
        for level in [3, 2] {
            elapsed.push(millis(corrected(school, learner, judged, level, follower).await?));
        }
    }
    Ok(elapsed)
}

/// How long it took until the follower had heard of it.
async fn corrected(
    school: &mut School,
    learner: LearnerId,
    judged: Judged,
    level: u32,
    follower: &mut Follower,
) -> anyhow::Result<Duration> {
    let request = CorrectEvidenceRequest {
        request_id: request_id(school.next_request()),
        evidence_id: judged.evidence.to_string(),
        item: Some(item(learner, judged.competency, level, judged.observed_at)),
    };
    let evidence = &school.journey.evidence;
    let channel = connect(evidence.address).await?;
    let mut client = EvidenceServiceClient::with_interceptor(channel, evidence.bearer.clone());
    let begin = Instant::now();
    client.correct_evidence(request).await?;
    let (cause, at) = follower.next().await?;
    anyhow::ensure!(cause == judged.evidence, "{cause} changed something");
    Ok(at.duration_since(begin))
}
