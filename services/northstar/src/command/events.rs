//! `northstar events`.

use anyhow::ensure;
use northstar_wire::mastery::v1::follow_mastery_events_response::Item;
use northstar_wire::mastery::v1::mastery_event::Event;
use northstar_wire::mastery::v1::{FollowMasteryEventsRequest, Mastery, MasteryEvent};
use serde_json::{Value, json};
use tonic::Status;

use crate::cli::{ClientOptions, Events};
use crate::client::Client;
use crate::client::retry::Patience;
use crate::output::{Format, complain, json_line, milli, say};

const DOING: &str = "following mastery events";

/// Follows mastery events and checks that none is missing. A feed that breaks is taken up again
/// where it broke.
pub(super) async fn run(what: Events) -> anyhow::Result<()> {
    let Events::Follow { after, until_now, client: options } = what;
    let client = Client::open(&options)?;
    let mut following = Following { options, until_now, seen: after, heard: false };
    let mut patience = Patience::new(DOING);
    loop {
        match following.follow(&client).await? {
            None => return Ok(()),
            Some(broken) => {
                if std::mem::take(&mut following.heard) {
                    patience.renew();
                }
                patience.wait(broken).await?;
                complain(&format!("following again after {}", following.seen));
            }
        }
    }
}

/// A reader of the feed, and how far it has come.
struct Following {
    options: ClientOptions,
    until_now: bool,
    seen: u64,
    /// Whether anything came since the feed was opened.
    heard: bool,
}

impl Following {
    /// Follows until all was seen that is there now, if that is enough, or until the feed breaks.
    async fn follow(&mut self, client: &Client) -> anyhow::Result<Option<Status>> {
        let request = FollowMasteryEventsRequest { after_sequence: self.seen };
        let mut feed = match client.mastery().follow_mastery_events(request).await {
            Ok(reply) => reply.into_inner(),
            Err(status) => return Ok(Some(status)),
        };
        loop {
            let item = match feed.message().await {
                Ok(Some(response)) => response.item,
                Ok(None) => return Ok(Some(Status::unavailable("the feed ended"))),
                Err(status) => return Ok(Some(status)),
            };
            self.heard = true;
            match item {
                Some(Item::Event(event)) => self.take(&event)?,
                Some(Item::KeepAlive(_)) if self.until_now => return Ok(None),
                Some(Item::KeepAlive(_)) | None => {}
            }
        }
    }

    fn take(&mut self, event: &MasteryEvent) -> anyhow::Result<()> {
        let (seen, got) = (self.seen, event.sequence);
        ensure!(got == seen + 1, "event {} is missing: {got} came after {seen}", seen + 1);
        self.seen = got;
        show(event, &self.options)
    }
}

fn show(event: &MasteryEvent, options: &ClientOptions) -> anyhow::Result<()> {
    match (&event.event, options.output) {
        (Some(what), Format::Json) => {
            let mut fields = for_programs(what);
            fields["sequence"] = event.sequence.into();
            fields["event_id"] = event.event_id.clone().into();
            json_line(&fields)
        }
        (Some(what), Format::Table) => {
            say(&format!("{:>8}  {}", event.sequence, for_people(what)));
            Ok(())
        }
        (None, _) => {
            let sequence = event.sequence;
            say(&format!("{sequence:>8}  an event of a kind that this version does not know"));
            Ok(())
        }
    }
}

fn for_programs(event: &Event) -> Value {
    match event {
        Event::MasteryChanged(changed) => json!({
            "event": "mastery_changed",
            "learner_id": changed.learner_id,
            "competency_id": changed.competency_id,
            "framework_id": changed.framework_id,
            "policy_name": changed.policy_name,
            "before": mastery(changed.before.as_ref()),
            "after": mastery(changed.after.as_ref()),
            "policy_hash": changed.policy_hash,
            "evidence_ids": changed.evidence_ids,
            "cause_evidence_id": changed.cause_evidence_id,
        }),
        Event::PolicyPublished(published) => {
            json!({ "event": "policy_published", "policy_hash": published.policy_hash })
        }
        Event::RollupsPublished(published) => json!({
            "event": "rollups_published",
            "framework_id": published.framework_id,
            "rollups_hash": published.rollups_hash,
        }),
        Event::PacePlanPublished(published) => json!({
            "event": "pace_plan_published",
            "framework_id": published.framework_id,
            "plan_hash": published.plan_hash,
        }),
        decided => match decision(decided) {
            Some((event, learner_id, competency_id)) => json!({
                "event": event,
                "learner_id": learner_id,
                "competency_id": competency_id,
            }),
            None => json!({}),
        },
    }
}

fn for_people(event: &Event) -> String {
    match event {
        Event::MasteryChanged(changed) => {
            let (learner, competency) = (&changed.learner_id, &changed.competency_id);
            let before = in_words(changed.before.as_ref());
            let after = in_words(changed.after.as_ref());
            format!("learner {learner}  competency {competency}  {before} -> {after}")
        }
        Event::PolicyPublished(published) => {
            format!("policy {} is in force", published.policy_hash)
        }
        Event::RollupsPublished(published) => {
            format!("roll-up {} is in force", published.rollups_hash)
        }
        Event::PacePlanPublished(published) => format!("calendar {} holds", published.plan_hash),
        decided => match decision(decided) {
            Some((name, learner, competency)) => {
                let what = name.replace('_', " ");
                format!("learner {learner}  competency {competency}  {what}")
            }
            None => String::new(),
        },
    }
}

/// What people and time bring: its name, the learner and the competency.
fn decision(event: &Event) -> Option<(&'static str, &str, &str)> {
    let (name, learner, competency) = match event {
        Event::LevelDue(it) => ("level_due", &it.learner_id, &it.competency_id),
        Event::OverrideSet(it) => ("override_set", &it.learner_id, &it.competency_id),
        Event::OverrideConfirmed(it) => ("override_confirmed", &it.learner_id, &it.competency_id),
        Event::OverrideRevoked(it) => ("override_revoked", &it.learner_id, &it.competency_id),
        Event::LevelsReadAnew(it) => {
            ("levels_read_anew", &it.through_learner_id, &it.through_competency_id)
        }
        Event::LearnerAdvanced(it) => ("learner_advanced", &it.learner_id, &it.competency_id),
        Event::MasteryChanged(_)
        | Event::PolicyPublished(_)
        | Event::RollupsPublished(_)
        | Event::PacePlanPublished(_) => return None,
    };
    Some((name, learner, competency))
}

fn mastery(mastery: Option<&Mastery>) -> Value {
    mastery.map_or(Value::Null, |mastery| {
        json!({
            "standing": mastery.standing().as_str_name(),
            "level": mastery.level,
            "value_milli": mastery.value_milli,
            "provisional": mastery.provisional,
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
