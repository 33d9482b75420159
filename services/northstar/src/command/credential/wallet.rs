//! `northstar credential wallet`: at another host, as its client.

use std::fs;
use std::io::BufRead as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use northstar_wire::credentials::v1 as wire;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tokio::task::block_in_place;

use super::credential;
use crate::cli::{ClientOptions, Connect, Fetch, Kept, Send, WalletWord};
use crate::client::{Client, refused};
use crate::output::{Format, complain, json, say, table};
use crate::storage::create_private_folder;
use crate::wallet::{Address, Came, Host, Kind, Reading, Request, Resolver, Wallet, Web};

/// How long a person has to answer.
const PATIENCE: Duration = Duration::from_secs(600);
/// Some of it was refused; as imports have it.
const PARTLY: u8 = 3;

pub(super) async fn run(word: WalletWord) -> anyhow::Result<ExitCode> {
    match word {
        WalletWord::Offer { learner, client } => offer(&learner, &client).await?,
        WalletWord::Connect(options) => block_in_place(|| connect(&options))?,
        WalletWord::Fetch(options) => return fetch(&options).await,
        WalletWord::Send(options) => return block_in_place(|| send(&options)),
        WalletWord::Forget(kept) => block_in_place(|| forget(&kept))?,
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Serialize)]
struct Offered {
    code: String,
}

async fn offer(learner: &str, options: &ClientOptions) -> anyhow::Result<()> {
    let client = Client::open(options)?;
    let request = wire::OfferToWalletRequest { learner_id: client.learner(learner)?.to_string() };
    let reply = client.credentials().offer_to_wallet(request).await;
    let code = reply.map_err(refused("offering the credentials"))?.into_inner().code;
    if options.output == Format::Json {
        return json(&Offered { code });
    }
    say(&format!("{code} lets one wallet in, once, for ten minutes from now."));
    Ok(())
}

fn connect(options: &Connect) -> anyhow::Result<()> {
    let kind = if options.records { Kind::Records } else { Kind::Badges };
    let web = Web::new(Address::read(&options.address)?.is_here());
    let about = Address::read(&options.about).context("reading --about")?;
    let host = Host::discover(&web, &options.address, kind)?;
    let scope = host.wanted(kind, options.send)?;
    let request = Request::prepare(&web, &host, (&about, options.paste), &scope)?;
    say(&format!("Open this address in a browser, and answer there:\n{}", request.address));
    let answered = match request.wait(PATIENCE) {
        Some(answered) => answered?,
        None => {
            complain("Then type in the address that the browser has gone to:");
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).context("reading the address")?;
            request.brought(&line)?
        }
    };
    let file = &options.kept.wallet;
    let wallet = Wallet::open(web, (&host, kind), &request, answered, file)?;
    say(&format!("Connected to {}; {} opens it.", wallet.host(), file.display()));
    Ok(())
}

