//! The scopes a learner is in, the most specific first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Fault, Shape, TenantLog};
use northstar_kernel::{LearnerId, OrganizationId};
use northstar_mastery_domain::Scope;

use super::{Belonging, Class, Organization};

/// Where documents are found: in a consumer's work, or in what it has committed.
pub(crate) trait Documents {
    /// Why they cannot be read.
    type Error;

    /// The document under `key`, if there is one.
    async fn find<S: Shape + Clone>(&mut self, key: &[u8]) -> Result<Option<S>, Self::Error>;
}

impl Documents for Work {
    type Error = HandleError;

    async fn find<S: Shape + Clone>(&mut self, key: &[u8]) -> Result<Option<S>, HandleError> {
        Ok(self.get::<S>(key).await?.cloned())
    }
}

impl Documents for &TenantLog {
    type Error = Fault;

    async fn find<S: Shape + Clone>(&mut self, key: &[u8]) -> Result<Option<S>, Fault> {
        self.document::<S>(key).await
    }
}

/// The learner's classes by id, then the schools of these and of the person and whatever lies above
/// them, the deepest first and of those equally deep the smaller id, then the network.
///
/// Only what is in the roster counts: an organization or class that it has not told of, or that has
/// left, is in nobody's path.
pub(crate) async fn path<D: Documents>(
    documents: &mut D,
    learner: LearnerId,
) -> Result<Vec<Scope>, D::Error> {
    let belonging = documents.find::<Belonging>(learner.as_bytes()).await?.unwrap_or_default();
    let (mut path, mut next) = (Vec::new(), belonging.organizations);
    for (class, _) in belonging.classes {
        let known = documents.find::<Class>(class.as_bytes()).await?;
        if let Some(school) = known.and_then(|class| class.school)
            && path.last() != Some(&Scope::Class(class))
        {
            path.push(Scope::Class(class));
            next.push(school);
        }
    }
    let mut above: BTreeMap<OrganizationId, Option<OrganizationId>> = BTreeMap::new();
    while let Some(id) = next.pop() {
        if above.contains_key(&id) {
            continue;
        }
        if let Some(known) = documents.find::<Organization>(id.as_bytes()).await? {
            above.insert(id, known.parent);
            next.extend(known.parent);
        }
    }
    let mut organizations: Vec<_> =
        above.keys().map(|id| (Reverse(depth(*id, &above)), *id)).collect();
    organizations.sort_unstable();
    path.extend(organizations.into_iter().map(|(_, id)| Scope::Organization(id)));
    path.push(Scope::Network);
    Ok(path)
}

/// How many lie above it; as many as there are, where they lie above each other.
fn depth(
    mut id: OrganizationId,
    above: &BTreeMap<OrganizationId, Option<OrganizationId>>,
) -> usize {
    let mut depth = 0;
    while let Some(Some(parent)) = above.get(&id)
        && depth < above.len()
    {
        (id, depth) = (*parent, depth + 1);
    }
    depth
}
