//! (e) The profile of a learner with 200 competencies, as a caller gets it.

use std::time::Instant;

use anyhow::Context as _;
use northstar_eventlog::now;
use northstar_kernel::LearnerId;
use northstar_tests::measure::clock::millis;
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure, median, quantile};
use northstar_tests::measure::sample::{competency, learner, tenant};
use northstar_tests::measure::served::{Bearer, connect};
use northstar_wire::mastery::v1::GetProfileRequest;
use northstar_wire::mastery::v1::mastery_service_client::MasteryServiceClient;
use sqlx::{Connection as _, PgConnection};
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;

use crate::school::School;
use crate::shape::{COMPETENCIES, count, mixed};

/// Calls in one sample; ours and the baseline's take turns call by call.
const CALLS: usize = 200;
const ROWS: &str = "select key, state, extra from mastery.documents
    where tenant = $1 and noun = 'level' and generation = 0 and key >= $2 and key < $3 order by key";

type Client = MasteryServiceClient<InterceptedService<Channel, Bearer>>;

pub(crate) async fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let mut school = School::start().await?;
    let usual = learner(0);
    let judgements = (0..COMPETENCIES)
        .flat_map(|number| std::iter::repeat_n(competency(number), count(mixed(number)) as usize));
    school.judge(usual, &judgements.collect::<Vec<_>>()).await?;
    let busy = learner(1);
    let judgements: Vec<_> = (0..5_000).map(|number| competency(number % COMPETENCIES)).collect();
    school.judge(busy, &judgements).await?;
    let mastery = &school.journey.mastery;
    let channel = connect(mastery.address).await?;
    let mut client = MasteryServiceClient::with_interceptor(channel, mastery.bearer.clone());
    let owner = school.logs.owner_url().context("a server of one's own")?;
    let mut rows = PgConnection::connect(&owner).await?;
    let mut figures = [
        Figure::new("profile of 200 competencies, median", "ms", Bar::AtMost(3.0)),
        Figure::new("  … p99", "ms", Bar::None),
        Figure::new("  … median / its levels' rows by one query", "ms", Bar::None),
        Figure::new("  … as of a day two years ago, median", "ms", Bar::None),
        Figure::new("  … as known two years ago, median", "ms", Bar::None),
        Figure::new("  … with 5,000 judgements, median", "ms", Bar::None),
    ];
    let ago = now().micros() / 1_000_000 - 2 * 365 * 86_400;
    let then = Some(prost_types::Timestamp { seconds: ago, nanos: 0 });
    let plain =
        |of: LearnerId| GetProfileRequest { learner_id: of.to_string(), ..Default::default() };
    for round in 0..=pace.rounds {
        let [mut ours, mut plain_rows] = [Vec::new(), Vec::new()];
        let [mut as_of, mut known, mut busiest] = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..CALLS {
            ours.push(shown(&mut client, plain(usual)).await?);
            plain_rows.push(read(&mut rows, usual).await?);
            let question = GetProfileRequest { as_of: then, ..plain(usual) };
            as_of.push(shown(&mut client, question).await?);
            let question = GetProfileRequest { known_at: then, ..plain(usual) };
            known.push(asked(&mut client, question).await?.0);
            busiest.push(shown(&mut client, plain(busy)).await?);
        }
        // In the first round caches are cold.
        if round > 0 {
            figures[0].add_alone(median(&ours));
            figures[1].add_alone(quantile(&ours, 0.99));
            figures[2].add(median(&ours), median(&plain_rows));
            figures[3].add_alone(median(&as_of));
            figures[4].add_alone(median(&known));
            figures[5].add_alone(median(&busiest));
        }
    }
    Ok(figures.into())
}

/// Milliseconds until the caller had something of most competencies.
async fn shown(client: &mut Client, question: GetProfileRequest) -> anyhow::Result<f64> {
    let (elapsed, entries) = asked(client, question).await?;
    anyhow::ensure!(entries > COMPETENCIES as usize / 2, "{entries} entries");
    Ok(elapsed)
}

async fn asked(client: &mut Client, question: GetProfileRequest) -> anyhow::Result<(f64, usize)> {
    let begin = Instant::now();
    let profile = client.get_profile(question).await?.into_inner();
    Ok((millis(begin.elapsed()), profile.entries.len()))
}

async fn read(rows: &mut PgConnection, of: LearnerId) -> anyhow::Result<f64> {
    let begin = Instant::now();
    let key = of.as_bytes().to_vec();
    let end = (of.uuid().as_u128() + 1).to_be_bytes().to_vec();
    let query = sqlx::query(ROWS).bind(tenant().uuid()).bind(key).bind(end);
    let found = query.fetch_all(rows).await?;
    anyhow::ensure!(found.len() == COMPETENCIES as usize, "{} rows", found.len());
    Ok(millis(begin.elapsed()))
}
