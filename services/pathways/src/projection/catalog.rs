//! The reference figures in memory: a ranking looks at all of them at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use northstar_eventlog::{Fault, Log, Shape, TenantLog};
use northstar_kernel::TenantScope;
use northstar_pathways_domain::{Crosswalk, ElementId, Link, Occupation, Region, RegionCode};
use tokio::sync::Mutex;

use super::reference::{CrosswalkDocument, Edition, OccupationDocument, RegionDocument};

/// All figures of one edition.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    edition: Edition,
    /// By code.
    pub(crate) occupations: Vec<Occupation>,
    /// By code.
    pub(crate) regions: BTreeMap<RegionCode, Region>,
    crosswalks: Vec<Crosswalk>,
}

impl Catalog {
    /// The links of every crosswalk.
    pub(crate) fn links(&self) -> impl Iterator<Item = &Link> {
        self.crosswalks.iter().flat_map(Crosswalk::links)
    }

    /// The name of an element, as a crosswalk gives it; empty if none does.
    pub(crate) fn element_name(&self, element: ElementId) -> &str {
        self.links().find(|link| link.element() == element).map_or("", Link::element_name)
    }

    async fn load(log: &TenantLog, edition: Edition) -> Result<Self, Fault> {
        let occupations = all::<OccupationDocument>(log).await?;
        let regions = all::<RegionDocument>(log).await?;
        let crosswalks = all::<CrosswalkDocument>(log).await?;
        Ok(Self {
            edition,
            occupations: occupations.into_iter().map(|document| document.0).collect(),
            regions: regions.into_iter().map(|document| (document.0.code(), document.0)).collect(),
            crosswalks: crosswalks.into_iter().map(|document| document.0).collect(),
        })
    }
}

/// Keeps the newest edition, so that it is read once and not at every question.
pub(crate) struct Catalogs {
    log: TenantLog,
    kept: Mutex<Arc<Catalog>>,
}

impl Catalogs {
    /// Over the commons of a log.
    pub(crate) fn new(log: &Log) -> Self {
        Self { log: log.tenant(&TenantScope::COMMONS), kept: Mutex::default() }
    }

    /// The newest edition, read again only if something was published since.
    ///
    /// The edition is read before the figures: should one be published in between, the figures are
    /// newer than the edition says, and are read again the next time.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn newest(&self) -> Result<Arc<Catalog>, Fault> {
        let edition = self.log.document::<Edition>(b"").await?.unwrap_or_default();
        let mut kept = self.kept.lock().await;
        if kept.edition != edition {
            *kept = Arc::new(Catalog::load(&self.log, edition).await?);
        }
        Ok(Arc::clone(&kept))
    }
}

/// Every document of a noun, by key.
async fn all<S: Shape>(log: &TenantLog) -> Result<Vec<S>, Fault> {
    const PAGE: u32 = 500;
    let (mut documents, mut after) = (Vec::new(), None::<Vec<u8>>);
    loop {
        let page = log.documents::<S>(b"", after.as_deref(), PAGE).await?;
        let last = page.len() < PAGE as usize;
        for (key, document) in page {
            documents.push(document);
            after = Some(key);
        }
        if last {
            return Ok(documents);
        }
    }
}
