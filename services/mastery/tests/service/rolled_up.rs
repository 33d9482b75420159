//! What rules make of learners, and what is told of it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use northstar_bus::rebuild::{Options, rebuild};
use northstar_kernel::{Shard, Timestamp};
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::Standing;
use serde_json::Value;

use crate::region::{Region, competency, evidence_id, instant, learner, on, seen};
use crate::rollups::{framework_of, publish};
use crate::rules::{all, any, group, rollup, withdrawn};
use crate::stand::Stand;

/// Of one competency what was told, oldest first: standing before and after, and in thousandths.
async fn told(region: &Region, code: &str) -> Vec<(Standing, Standing, i64)> {
    region.settled().await;
    let id = competency(code).to_string();
    let changes = region.changes().await.into_iter().filter(|change| change.competency_id == id);
    let tell = |change: wire::MasteryChanged| {
        let (before, after) = (change.before.expect("given"), change.after.expect("given"));
        (before.standing(), after.standing(), after.value_milli)
    };
    changes.map(tell).collect()
}

async fn entry(region: &Region, code: &str) -> Option<wire::ProfileEntry> {
    region.settled().await;
    region.profile("ana").await.into_iter().find(|entry| entry.competency_code == code)
}

/// "TOP" needs "MID" and "C", "MID" needs "A" and "B".
async fn storeys() -> Region {
    let region = framework_of(&["A", "B", "C", "MID", "TOP"]).await;
    let rules = rollup(&[("TOP", all(&["MID", "C"])), ("MID", all(&["A", "B"]))]);
    publish(&region, rules).await.expect("valid rules");
    region.settled().await;
    region
}

#[tokio::test]
async fn parts_at_mastery_make_the_whole_and_each_is_told_once_parts_first() {
    let region = storeys().await;
    for (number, code) in [(1, "A"), (2, "C"), (3, "B")] {
        region.record("ana", code, seen(number, i64::from(number), 3)).await;
        region.settled().await;
    }
    let (nothing, little, there) =
        (Standing::Unspecified, Standing::NotEnoughEvidence, Standing::AtMastery);
    assert_eq!(told(&region, "MID").await, [(nothing, little, 0), (little, there, 3_000)]);
    assert_eq!(told(&region, "TOP").await, [(nothing, little, 0), (little, there, 3_000)]);
    let changes = region.changes().await;
    let last: Vec<_> = changes.iter().rev().take(3).rev().collect();
    let order = last.iter().map(|change| change.competency_id.clone()).collect::<Vec<_>>();
    assert_eq!(order, ["B", "MID", "TOP"].map(|code| competency(code).to_string()));
    assert!(last.iter().all(|change| change.cause_evidence_id == evidence_id(3).to_string()));
    let evidence = |numbers: &[u32]| -> Vec<String> {
        numbers.iter().map(|number| evidence_id(*number).to_string()).collect()
    };
    assert_eq!(last[1].evidence_ids, evidence(&[1, 3]));
    assert_eq!(last[2].evidence_ids, evidence(&[1, 2, 3]));
    let request = wire::GetRollupRequest { framework_id: last[2].framework_id.clone() };
    let rules = region.admin().get_rollup(request).await.expect("rules").into_inner().rules;
    let hash = |at: usize| {
        let of = rules.iter().find(|rule| rule.competency_id == last[at].competency_id);
        of.map(|rule| rule.rule_hash.clone())
    };
    assert_eq!(hash(2), Some(last[2].policy_hash.clone()));
    assert_eq!(hash(1), Some(last[1].policy_hash.clone()));
}

#[tokio::test]
async fn a_correction_of_a_part_takes_the_whole_down() {
    let region = storeys().await;
    for (number, code) in [(1, "A"), (2, "C"), (3, "B")] {
        region.record("ana", code, seen(number, 2, 4)).await;
    }
    region.correct("ana", "A", seen(1, 2, 2)).await;
    let (there, below) = (Standing::AtMastery, Standing::BelowMastery);
    assert_eq!(told(&region, "TOP").await.last(), Some(&(there, below, 2_000)));
    region.retract("ana", "A", 1).await;
    let last = told(&region, "TOP").await.last().copied();
    assert_eq!(last, Some((below, Standing::NotEnoughEvidence, 0)));
    for (number, code) in [(2, "C"), (3, "B")] {
        region.retract("ana", code, number).await;
    }
    let last = told(&region, "TOP").await.last().copied();
    assert_eq!(last, Some((Standing::NotEnoughEvidence, Standing::Unspecified, 0)));
    assert!(region.documents().await.iter().all(|(noun, ..)| *noun != "rolled_up"));
}

