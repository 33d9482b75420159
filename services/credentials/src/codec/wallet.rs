//! Wallets, and what they brought, on the wire.

use bytes::Bytes;
use northstar_credentials_domain::Event as Any;
use northstar_credentials_domain::received::Received;
use northstar_credentials_domain::wallet::{Client, Consent, End, Event, Offer, Scope, Tokens};
use northstar_kernel::Digest;
use northstar_wire::credentials::v1 as wire;

use super::field::{id, instant, moment, present};
use super::{bytes, message, sealed};

/// Type and payload.
pub(super) fn encode(event: &Event) -> (&'static str, Bytes) {
    match event {
        Event::Offered(offer) => {
            let offered = wire::WalletOffered {
                wallet_id: offer.id.to_string(),
                learner_id: offer.learner.to_string(),
                code_digest: offer.code.0.to_vec(),
                actor: offer.by.clone(),
                at: Some(moment(offer.at)),
            };
            ("wallet_offered", bytes(&offered))
        }
        Event::Accepted(consent) => {
            let accepted = wire::WalletAccepted {
                wallet_id: consent.wallet.to_string(),
                client_id: consent.client.to_string(),
                scopes: names(&consent.scopes),
                redirect_uri: consent.redirect_uri.clone(),
                challenge: consent.challenge.clone(),
                code_digest: consent.code.0.to_vec(),
                at: Some(moment(consent.at)),
            };
            ("wallet_accepted", bytes(&accepted))
        }
        Event::TokensGiven(tokens) => {
            let given = wire::WalletTokensGiven {
                wallet_id: tokens.wallet.to_string(),
                access_digest: tokens.access.0.to_vec(),
                refresh_digest: tokens.refresh.0.to_vec(),
                at: Some(moment(tokens.at)),
                scopes: names(&tokens.scopes),
            };
            ("wallet_tokens_given", bytes(&given))
        }
        Event::Ended { wallet, why, by, at } => {
            let reason = match why {
                End::Returned => "returned",
                End::Withdrawn => "withdrawn",
                End::Replayed => "replayed",
            };
            let ended = wire::WalletEnded {
                wallet_id: wallet.to_string(),
                reason: reason.to_owned(),
                at: Some(moment(*at)),
                actor: by.clone(),
            };
            ("wallet_ended", bytes(&ended))
        }
    }
}

/// The same of a program that registered.
pub(super) fn encode_client(client: &Client) -> (&'static str, Bytes) {
    let registered = wire::WalletClientRegistered {
        client_id: client.id.to_string(),
        secret_digest: client.secret.0.to_vec(),
        name: client.name.clone(),
        host: client.host.clone(),
        redirect_uris: client.redirect_uris.clone(),
        scopes: names(&client.scopes),
        metadata: client.metadata.clone(),
        at: Some(moment(client.at)),
    };
    ("wallet_client_registered", bytes(&registered))
}

/// The same of a credential that a wallet brought.
pub(super) fn encode_received(received: &Received) -> (&'static str, Bytes) {
    let message = wire::CredentialReceived {
        received_id: received.id.to_string(),
        learner_id: received.learner.to_string(),
        wallet_id: received.wallet.to_string(),
        text: Some(sealed::to_wire(&received.sealed)),
        at: Some(moment(received.at)),
    };
    ("credential_received", bytes(&message))
}

/// The event of this type, in version 1; `None` if the type is not one of these.
pub(super) fn decode(event_type: &str, payload: &Bytes) -> Option<Result<Any, String>> {
    Some(match event_type {
        "wallet_client_registered" => message(payload).and_then(registered),
        "wallet_offered" => message(payload).and_then(offered),
        "wallet_accepted" => message(payload).and_then(accepted),
        "wallet_tokens_given" => message(payload).and_then(given),
        "wallet_ended" => message(payload).and_then(ended),
        "credential_received" => message(payload).and_then(received),
        _ => return None,
    })
}

fn registered(it: wire::WalletClientRegistered) -> Result<Any, String> {
    Ok(Any::WalletClient(Client {
        id: id(&it.client_id)?,
        secret: digest(&it.secret_digest)?,
        name: it.name,
        host: it.host,
        redirect_uris: it.redirect_uris,
        scopes: scopes(&it.scopes)?,
        metadata: it.metadata,
        at: instant("at", it.at)?,
    }))
}

fn offered(it: wire::WalletOffered) -> Result<Any, String> {
    Ok(Any::Wallet(Event::Offered(Offer {
        id: id(&it.wallet_id)?,
        learner: id(&it.learner_id)?,
        code: digest(&it.code_digest)?,
        by: it.actor,
        at: instant("at", it.at)?,
    })))
}

fn accepted(it: wire::WalletAccepted) -> Result<Any, String> {
    Ok(Any::Wallet(Event::Accepted(Consent {
        wallet: id(&it.wallet_id)?,
        client: id(&it.client_id)?,
        scopes: scopes(&it.scopes)?,
        redirect_uri: it.redirect_uri,
        challenge: it.challenge,
        code: digest(&it.code_digest)?,
        at: instant("at", it.at)?,
    })))
}

fn given(it: wire::WalletTokensGiven) -> Result<Any, String> {
    Ok(Any::Wallet(Event::TokensGiven(Tokens {
        wallet: id(&it.wallet_id)?,
        access: digest(&it.access_digest)?,
        refresh: digest(&it.refresh_digest)?,
        scopes: scopes(&it.scopes)?,
        at: instant("at", it.at)?,
    })))
}

fn ended(it: wire::WalletEnded) -> Result<Any, String> {
    let why = match it.reason.as_str() {
        "returned" => End::Returned,
        "withdrawn" => End::Withdrawn,
        "replayed" => End::Replayed,
        other => return Err(format!("no wallet's access ends because it is {other:?}")),
    };
    let (wallet, at) = (id(&it.wallet_id)?, instant("at", it.at)?);
    Ok(Any::Wallet(Event::Ended { wallet, why, by: it.actor, at }))
}

fn received(it: wire::CredentialReceived) -> Result<Any, String> {
    Ok(Any::Received(Received {
        id: id(&it.received_id)?,
        learner: id(&it.learner_id)?,
        wallet: id(&it.wallet_id)?,
        sealed: sealed::from_wire(present("text", it.text)?)?,
        at: instant("at", it.at)?,
    }))
}

fn digest(bytes: &[u8]) -> Result<Digest, String> {
    bytes.try_into().map(Digest).map_err(|_| "a digest has not 32 bytes".into())
}

fn names(scopes: &[Scope]) -> Vec<String> {
    scopes.iter().map(|scope| scope.name().to_owned()).collect()
}

fn scopes(names: &[String]) -> Result<Vec<Scope>, String> {
    let scopes = Scope::read(&names.join(" "));
    if scopes.len() == names.len() { Ok(scopes) } else { Err("a scope is not known here".into()) }
}
