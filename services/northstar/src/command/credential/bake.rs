//! Writes a credential into an image.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use northstar_credentials::standard::baking::{Baked, bake, plain_png, plain_svg};
use northstar_kernel::CredentialId;
use serde::Serialize;

use super::show::get;
use super::{credential, read};
use crate::cli::Bake;
use crate::client::Client;
use crate::output::{Format, json, say};

/// What was written.
#[derive(Debug, Serialize)]
struct Written {
    file: String,
    bytes: usize,
}

pub(super) async fn run(options: &Bake) -> anyhow::Result<()> {
    let text = match options.credential.parse::<CredentialId>() {
        Ok(id) => fetched(id, options).await?,
        Err(_) => from_file(Path::new(&options.credential), options.jws)?,
    };
    let image = match &options.image {
        Some(file) => read(file)?,
        None => plain(&options.out)?,
    };
    let baked = bake(&image, &Baked::of_text(&text)?).context("baking")?;
    let file = options.out.display().to_string();
    fs::write(&options.out, &baked).with_context(|| format!("writing {file}"))?;
    let written = Written { file, bytes: baked.len() };
    if options.client.output == Format::Json {
        return json(&written);
    }
    say(&format!("{} is written: {} bytes.", written.file, written.bytes));
    Ok(())
}

async fn fetched(id: CredentialId, options: &Bake) -> anyhow::Result<String> {
    let credential = get(&Client::open(&options.client)?, id).await?;
    let text = if options.jws { credential.compact_jws } else { credential.document };
    anyhow::ensure!(!text.is_empty(), "the credential has no document: bake its token, by --jws");
    Ok(text)
}

fn from_file(file: &Path, jws: bool) -> anyhow::Result<String> {
    anyhow::ensure!(!jws, "--jws is for credentials by id: a file is baked as it is");
    let bytes = credential(file).context("it is no UUID of a credential, and no file either")?;
    String::from_utf8(bytes).with_context(|| format!("{} is no text", file.display()))
}

/// A plain image of the kind that the name says.
fn plain(out: &Path) -> anyhow::Result<Vec<u8>> {
    let kind = out.extension().map(|kind| kind.to_string_lossy().to_ascii_lowercase());
    match kind.as_deref() {
        Some("png") => Ok(plain_png()),
        Some("svg") => Ok(plain_svg().into_bytes()),
        _ => anyhow::bail!(
            "{} names no kind of image: let it end in .png or .svg, or give one by --image",
            out.display()
        ),
    }
}
