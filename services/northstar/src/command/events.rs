//! `northstar events`.

use anyhow::ensure;
use northstar_wire::mastery::v1::follow_mastery_events_response::Item;
use northstar_wire::mastery::v1::mastery_event::Event;
use northstar_wire::mastery::v1::{FollowMasteryEventsRequest, Mastery, MasteryEvent};

use crate::cli::{ClientOptions, Events};
use crate::client::{Client, refused};
use crate::output::{Format, json_line, milli, say};

/// Follows mastery events and checks that none is missing.
pub(super) async fn run(what: Events) -> anyhow::Result<()> {
    let Events::Follow { after, until_now, client: options } = what;
    let client = Client::open(&options)?;
    let doing = refused("following mastery events");
    let request = FollowMasteryEventsRequest { after_sequence: after };
    let reply = client.mastery().follow_mastery_events(request).await.map_err(&doing)?;
    let mut feed = reply.into_inner();
    let mut seen = after;
    while let Some(response) = feed.message().await.map_err(&doing)? {
        match response.item {
            Some(Item::Event(event)) => {
                let next = seen + 1;
                let got = event.sequence;
                ensure!(got == next, "event {next} is missing: {got} came after {seen}");
                seen = got;
                show(&event, &options)?;
            }
            Some(Item::KeepAlive(_)) if until_now => return Ok(()),
            Some(Item::KeepAlive(_)) | None => {}
        }
    }
    Ok(())
}

fn show(event: &MasteryEvent, options: &ClientOptions) -> anyhow::Result<()> {
    let (sequence, id) = (event.sequence, &event.event_id);
    match (&event.event, options.output) {
        (Some(Event::MasteryChanged(changed)), Format::Json) => json_line(&serde_json::json!({
            "sequence": sequence,
            "event_id": id,
            "event": "mastery_changed",
            "learner_id": changed.learner_id,
            "competency_id": changed.competency_id,
            "framework_id": changed.framework_id,
            "before": mastery(changed.before.as_ref()),
            "after": mastery(changed.after.as_ref()),
            "policy_hash": changed.policy_hash,
            "evidence_ids": changed.evidence_ids,
            "cause_evidence_id": changed.cause_evidence_id,
        })),
        (Some(Event::PolicyPublished(published)), Format::Json) => json_line(&serde_json::json!({
            "sequence": sequence,
            "event_id": id,
            "event": "policy_published",
            "policy_hash": published.policy_hash,
        })),
        (Some(Event::MasteryChanged(changed)), Format::Table) => {
            let (learner, competency) = (&changed.learner_id, &changed.competency_id);
            let before = in_words(changed.before.as_ref());
            let after = in_words(changed.after.as_ref());
            say(&format!(
                "{sequence:>8}  learner {learner}  competency {competency}  {before} -> {after}"
            ));
            Ok(())
        }
        (Some(Event::PolicyPublished(published)), Format::Table) => {
            say(&format!("{sequence:>8}  policy {} is in force", published.policy_hash));
            Ok(())
        }
        (None, _) => {
            say(&format!("{sequence:>8}  an event of a kind that this version does not know"));
            Ok(())
        }
    }
}

fn mastery(mastery: Option<&Mastery>) -> serde_json::Value {
    mastery.map_or(serde_json::Value::Null, |mastery| {
        serde_json::json!({
            "standing": mastery.standing().as_str_name(),
            "level": mastery.level,
            "value_milli": mastery.value_milli,
        })
    })
}

fn in_words(mastery: Option<&Mastery>) -> String {
    match mastery {
        Some(mastery) if mastery.value_milli > 0 => {
            format!("{} (level {})", milli(mastery.value_milli), mastery.level)
        }
        _ => "nothing".to_owned(),
    }
}