#[tokio::test]
async fn the_profile_shows_the_whole_its_parts_and_what_is_open() {
    let region = storeys().await;
    region.record("ana", "A", seen(1, 2, 4)).await;
    let mid = entry(&region, "MID").await.expect("rolled up");
    assert_eq!(mid.mastery.map(|held| held.standing()), Some(Standing::NotEnoughEvidence));
    assert_eq!(mid.reason, "1 of 2 needed parts is at mastery; missing: B.");
    assert_eq!(mid.evidence_ids, [evidence_id(1).to_string()]);
    assert_eq!(mid.latest_observed_at, Some(instant(on(2))));
    let open = entry(&region, "C").await.expect("listed");
    assert_eq!(open.reason, "Nothing was observed yet.");
    region.record("ana", "B", seen(2, 5, 3)).await;
    region.settled().await;
    let then = region.profile_as_of("ana", Some(on(4))).await;
    let then = then.iter().find(|entry| entry.competency_code == "MID").expect("rolled up");
    assert_eq!(then.mastery, mid.mastery, "B came later");
    let now = entry(&region, "MID").await.and_then(|entry| entry.mastery).expect("held");
    assert_eq!((now.standing(), now.value_milli, now.level), (Standing::AtMastery, 3_000, 3));
    assert!(region.profile("nobody").await.is_empty());
    assert!(region.profile_as_of("ana", Some(on(1))).await.is_empty(), "nothing yet");
}

#[tokio::test]
async fn a_derivation_shows_the_rule_and_another_program_agrees() {
    let region = storeys().await;
    for (number, code, points) in [(1, "A", 3), (2, "B", 4), (3, "C", 2)] {
        region.record("ana", code, seen(number, 2, points)).await;
    }
    region.settled().await;
    let mut derivations = String::new();
    for code in ["MID", "TOP", "A"] {
        let request = wire::GetDerivationRequest {
            learner_id: learner("ana").to_string(),
            competency_id: competency(code).to_string(),
            ..Default::default()
        };
        let found = region.admin().get_derivation(request).await.expect("held").into_inner();
        let entry = found.entry.expect("given");
        assert_eq!(Some(entry.clone()), self::entry(&region, code).await);
        let json: Value = serde_json::from_str(&found.derivation).expect("JSON");
        let hash = if code == "A" { &json["policy_hash"] } else { &json["rollup_hash"] };
        assert_eq!(*hash, entry.policy_hash);
        derivations += &(found.derivation + "\n");
    }
    let checker = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/checker.py");
    let mut program = Command::new("python3")
        .arg(checker)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python 3 is on the PATH: the tests need it");
    let input = program.stdin.take().map(|mut input| input.write_all(derivations.as_bytes()));
    input.expect("a pipe").expect("it reads");
    let said = program.wait_with_output().expect("it ends").stdout;
    assert_eq!(String::from_utf8_lossy(&said).trim(), "3 checked, 0 disagreements");
}

#[tokio::test]
async fn rules_take_the_place_of_own_evidence_and_give_it_back() {
    let region = framework_of(&["A", "TOP"]).await;
    region.record("ana", "A", seen(1, 2, 2)).await;
    region.record("ana", "TOP", seen(2, 3, 4)).await;
    region.settled().await;
    publish(&region, rollup(&[("TOP", all(&["A"]))])).await.expect("valid rules");
    // What is seen of the whole itself is not asked for, and so changes nothing.
    region.settled().await;
    region.record("ana", "TOP", seen(3, 4, 3)).await;
    region.settled().await;
    publish(&region, rollup(&[("TOP", any(&["A"]))])).await.expect("valid rules");
    region.settled().await;
    publish(&region, rollup(&[])).await.expect("no rules");
    let (nothing, below, there) =
        (Standing::Unspecified, Standing::BelowMastery, Standing::AtMastery);
    let expected = [(nothing, there, 4_000), (there, below, 2_000), (below, there, 3_000)];
    assert_eq!(told(&region, "TOP").await, expected);
    let changes = region.changes().await;
    let last = changes.last().expect("told");
    assert_eq!(last.evidence_ids, [2, 3].map(|number| evidence_id(number).to_string()));
    let entry = entry(&region, "TOP").await.expect("its own");
    assert_eq!(entry.policy_hash, last.policy_hash);
    assert!(region.documents().await.iter().all(|(noun, ..)| *noun != "rolled_up"));
}

