//! What follows from a request about a credential.

use northstar_kernel::{Decider, Timestamp};

use super::event::{Cause, Edition, Event, Moment, Order, Person};
use super::refusal::Refusal;
use super::state::{Life, Review};
use super::{Command, MOST_REVIEW_DAYS};
use crate::award::MasteryEvent;

const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// Decides about credentials.
#[derive(Debug)]
pub struct Credentials;

impl Decider for Credentials {
    type State = Life;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(life: &Life, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Request { achievement, by, at } => {
                let asked = life.requested || life.current().is_some();
                match &life.ended {
                    Some(cause) => Err(Refusal::Ended(cause.code())),
                    None if by.actor.trim().is_empty() => Err(Refusal::NoReason),
                    None if asked => Ok(Vec::new()),
                    None => Ok(vec![Event::Requested { achievement, by, at }]),
                }
            }
            Command::Issue(edition) => issue(life, edition),
            Command::Renew(edition) => renew(life, edition),
            Command::Withdraw { decision, review_days, at } => {
                withdraw(life, decision, review_days, at)
            }
            Command::Restore { decision, at } => Ok(restore(life, decision, at)),
            Command::CloseReview { at } => {
                let over = life.review.filter(|review| review.until <= at);
                Ok(over.map(|review| end_of(review, at)).into_iter().collect())
            }
            Command::Hold { by, at } => hold(life, by, at),
            Command::Release { by, at } => release(life, by, at),
            Command::Revoke { order, at } => revoke(life, order, at),
            Command::Suspend { parts, facts, at } => {
                let lives = life.ended.is_none() && life.current().is_some();
                let suspended = Event::Suspended { parts, facts, at };
                Ok((lives && !life.suspended).then_some(suspended).into_iter().collect())
            }
            Command::Resume { at } => {
                Ok(life.suspended.then_some(Event::Resumed { at }).into_iter().collect())
            }
            Command::Remind { at } => Ok(remind(life, at)),
        }
    }

    fn evolve(mut life: Life, event: &Event) -> Life {
        life.live_through(event);
        life
    }
}

fn issue(life: &Life, edition: Edition) -> Result<Vec<Event>, Refusal> {
    let Some(current) = life.current() else {
        return sound(&edition).map(|()| vec![Event::Issued(edition)]);
    };
    if answers_it(life, &edition) || overtaken(life, edition.decision) {
        return Ok(Vec::new());
    }
    let end = ended_or_held(life);
    // What has ended is not revived, and what is held is not talked over: mastery that returns
    // comes as `Restore` first.
    if edition.level <= current.level && end.is_ok() {
        return Ok(Vec::new());
    }
    end?;
    replaces(current, &edition)?;
    Ok(vec![Event::Superseded(edition)])
}

fn renew(life: &Life, edition: Edition) -> Result<Vec<Event>, Refusal> {
    let current = life.current().ok_or(Refusal::NotIssued)?;
    if *current == edition {
        return Ok(Vec::new());
    }
    ended_or_held(life)?;
    if overtaken(life, edition.decision) {
        return Err(Refusal::Outdated);
    }
    replaces(current, &edition)?;
    if edition.level < current.level {
        return Err(Refusal::Lower { level: edition.level, current: current.level });
    }
    match (current.valid_until, edition.valid_until) {
        (Some(_), None) => Ok(vec![Event::Renewed(edition)]),
        (Some(old), Some(new)) if new > old => Ok(vec![Event::Renewed(edition)]),
        _ => Err(Refusal::NoLaterEnd),
    }
}

fn withdraw(
    life: &Life,
    decision: MasteryEvent,
    review_days: u16,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    if review_days > MOST_REVIEW_DAYS {
        return Err(Refusal::ReviewTooLong(review_days));
    }
    let over = life.ended.is_some() || life.review.is_some() || life.current().is_none();
    let answered = life.answered == Some(decision.sequence);
    if over || answered || overtaken(life, decision) {
        return Ok(Vec::new());
    }
    if review_days == 0 {
        return Ok(vec![Event::Revoked { cause: Cause::MasteryWithdrawn(decision), at }]);
    }
    let micros = at.micros().saturating_add(i64::from(review_days) * DAY_MICROS);
    Ok(vec![Event::ReviewOpened { decision, until: Timestamp::from_micros(micros), at }])
}

