//! The files of a set, from their pieces.

use std::collections::BTreeMap;

use northstar_wire::registry::v1::ImportRosterRequest;
use tokio_stream::{Stream, StreamExt as _};
use tonic::Status;

use crate::api::Refusal;
use crate::standard::oneroster::{BYTES_MAX, Use, use_of};

/// Files of different names; a set has about twenty.
const FILES_MAX: usize = 64;
/// Longest file name, in bytes.
const FILE_NAME_MAX: usize = 255;

/// Joins the pieces of the files that are read. Of all others nothing but the name is kept: some
/// hold what the registry has no business to know.
pub(in crate::api) async fn upload(
    mut pieces: impl Stream<Item = Result<ImportRosterRequest, Status>> + Unpin,
) -> Result<BTreeMap<String, Vec<u8>>, Status> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut size = 0;
    while let Some(piece) = pieces.next().await {
        let ImportRosterRequest { file_name, chunk } = piece?;
        if file_name.is_empty() || file_name.len() > FILE_NAME_MAX {
            return Err(Refusal::FileNameless.into());
        }
        let read = use_of(&file_name) == Use::Read;
        let file = files.entry(file_name).or_default();
        if read {
            size += chunk.len();
            file.extend_from_slice(&chunk);
        }
        if size > BYTES_MAX {
            return Err(Refusal::TooLarge { mebibytes: BYTES_MAX >> 20 }.into());
        }
        if files.len() > FILES_MAX {
            return Err(Refusal::TooManyFiles { most: FILES_MAX }.into());
        }
    }
    if files.is_empty() {
        return Err(Refusal::NothingSent.into());
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::*;

    fn piece(file: &str, chunk: &[u8]) -> Result<ImportRosterRequest, Status> {
        Ok(ImportRosterRequest { file_name: file.into(), chunk: chunk.to_vec() })
    }

    async fn upload_of(
        pieces: Vec<Result<ImportRosterRequest, Status>>,
    ) -> Result<BTreeMap<String, Vec<u8>>, Status> {
        upload(tokio_stream::iter(pieces)).await
    }

    #[tokio::test]
    async fn pieces_are_joined_by_file_and_only_what_is_read_is_kept() {
        let pieces = vec![
            piece("users.csv", b"a"),
            piece("demographics.csv", b"birth dates"),
            piece("orgs.csv", b"x"),
            piece("users.csv", b"b"),
            piece("strange.csv", b"?"),
        ];
        let files = upload_of(pieces).await.unwrap();
        let kept: Vec<_> = files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])).collect();
        let expected: [(&str, &[u8]); 4] = [
            ("demographics.csv", b""),
            ("orgs.csv", b"x"),
            ("strange.csv", b""),
            ("users.csv", b"ab"),
        ];
        assert_eq!(kept, expected);
    }

    #[tokio::test]
    async fn an_upload_has_bounds() {
        let many = (0..100).map(|n| piece(&format!("{n}.csv"), b"")).collect();
        for pieces in [vec![], vec![piece("", b"x")], vec![piece(&"n".repeat(256), b"x")], many] {
            assert_eq!(upload_of(pieces).await.unwrap_err().code(), Code::InvalidArgument);
        }
        let lost = vec![piece("users.csv", b"a"), Err(Status::cancelled("gone"))];
        assert_eq!(upload_of(lost).await.unwrap_err().code(), Code::Cancelled);
    }
}
