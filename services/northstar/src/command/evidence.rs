//! `northstar evidence`.

use northstar_kernel::EvidenceId;
use northstar_wire::evidence::v1::ValidateEvidenceRequest;
use serde::Serialize;
use uuid::Uuid;

use crate::cli::{ClientOptions, Evidence};
use crate::client::{Client, refused};
use crate::output::{Format, json, say};

/// What a sign-off came to.
#[derive(Debug, Serialize)]
struct SignedOff {
    evidence_id: String,
    /// Whether somebody had signed it off before.
    repeated: bool,
}

pub(super) async fn run(what: Evidence) -> anyhow::Result<()> {
    let Evidence::Validate { id, client } = what;
    validate(id, &client).await
}

/// Each time is a request of its own: what was corrected since is to be signed off anew.
async fn validate(id: EvidenceId, options: &ClientOptions) -> anyhow::Result<()> {
    let request_id = format!("validate/{}", Uuid::from_bytes(rand::random()));
    let request = ValidateEvidenceRequest { request_id, evidence_id: id.to_string() };
    let reply = Client::open(options)?.evidence().validate_evidence(request).await;
    let reply = reply.map_err(refused("signing the evidence off"))?.into_inner();
    let signed = SignedOff { evidence_id: reply.evidence_id, repeated: reply.repeated };
    if options.output == Format::Json {
        return json(&signed);
    }
    let what = if signed.repeated { "had been signed off before" } else { "is signed off" };
    say(&format!("Evidence {} {what}.", signed.evidence_id));
    Ok(())
}
