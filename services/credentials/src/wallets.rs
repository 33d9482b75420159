//! Wallets, their programs and what they bring, in their streams: loaded, decided about, appended.

use northstar_credentials_domain::Event as Any;
use northstar_credentials_domain::wallet::{Client, Command, Event, Refusal, State, Wallets};
use northstar_eventlog::{Append, AppendError, Cause, Fault, Stream, TenantLog};
use northstar_kernel::{Decider as _, ExpectedVersion, Version, WalletClientId, WalletId};
use uuid::Uuid;

use crate::codec;

/// What was not done.
pub(crate) enum NotDone {
    /// It is refused.
    Refused(Refusal),
    /// The store failed.
    Fault(Fault),
}

impl From<Fault> for NotDone {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// An access as the log has it, and how many events that took.
pub(crate) async fn load(log: &TenantLog, id: WalletId) -> Result<(State, Version), Fault> {
    let recorded = log.stream(&stream(id)).await?;
    let mut events = Vec::new();
    for event in &recorded {
        if let Any::Wallet(event) = decoded(event)? {
            events.push(event);
        }
    }
    Ok((Wallets::fold(&events), Version(recorded.len() as u64)))
}

/// Decides and appends. Of two who come at the same time with the same code, the log takes one; the
/// other is decided about anew, and finds it used.
pub(crate) async fn decide(
    log: &TenantLog,
    id: WalletId,
    command: Command,
    cause: Cause,
) -> Result<Vec<Event>, NotDone> {
    loop {
        let (state, version) = load(log, id).await?;
        let events = Wallets::decide(&state, command.clone()).map_err(NotDone::Refused)?;
        let encoded: Vec<_> =
            events.iter().map(|event| codec::encode(&event.clone().into(), None)).collect();
        if encoded.is_empty() {
            return Ok(events);
        }
        let expected = match version {
            Version::START => ExpectedVersion::NoStream,
            version => ExpectedVersion::Exactly(version),
        };
        let cause = cause.clone();
        let append = Append { stream: stream(id), expected, events: encoded, request: None, cause };
        match log.append(append).await {
            Ok(_) => return Ok(events),
            // Each time somebody else got further, and an access has few steps left.
            Err(AppendError::WrongVersion(_)) => {}
            Err(AppendError::Fault(fault)) => return Err(fault.into()),
            Err(other) => return Err(Fault::lasting("deciding about a wallet", other).into()),
        }
    }
}

/// A program that registered.
pub(crate) async fn client(log: &TenantLog, id: WalletClientId) -> Result<Option<Client>, Fault> {
    let recorded = log.stream(&client_stream(id)).await?;
    let Some(event) = recorded.first() else { return Ok(None) };
    match decoded(event)? {
        Any::WalletClient(client) => Ok(Some(client)),
        _ => Ok(None),
    }
}

/// Registers a program.
pub(crate) async fn register(log: &TenantLog, client: Client) -> Result<(), AppendError> {
    let append = Append {
        stream: client_stream(client.id),
        expected: ExpectedVersion::NoStream,
        cause: cause(&client.name, client.id.uuid()),
        events: vec![codec::encode(&Any::WalletClient(client), None)],
        request: None,
    };
    log.append(append).await.map(drop)
}

/// What a wallet makes happen.
pub(crate) fn cause(who: &str, correlation_id: Uuid) -> Cause {
    // Programs call themselves what they like.
    let who: String = who.chars().filter(|c| !c.is_control()).take(100).collect();
    let actor = format!("wallet:{who}");
    Cause { actor, correlation_id, causation_id: None, traceparent: None }
}

fn decoded(event: &northstar_eventlog::Recorded) -> Result<Any, Fault> {
    codec::decode(event).map_err(|why| Fault::lasting("reading a wallet's stream", why))
}

fn stream(id: WalletId) -> Stream {
    Stream::new("wallet", id.uuid())
}

fn client_stream(id: WalletClientId) -> Stream {
    Stream::new("wallet-client", id.uuid())
}