#[tokio::test]
async fn own_evidence_counts_where_the_rule_asks_for_it() {
    let region = framework_of(&["A", "TOP"]).await;
    let part = crate::rules::part("A");
    let both = format!(r#"{{"kind":"all","parts":[{part},{{"kind":"own"}}]}}"#);
    publish(&region, rollup(&[("TOP", both)])).await.expect("valid rules");
    region.settled().await;
    region.record("ana", "A", seen(1, 2, 4)).await;
    region.record("ana", "TOP", seen(2, 3, 3)).await;
    let last = told(&region, "TOP").await.last().copied();
    assert_eq!(last, Some((Standing::NotEnoughEvidence, Standing::AtMastery, 3_000)));
    let entry = entry(&region, "TOP").await.expect("rolled up");
    assert_eq!(entry.evidence_ids, [1, 2].map(|number| evidence_id(number).to_string()));
}

#[tokio::test]
async fn a_part_that_is_withdrawn_does_not_count_and_counts_again_when_it_is_back() {
    let region = framework_of(&["A", "B", "TOP"]).await;
    publish(&region, rollup(&[("TOP", all(&["A", "B"]))])).await.expect("valid rules");
    region.settled().await;
    region.record("ana", "A", seen(1, 2, 4)).await;
    region.record("ana", "B", seen(2, 2, 1)).await;
    region.registered("competency_withdrawn", &withdrawn("B")).await;
    let (below, there) = (Standing::BelowMastery, Standing::AtMastery);
    assert_eq!(told(&region, "TOP").await.last(), Some(&(below, there, 4_000)));
    let held = entry(&region, "B").await.and_then(|entry| entry.mastery).expect("it stands");
    assert_eq!(held.standing(), below);
    region.publish_competency("B", &[1, 2, 3, 4]).await;
    assert_eq!(told(&region, "TOP").await.last(), Some(&(there, below, 1_000)));
    let changes = region.changes().await;
    assert_eq!(changes.last().map(|change| &*change.cause_evidence_id), Some(""));
}

#[tokio::test]
async fn another_main_policy_moves_the_whole_and_one_beside_it_does_not() {
    let region = framework_of(&["A", "TOP"]).await;
    publish(&region, rollup(&[("TOP", all(&["A"]))])).await.expect("valid rules");
    region.settled().await;
    region.record("ana", "A", seen(1, 2, 4)).await;
    region.record("ana", "A", seen(2, 3, 2)).await;
    region.settled().await;
    let beside = crate::region::policy(r#""name":"highest""#, r#","name":"best""#);
    region.publish_policy(beside).await;
    let below = Standing::BelowMastery;
    assert_eq!(told(&region, "TOP").await.last(), Some(&(Standing::AtMastery, below, 2_000)));
    region.publish_policy(crate::region::policy(r#""name":"highest""#, "")).await;
    assert_eq!(told(&region, "TOP").await.last(), Some(&(below, Standing::AtMastery, 4_000)));
}

#[tokio::test]
async fn points_are_on_no_scale() {
    let region = framework_of(&["A", "B", "TOP"]).await;
    let worth = |code| format!(r#"{{"points":30,"part":{}}}"#, crate::rules::part(code));
    let parts = [worth("A"), worth("B")].join(",");
    let points = format!(r#"{{"kind":"points","needed":30,"parts":[{parts}]}}"#);
    publish(&region, rollup(&[("TOP", points)])).await.expect("valid rules");
    region.settled().await;
    region.record("ana", "A", seen(1, 2, 4)).await;
    let held = entry(&region, "TOP").await.and_then(|entry| entry.mastery).expect("held");
    assert_eq!((held.value_milli, held.level), (30_000, 0));
    assert_eq!(held.standing(), Standing::AtMastery);
}

#[tokio::test]
async fn learners_are_not_mixed() {
    let region = framework_of(&["A", "B", "TOP"]).await;
    let rules = rollup(&[("TOP", group(r#""kind":"at_least","k":1"#, &["A", "B"]))]);
    region.record("ana", "A", seen(1, 2, 4)).await;
    region.record("ben", "B", seen(2, 2, 1)).await;
    region.settled().await;
    publish(&region, rules).await.expect("valid rules");
    region.settled().await;
    let top = competency("TOP").to_string();
    let changes = region.changes().await;
    let of = |name| {
        let of = learner(name).to_string();
        let mut all = changes.iter().filter(move |it| it.learner_id == of);
        all.find(|it| it.competency_id == top).and_then(|it| it.after).map(|held| held.standing())
    };
    assert_eq!(
        (of("ana"), of("ben")),
        (Some(Standing::AtMastery), Some(Standing::NotEnoughEvidence))
    );
}

/// An override of Ana's that two people sign.
async fn overridden(region: &Region, code: &str, standing: Standing) -> String {
    region.known("ana", "student").await;
    let request = wire::SetOverrideRequest {
        request_id: code.to_owned(),
        learner_id: learner("ana").to_string(),
        competency_id: competency(code).to_string(),
        says: Some(wire::OverrideSays { standing: standing.into(), ..Default::default() }),
        reason: "Seen elsewhere".to_owned(),
        second_signer: "ben".to_owned(),
        from: None,
        // 1 January 2200: later than the clock of whatever machine this runs on.
        until: Some(prost_types::Timestamp { seconds: 7_258_118_400, nanos: 0 }),
    };
    let reply = region.teacher("ada").set_override(request).await.expect("it is set");
    let override_id = reply.into_inner().override_id;
    let request = wire::ConfirmOverrideRequest { override_id: override_id.clone() };
    region.teacher("ben").confirm_override(request).await.expect("it is confirmed");
    region.settled().await;
    override_id
}

#[tokio::test]
async fn a_rule_reads_the_override_of_a_part() {
    let region = storeys().await;
    for (number, code, points) in [(1, "A", 4), (2, "B", 1), (3, "C", 3)] {
        region.record("ana", code, seen(number, 2, points)).await;
    }
    let (below, there) = (Standing::BelowMastery, Standing::AtMastery);
    assert_eq!(told(&region, "TOP").await.last().map(|told| told.1), Some(below));
    let id = overridden(&region, "B", there).await;
    assert_eq!(
        told(&region, "TOP").await.last().map(|told| (told.0, told.1)),
        Some((below, there))
    );
    // The rule of the part goes on beside it, and what it says is not read.
    region.record("ana", "B", seen(4, 3, 2)).await;
    assert_eq!(told(&region, "TOP").await.last().map(|told| told.1), Some(there));
    let request = wire::RevokeOverrideRequest { override_id: id, reason: "A mistake".to_owned() };
    region.teacher("ben").revoke_override(request).await.expect("it is taken back");
    assert_eq!(told(&region, "TOP").await.last(), Some(&(there, below, 2_000)));
}

#[tokio::test]
async fn an_override_of_the_whole_is_shown_and_what_the_rule_says_beside_it() {
    let region = storeys().await;
    region.record("ana", "A", seen(1, 2, 4)).await;
    region.settled().await;
    let id = overridden(&region, "MID", Standing::AtMastery).await;
    let last = region.changes().await.into_iter().rev();
    let change = last.into_iter().find(|it| it.competency_id == competency("MID").to_string());
    let change = change.expect("told");
    assert_eq!((&change.override_id, change.evidence_ids.len()), (&id, 1));
    let by_rule = change.by_rule.expect("beside it").standing();
    assert_eq!(by_rule, Standing::NotEnoughEvidence);
    // The rule goes on: what it says now is another thing, and what is shown is not.
    let known = region.changes().await.len();
    region.record("ana", "B", seen(2, 3, 1)).await;
    assert_eq!(told(&region, "MID").await.last().map(|told| told.1), Some(Standing::AtMastery));
    assert_eq!(region.changes().await.len(), known + 1, "B alone is told");
    let entry = entry(&region, "MID").await.expect("shown");
    assert_eq!(entry.mastery.map(|held| held.standing()), Some(Standing::AtMastery));
    assert_eq!(entry.by_rule.map(|held| held.standing()), Some(Standing::BelowMastery));
    assert!(
        entry.reason.ends_with("By the rule: 1 of 2 needed parts is at mastery; missing: B."),
        "{}",
        entry.reason
    );
    assert_eq!(entry.overridden_by.map(|shown| shown.override_id), Some(id));
}

#[tokio::test]
async fn a_learner_advances_by_what_the_rule_says() {
    let region = storeys().await;
    for (number, code) in [(1, "A"), (2, "B")] {
        region.record("ana", code, seen(number, i64::from(number), 3)).await;
    }
    region.known("ana", "student").await;
    let request = wire::AdvanceLearnerRequest {
        learner_id: learner("ana").to_string(),
        competency_id: competency("MID").to_string(),
        reason: String::new(),
    };
    let reply = region.teacher("ada").advance_learner(request).await.expect("by mastery");
    let advanced = reply.into_inner().advancement.expect("a decision");
    assert_eq!((advanced.standing(), advanced.value_milli), (Standing::AtMastery, Some(3_000)));
    let mut expected = [1, 2].map(|number| evidence_id(number).to_string());
    expected.sort();
    assert_eq!(advanced.evidence_ids, expected);
}

#[tokio::test]
async fn what_was_believed_is_believed_by_the_rules_of_then() {
    let region = framework_of(&["A", "B", "TOP"]).await;
    publish(&region, rollup(&[("TOP", all(&["A", "B"]))])).await.expect("valid rules");
    region.record("ana", "A", seen(1, 2, 4)).await;
    region.record("ana", "B", seen(2, 2, 1)).await;
    region.settled().await;
    publish(&region, rollup(&[("TOP", any(&["A", "B"]))])).await.expect("valid rules");
    region.settled().await;
    let feed = region.feed().await;
    let rules = feed.iter().filter(|event| event.event_type == "rollups_published");
    let known: Vec<_> = rules.map(|event| event.recorded_at).collect();
    let just_before = |at: Timestamp| Timestamp::from_micros(at.micros() - 1);
    let mut found = Vec::new();
    for known in [just_before(known[1]), known[1]] {
        let profile = region.profile_known("ana", Some(on(9)), Some(known)).await;
        let top = profile.into_iter().find(|entry| entry.competency_code == "TOP");
        found.push(top.and_then(|top| top.mastery).map(|held| held.standing()));
    }
    assert_eq!(found, [Some(Standing::BelowMastery), Some(Standing::AtMastery)]);
    let profile = region.profile_known("ana", Some(on(9)), Some(just_before(known[0]))).await;
    assert!(profile.iter().all(|entry| entry.competency_code != "TOP"), "no rules yet");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_and_every_rebuild_come_to_the_same() {
    let mut found = Vec::new();
    for stand in [Stand::sqlite(), Stand::postgres().await] {
        let region = Region::on(stand).await;
        region.publish_policy(crate::region::latest()).await;
        for code in ["A", "B", "C", "MID", "TOP"] {
            region.publish_competency(code, &[1, 2, 3, 4]).await;
        }
        region
            .rollups_published(rollup(&[("TOP", all(&["MID", "C"])), ("MID", any(&["A", "B"]))]))
            .await;
        for (number, name, code) in [(1, "ana", "A"), (2, "ben", "B"), (3, "ana", "C")] {
            region.record(name, code, seen(number, 2, 3)).await;
        }
        region.registered("competency_withdrawn", &withdrawn("B")).await;
        region.retract("ana", "C", 3).await;
        region.settled().await;
        let documents = region.documents().await;
        for (workers, batch_size) in [(1, 1), (2, 2), (7, 0)] {
            let options = Options { workers, batch_size };
            rebuild(&region.lane, Shard(0), options).await.expect("a rebuild");
            assert_eq!(region.documents().await, documents, "{workers} {batch_size}");
        }
        found.push(documents);
    }
    assert_eq!(found[0], found[1]);
}
