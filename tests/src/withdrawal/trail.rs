//! What the logs say of withdrawals, credentials and lists, held against what was done.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use northstar_credentials::standard::status::List;
use northstar_eventlog::Recorded;
use northstar_kernel::{Position, Timestamp};
use northstar_wire::credentials::v1::{
    CredentialIssued, CredentialRevoked, GetStatusListResponse, StatusListPublished, StatusPlace,
};
use northstar_wire::mastery::v1::{MasteryChanged, Standing};
use prost::Message as _;

use super::pairs::{Pair, Size};
use crate::cluster::Cluster;
use crate::measure::sample::tenant;

const PAGE: u32 = 2_000;

/// From the moment mastery was withdrawn: by the log it was appended to.
#[derive(Debug, Clone, Copy)]
pub struct Delay {
    /// Milliseconds until a signed list that shows it was appended to its log.
    pub signed: f64,
    /// Milliseconds until such a list was fetched.
    pub fetched: f64,
}

/// Learner and competency, as events name them.
type Named = (String, String);

/// All that matters here of the logs of mastery and credentials.
#[derive(Debug, Default)]
pub(super) struct Trail {
    mastery: Position,
    credentials: Position,
    /// When mastery was last withdrawn.
    withdrawn: BTreeMap<Named, Timestamp>,
    /// The credentials of each pair.
    issued: BTreeMap<Named, Vec<String>>,
    places: BTreeMap<String, StatusPlace>,
    /// How often each credential was revoked.
    revoked: BTreeMap<String, u32>,
    editions: Vec<Edition>,
}

#[derive(Debug)]
struct Edition {
    epoch: u64,
    set: u32,
    at: Timestamp,
    list: List,
    document: String,
}

impl Trail {
    /// Reads what is new.
    pub(super) async fn catch_up(&mut self, cluster: &Cluster) -> anyhow::Result<()> {
        for context in ["mastery", "credentials"] {
            let log = cluster.log(context);
            let shard = log.shards().shard_of(tenant());
            let after = if context == "mastery" { self.mastery } else { self.credentials };
            let mut after = after;
            loop {
                let events = log.scan(shard, after, PAGE).await?;
                let Some(last) = events.last() else { break };
                after = last.position;
                events.iter().try_for_each(|event| self.take_in(event))?;
            }
            *(if context == "mastery" { &mut self.mastery } else { &mut self.credentials }) = after;
        }
        Ok(())
    }

    fn take_in(&mut self, event: &Recorded) -> anyhow::Result<()> {
        let payload = event.payload.as_ref();
        match &*event.event_type {
            "mastery_changed" => {
                let changed = MasteryChanged::decode(payload)?;
                let after = changed.after.context("what is held")?.standing();
                if !matches!(after, Standing::AtMastery | Standing::Exceeds) {
                    let named = (changed.learner_id, changed.competency_id);
                    self.withdrawn.insert(named, event.recorded_at);
                }
            }
            "credential_issued" => {
                let issued = CredentialIssued::decode(payload)?;
                let named = (issued.learner_id, issued.competency_id);
                let place = issued.place.context("a credential without a place")?;
                self.places.insert(issued.credential_id.clone(), place);
                self.issued.entry(named).or_default().push(issued.credential_id);
            }
            "credential_revoked" => {
                let revoked = CredentialRevoked::decode(payload)?;
                *self.revoked.entry(revoked.credential_id).or_default() += 1;
            }
            "status_list_published" => self.editions.push(Edition::read(event)?),
            _ => {}
        }
        Ok(())
    }

