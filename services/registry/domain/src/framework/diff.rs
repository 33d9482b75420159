//! From what stands to what is published, as events.

use std::collections::BTreeMap;

use northstar_kernel::FrameworkId;

use super::{Event, Head, Package, State};

/// The events that lead from `state` to `next`: the title first, then parts that are new or
/// changed, then parts that are gone.
///
/// What others refer to comes before what refers to it: competencies, associations, rubrics.
pub(super) fn events(state: &State, next: Package) -> Vec<Event> {
    let framework = next.title.id;
    let head = Head { content_hash: next.content_hash(), title: next.title };
    if state.head.as_ref() == Some(&head) {
        return Vec::new();
    }
    let mut events = vec![Event::Published(head)];
    let mut add = |more: Vec<Event>| events.extend(more);
    add(published(framework, &state.competencies, &next.competencies, Event::CompetencyPublished));
    add(published(framework, &state.associations, &next.associations, Event::AssociationPublished));
    add(published(framework, &state.rubrics, &next.rubrics, Event::RubricPublished));
    add(withdrawn(framework, &state.rubrics, &next.rubrics, Event::RubricWithdrawn));
    add(withdrawn(framework, &state.associations, &next.associations, Event::AssociationWithdrawn));
    add(withdrawn(framework, &state.competencies, &next.competencies, Event::CompetencyWithdrawn));
    events
}

fn published<K: Ord, V: Clone + PartialEq>(
    framework: FrameworkId,
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
    event: fn(FrameworkId, V) -> Event,
) -> Vec<Event> {
    let differs = |&(id, part): &(&K, &V)| before.get(id) != Some(part);
    after.iter().filter(differs).map(|(_, part)| event(framework, part.clone())).collect()
}

fn withdrawn<K: Ord + Copy, V>(
    framework: FrameworkId,
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
    event: fn(FrameworkId, K) -> Event,
) -> Vec<Event> {
    let gone = before.keys().filter(|id| !after.contains_key(id));
    gone.map(|id| event(framework, *id)).collect()
}
