//! Frameworks and their parts. The key of a part starts with its framework's id.

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Fault, Shape, TenantLog};
use northstar_kernel::FrameworkId;
use northstar_registry_domain::framework::Event;
use northstar_wire::registry::v1 as wire;

use super::{message, message_shapes};

/// Documents read at a time.
const PAGE: u32 = 1_000;

message_shapes! {
    /// What a framework is called, under its id.
    Framework(wire::FrameworkPublished) = "framework",
    /// A competency, under its framework's id and its own.
    Competency(wire::CompetencyPublished) = "competency",
    /// An association, under its framework's id and its own.
    Association(wire::AssociationPublished) = "association",
    /// A rubric, under its framework's id and its own.
    Rubric(wire::RubricPublished) = "rubric",
}

/// Folds one event of a framework, whose bytes are `payload`.
pub(super) fn fold(work: &mut Work, event: &Event, payload: &[u8]) -> Result<(), HandleError> {
    match event {
        Event::Published(head) => {
            work.put(head.title.id.as_bytes(), Framework(message(Framework::NOUN, payload)?));
        }
        Event::CompetencyPublished(framework, part) => {
            let key = key(*framework, part.id.as_bytes());
            work.put(&key, Competency(message(Competency::NOUN, payload)?));
        }
        Event::CompetencyWithdrawn(framework, id) => {
            work.remove::<Competency>(&key(*framework, id.as_bytes()));
        }
        Event::AssociationPublished(framework, part) => {
            let key = key(*framework, part.id.as_bytes());
            work.put(&key, Association(message(Association::NOUN, payload)?));
        }
        Event::AssociationWithdrawn(framework, id) => {
            work.remove::<Association>(&key(*framework, id.as_bytes()));
        }
        Event::RubricPublished(framework, part) => {
            let key = key(*framework, part.id.as_bytes());
            work.put(&key, Rubric(message(Rubric::NOUN, payload)?));
        }
        Event::RubricWithdrawn(framework, id) => {
            work.remove::<Rubric>(&key(*framework, id.as_bytes()));
        }
    }
    Ok(())
}

fn key(framework: FrameworkId, part: &[u8; 16]) -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(framework.as_bytes());
    key[16..].copy_from_slice(part);
    key
}

/// All documents of a noun whose keys start with `prefix`, by key.
pub(crate) async fn all<S: Shape>(log: &TenantLog, prefix: &[u8]) -> Result<Vec<S>, Fault> {
    let mut all = Vec::new();
    let mut after: Option<Vec<u8>> = None;
    loop {
        let page = log.documents::<S>(prefix, after.as_deref(), PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(all) };
        after = Some(last.clone());
        all.extend(page.into_iter().map(|(_, shape)| shape));
    }
}
