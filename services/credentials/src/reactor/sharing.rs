//! What a consent changes in the documents.

use northstar_bus::Work;
use northstar_credentials_domain::share::Event;

use crate::projection::share::SharedCredential;

/// Takes in what happened to a consent.
pub(super) fn folded(event: &Event, work: &mut Work) {
    match event {
        Event::Opened(share) => {
            work.put(&SharedCredential::key(share.credential, share.id), SharedCredential);
        }
        // It stays listed, as one that was taken back.
        Event::Withdrawn { .. } => {}
    }
}