/// A review whose time is over ends the credential, even where nobody closed it in time: it must
/// not depend on when somebody looked.
fn restore(life: &Life, decision: MasteryEvent, at: Timestamp) -> Vec<Event> {
    match life.review {
        Some(review) if review.until <= at => vec![end_of(review, at)],
        Some(review) if decision.sequence > review.decision.sequence => {
            vec![Event::Reinstated { decision, at }]
        }
        _ => Vec::new(),
    }
}

fn hold(life: &Life, by: Person, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    may_order(life, &by)?;
    Ok(if life.held { Vec::new() } else { vec![Event::HoldPlaced { by, at }] })
}

fn release(life: &Life, by: Person, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    may_order(life, &by)?;
    match (life.held, life.review) {
        (true, _) => Ok(vec![Event::HoldLifted { by, at }]),
        (false, Some(review)) => Err(Refusal::UnderReview { until: review.until }),
        (false, None) => Ok(Vec::new()),
    }
}

fn revoke(life: &Life, order: Order, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    let current = life.current().ok_or(Refusal::NotIssued)?;
    if life.ended.is_some() {
        return Ok(Vec::new());
    }
    match &order {
        Order::Person(by) => named(by)?,
        Order::KeyCompromised { key_name, from } => {
            // Any edition will do: they are the same credential, and the forger's would be too.
            let trusted = |edition: &Edition| !edition.key_names.contains(key_name);
            let before = |edition: &Edition| edition.valid_from < *from;
            if life.editions().iter().all(|edition| trusted(edition) || before(edition)) {
                let (signed_by, key_name) = (current.key_names.join(" and "), key_name.clone());
                return Err(Refusal::OtherKey { signed_by, key_name, from: *from });
            }
        }
    }
    Ok(vec![Event::Revoked { cause: Cause::Ordered(order), at }])
}

/// Each moment is told once, also where nobody looked for so long that both have passed.
fn remind(life: &Life, at: Timestamp) -> Vec<Event> {
    let Some(current) = life.current().filter(|_| life.ended.is_none()) else { return Vec::new() };
    let came = |moment: Moment| {
        let due = current.comes(moment).filter(|due| *due <= at)?;
        (life.came < Some(moment)).then_some(Event::Came { moment, due, at })
    };
    [Moment::Renewal, Moment::End].into_iter().filter_map(came).collect()
}

fn end_of(review: Review, at: Timestamp) -> Event {
    Event::Revoked { cause: Cause::MasteryWithdrawn(review.decision), at }
}

/// The same decision under the same definition was answered before.
fn answers_it(life: &Life, wanted: &Edition) -> bool {
    let same = |edition: &Edition| {
        edition.decision.id == wanted.decision.id
            && edition.achievement_version == wanted.achievement_version
    };
    life.editions().iter().any(same)
}

/// A later decision was answered: this one no longer counts.
fn overtaken(life: &Life, decision: MasteryEvent) -> bool {
    life.answered > Some(decision.sequence)
}

fn ended_or_held(life: &Life) -> Result<(), Refusal> {
    match (&life.ended, life.review, life.held || life.suspended) {
        (Some(cause), _, _) => Err(Refusal::Ended(cause.code())),
        (None, Some(review), _) => Err(Refusal::UnderReview { until: review.until }),
        (None, None, true) => Err(Refusal::Held),
        (None, None, false) => Ok(()),
    }
}

fn may_order(life: &Life, by: &Person) -> Result<(), Refusal> {
    named(by)?;
    match (&life.ended, life.current()) {
        (Some(cause), _) => Err(Refusal::Ended(cause.code())),
        (None, None) => Err(Refusal::NotIssued),
        (None, Some(_)) => Ok(()),
    }
}

fn named(by: &Person) -> Result<(), Refusal> {
    let blank = by.actor.trim().is_empty() || by.reason.trim().is_empty();
    if blank { Err(Refusal::NoReason) } else { Ok(()) }
}

fn sound(edition: &Edition) -> Result<(), Refusal> {
    let ordered = edition.valid_until.is_none_or(|until| until > edition.valid_from);
    if ordered { Ok(()) } else { Err(Refusal::EndsBeforeItBegins) }
}

/// Of two documents with one id, readers take the one with the later `validFrom`.
fn replaces(current: &Edition, edition: &Edition) -> Result<(), Refusal> {
    sound(edition)?;
    if (edition.credential, edition.place) != (current.credential, current.place) {
        Err(Refusal::OtherCredential)
    } else if edition.valid_from <= current.valid_from {
        Err(Refusal::NotLater { current: current.valid_from })
    } else {
        Ok(())
    }
}
