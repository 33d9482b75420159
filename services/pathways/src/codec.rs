//! The one bridge between this context's events and their bytes, and the reading of mastery's.

mod crosswalk;
mod mastery;
mod occupation;
mod region;

pub(crate) use mastery::{MASTERY_CHANGED, mastery_change};

use northstar_eventlog::{Malformed, NewEvent, Recorded};
use northstar_pathways_domain::{
    Crosswalk, Entry, Occupation, Published, ReferenceRefusal, Region,
};
use prost::Message;

/// Name of an occupation's publication in the log.
pub(crate) const OCCUPATION_PUBLISHED: &str = "occupation_published";
/// Name of a region's publication in the log.
pub(crate) const REGION_PUBLISHED: &str = "region_published";
/// Name of a crosswalk's publication in the log.
pub(crate) const CROSSWALK_PUBLISHED: &str = "crosswalk_published";

/// The event as it is written.
pub(crate) fn write(event: &Published) -> NewEvent {
    let (event_type, payload) = match &event.0 {
        Entry::Occupation(one) => (OCCUPATION_PUBLISHED, occupation_bytes(one)),
        Entry::Region(one) => (REGION_PUBLISHED, region_bytes(one)),
        Entry::Crosswalk(one) => (CROSSWALK_PUBLISHED, crosswalk_bytes(one)),
    };
    let payload = payload.into();
    NewEvent { event_type, schema_version: 1, observed_at: None, key_id: None, payload }
}

/// The event as it was written.
pub(crate) fn read(event: &Recorded) -> Result<Published, Malformed> {
    let entry = match (&*event.event_type, event.schema_version) {
        (OCCUPATION_PUBLISHED, 1) => Entry::Occupation(read_occupation(&event.payload)?),
        (REGION_PUBLISHED, 1) => Entry::Region(read_region(&event.payload)?),
        (CROSSWALK_PUBLISHED, 1) => Entry::Crosswalk(read_crosswalk(&event.payload)?),
        (_, version) => {
            let why = format!("version {version} is not known");
            return Err(Malformed::new(&*event.event_type, why));
        }
    };
    Ok(Published(entry))
}

/// An occupation's bytes, in events and in documents: the same for the same figures.
pub(crate) fn occupation_bytes(occupation: &Occupation) -> Vec<u8> {
    occupation::message(occupation).encode_to_vec()
}

/// Reads [`occupation_bytes`].
pub(crate) fn read_occupation(bytes: &[u8]) -> Result<Occupation, Malformed> {
    let (what, message) = (OCCUPATION_PUBLISHED, decode(OCCUPATION_PUBLISHED, bytes)?);
    occupation::read(message).map_err(|refusal| broken(what, refusal))
}

/// A region's bytes, in events and in documents: the same for the same figures.
pub(crate) fn region_bytes(region: &Region) -> Vec<u8> {
    region::message(region).encode_to_vec()
}

/// Reads [`region_bytes`].
pub(crate) fn read_region(bytes: &[u8]) -> Result<Region, Malformed> {
    let (what, message) = (REGION_PUBLISHED, decode(REGION_PUBLISHED, bytes)?);
    region::read(message).map_err(|refusal| broken(what, refusal))
}

/// A crosswalk's bytes, in events and in documents: the same for the same links.
pub(crate) fn crosswalk_bytes(crosswalk: &Crosswalk) -> Vec<u8> {
    crosswalk::message(crosswalk).encode_to_vec()
}

/// Reads [`crosswalk_bytes`].
pub(crate) fn read_crosswalk(bytes: &[u8]) -> Result<Crosswalk, Malformed> {
    let (what, message) = (CROSSWALK_PUBLISHED, decode(CROSSWALK_PUBLISHED, bytes)?);
    crosswalk::read(message).map_err(|refusal| broken(what, refusal))
}

fn decode<M: Message + Default>(what: &str, bytes: &[u8]) -> Result<M, Malformed> {
    M::decode(bytes).map_err(|why| Malformed::new(what, why))
}

/// What was refused once cannot be in the log, unless another program wrote it.
fn broken(what: &str, refusal: ReferenceRefusal) -> Malformed {
    Malformed::new(what, refusal)
}

#[cfg(test)]
mod tests;
