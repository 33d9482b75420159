//! Every level of a framework or a competency, read anew: some at a time, in the order of their keys.
//!
//! A tenant has millions of levels. Those of a page are read, written and told in one commit, with an
//! event of this context's own that says how far it came; when that comes around, the next page is
//! read. So memory stays as it is, other events are handled between two pages, and whoever takes the
//! lane over goes on where it stopped. A level that is evaluated meanwhile for another reason is read
//! by the new rule already, and its page finds nothing left to do.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Append, Cause, Recorded, Stream};
use northstar_kernel::{CompetencyId, ExpectedVersion, FrameworkId};

use super::CONSUMER;
use super::evaluate::{announce, evaluate};
use super::rollup::ancestors;
use super::rule::Rule;
use crate::codec::{Event, LevelsReadAnew};
use crate::projection::{Level, LevelKey};

/// Levels read in one commit.
const PAGE: u32 = 1_000;

/// Which levels are to be read anew.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    pub(super) framework: FrameworkId,
    /// Only those in this competency; `None` for all of the framework.
    pub(super) competency: Option<CompetencyId>,
}

/// Reads the levels after `after`: a page, and says that there are more. In a rebuild, where nothing
/// can be said and hardly any level is there yet, all of them.
pub(super) async fn read_anew(
    reach: Reach,
    after: Option<LevelKey>,
    event: &Recorded,
    work: &mut Work,
) -> Result<(), HandleError> {
    let mut after = after.map(|key| key.bytes().to_vec());
    loop {
        let page = work.page::<Level>(after.as_deref(), PAGE).await?;
        read_page(reach, &page.keys, event, work).await?;
        let Some(last) = page.last else { return Ok(()) };
        if work.is_live() {
            let through = LevelKey::read(&last)?;
            let Reach { framework, competency } = reach;
            say(LevelsReadAnew { framework, competency, through }, event, work);
            return Ok(());
        }
        after = Some(last);
    }
}

/// Goes on after what was said to be the last.
pub(super) async fn on_read_anew(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let Event::LevelsReadAnew(read) = Event::read(event)? else { return Ok(()) };
    if !work.is_live() {
        return Ok(());
    }
    let reach = Reach { framework: read.framework, competency: read.competency };
    read_anew(reach, Some(read.through), event, work).await
}

async fn read_page(
    reach: Reach,
    keys: &[Vec<u8>],
    event: &Recorded,
    work: &mut Work,
) -> Result<(), HandleError> {
    let mut rules = BTreeMap::new();
    let mut read: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for key in keys {
        let key = LevelKey::read(key)?;
        if reach.competency.is_some_and(|only| only != key.competency) {
            continue;
        }
        let rule = match rules.entry(key.competency) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let rule = Rule::of(key.competency, work).await?;
                unknown.insert(rule.filter(|rule| rule.framework == reach.framework))
            }
        };
        if let Some(rule) = rule {
            let changed = evaluate(key, Some(rule), work).await?;
            announce(changed, event, work);
            read.entry(key.learner).or_default().push(key.competency);
        }
    }
    for (learner, parts) in read {
        let changed = ancestors(learner, reach.framework, parts, work).await?;
        announce(changed, event, work);
    }
    Ok(())
}

fn say(read: LevelsReadAnew, event: &Recorded, work: &mut Work) {
    let about = read.competency.map_or_else(|| read.framework.uuid(), |only| only.uuid());
    work.append(Append {
        stream: Stream::new("reading", about),
        expected: ExpectedVersion::Any,
        events: vec![Event::LevelsReadAnew(read).write(Some(event.observed_at))],
        request: None,
        cause: Cause::reaction(CONSUMER, event),
    });
}
