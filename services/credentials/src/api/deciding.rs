//! Commands about what lives in a stream of its own.

use northstar_chassis::{Principal, status};
use northstar_credentials_domain::Event;
use northstar_eventlog::{AppendError, TenantLog};
use northstar_kernel::{CredentialId, Refusal};
use tonic::Status;

use crate::beside::{self, Alone, Loaded};

/// Times a decision is taken anew because somebody else changed the same thing meanwhile.
const ATTEMPTS: u32 = 4;

/// Decides upon what the log has, and appends; what is known after that, and whether it was news.
pub(super) async fn decided<A: Alone>(
    principal: &Principal,
    log: &TenantLog,
    id: CredentialId,
    command: A::Command,
) -> Result<(A::State, bool), Status>
where
    A::State: Default + Clone,
    A::Command: Clone,
    A::Event: Into<Event>,
    A::Refusal: Refusal,
{
    let mut attempt = 0;
    loop {
        attempt += 1;
        let loaded: Loaded<A> = beside::load(log, id).await.map_err(status::fault)?;
        let events = A::decide(&loaded.state, command.clone())
            .map_err(|refusal| status::refused(&refusal))?;
        let state = events.iter().fold(loaded.state.clone(), A::evolve);
        if events.is_empty() {
            return Ok((state, false));
        }
        match log.append(loaded.followed_by(events, principal.cause())).await {
            Ok(_) => return Ok((state, true)),
            Err(AppendError::WrongVersion(_)) if attempt < ATTEMPTS => {}
            Err(error) => return Err(status::append_failed(error)),
        }
    }
}
