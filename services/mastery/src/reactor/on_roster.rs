//! Somebody moved: a class, a school, a district, or what lies above them.

use std::collections::BTreeSet;

use northstar_bus::{HandleError, Work};
use northstar_eventlog::Recorded;
use northstar_kernel::{ClassId, EnrollmentId, LearnerId, OrganizationId};

use super::evaluate::announce;
use super::read_anew::{Reach, read_anew};
use super::rollup::evaluate_up;
use super::rule::Rule;
use crate::codec::{RosterStep, read_roster};
use crate::projection::roster::{
    Belonging, Class, Enrollment, Organization, Scoped, insert, take_out,
};
use crate::projection::{KnownLearner, Level, LevelKey};

/// Keeps who belongs where and, if some framework has policies for less than everybody, reads the
/// levels of those who moved anew.
pub(super) async fn on_roster(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let Some(step) = read_roster(event)? else { return Ok(()) };
    let moved = step_made(step, work).await?;
    let Some(scoped) = work.get::<Scoped>(Scoped::KEY).await?.cloned() else { return Ok(()) };
    match moved {
        Moved::Learners(learners) => {
            for learner in learners {
                levels_of(learner, event, work).await?;
            }
        }
        Moved::Anybody => {
            for framework in scoped.frameworks {
                read_anew(Reach { framework, competency: None }, None, event, work).await?;
            }
        }
    }
    Ok(())
}

/// Whose path may have changed.
enum Moved {
    Learners(BTreeSet<LearnerId>),
    /// What lies above an organization: nobody keeps who is below, and it seldom happens.
    Anybody,
}

impl Moved {
    const NOBODY: Self = Self::Learners(BTreeSet::new());
}

async fn step_made(step: RosterStep, work: &mut Work) -> Result<Moved, HandleError> {
    match step {
        RosterStep::Person(learner, organizations, is_learner) => {
            let known = work.get::<KnownLearner>(learner.as_bytes()).await?.is_some();
            match is_learner {
                true if !known => work.put(learner.as_bytes(), KnownLearner),
                false if known => work.remove::<KnownLearner>(learner.as_bytes()),
                _ => {}
            }
            person(learner, organizations, work).await
        }
        RosterStep::Enrollment(id, part) => enrollment(id, part, work).await,
        RosterStep::Class(id, school) => class(id, Some(school), work).await,
        RosterStep::ClassGone(id) => class(id, None, work).await,
        RosterStep::Organization(id, parent) => {
            organization(id, Some(Organization { parent }), work).await
        }
        RosterStep::OrganizationGone(id) => organization(id, None, work).await,
    }
}

async fn organization(
    id: OrganizationId,
    now: Option<Organization>,
    work: &mut Work,
) -> Result<Moved, HandleError> {
    if work.get::<Organization>(id.as_bytes()).await?.copied() == now {
        return Ok(Moved::NOBODY);
    }
    match now {
        Some(now) => work.put(id.as_bytes(), now),
        None => work.remove::<Organization>(id.as_bytes()),
    }
    Ok(Moved::Anybody)
}

async fn person(
    learner: LearnerId,
    organizations: Vec<OrganizationId>,
    work: &mut Work,
) -> Result<Moved, HandleError> {
    let known = work.get::<Belonging>(learner.as_bytes()).await?;
    if known.map_or(&[][..], |known| &known.organizations) == organizations {
        return Ok(Moved::NOBODY);
    }
    belong(learner, work, |belonging| belonging.organizations = organizations).await?;
    Ok(Moved::Learners(BTreeSet::from([learner])))
}

async fn enrollment(
    id: EnrollmentId,
    part: Option<(LearnerId, ClassId)>,
    work: &mut Work,
) -> Result<Moved, HandleError> {
    let part = part.map(|(learner, class)| Enrollment { learner, class });
    let before = work.get::<Enrollment>(id.as_bytes()).await?.copied();
    if before == part {
        return Ok(Moved::NOBODY);
    }
    if let Some(Enrollment { learner, class }) = before {
        work.remove::<Enrollment>(id.as_bytes());
        belong(learner, work, |belonging| take_out(&mut belonging.classes, &(class, id))).await?;
        attend(class, work, |class| take_out(&mut class.students, &(learner, id))).await?;
    }
    if let Some(now @ Enrollment { learner, class }) = part {
        work.put(id.as_bytes(), now);
        belong(learner, work, |belonging| insert(&mut belonging.classes, (class, id))).await?;
        attend(class, work, |class| insert(&mut class.students, (learner, id))).await?;
    }
    let both = before.into_iter().chain(part).map(|enrollment| enrollment.learner);
    Ok(Moved::Learners(both.collect()))
}

async fn class(
    id: ClassId,
    school: Option<OrganizationId>,
    work: &mut Work,
) -> Result<Moved, HandleError> {
    let known = work.get::<Class>(id.as_bytes()).await?;
    if known.and_then(|known| known.school) == school {
        return Ok(Moved::NOBODY);
    }
    let students = known.map(|known| known.students.iter().map(|(learner, _)| *learner).collect());
    attend(id, work, |class| class.school = school).await?;
    Ok(Moved::Learners(students.unwrap_or_default()))
}

async fn belong(
    learner: LearnerId,
    work: &mut Work,
    change: impl FnOnce(&mut Belonging),
) -> Result<(), HandleError> {
    let belonging = work.entry::<Belonging>(learner.as_bytes()).await?;
    change(belonging);
    if belonging.is_empty() {
        work.remove::<Belonging>(learner.as_bytes());
    }
    Ok(())
}

async fn attend(
    id: ClassId,
    work: &mut Work,
    change: impl FnOnce(&mut Class),
) -> Result<(), HandleError> {
    let class = work.entry::<Class>(id.as_bytes()).await?;
    change(class);
    if class.is_empty() {
        work.remove::<Class>(id.as_bytes());
    }
    Ok(())
}

/// Works out the learner's levels in frameworks where it makes a difference where one belongs.
async fn levels_of(
    learner: LearnerId,
    event: &Recorded,
    work: &mut Work,
) -> Result<(), HandleError> {
    for key in work.keys::<Level>(learner.as_bytes()).await? {
        let key = LevelKey::read(&key)?;
        let rule = Rule::of(key.competency, work).await?;
        if let Some(rule) = rule.filter(Rule::is_scoped) {
            let changed = evaluate_up(key, Some(&rule), work).await?;
            announce(changed, event, work);
        }
    }
    Ok(())
}
