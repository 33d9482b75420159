//! Opens the logs of either footing.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use northstar_eventlog::postgres::{Connection, Postgres};
use northstar_eventlog::sqlite::Sqlite;
use northstar_eventlog::{Log, MasterKey, Options};

use crate::config::{Config, Footing};

/// Opens the log of one context, as configured.
pub(crate) fn open(config: &Config, context: &'static str) -> anyhow::Result<Log> {
    let master_key = read_master_key(&config.log.master_key_file)?;
    let options = Options { context, shards: config.shards()?, master_key };
    let log = match config.footing()? {
        Footing::Embedded(embedded) => {
            create_private_folder(&embedded.folder)?;
            let file = embedded.folder.join(format!("{context}.db"));
            let engine = Sqlite::open(&file);
            let engine = engine.with_context(|| format!("opening {}", file.display()))?;
            Log::new(Arc::new(engine), options)
        }
        Footing::Cluster(cluster) => {
            let connections = cluster.connections;
            let url = cluster.url_of(context)?;
            let engine = Postgres::connect(&Connection { url, schema: context, connections })?;
            Log::new(Arc::new(engine), options)
        }
    };
    Ok(log)
}

/// Reads a master key: 64 hexadecimal digits on the first line.
pub(crate) fn read_master_key(file: &Path) -> anyhow::Result<MasterKey> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("reading the master key from {}", file.display()))?;
    let bytes = parse_hex(text.trim())
        .with_context(|| format!("{} must hold 64 hexadecimal digits", file.display()))?;
    Ok(MasterKey::new(bytes))
}

/// Makes a master key unless there is one.
pub(crate) fn ensure_master_key(file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        return Ok(());
    }
    let key: [u8; 32] = rand::random();
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    write_private(file, &text)
}

/// Makes a folder, unless there is one, that only its owner may enter: children's records are in it.
pub(crate) fn create_private_folder(folder: &Path) -> anyhow::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| format!("creating {}", folder.display()))
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("writing {}", file.display()))
}

fn parse_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}
