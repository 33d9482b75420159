//! A region and its wages.

use northstar_pathways_domain::{Median, ReferenceRefusal, Region, RegionKind, Wage};
use northstar_wire::pathways::v1 as wire;

pub(super) fn message(region: &Region) -> wire::RegionPublished {
    let wage = |wage: &Wage| wire::Wage {
        soc_code: wage.soc.to_string(),
        annual_median_dollars: wage.median.map(|median| i64::from(median.dollars())),
        median_is_lower_bound: wage.median.is_some_and(Median::is_lower_bound),
        employment: wage.employment.map(i64::from),
    };
    wire::RegionPublished {
        region_code: region.code().to_string(),
        name: region.name().to_owned(),
        kind: region.kind().letter().to_string(),
        release: region.release().to_owned(),
        wages: region.wages().iter().map(wage).collect(),
    }
}

pub(super) fn read(message: wire::RegionPublished) -> Result<Region, ReferenceRefusal> {
    let wage = |wage: &wire::Wage| {
        let median = figure("annual_median_dollars", wage.annual_median_dollars)?;
        let bound = wage.median_is_lower_bound;
        Ok(Wage {
            soc: wage.soc_code.parse()?,
            median: median.map(if bound { Median::AtLeast } else { Median::Dollars }),
            employment: figure("employment", wage.employment)?,
        })
    };
    let wages = message.wages.iter().map(wage).collect::<Result<_, _>>()?;
    let kind = RegionKind::parse(&message.kind)?;
    Region::new(message.region_code.parse()?, message.name, kind, message.release, wages)
}

fn figure(field: &'static str, figure: Option<i64>) -> Result<Option<u32>, ReferenceRefusal> {
    let bounds = "0 to 4294967295";
    let figure = figure.map(u32::try_from).transpose();
    figure.map_err(|_| ReferenceRefusal::OutOfBounds { field, bounds })
}
