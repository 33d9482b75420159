//! Judgements as they come in the sample of the demo, for as many learners as are asked for.
//!
//! There, a learner is judged in 13 competencies a school year, with the pairs' numbers of judgements
//! in [`JUDGEMENTS`], all spread over the nine months. Here learners go on for two and a half years, so
//! that one has some 200 judgements, in 32 of 200 competencies.

use northstar_kernel::{EvidenceId, Timestamp};
use northstar_tests::measure::sample::{competency, learner};
use northstar_wire::evidence::v1::{EvidenceRecorded, Observation};
use uuid::Uuid;

/// Competencies of the framework.
pub(crate) const COMPETENCIES: u64 = 200;
/// Competencies that a learner is judged in, in all and in a year.
const OF_A_LEARNER: u64 = 32;
const A_YEAR: u64 = 13;
/// Judgements of one learner, roughly.
const JUDGEMENTS_OF_A_LEARNER: u64 = 200;
/// Of the sample's 1,039 pairs of learner and competency, so many have one judgement, two, three …
const JUDGEMENTS: [u64; 20] =
    [177, 120, 109, 81, 80, 78, 62, 51, 43, 49, 29, 25, 18, 16, 16, 13, 7, 53, 10, 2];
/// In hundredths: kinds, roles and rungs.
const KINDS: [(&str, u64); 3] = [("classroom", 75), ("work-based", 17), ("community", 8)];
const ROLES: [(&str, u64); 3] = [("teacher", 68), ("self", 20), ("employer", 12)];
const RUNGS: [(i64, u64); 4] = [(2_000, 40), (3_000, 28), (1_000, 25), (4_000, 7)];
/// The first school year begins on 25 August 2023; it has 270 days.
const BEGIN_SECONDS: i64 = 1_692_921_600;
const YEAR_SECONDS: u64 = 365 * 86_400;
const SCHOOL_SECONDS: u64 = 270 * 86_400;

/// One judgement: when, and of whom in what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Judgement {
    /// Seconds since the region began.
    seconds: u32,
    learner: u32,
    /// Which of the learner's competencies, and which judgement in it.
    which: u8,
    number: u8,
}

/// Some `events` judgements of as many learners as have them, in the order they are made in.
pub(crate) fn judgements(events: u64) -> Vec<Judgement> {
    let learners = u32::try_from(events.div_ceil(JUDGEMENTS_OF_A_LEARNER)).unwrap_or(u32::MAX);
    let mut all = Vec::with_capacity(usize::try_from(events).unwrap_or_default());
    for learner in 0..learners {
        for which in 0..OF_A_LEARNER {
            let seed = mixed(u64::from(learner) << 8 | which);
            for number in 0..count(seed) {
                let within = mixed(seed + number) % SCHOOL_SECONDS;
                let seconds = which / A_YEAR * YEAR_SECONDS + within;
                all.push(Judgement {
                    seconds: seconds as u32,
                    learner,
                    which: which as u8,
                    number: number as u8,
                });
            }
        }
    }
    all.sort_unstable();
    all
}

/// How many judgements the pair of this seed has.
pub(crate) fn count(seed: u64) -> u64 {
    let mut place = seed % JUDGEMENTS.iter().sum::<u64>();
    let found = JUDGEMENTS.iter().position(|share| match place.checked_sub(*share) {
        Some(rest) => {
            place = rest;
            false
        }
        None => true,
    });
    found.map_or(1, |index| index as u64 + 1)
}

impl Judgement {
    /// When it was made.
    pub(crate) fn observed_at(self) -> Timestamp {
        Timestamp::from_micros((BEGIN_SECONDS + i64::from(self.seconds)) * 1_000_000)
    }

    /// What is written in the log of the judgement at this place.
    pub(crate) fn message(self, place: u64) -> EvidenceRecorded {
        let seed = mixed(u64::from(self.learner) << 16 | u64::from(self.which) << 8)
            + u64::from(self.number);
        let kind = pick(&KINDS, mixed(seed));
        let role = pick(&ROLES, mixed(seed + 1));
        let which = (u64::from(self.learner) * 37 + u64::from(self.which) * 7) % COMPETENCIES;
        // Of one school, six teachers at most judge a learner in a competency.
        let rater = u64::from(self.learner) / 500 * 100 + mixed(seed + 2) % 6;
        EvidenceRecorded {
            evidence_id: evidence(place).to_string(),
            observation: Some(Observation {
                learner_id: learner(self.learner.into()).to_string(),
                competency_id: competency(which).to_string(),
                criterion_id: Uuid::from_u128(u128::from(which)).to_string(),
                value_milli: pick(&RUNGS, mixed(seed + 3)),
                value_max_milli: 4_000,
                kind: kind.to_owned(),
                assessor_id: Uuid::from_u128(u128::from(rater)).to_string(),
                assessor_role: role.to_owned(),
                ..Observation::default()
            }),
        }
    }
}

/// The evidence at that place of the log. In order, so that loading is quick; nothing read here
/// depends on it.
pub(crate) fn evidence(place: u64) -> EvidenceId {
    EvidenceId::from_uuid(Uuid::from_u128(0x4000_8000_u128 << 64 | u128::from(place)))
}

fn pick<T: Copy>(shares: &[(T, u64)], seed: u64) -> T {
    let mut place = seed % 100;
    for (what, share) in shares {
        match place.checked_sub(*share) {
            Some(rest) => place = rest,
            None => return *what,
        }
    }
    shares[0].0
}

/// Numbers that look like chance and are the same each time (splitmix64).
pub(crate) fn mixed(seed: u64) -> u64 {
    let step = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let once = (step ^ step >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let twice = (once ^ once >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    twice ^ twice >> 31
}
