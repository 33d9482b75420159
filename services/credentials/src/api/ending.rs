//! Credentials that end by their date before long.

use northstar_chassis::{page, status};
use northstar_credentials_domain::credential::Moment;
use northstar_eventlog::TenantLog;
use northstar_kernel::{LearnerId, Timestamp};
use northstar_wire::credentials::v1 as wire;
use prost::Message;
use tonic::Status;

use super::credentials;
use crate::projection::due::CourseDue;

/// Lists those that end before `before`, the first to end first: a learner's, or everybody's.
pub(super) async fn list(
    log: &TenantLog,
    learner: Option<LearnerId>,
    before: Timestamp,
    request: &wire::ListCredentialsRequest,
) -> Result<wire::ListCredentialsResponse, Status> {
    let size = page::size(request.page_size);
    let mut after = page::decode(&request.page_token)?;
    let (mut answer, mut bytes) = (wire::ListCredentialsResponse::default(), 0);
    loop {
        let page = log.documents::<CourseDue>(&[], after.as_deref(), size).await;
        let page = page.map_err(status::fault)?;
        let full = page.len() == size as usize;
        for (key, CourseDue(whose)) in page {
            let Some((at, moment, id)) = CourseDue::read(&key) else { continue };
            if at >= before {
                return Ok(answer);
            }
            let wanted = moment == Moment::End && learner.is_none_or(|learner| learner == whose);
            if wanted {
                let credential = credentials::of(log, whose, id).await.map_err(status::fault)?;
                bytes += credential.as_ref().map_or(0, Message::encoded_len);
                answer.credentials.extend(credential);
            }
            if answer.credentials.len() == size as usize || bytes >= page::MAX_BYTES {
                answer.next_page_token = page::encode(&key);
                return Ok(answer);
            }
            after = Some(key);
        }
        if !full {
            return Ok(answer);
        }
    }
}
