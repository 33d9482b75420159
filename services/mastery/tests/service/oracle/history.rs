//! A history at random: evidence that comes years late, twice, corrected and taken back; policies and
//! scales that change in between.

use futures::future::join_all;
use northstar_eventlog::{NewEvent, Stream};
use northstar_kernel::Timestamp;
use northstar_wire::evidence::v1 as wire;
use northstar_wire::mastery::v1::PublishPolicyRequest;
use prost::Message;
use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::region::{Region, competency, evidence_id, instant, learner, on, policy};

pub(crate) const LEARNERS: [&str; 4] = ["ana", "ben", "cy", "dee"];
pub(crate) const CODES: [&str; 3] = ["NS.INT.1", "NS.ADP.1", "NS.COM.1"];
pub(crate) const NAMES: [&str; 2] = ["", "trial"];
pub(crate) const DAY: i64 = 86_400_000_000;

/// A piece of evidence that stands.
#[derive(Clone, Copy)]
struct Piece {
    number: u32,
    learner: &'static str,
    code: &'static str,
}

/// Writes so many steps, one after the other.
pub(crate) async fn write(region: &Region, random: &mut StdRng, steps: u32) {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut next = 1;
    for step in 0..steps {
        match random.random_range(0..100) {
            // The last competency is not there before the middle.
            _ if step == 0 || step == steps / 2 => publish_scales(region, random, step > 0).await,
            0..6 => publish_policy(region, random).await,
            6..8 => publish_scales(region, random, step > steps / 2).await,
            8..28 if !pieces.is_empty() => correct(region, random, &pieces).await,
            28..38 if !pieces.is_empty() => {
                let piece = any(random, &pieces);
                region.validate(piece.learner, piece.code, piece.number).await;
            }
            38..46 if !pieces.is_empty() => {
                let piece = pieces.swap_remove(random.random_range(0..pieces.len()));
                region.retract(piece.learner, piece.code, piece.number).await;
            }
            _ => {
                let count = random.random_range(1..4);
                pieces.extend(record(region, random, next, count).await);
                next += count;
            }
        }
    }
}

/// Several at once, so that some may share a commit.
async fn record(region: &Region, random: &mut StdRng, first: u32, count: u32) -> Vec<Piece> {
    let pieces: Vec<Piece> = (first..first + count)
        .map(|number| Piece { number, learner: any(random, &LEARNERS), code: any(random, &CODES) })
        .collect();
    let writes = pieces.iter().map(|piece| {
        let mut events = vec![recorded(random, piece)];
        // Two words in one append have one time of recording.
        if random.random_range(0..5) == 0 {
            events.push(corrected(random, piece));
        }
        region.tell_evidence(stream(piece), events)
    });
    join_all(writes.collect::<Vec<_>>()).await;
    pieces
}

async fn correct(region: &Region, random: &mut StdRng, pieces: &[Piece]) {
    let piece = any(random, pieces);
    region.tell_evidence(stream(&piece), vec![corrected(random, &piece)]).await;
}

async fn publish_scales(region: &Region, random: &mut StdRng, all: bool) {
    let scale = any(random, &[&[1, 2, 3, 4][..], &[0, 2], &[], &[1, 5]]);
    let count = if all { CODES.len() } else { CODES.len() - 1 };
    for code in &CODES[..count] {
        region.publish_competency(code, scale).await;
    }
}

async fn publish_policy(region: &Region, random: &mut StdRng) {
    let effective_from = random.random::<bool>().then(|| instant(observed(random)));
    let request = PublishPolicyRequest {
        document: document(random),
        retroactive: effective_from.is_some() && random.random(),
        effective_from,
        scope: String::new(),
    };
    region.admin().publish_policy(request).await.expect("a valid policy");
}

fn document(random: &mut StdRng) -> String {
    let methods = [
        r#""name":"highest""#,
        r#""name":"latest""#,
        r#""name":"mean""#,
        r#""name":"median""#,
        r#""name":"mean_of_recent","count":3"#,
        r#""name":"in_a_row","count":2"#,
        r#""name":"times_at_mastery","times":2"#,
        r#""name":"decaying_average","newest_weight_percent":50"#,
    ];
    let excluded = ["", r#""self""#, r#""peer","self""#];
    let rest = format!(
        r#","name":"{}","order":"{}","round_to_milli":{},"exceeds_milli":{},
            "minimum_observations":{},"minimum_assessors":{},"minimum_kinds":{},
            "excluded_roles":[{}],"validated_only":{},"expires_after_days":{},
            "monotone":{},"banked":{}"#,
        any(random, &NAMES),
        any(random, &["observed", "observed", "recorded"]),
        any(random, &[1, 10, 100, 500, 1_000]),
        any(random, &[0, 3_500]),
        any(random, &[1, 1, 2, 3]),
        any(random, &[1, 1, 2]),
        any(random, &[1, 1, 2]),
        any(random, &excluded),
        any(random, &[false, false, true]),
        any(random, &[0, 0, 30, 1_000]),
        any(random, &[false, false, true]),
        any(random, &[false, false, true]),
    );
    policy(any(random, &methods), &rest)
}

fn recorded(random: &mut StdRng, piece: &Piece) -> NewEvent {
    let evidence_id = evidence_id(piece.number).to_string();
    let observation = Some(observation(random, piece));
    let event = wire::EvidenceRecorded { evidence_id, observation };
    event_of("evidence_recorded", &event, observed(random))
}

fn corrected(random: &mut StdRng, piece: &Piece) -> NewEvent {
    let evidence_id = evidence_id(piece.number).to_string();
    let observation = Some(observation(random, piece));
    let event = wire::EvidenceCorrected { evidence_id, observation };
    event_of("evidence_corrected", &event, observed(random))
}

fn observation(random: &mut StdRng, piece: &Piece) -> wire::Observation {
    let roles = ["teacher", "teacher", "employer", "self", "peer", "coach"];
    wire::Observation {
        learner_id: learner(piece.learner).to_string(),
        competency_id: competency(piece.code).to_string(),
        value_milli: random.random_range(-1..9) * 500,
        kind: any(random, &["classroom", "work", ""]).to_owned(),
        assessor_id: any(random, &["t1", "t2", ""]).to_owned(),
        assessor_role: any(random, &roles).to_owned(),
        ..Default::default()
    }
}

fn event_of(event_type: &'static str, message: &impl Message, at: Timestamp) -> NewEvent {
    let (observed_at, payload) = (Some(at), message.encode_to_vec().into());
    NewEvent { event_type, schema_version: 1, observed_at, key_id: None, payload }
}

/// Within a month, so that many are of the same instant; or years before.
fn observed(random: &mut StdRng) -> Timestamp {
    let years = if random.random_range(0..4) == 0 { random.random_range(1..8) } else { 0 };
    on(random.random_range(1..20) - 365 * years)
}

fn stream(piece: &Piece) -> Stream {
    Stream::new("evidence", evidence_id(piece.number).uuid())
}

fn any<T: Copy>(random: &mut StdRng, among: &[T]) -> T {
    among[random.random_range(0..among.len())]
}
