//! Imports, from the caller's side: send files, report what was refused.

pub(crate) mod evidence;

use futures::stream;
use northstar_wire::pathways::v1::{ImportReferenceRequest, ImportReferenceResponse};
use northstar_wire::registry::v1::{
    ImportFrameworkRequest, ImportFrameworkResponse, ImportReport, ImportRosterRequest,
};
use tonic::Status;

use super::Client;
use super::retry::patiently;

/// Bytes in one message; well below every server's limit.
const CHUNK: usize = 256 << 10;

/// A file by name, with its content.
pub(crate) type NamedFile = (String, Vec<u8>);

/// Told how far an import has come: done, of so many in all.
pub(crate) type Told<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Sends a OneRoster set to the registry.
pub(crate) async fn roster(
    client: &Client,
    files: Vec<NamedFile>,
    told: Told<'_>,
) -> anyhow::Result<ImportReport> {
    let pieces = files.into_iter().flat_map(|(name, bytes)| {
        let piece = move |chunk: &[u8]| ImportRosterRequest {
            file_name: name.clone(),
            chunk: chunk.to_vec(),
        };
        bytes.chunks(CHUNK).map(piece).collect::<Vec<_>>()
    });
    let pieces: Vec<_> = pieces.collect();
    patiently("importing the roster", async || {
        let sent = stream::iter(pieces.clone());
        let mut replies = client.registry().import_roster(sent).await?.into_inner();
        let mut report = None;
        while let Some(reply) = replies.message().await? {
            told(reply.rows_done, reply.rows_total);
            report = reply.report.or(report);
        }
        report.ok_or_else(|| Status::unavailable("the registry ended without a report"))
    })
    .await
}

/// Sends a CASE package to the registry.
pub(crate) async fn framework(
    client: &Client,
    (name, bytes): NamedFile,
) -> anyhow::Result<ImportFrameworkResponse> {
    let piece =
        |chunk: &[u8]| ImportFrameworkRequest { file_name: name.clone(), chunk: chunk.to_vec() };
    let pieces: Vec<_> = bytes.chunks(CHUNK).map(piece).collect();
    let send = async || client.registry().import_framework(stream::iter(pieces.clone())).await;
    Ok(patiently("importing the framework", send).await?.into_inner())
}

/// Sends reference tables to pathways.
pub(crate) async fn reference(
    client: &Client,
    files: Vec<NamedFile>,
) -> anyhow::Result<ImportReferenceResponse> {
    let pieces = files.into_iter().flat_map(|(name, bytes)| {
        let piece = move |chunk: &[u8]| ImportReferenceRequest {
            file_name: name.clone(),
            chunk: chunk.to_vec(),
        };
        bytes.chunks(CHUNK).map(piece).collect::<Vec<_>>()
    });
    let pieces: Vec<_> = pieces.collect();
    let send = async || client.pathways().import_reference(stream::iter(pieces.clone())).await;
    Ok(patiently("importing reference figures", send).await?.into_inner())
}
