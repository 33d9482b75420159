//! The import itself: organizations, people, classes, enrollments, each against what stands.

use std::collections::BTreeSet;

use futures::{StreamExt as _, stream};
use northstar_chassis::status;
use northstar_eventlog::{AppendError, Cause, TenantLog};
use northstar_kernel::{ClassId, EnrollmentId, OrganizationId, PersonId, Position};
use northstar_registry_domain::class::{self, Class};
use northstar_registry_domain::enrollment::{self, Enrollment};
use northstar_registry_domain::organization::{self, Organization};
use northstar_registry_domain::person;
use northstar_wire::registry::v1::ImportRosterResponse;
use tokio::sync::mpsc::Sender;
use tonic::Status;
use uuid::Uuid;

use super::organizations::placed;
use super::people;
use super::step::{Aim, Decided, Known, decide};
use crate::aggregate::{Stored, exists};
use crate::api::report::{Count, report};
use crate::standard::Problem;
use crate::standard::oneroster::{
    ClassSaid, EnrollmentSaid, OrganizationSaid, PersonSaid, Place, Roster, Row,
};

/// Rows in flight: enough to fill commits, few enough to leave others room.
const IN_FLIGHT: usize = 128;
/// Progress is told every so many rows.
const PROGRESS_EVERY: u64 = 50;

/// Imports what a set says; the report is the last message of the stream.
pub(super) async fn run(
    log: TenantLog,
    cause: Cause,
    roster: Roster,
    progress: &Sender<Result<ImportRosterResponse, Status>>,
) -> Result<ImportRosterResponse, Status> {
    let total = roster.rows();
    let Roster { organizations, people, classes, enrollments, problems } = roster;
    let mut run = Run { log, cause, progress, total, done: 0, problems, position: None };
    let (first, organizations) = run.organizations(organizations).await?;
    let (second, people) = run.people(people, &organizations).await?;
    let (third, classes) = run.classes(classes, &organizations).await?;
    let fourth = run.enrollments(enrollments, &classes, &people).await?;
    run.finish([first, second, third, fourth]).await
}

struct Run<'a> {
    log: TenantLog,
    cause: Cause,
    progress: &'a Sender<Result<ImportRosterResponse, Status>>,
    total: u64,
    done: u64,
    problems: Vec<Problem>,
    position: Option<Position>,
}

