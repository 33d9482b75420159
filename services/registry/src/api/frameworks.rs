//! Frameworks: imported whole, read whole.

use northstar_chassis::status;
use northstar_eventlog::{Cause, TenantLog};
use northstar_kernel::FrameworkId;
use northstar_registry_domain::framework::{Aggregate, Command, Event};
use northstar_wire::registry::v1 as wire;
use tokio_stream::{Stream, StreamExt as _};
use tonic::Status;

use super::Refusal;
use super::report::{Count, report};
use crate::aggregate::{NotDone, execute};
use crate::projection::framework::{Association, Competency, Framework, Rubric, all};
use crate::standard::Problem;
use crate::standard::case::{self, Reading, Refused};

/// Longest file name that is repeated in messages, in bytes.
const FILE_NAME_MAX: usize = 255;

/// The pieces of a package, joined, and its file's name.
pub(super) async fn upload(
    mut pieces: impl Stream<Item = Result<wire::ImportFrameworkRequest, Status>> + Unpin,
) -> Result<(String, Vec<u8>), Status> {
    let (mut file, mut bytes) = (String::new(), Vec::new());
    while let Some(piece) = pieces.next().await {
        let wire::ImportFrameworkRequest { file_name, chunk } = piece?;
        if file.is_empty() {
            file = file_name;
        }
        if bytes.len() + chunk.len() > case::BYTES_MAX {
            return Err(Refusal::TooLarge { mebibytes: case::BYTES_MAX >> 20 }.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    if bytes.is_empty() {
        return Err(Refusal::NothingSent.into());
    }
    if file.is_empty() || file.len() > FILE_NAME_MAX {
        return Err(Refusal::FileNameless.into());
    }
    Ok((file, bytes))
}

/// Publishes what a package holds. What cannot be read of it is reported, not an error.
pub(super) async fn import(
    log: &TenantLog,
    cause: &Cause,
    file: String,
    bytes: Vec<u8>,
) -> Result<wire::ImportFrameworkResponse, Status> {
    let name = file.clone();
    let reading = tokio::task::spawn_blocking(move || case::read(&name, &bytes));
    let reading = match reading.await.map_err(|_| status::internal())? {
        Ok(reading) => reading,
        Err(problem) => return unusable(log, problem).await,
    };
    let Reading { package, problems, refused, outside } = reading;
    let (id, title) = (package.title.id, package.title.title.clone());
    let held = [
        package.competencies.len() as u64,
        package.associations.len() as u64,
        package.rubrics.len() as u64,
    ];
    let publish = Command::Publish { package, complete: problems.is_empty() };
    let done = match execute::<Aggregate>(log, cause, id.uuid(), publish).await {
        Ok(done) => done,
        Err(NotDone::Refused(refusal)) => {
            use northstar_kernel::Refusal as _;
            let problem = Problem::of_file(&file, refusal.reason(), refusal.to_string());
            return unusable(log, problem).await;
        }
        Err(NotDone::Failed(error)) => return Err(status::append_failed(error)),
    };
    let position = match done.position {
        Some(position) => position,
        None => log.position().await.map_err(status::fault)?,
    };
    Ok(wire::ImportFrameworkResponse {
        framework_id: id.to_string(),
        title,
        report: Some(report(counts(&done.events, held, refused), problems, position)),
        outside_associations: outside,
    })
}

/// Nothing of the package was taken, for this reason.
async fn unusable(
    log: &TenantLog,
    problem: Problem,
) -> Result<wire::ImportFrameworkResponse, Status> {
    let position = log.position().await.map_err(status::fault)?;
    let count = Count { refused: 1, ..Count::default() };
    let report = report([("frameworks", count)], vec![problem], position);
    Ok(wire::ImportFrameworkResponse { report: Some(report), ..Default::default() })
}

/// By kind; `held` is how many competencies, associations and rubrics the package holds.
fn counts(events: &[Event], held: [u64; 3], refused: Refused) -> [(&'static str, Count); 4] {
    let mut frameworks = Count { unchanged: 1, ..Count::default() };
    let mut parts = [refused.competencies, refused.associations, refused.rubrics]
        .map(|refused| Count { refused, ..Count::default() });
    let [competencies, associations, rubrics] = &mut parts;
    for event in events {
        match event {
            Event::Published(_) => (frameworks.changed, frameworks.unchanged) = (1, 0),
            Event::CompetencyPublished(..) => competencies.changed += 1,
            Event::CompetencyWithdrawn(..) => competencies.removed += 1,
            Event::AssociationPublished(..) => associations.changed += 1,
            Event::AssociationWithdrawn(..) => associations.removed += 1,
            Event::RubricPublished(..) => rubrics.changed += 1,
            Event::RubricWithdrawn(..) => rubrics.removed += 1,
        }
    }
    for (count, held) in parts.iter_mut().zip(held) {
        count.unchanged = held.saturating_sub(count.changed);
    }
    let [competencies, associations, rubrics] = parts;
    [
        ("frameworks", frameworks),
        ("competencies", competencies),
        ("associations", associations),
        ("rubrics", rubrics),
    ]
}

/// All frameworks of the tenant, by title.
pub(super) async fn list(log: &TenantLog) -> Result<wire::ListFrameworksResponse, Status> {
    let frameworks = all::<Framework>(log, &[]).await.map_err(status::fault)?;
    let mut frameworks: Vec<_> = frameworks.into_iter().map(in_short).collect();
    frameworks.sort_by(|a, b| (&a.title, &a.framework_id).cmp(&(&b.title, &b.framework_id)));
    Ok(wire::ListFrameworksResponse { frameworks })
}

/// One framework with all its parts.
pub(super) async fn get(log: &TenantLog, id: &str) -> Result<wire::GetFrameworkResponse, Status> {
    let id: FrameworkId = id.parse().map_err(|_| Refusal::IdMalformed { field: "framework_id" })?;
    let key = id.as_bytes();
    let framework = log.document::<Framework>(key).await.map_err(status::fault)?;
    let framework = framework.ok_or(Refusal::FrameworkUnknown)?;
    let competencies = all::<Competency>(log, key).await.map_err(status::fault)?;
    let associations = all::<Association>(log, key).await.map_err(status::fault)?;
    let rubrics = all::<Rubric>(log, key).await.map_err(status::fault)?;
    Ok(wire::GetFrameworkResponse {
        framework: Some(in_short(framework)),
        competencies: competencies.into_iter().map(|part| part.0).collect(),
        associations: associations.into_iter().map(|part| part.0).collect(),
        rubrics: rubrics.into_iter().map(|part| part.0).collect(),
    })
}

fn in_short(Framework(published): Framework) -> wire::Framework {
    wire::Framework {
        framework_id: published.framework_id,
        title: published.title,
        version: published.version,
        adoption_status: published.adoption_status,
        content_hash: published.content_hash,
    }
}
