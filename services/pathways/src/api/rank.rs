//! RankOccupations.

use northstar_chassis::{Principal, status};
use northstar_kernel::LearnerId;
use northstar_pathways_domain::{
    Holdings, Median, Ranked, ReferenceRefusal, Region, RegionCode, Requirement, rank, requirements,
};
use northstar_wire::pathways::v1::{self as wire, RankOccupationsRequest, RankOccupationsResponse};
use tonic::{Request, Status};

use super::{Pathways, refused};
use crate::projection::catalog::Catalog;
use crate::projection::profile;

const USUAL_LIMIT: usize = 20;
const MOST: usize = 1_000;

impl Pathways {
    /// A learner of whom nothing is known and an id that names nobody have the same answer: an empty
    /// ranking. This context knows learners by their mastery alone.
    pub(super) async fn rank(
        &self,
        request: Request<RankOccupationsRequest>,
    ) -> Result<RankOccupationsResponse, Status> {
        let principal = Principal::of(&request)?;
        let scope = principal.scope()?;
        let asked = Asked::read(request.get_ref()).map_err(refused)?;
        principal.may_see(asked.learner)?;
        let catalog = self.catalogs.newest().await.map_err(status::fault)?;
        let region = asked.region(&catalog).map_err(refused)?;
        let levels = profile::levels(&self.log.tenant(&scope), asked.learner).await;
        let holdings = Holdings::through(catalog.links(), &levels.map_err(status::fault)?);
        let ranking = rank(&catalog.occupations, &holdings, region);
        let best = ranking.ranked.iter().take(asked.limit);
        Ok(RankOccupationsResponse {
            occupations: best.map(|ranked| message(ranked, &catalog, &holdings)).collect(),
            considered: ranking.considered as u32, // a few thousand at most
            unknown: ranking.unknown as u32,
        })
    }
}

struct Asked {
    learner: LearnerId,
    region: Option<RegionCode>,
    limit: usize,
}

impl Asked {
    fn read(request: &RankOccupationsRequest) -> Result<Self, ReferenceRefusal> {
        let learner = request.learner_id.parse().map_err(|_| {
            let example = "0f6d7d3e-2c51-5a8e-9d0b-7c1f2e3a4b5c";
            ReferenceRefusal::InvalidCode { field: "learner_id", example }
        })?;
        let region = Some(&request.region_code).filter(|code| !code.is_empty());
        let region = region.map(|code| code.parse()).transpose()?;
        let limit = match request.limit as usize {
            0 => USUAL_LIMIT,
            limit if limit <= MOST => limit,
            _ => {
                let (field, bounds) = ("limit", "1 to 1000, or 0 for 20");
                return Err(ReferenceRefusal::OutOfBounds { field, bounds });
            }
        };
        Ok(Self { learner, region, limit })
    }

    fn region<'a>(&self, catalog: &'a Catalog) -> Result<Option<&'a Region>, ReferenceRefusal> {
        let known = |code| catalog.regions.get(&code).ok_or(ReferenceRefusal::UnknownRegion);
        self.region.map(known).transpose()
    }
}

fn message(ranked: &Ranked<'_>, catalog: &Catalog, holdings: &Holdings) -> wire::RankedOccupation {
    let (occupation, coverage) = (ranked.occupation, ranked.coverage);
    let median = ranked.wage.and_then(|wage| wage.median);
    let requirements = requirements(occupation, holdings);
    wire::RankedOccupation {
        code: occupation.code().to_string(),
        title: occupation.title().to_owned(),
        coverage_milli: coverage.coverage_milli() as i32, // thousandths of one, like the next two
        known_milli: coverage.known_milli() as i32,
        assured_milli: coverage.assured_milli() as i32,
        job_zone: u32::from(occupation.job_zone().unwrap_or_default()),
        annual_median_dollars: median.map(|median| i64::from(median.dollars())),
        median_is_lower_bound: median.is_some_and(Median::is_lower_bound),
        employment: ranked.wage.and_then(|wage| wage.employment).map(i64::from),
        soc_code: ranked.wage.map(|wage| wage.soc.to_string()).unwrap_or_default(),
        requirements: requirements.iter().map(|one| requirement(one, catalog)).collect(),
    }
}

fn requirement(requirement: &Requirement, catalog: &Catalog) -> wire::Requirement {
    wire::Requirement {
        element_id: requirement.element.to_string(),
        element_name: catalog.element_name(requirement.element).to_owned(),
        required_centi: i32::from(requirement.required_centi),
        held_centi: requirement.held_centi as i32, // at most 550
        weight_milli: i32::from(requirement.weight_milli),
    }
}
