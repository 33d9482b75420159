//! Stored shapes are promises: `tests/frozen` has an example of every event type and version, as it
//! was written when the version was new.

use std::fs;
use std::path::Path;

use bytes::Bytes;
use northstar_eventlog::Recorded;
use northstar_kernel::{
    CompetencyId, EventId, LearnerId, Position, Sequence, Shard, TenantId, Timestamp, Version,
};
use northstar_pathways_domain::{
    Crosswalk, Entry, Importance, Link, Median, Occupation, Published, Rating, Region, RegionKind,
    RequiredLevel, Wage,
};
use northstar_wire::mastery::v1::{Mastery, MasteryChanged, Standing};
use prost::Message as _;
use uuid::Uuid;

use super::mastery::MasteryChange;
use super::{MASTERY_CHANGED, OCCUPATION_PUBLISHED, REGION_PUBLISHED, mastery_change, read, write};

const COMPETENCY: &str = "63250779-73d0-5546-a341-e14def2c59ef";

fn recorded(event_type: &str, schema_version: u16, payload: impl Into<Bytes>) -> Recorded {
    Recorded {
        shard: Shard(0),
        position: Position(1),
        tenant: TenantId::COMMONS,
        sequence: Sequence(1),
        id: EventId::from_uuid(Uuid::nil()),
        stream: format!("any-{}", Uuid::nil()).into(),
        version: Version(1),
        event_type: event_type.to_owned().into(),
        schema_version,
        observed_at: Timestamp::default(),
        recorded_at: Timestamp::default(),
        actor: "test".into(),
        correlation_id: Uuid::nil(),
        causation_id: None,
        traceparent: "".into(),
        key_id: None,
        payload: payload.into(),
    }
}

fn rating(element: &str, importance: Option<i64>, level: Option<i64>) -> Rating {
    Rating {
        element: element.parse().expect("an element"),
        importance: importance.map(|centi| Importance::from_centi(centi).expect("importance")),
        level: level.map(|centi| RequiredLevel::from_centi(centi).expect("level")),
    }
}

fn occupation() -> Published {
    let ratings = vec![
        rating("1.C.5.a", Some(469), None),
        rating("2.A.1.a", Some(412), Some(450)),
        rating("2.B.3.e", Some(100), Some(0)),
        rating("2.C.7.a", None, Some(498)),
    ];
    let code = "15-1252.00".parse().expect("a code");
    let made = Occupation::new(code, "Software Developers".into(), Some(4), ratings);
    Published(Entry::Occupation(made.expect("valid")))
}

fn region() -> Published {
    let wage = |soc: &str, median, employment| Wage {
        soc: soc.parse().expect("a code"),
        median,
        employment,
    };
    let wages = vec![
        wage("15-1252", Some(Median::Dollars(132_000)), Some(30_000)),
        wage("29-1212", Some(Median::AtLeast(239_200)), Some(200)),
        wage("29-1218", None, None),
    ];
    let (code, kind) =
        ("0800000".parse().expect("a code"), RegionKind::parse("S").expect("a kind"));
    let made = Region::new(code, "Colorado".into(), kind, "oews-2025".into(), wages);
    Published(Entry::Region(made.expect("valid")))
}

fn crosswalk() -> Published {
    let competency = COMPETENCY.parse().expect("an id");
    let element = "2.A.1.a".parse().expect("an element");
    let link = Link::new(competency, element, "Reading Comprehension".into(), 600).expect("valid");
    let made = Crosswalk::new("northstar-onet".into(), vec![link]);
    Published(Entry::Crosswalk(made.expect("valid")))
}

#[test]
fn every_frozen_event_reads_as_it_was_meant() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen");
    for event in [occupation(), region(), crosswalk()] {
        let new = write(&event);
        let file = format!("{}.v{}.hex", new.event_type, new.schema_version);
        let text = fs::read_to_string(folder.join(&file)).expect(&file);
        let frozen = hex::decode(text.trim()).expect("hexadecimal");
        let read = read(&recorded(new.event_type, new.schema_version, frozen.clone()));
        assert_eq!(read, Ok(event), "{file}");
        assert_eq!(new.payload, frozen, "{file} is still written the same way");
    }
}

#[test]
fn strangers_and_impossible_figures_are_malformed() {
    let payload = write(&occupation()).payload;
    for (event_type, version, payload) in [
        (OCCUPATION_PUBLISHED, 2, payload.clone()),
        ("occupation_retired", 1, payload.clone()),
        (REGION_PUBLISHED, 1, payload),
        (OCCUPATION_PUBLISHED, 1, Bytes::from_static(b"\xff\xff")),
        (OCCUPATION_PUBLISHED, 1, Bytes::new()),
    ] {
        let event = recorded(event_type, version, payload);
        assert!(read(&event).is_err(), "{event_type} version {version}");
    }
}

fn change(standing: Standing, level: u32) -> MasteryChanged {
    let learner = LearnerId::derive(TenantId::COMMONS, "a");
    MasteryChanged {
        learner_id: learner.to_string(),
        competency_id: COMPETENCY.to_owned(),
        after: Some(Mastery { standing: standing.into(), level, ..Mastery::default() }),
        ..MasteryChanged::default()
    }
}

#[test]
fn a_change_of_mastery_says_a_rung_or_that_there_is_none() {
    let cases = [
        (Standing::Unspecified, 0, None),
        (Standing::NotEnoughEvidence, 0, None),
        (Standing::BelowMastery, 0, Some(0)),
        (Standing::AtMastery, 3, Some(3)),
        (Standing::Exceeds, 4, Some(4)),
    ];
    for (standing, level, rung) in cases {
        let event = recorded(MASTERY_CHANGED, 1, change(standing, level).encode_to_vec());
        let learner = LearnerId::derive(TenantId::COMMONS, "a");
        let competency: CompetencyId = COMPETENCY.parse().expect("an id");
        assert_eq!(mastery_change(&event), Ok(Some(MasteryChange { learner, competency, rung })));
    }
}

#[test]
fn what_is_held_by_a_policy_beside_the_main_one_opens_nothing() {
    let trial = MasteryChanged { policy_name: "trial".into(), ..change(Standing::AtMastery, 3) };
    let event = recorded(MASTERY_CHANGED, 1, trial.encode_to_vec());
    assert_eq!(mastery_change(&event), Ok(None));
}

#[test]
fn a_change_of_mastery_without_its_parts_is_malformed() {
    let whole = change(Standing::AtMastery, 3);
    let broken = [
        MasteryChanged { after: None, ..whole.clone() },
        MasteryChanged { learner_id: "x".into(), ..whole.clone() },
        MasteryChanged { competency_id: String::new(), ..whole.clone() },
        MasteryChanged {
            after: Some(Mastery { standing: 9, ..Mastery::default() }),
            ..whole.clone()
        },
    ];
    for message in broken {
        let event = recorded(MASTERY_CHANGED, 1, message.encode_to_vec());
        assert!(mastery_change(&event).is_err(), "{message:?}");
    }
    assert!(mastery_change(&recorded(MASTERY_CHANGED, 2, whole.encode_to_vec())).is_err());
}
