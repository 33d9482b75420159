//! `northstar verify`.

use std::time::Duration;

use northstar_wire::platform::v1::GetStateHashRequest;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::cli::Verify;
use crate::client::{Client, refused, settle};
use crate::config::CONTEXTS;
use crate::output::{Format, json, say, table};

const PATIENCE: Duration = Duration::from_secs(300);

/// A tenant's state in one context.
#[derive(Debug, Serialize)]
pub(crate) struct ContextState {
    context: &'static str,
    head_sequence: u64,
    documents: u64,
    state_hash: String,
}

/// A tenant's state in all contexts.
#[derive(Debug, Serialize)]
pub(crate) struct State {
    /// SHA-256 over the contexts' hashes.
    pub(crate) state_hash: String,
    /// Each context.
    pub(crate) contexts: Vec<ContextState>,
}

/// Asks every context for the tenant's state.
pub(crate) async fn state(client: &Client) -> anyhow::Result<State> {
    let mut contexts = Vec::new();
    let mut whole = Sha256::new();
    for context in CONTEXTS {
        let request = GetStateHashRequest { context: context.to_owned() };
        let reply = client.log(context).get_state_hash(request).await;
        let reply = reply.map_err(refused("asking for a state hash"))?.into_inner();
        whole.update(format!("{context} {}\n", reply.state_hash));
        contexts.push(ContextState {
            context,
            head_sequence: reply.head_sequence,
            documents: reply.documents,
            state_hash: reply.state_hash,
        });
    }
    let state_hash = whole.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(State { state_hash, contexts })
}

pub(super) async fn run(options: &Verify) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    if options.settled {
        settle::settle(&client, PATIENCE).await?;
    }
    let state = state(&client).await?;
    if options.client.output == Format::Json {
        return json(&state);
    }
    print(&state);
    Ok(())
}

/// The table that people read.
pub(crate) fn print(state: &State) {
    let rows = state.contexts.iter().map(|one| {
        let (head, documents) = (one.head_sequence.to_string(), one.documents.to_string());
        [one.context.to_owned(), head, documents, one.state_hash.clone()]
    });
    table(["context", "events", "documents", "state hash"], rows);
    say(&format!("state hash of all: {}", state.state_hash));
}
