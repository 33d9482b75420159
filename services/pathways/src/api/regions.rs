//! ListRegions.

use northstar_chassis::{Principal, status};
use northstar_pathways_domain::Region;
use northstar_wire::pathways::v1::{self as wire, ListRegionsRequest, ListRegionsResponse};
use tonic::{Request, Status};

use super::Pathways;

impl Pathways {
    pub(super) async fn regions(
        &self,
        request: &Request<ListRegionsRequest>,
    ) -> Result<ListRegionsResponse, Status> {
        Principal::of(request)?;
        let catalog = self.catalogs.newest().await.map_err(status::fault)?;
        let region = |region: &Region| wire::Region {
            region_code: region.code().to_string(),
            name: region.name().to_owned(),
            kind: region.kind().letter().to_string(),
            occupations: u32::try_from(region.wages().len()).unwrap_or(u32::MAX),
        };
        Ok(ListRegionsResponse { regions: catalog.regions.values().map(region).collect() })
    }
}
