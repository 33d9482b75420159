//! What people decide about a credential.

use northstar_wire::credentials::v1::{
    HoldCredentialRequest, ReleaseCredentialRequest, RevokeCredentialRequest,
};
use serde::Serialize;

use crate::cli::{ClientOptions, OrderCredential};
use crate::client::{Client, refused};
use crate::output::{Format, json, say};

/// What an order came to.
#[derive(Debug, Serialize)]
struct Outcome {
    credential_id: String,
    /// Whether it was so before.
    repeated: bool,
}

pub(super) async fn hold(options: OrderCredential) -> anyhow::Result<()> {
    let OrderCredential { id, reason, client } = options;
    let request = HoldCredentialRequest { credential_id: id.to_string(), reason };
    let reply = Client::open(&client)?.credentials().hold_credential(request).await;
    let changed = reply.map_err(refused("holding the credential"))?.into_inner().changed;
    told(id.to_string(), changed, &client, ("is held", "was held before"))
}

pub(super) async fn release(options: OrderCredential) -> anyhow::Result<()> {
    let OrderCredential { id, reason, client } = options;
    let request = ReleaseCredentialRequest { credential_id: id.to_string(), reason };
    let reply = Client::open(&client)?.credentials().release_credential(request).await;
    let changed = reply.map_err(refused("releasing the credential"))?.into_inner().changed;
    told(id.to_string(), changed, &client, ("is released", "was held by nobody"))
}

pub(super) async fn revoke(options: OrderCredential) -> anyhow::Result<()> {
    let OrderCredential { id, reason, client } = options;
    let request = RevokeCredentialRequest { credential_id: id.to_string(), reason };
    let reply = Client::open(&client)?.credentials().revoke_credential(request).await;
    let changed = reply.map_err(refused("revoking the credential"))?.into_inner().changed;
    told(id.to_string(), changed, &client, ("is revoked", "was revoked before"))
}

fn told(
    credential_id: String,
    changed: bool,
    options: &ClientOptions,
    (done, before): (&str, &str),
) -> anyhow::Result<()> {
    if options.output == Format::Json {
        return json(&Outcome { credential_id, repeated: !changed });
    }
    say(&format!("Credential {credential_id} {}.", if changed { done } else { before }));
    Ok(())
}
