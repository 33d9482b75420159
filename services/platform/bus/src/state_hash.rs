//! One number for what a user calls the state.

use std::collections::BTreeSet;
use std::sync::Arc;

use northstar_eventlog::engine::DocumentRange;
use northstar_eventlog::{Fault, Log};
use northstar_kernel::{Digest, Sequence, TenantScope};
use sha2::{Digest as _, Sha256};

use crate::Handler;

const PAGE: u32 = 1_000;

/// The hash of a tenant's state in one context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateHash {
    /// The tenant's newest sequence when the hashing began.
    pub head: Sequence,
    /// SHA-256 over noun, key and state of each document, each with its length before it, by noun
    /// and key. Documents without state do not count.
    pub hash: Digest,
    /// How many documents it covers.
    pub documents: u64,
}

/// Hashes the documents of all nouns that `handlers` own. The same for as long as nothing is
/// handled meanwhile.
///
/// # Errors
/// When the store fails.
pub async fn of(
    log: &Log,
    handlers: &[Arc<dyn Handler>],
    scope: &TenantScope,
) -> Result<StateHash, Fault> {
    let head = log.tenant(scope).sequence().await?;
    let nouns: BTreeSet<_> = handlers.iter().flat_map(|handler| handler.nouns()).collect();
    let mut hasher = Sha256::new();
    let mut documents = 0;
    for noun in nouns {
        documents += hash_noun(log, scope, noun, &mut hasher).await?;
    }
    Ok(StateHash { head, hash: Digest(hasher.finalize().into()), documents })
}

async fn hash_noun(
    log: &Log,
    scope: &TenantScope,
    noun: &'static str,
    hasher: &mut Sha256,
) -> Result<u64, Fault> {
    let tenant = scope.tenant();
    let shard = log.shards().shard_of(tenant);
    let mut count = 0;
    let mut after: Option<Vec<u8>> = None;
    loop {
        let after_key = after.as_deref();
        let range = DocumentRange {
            tenant,
            noun,
            shard,
            generation: None,
            prefix: &[],
            after: after_key,
            limit: PAGE,
        };
        let page = log.documents(range).await?;
        for (key, document) in page.iter().filter(|(_, document)| !document.state.is_empty()) {
            for part in [noun.as_bytes(), key, &document.state] {
                hasher.update((part.len() as u64).to_be_bytes());
                hasher.update(part);
            }
            count += 1;
        }
        if page.len() < PAGE as usize {
            return Ok(count);
        }
        after = page.into_iter().next_back().map(|(key, _)| key);
    }
}
