//! Consents to show a credential to whoever has a link: given, taken back, listed.

use northstar_chassis::{Principal, Role, status};
use northstar_credentials_domain::Event as Any;
use northstar_credentials_domain::share::{Command, Event, Refusal, Share, Shares, State};
use northstar_eventlog::{Append, AppendError, Fault, Stream, TenantLog, now};
use northstar_kernel::{Decider as _, ExpectedVersion, ShareId, Timestamp, Version};
use northstar_wire::credentials::v1 as wire;
use tonic::Status;

use super::credentials;
use crate::codec;
use crate::codec::field::{instant, moment};
use crate::links::Ticket;
use crate::projection::share::SharedCredential;
use crate::standard::did_web::Host;

/// Who decides what is shown of a learner: they, who speaks for them, and who answers for the tenant.
const ROLES: [Role; 4] = [Role::Learner, Role::Guardian, Role::NetworkAdmin, Role::DistrictAdmin];
/// Times a decision is taken anew because somebody else took the consent back meanwhile.
const ATTEMPTS: u32 = 4;
/// Consents to show one credential that are listed.
const MOST: u32 = 1_000;

/// Consents.
pub(super) async fn share(
    principal: &Principal,
    host: &Host,
    log: &TenantLog,
    request: &wire::ShareCredentialRequest,
) -> Result<wire::ShareCredentialResponse, Status> {
    principal.require(&ROLES)?;
    let (claim, _) = credentials::find(principal, log, &request.credential_id).await?;
    let missing = |why: String| status::invalid("SHARE_END_REQUIRED", "until", &why);
    let until = instant("until", request.until).map_err(missing)?;
    let token = Ticket::random(log.tenant().uuid());
    let id = ShareId::from_uuid(token.name());
    let share = Share {
        id,
        credential: claim.credential,
        learner: claim.learner,
        token: token.digest(),
        until,
        by: principal.subject().to_owned(),
        at: now(),
    };
    let shown = shown(&share, None);
    let events = Shares::decide(&State::default(), Command::Open(share));
    let events = events.map_err(|refusal| status::refused(&refusal))?;
    append(principal, log, (id, Version::START), events).await.map_err(status::append_failed)?;
    let link = host.share_page(&token.text());
    Ok(wire::ShareCredentialResponse { share: Some(shown), link })
}

/// Takes a consent back.
pub(super) async fn withdraw(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::WithdrawShareRequest,
) -> Result<wire::WithdrawShareResponse, Status> {
    principal.require(&ROLES)?;
    let invalid = |_| status::invalid("SHARE_ID_INVALID", "share_id", "must be a UUID");
    let id: ShareId = request.share_id.parse().map_err(invalid)?;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let (state, version) = load(log, id).await.map_err(status::fault)?;
        let absent = || status::refused(&Refusal::NotFound);
        let learner = state.share.as_ref().map(|share| share.learner).ok_or_else(absent)?;
        principal.may_see(learner).map_err(|_| absent())?;
        let command = Command::Withdraw { by: principal.subject().to_owned(), at: now() };
        let events = Shares::decide(&state, command).map_err(|why| status::refused(&why))?;
        if events.is_empty() {
            return Ok(wire::WithdrawShareResponse { changed: false });
        }
        match append(principal, log, (id, version), events).await {
            Ok(()) => return Ok(wire::WithdrawShareResponse { changed: true }),
            Err(AppendError::WrongVersion(_)) if attempt < ATTEMPTS => {}
            Err(error) => return Err(status::append_failed(error)),
        }
    }
}

/// Lists the consents to show a credential.
pub(super) async fn list(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::ListSharesRequest,
) -> Result<wire::ListSharesResponse, Status> {
    principal.require(&ROLES)?;
    let (claim, _) = credentials::find(principal, log, &request.credential_id).await?;
    let known = log.documents::<SharedCredential>(claim.credential.as_bytes(), None, MOST).await;
    let mut shares = Vec::new();
    for (key, SharedCredential) in known.map_err(status::fault)? {
        let (state, _) = load(log, SharedCredential::share(&key)).await.map_err(status::fault)?;
        shares.extend(state.share.map(|share| (share, state.withdrawn)));
    }
    shares.sort_by_key(|(share, _)| (share.at, share.id));
    let shares = shares.iter().map(|(share, withdrawn)| shown(share, *withdrawn)).collect();
    Ok(wire::ListSharesResponse { shares })
}

/// A consent as the log has it, and how many events that took.
pub(crate) async fn load(log: &TenantLog, id: ShareId) -> Result<(State, Version), Fault> {
    let recorded = log.stream(&stream(id)).await?;
    let mut events = Vec::new();
    for event in &recorded {
        let event = codec::decode(event).map_err(|why| Fault::lasting("reading a share", why))?;
        if let Any::Share(event) = event {
            events.push(event);
        }
    }
    Ok((Shares::fold(&events), Version(recorded.len() as u64)))
}

fn stream(id: ShareId) -> Stream {
    Stream::new("share", id.uuid())
}

async fn append(
    principal: &Principal,
    log: &TenantLog,
    (id, version): (ShareId, Version),
    events: Vec<Event>,
) -> Result<(), AppendError> {
    let expected = match version {
        Version::START => ExpectedVersion::NoStream,
        version => ExpectedVersion::Exactly(version),
    };
    let events = events.into_iter().map(|event| codec::encode(&event.into(), None)).collect();
    let cause = principal.cause();
    let append = Append { stream: stream(id), expected, events, request: None, cause };
    log.append(append).await.map(drop)
}

fn shown(share: &Share, withdrawn: Option<Timestamp>) -> wire::Share {
    wire::Share {
        share_id: share.id.to_string(),
        credential_id: share.credential.to_string(),
        until: Some(moment(share.until)),
        actor: share.by.clone(),
        at: Some(moment(share.at)),
        withdrawn_at: withdrawn.map(moment),
    }
}
