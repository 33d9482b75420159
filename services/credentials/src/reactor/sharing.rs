//! What consents change in the documents.

use northstar_bus::Work;
use northstar_credentials_domain::share::Event;
use northstar_credentials_domain::wallet;

use crate::projection::share::SharedCredential;
use crate::projection::wallet::OfferedTo;

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

/// Takes in what happened to a wallet's access.
pub(super) fn offered(event: &wallet::Event, work: &mut Work) {
    if let wallet::Event::Offered(offer) = event {
        work.put(&OfferedTo::key(offer.learner, offer.id), OfferedTo);
    }
}