/// What became of one that was read.
#[derive(Serialize)]
struct Read {
    /// SHA-256 of what came.
    digest: String,
    /// What it was taken in as.
    #[serde(skip_serializing_if = "Option::is_none")]
    import_id: Option<String>,
    /// Why it was not taken in.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

async fn fetch(options: &Fetch) -> anyhow::Result<ExitCode> {
    let mut wallet = Wallet::read(&options.kept.wallet)?;
    let records = wallet.kind() == Kind::Records;
    ensure!(
        !(records && options.learner.is_some()),
        "records are kept as files and not taken in: give --out, and not --learner"
    );
    let reading = Reading { at_once: options.at_once, since: options.since };
    let came = block_in_place(|| reading.all(&mut wallet))?;
    if let Some(folder) = &options.out {
        came.iter().try_for_each(|one| keep(folder, one))?;
    }
    let mut read = Vec::new();
    let mut taking = match &options.learner {
        Some(learner) => Some(Taking::new(learner, &wallet, &options.client)?),
        None => None,
    };
    for one in &came {
        let (import_id, refused) = match &mut taking {
            Some(taking) => taking.take_in(one).await?,
            None => (None, None),
        };
        read.push(Read { digest: digest(one), import_id, refused });
    }
    let some_refused = read.iter().any(|one| one.refused.is_some());
    print(&read, options.client.output)?;
    Ok(if some_refused { PARTLY.into() } else { ExitCode::SUCCESS })
}

fn print(read: &[Read], output: Format) -> anyhow::Result<()> {
    if output == Format::Json {
        return json(&read);
    }
    let row = |one: &Read| {
        let state = match (&one.import_id, &one.refused) {
            (Some(id), _) => format!("taken in as {id}"),
            (None, Some(why)) => format!("not taken in: {why}"),
            (None, None) => "kept".to_owned(),
        };
        [one.digest[..16].to_owned(), state]
    };
    table(["credential", "state"], read.iter().map(row));
    Ok(())
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// As it came, under a name that is its own.
fn keep(folder: &Path, came: &Came) -> anyhow::Result<()> {
    create_private_folder(folder)?;
    let kind = if came.starts_with('{') { "json" } else { "jws" };
    let file = folder.join(format!("{}.{kind}", &digest(came)[..16]));
    fs::write(&file, came).with_context(|| format!("writing {}", file.display()))
}

/// Taking badges in for a learner here.
struct Taking {
    client: Client,
    learner_id: String,
    resolver: Resolver,
}

impl Taking {
    fn new(learner: &str, wallet: &Wallet, options: &ClientOptions) -> anyhow::Result<Self> {
        let client = Client::open(options)?;
        let learner_id = client.learner(learner)?.to_string();
        Ok(Self { client, learner_id, resolver: Resolver::new(wallet.api().is_here()) })
    }

    /// What it was taken in as, or why not.
    async fn take_in(&mut self, came: &Came) -> anyhow::Result<(Option<String>, Option<String>)> {
        let found = block_in_place(|| self.resolver.of(came));
        let request = wire::ImportCredentialRequest {
            learner_id: self.learner_id.clone(),
            file: came.clone().into_bytes(),
            issuer_documents: found.documents,
            status_lists: found.lists,
            word: String::new(),
        };
        match self.client.credentials().import_credential(request).await {
            Ok(reply) => {
                let imported = reply.into_inner().imported;
                Ok((imported.map(|imported| imported.import_id), None))
            }
            Err(status) if is_about_the_badge(&status) => {
                let why = std::iter::once(status.message().to_owned()).chain(found.missing);
                Ok((None, Some(why.collect::<Vec<_>>().join("; "))))
            }
            Err(status) => Err(refused("taking a badge in")(status)),
        }
    }
}

/// Whether the next one may fare better.
fn is_about_the_badge(status: &tonic::Status) -> bool {
    matches!(status.code(), tonic::Code::InvalidArgument | tonic::Code::FailedPrecondition)
}

/// What became of one that was sent.
#[derive(Serialize)]
struct Sent {
    file: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

/// Longest answer to what is sent, in bytes: hosts give back what they took.
const LONGEST: usize = 8 << 20;

fn send(options: &Send) -> anyhow::Result<ExitCode> {
    let mut wallet = Wallet::read(&options.kept.wallet)?;
    let at = wallet.api().under("credentials")?;
    let mut sent = Vec::new();
    for file in &options.files {
        let bytes = credential(file)?;
        let body = bytes.trim_ascii();
        let kind = if body.starts_with(b"{") { "application/json" } else { "text/plain" };
        let answer = wallet.call(|web, bearer| {
            let headers = [
                ("Authorization", bearer),
                ("Content-Type", kind),
                ("Accept", "application/json, text/plain"),
            ];
            web.post(&at, &headers, body, LONGEST)
        })?;
        let (state, refused) = match answer.status {
            201 => ("kept there", None),
            200 => ("in place of the one before", None),
            304 => ("was there", None),
            _ => ("refused", answer.good().err().map(|why| why.to_string())),
        };
        sent.push(Sent { file: file.display().to_string(), state, refused });
    }
    let some_refused = sent.iter().any(|one| one.state == "refused");
    if options.output == Format::Json {
        json(&sent)?;
    } else {
        let row = |one: Sent| {
            let why = one.refused.map(|why| format!(": {why}")).unwrap_or_default();
            [one.file, format!("{}{why}", one.state)]
        };
        table(["file", "state"], sent.into_iter().map(row));
    }
    Ok(if some_refused { PARTLY.into() } else { ExitCode::SUCCESS })
}

fn forget(kept: &Kept) -> anyhow::Result<()> {
    let wallet = Wallet::read(&kept.wallet)?;
    let host = wallet.host().to_owned();
    if wallet.forget()? {
        say(&format!("{host} has the access back."));
    } else {
        say(&format!("Forgotten. {host} takes nothing back; the access ends there by itself."));
    }
    Ok(())
}
