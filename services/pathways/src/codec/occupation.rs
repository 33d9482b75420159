//! An occupation and its ratings.

use northstar_pathways_domain::{Importance, Occupation, Rating, ReferenceRefusal, RequiredLevel};
use northstar_wire::pathways::v1 as wire;

pub(super) fn message(occupation: &Occupation) -> wire::OccupationPublished {
    let rating = |rating: &Rating| wire::Rating {
        element_id: rating.element.to_string(),
        importance_centi: rating.importance.map(|figure| i32::from(figure.centi())),
        level_centi: rating.level.map(|figure| i32::from(figure.centi())),
    };
    wire::OccupationPublished {
        code: occupation.code().to_string(),
        title: occupation.title().to_owned(),
        job_zone: u32::from(occupation.job_zone().unwrap_or_default()),
        ratings: occupation.ratings().iter().map(rating).collect(),
    }
}

pub(super) fn read(message: wire::OccupationPublished) -> Result<Occupation, ReferenceRefusal> {
    let rating = |rating: &wire::Rating| {
        Ok(Rating {
            element: rating.element_id.parse()?,
            importance: figure(rating.importance_centi, Importance::from_centi)?,
            level: figure(rating.level_centi, RequiredLevel::from_centi)?,
        })
    };
    let ratings = message.ratings.iter().map(rating).collect::<Result<_, _>>()?;
    let zone = Some(message.job_zone).filter(|zone| *zone > 0);
    let zone = zone.map(|zone| u8::try_from(zone).unwrap_or(u8::MAX)); // too large is refused below
    Occupation::new(message.code.parse()?, message.title, zone, ratings)
}

fn figure<T>(
    centi: Option<i32>,
    from_centi: fn(i64) -> Result<T, ReferenceRefusal>,
) -> Result<Option<T>, ReferenceRefusal> {
    centi.map(i64::from).map(from_centi).transpose()
}