impl Run<'_> {
    async fn organizations(
        &mut self,
        rows: Vec<Row<OrganizationSaid>>,
    ) -> Result<(Count, Known), Status> {
        let (tenant, all) = (self.log.tenant(), rows.len());
        let id = |source_id: &str| OrganizationId::derive(tenant, source_id);
        let mentioned: BTreeSet<&str> = rows.iter().map(|row| row.source_id.as_str()).collect();
        let parents = rows.iter().filter_map(|row| Some(row.said.as_ref()?.parent.as_str()));
        let others: BTreeSet<&str> =
            parents.filter(|parent| !parent.is_empty() && !mentioned.contains(parent)).collect();
        let ids = others.iter().map(|parent| id(parent).uuid()).collect();
        let there = self.existing::<organization::Aggregate>(ids, &Known::new()).await?;
        let known = others.into_iter().filter(|parent| there.contains(&id(parent).uuid()));
        let known: BTreeSet<String> = known.map(str::to_owned).collect();
        let (rows, problems) = placed(rows, &known);
        self.refuse(problems, all - rows.len());
        let steps = rows.into_iter().map(|row| {
            let organization = id(&row.source_id);
            let (aim, command) = match row.said {
                None => (Aim::Go, organization::Command::Remove(organization)),
                Some(said) => {
                    let changed = Organization {
                        id: organization,
                        source_id: row.source_id,
                        name: said.name,
                        kind: said.kind,
                        parent: (!said.parent.is_empty()).then(|| id(&said.parent)),
                    };
                    (Aim::Stay, organization::Command::Change(changed))
                }
            };
            (row.place, organization.uuid(), aim, command)
        });
        self.decide_all::<organization::Aggregate>(steps.collect()).await
    }

    async fn people(
        &mut self,
        rows: Vec<Row<PersonSaid>>,
        organizations: &Known,
    ) -> Result<(Count, Known), Status> {
        let (tenant, all) = (self.log.tenant(), rows.len());
        let id = |source_id: &str| OrganizationId::derive(tenant, source_id).uuid();
        let wanted = people::organizations(&rows).into_iter().map(id).collect();
        let there = self.existing::<organization::Aggregate>(wanted, organizations).await?;
        let mut problems = Vec::new();
        let exists = |source_id: &str| there.contains(&id(source_id));
        let plan = |row| people::plan(tenant, row, exists, &mut problems);
        let plans: Vec<_> = rows.into_iter().filter_map(plan).collect();
        self.refuse(problems, all - plans.len());
        let (log, cause) = (self.log.clone(), self.cause.clone());
        let steps = plans.into_iter().map(|plan| people::carry_out(&log, &cause, plan));
        self.drive(steps).await
    }

    async fn classes(
        &mut self,
        rows: Vec<Row<ClassSaid>>,
        organizations: &Known,
    ) -> Result<(Count, Known), Status> {
        let tenant = self.log.tenant();
        let school = |said: &ClassSaid| OrganizationId::derive(tenant, &said.school);
        let wanted =
            rows.iter().filter_map(|row| row.said.as_ref()).map(|said| school(said).uuid());
        let there =
            self.existing::<organization::Aggregate>(wanted.collect(), organizations).await?;
        let mut steps = Vec::new();
        for row in rows {
            let id = ClassId::derive(tenant, &row.source_id);
            let (aim, command) = match row.said {
                None => (Aim::Go, class::Command::Remove(id)),
                Some(said) if !there.contains(&school(&said).uuid()) => {
                    self.refuse(vec![dangling(row.place, "schoolSourcedId")], 1);
                    continue;
                }
                Some(said) => {
                    let organization = school(&said);
                    let ClassSaid { title, course: course_source_id, .. } = said;
                    let source_id = row.source_id;
                    let class = Class { id, source_id, title, organization, course_source_id };
                    (Aim::Stay, class::Command::Change(class))
                }
            };
            steps.push((row.place, id.uuid(), aim, command));
        }
        self.decide_all::<class::Aggregate>(steps).await
    }

    async fn enrollments(
        &mut self,
        rows: Vec<Row<EnrollmentSaid>>,
        classes: &Known,
        people: &Known,
    ) -> Result<Count, Status> {
        let tenant = self.log.tenant();
        let ends = |said: &EnrollmentSaid| {
            (ClassId::derive(tenant, &said.class), PersonId::derive(tenant, &said.user))
        };
        let wanted: Vec<_> = rows.iter().filter_map(|row| row.said.as_ref()).map(ends).collect();
        let wanted_classes = wanted.iter().map(|(class, _)| class.uuid()).collect();
        let wanted_people = wanted.iter().map(|(_, person)| person.uuid()).collect();
        let classes = self.existing::<class::Aggregate>(wanted_classes, classes).await?;
        let people = self.existing::<person::Aggregate>(wanted_people, people).await?;
        let mut steps = Vec::new();
        for row in rows {
            let id = EnrollmentId::derive(tenant, &row.source_id);
            let Some(said) = row.said else {
                steps.push((row.place, id.uuid(), Aim::Go, enrollment::Command::Remove(id)));
                continue;
            };
            let (class, person) = ends(&said);
            let known = (classes.contains(&class.uuid()), people.contains(&person.uuid()));
            let field = match known {
                (true, true) => {
                    let EnrollmentSaid { role, begin_date, end_date, .. } = said;
                    let part = Enrollment { id, class, person, role, begin_date, end_date };
                    let command = enrollment::Command::Change(part);
                    steps.push((row.place, id.uuid(), Aim::Stay, command));
                    continue;
                }
                (false, _) => "classSourcedId",
                (true, false) => "userSourcedId",
            };
            self.refuse(vec![dangling(row.place, field)], 1);
        }
        let (count, _) = self.decide_all::<enrollment::Aggregate>(steps).await?;
        Ok(count)
    }

    /// Which of `wanted` are in the roster: by what this set did, else by the log.
    async fn existing<A: Stored>(
        &self,
        wanted: BTreeSet<Uuid>,
        by_this_set: &Known,
    ) -> Result<BTreeSet<Uuid>, Status> {
        let (known, unknown): (BTreeSet<Uuid>, BTreeSet<Uuid>) =
            wanted.into_iter().partition(|id| by_this_set.contains_key(id));
        let mut there: BTreeSet<Uuid> =
            known.into_iter().filter(|id| by_this_set.get(id) == Some(&true)).collect();
        let look = |id| async move { (id, exists::<A>(&self.log, id).await) };
        let mut looked = stream::iter(unknown.into_iter().map(look)).buffer_unordered(IN_FLIGHT);
        while let Some((id, exists)) = looked.next().await {
            if exists.map_err(status::fault)? {
                there.insert(id);
            }
        }
        Ok(there)
    }

    async fn decide_all<A: Stored>(
        &mut self,
        steps: Vec<(Place, Uuid, Aim, A::Command)>,
    ) -> Result<(Count, Known), Status>
    where
        A::Command: Clone,
        A::Event: Clone,
        A::Refusal: northstar_kernel::Refusal,
    {
        let (log, cause) = (self.log.clone(), self.cause.clone());
        let steps = steps
            .into_iter()
            .map(|(place, id, aim, command)| decide::<A>(&log, &cause, place, id, aim, command));
        self.drive(steps).await
    }

    /// Carries steps out, many at a time, and tells how far it has come.
    async fn drive(
        &mut self,
        steps: impl Iterator<Item = impl Future<Output = Result<Decided, AppendError>>>,
    ) -> Result<(Count, Known), Status> {
        let (mut count, mut known) = (Count::default(), Known::new());
        let mut steps = stream::iter(steps).buffer_unordered(IN_FLIGHT);
        while let Some(decided) = steps.next().await {
            let Decided { id, aim, outcome } = decided.map_err(status::append_failed)?;
            match outcome {
                Ok(position) => {
                    match (position, aim) {
                        (None, _) => count.unchanged += 1,
                        (Some(_), Aim::Stay) => count.changed += 1,
                        (Some(_), Aim::Go) => count.removed += 1,
                    }
                    self.position = self.position.max(position);
                    known.insert(id, aim == Aim::Stay);
                }
                Err(problem) => self.problems.push(problem),
            }
            self.done += 1;
            if self.done.is_multiple_of(PROGRESS_EVERY) {
                self.tell().await?;
            }
        }
        Ok((count, known))
    }

    /// Notes rows that are refused before anything is decided.
    fn refuse(&mut self, problems: Vec<Problem>, rows: usize) {
        self.problems.extend(problems);
        self.done += rows as u64;
    }

    async fn tell(&self) -> Result<(), Status> {
        let progress =
            ImportRosterResponse { rows_done: self.done, rows_total: self.total, report: None };
        let gone = |_| Status::cancelled("the caller went away");
        self.progress.send(Ok(progress)).await.map_err(gone)
    }

    async fn finish(self, counts: [Count; 4]) -> Result<ImportRosterResponse, Status> {
        let position = match self.position {
            Some(position) => position,
            None => self.log.position().await.map_err(status::fault)?,
        };
        let kinds = ["organizations", "people", "classes", "enrollments"];
        let files: [&[&str]; 4] =
            [&["orgs.csv"], &["users.csv", "roles.csv"], &["classes.csv"], &["enrollments.csv"]];
        let refused = files.map(|files| {
            let of_these = |problem: &&Problem| files.contains(&problem.file.as_str());
            self.problems.iter().filter(of_these).count() as u64
        });
        let counts =
            counts.into_iter().zip(refused).map(|(count, refused)| Count { refused, ..count });
        let report = report(kinds.into_iter().zip(counts), self.problems, position);
        Ok(ImportRosterResponse {
            rows_done: self.done,
            rows_total: self.total,
            report: Some(report),
        })
    }
}

fn dangling(place: Place, field: &'static str) -> Problem {
    let message = "what it refers to is not in the roster, or was refused or deleted; \
                   add it or correct the reference";
    place.problem(field, "DANGLING_REFERENCE", message)
}