    /// Whether after so many steps each pair has one credential, those ended that had to, once, no
    /// other one did, and the last list says so.
    pub(super) fn check(&self, size: Size, taken: u64) -> anyhow::Result<()> {
        let first = (0..size.at_first()).map(|number| size.pair(number));
        let earned = (0..taken).flat_map(|step| size.earned(step));
        let pairs = size.at_first() + taken * size.load;
        ensure!(self.issued.len() as u64 == pairs, "{} of {pairs} pairs", self.issued.len());
        for pair in first.chain(earned) {
            self.credential(pair)?;
        }
        let withdrawn = (0..taken).map(|step| self.credential(size.withdrawn(step)));
        let withdrawn: BTreeSet<&str> = withdrawn.collect::<anyhow::Result<_>>()?;
        let revoked: BTreeSet<&str> = self.revoked.keys().map(String::as_str).collect();
        ensure!(revoked == withdrawn, "{} revoked, not {taken}", revoked.len());
        let twice = self.revoked.iter().find(|(_, times)| **times != 1);
        ensure!(twice.is_none(), "revoked more than once: {twice:?}");
        self.check_list(&revoked)
    }

    /// A pair's only credential.
    fn credential(&self, pair: Pair) -> anyhow::Result<&str> {
        match self.issued.get(&named(pair)).map(Vec::as_slice) {
            Some([only]) => Ok(only),
            found => anyhow::bail!("{pair:?} has not one credential but {found:?}"),
        }
    }

    /// Editions without a gap, and in the last one the bits of those that were revoked, no others.
    fn check_list(&self, revoked: &BTreeSet<&str>) -> anyhow::Result<()> {
        let epochs = self.editions.iter().map(|edition| edition.epoch);
        ensure!(epochs.eq(1..=self.editions.len() as u64), "epochs are not 1, 2, 3 …");
        let last = self.editions.last().context("no list was published")?;
        ensure!(last.set as usize == revoked.len(), "{} bits of {}", last.set, revoked.len());
        let set = (0..last.list.length()).filter(|index| last.list.is_set(*index) == Some(true));
        let wanted = revoked.iter().map(|id| self.places.get(*id).map_or(0, |place| place.index));
        let wanted: BTreeSet<u64> = wanted.map(u64::from).collect();
        ensure!(set.eq(wanted.iter().copied()), "other bits than those of what was revoked");
        ensure!(wanted.len() == revoked.len(), "two credentials share a place");
        Ok(())
    }

    /// Whether the list that is served is the last one.
    pub(super) fn check_served(&self, served: &GetStatusListResponse) -> anyhow::Result<()> {
        let last = self.editions.last().context("no list was published")?;
        ensure!(
            served.epoch == last.epoch && served.document == last.document,
            "another is served"
        );
        Ok(())
    }

    /// How long it took until the pair's bit was out.
    pub(super) fn delay(&self, pair: Pair, seen: &[(u64, Timestamp)]) -> anyhow::Result<Delay> {
        let at = self.withdrawn.get(&named(pair)).context("mastery was not withdrawn")?;
        let place = self.places.get(self.credential(pair)?).context("no place")?;
        let shows = |edition: &&Edition| edition.list.is_set(place.index.into()) == Some(true);
        let edition = self.editions.iter().find(shows).context("no edition shows it")?;
        let fetched = seen.iter().find(|(epoch, _)| *epoch >= edition.epoch);
        let (_, fetched) = fetched.context("no edition that shows it was fetched")?;
        let since = |then: Timestamp| (then.micros() - at.micros()) as f64 / 1_000.0;
        Ok(Delay { signed: since(edition.at), fetched: since(*fetched) })
    }
}

impl Edition {
    fn read(event: &Recorded) -> anyhow::Result<Self> {
        let StatusListPublished { list, epoch, set, document } =
            StatusListPublished::decode(event.payload.as_ref())?;
        ensure!(list == 0, "list {list} of a tenant that has one");
        let read = List::read(&serde_json::from_str(&document)?).map_err(anyhow::Error::msg)?;
        Ok(Self { epoch, set, at: event.recorded_at, list: read, document })
    }
}

fn named(pair: Pair) -> Named {
    (pair.learner().to_string(), pair.competency().to_string())
}
