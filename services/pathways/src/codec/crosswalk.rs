//! A crosswalk and its links.

use northstar_pathways_domain::{Crosswalk, Link, ReferenceRefusal};
use northstar_wire::pathways::v1 as wire;

pub(super) fn message(crosswalk: &Crosswalk) -> wire::CrosswalkPublished {
    let link = |link: &Link| wire::CrosswalkLink {
        competency_id: link.competency().to_string(),
        element_id: link.element().to_string(),
        weight_milli: i64::from(link.weight_milli()),
        element_name: link.element_name().to_owned(),
    };
    wire::CrosswalkPublished {
        key: crosswalk.key().to_owned(),
        links: crosswalk.links().iter().map(link).collect(),
    }
}

pub(super) fn read(message: wire::CrosswalkPublished) -> Result<Crosswalk, ReferenceRefusal> {
    let link = |link: wire::CrosswalkLink| {
        let competency = link.competency_id.parse().map_err(|_| {
            let example = "63250779-73d0-5546-a341-e14def2c59ef";
            ReferenceRefusal::InvalidCode { field: "competency_id", example }
        })?;
        Link::new(competency, link.element_id.parse()?, link.element_name, link.weight_milli)
    };
    let links = message.links.into_iter().map(link).collect::<Result<_, _>>()?;
    Crosswalk::new(message.key, links)
}
