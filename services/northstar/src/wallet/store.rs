//! What opens a host, in a file that only its owner may read.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

use super::tokens::{self, Tokens};
use super::web::Answer;
use super::{Address, Answered, Host, Kind, Program, Request, Web};
use crate::storage::write_private;

/// Access to a learner's credentials at a host.
pub(crate) struct Wallet {
    file: PathBuf,
    kept: Kept,
    web: Web,
    api: Address,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// How the host calls itself.
    host: String,
    kind: Kind,
    api: String,
    token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revocation: Option<String>,
    program: Program,
    tokens: Tokens,
}

impl Wallet {
    /// Changes the code for tokens and keeps them.
    ///
    /// # Errors
    /// The host gives none, or the file cannot be written.
    pub(crate) fn open(
        web: Web,
        (host, kind): (&Host, Kind),
        request: &Request,
        Answered(code): Answered,
        file: &Path,
    ) -> anyhow::Result<Self> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", &request.redirect_uri),
            ("code_verifier", &request.verifier),
        ];
        let tokens = tokens::ask(&web, &host.token, &request.program, &fields)?;
        let text = |address: &Address| address.as_str().to_owned();
        let kept = Kept {
            host: host.name.clone(),
            kind,
            api: text(&host.api),
            token: text(&host.token),
            revocation: host.revocation.as_ref().map(text),
            program: request.program.clone(),
            tokens,
        };
        let wallet = Self { file: file.to_owned(), kept, web, api: host.api.clone() };
        wallet.write()?;
        Ok(wallet)
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// There is no such file, or others may read it.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Self> {
        let reading = || {
            format!("reading {}; `northstar credential wallet connect` writes one", file.display())
        };
        ensure_private(file).with_context(reading)?;
        let text = fs::read_to_string(file).with_context(reading)?;
        let kept: Kept = toml::from_str(&text).with_context(reading)?;
        let api = Address::read(&kept.api)?;
        Ok(Self { file: file.to_owned(), kept, web: Web::new(api.is_here()), api })
    }

    /// How the host calls itself.
    pub(crate) fn host(&self) -> &str {
        &self.kept.host
    }

    /// What it is for.
    pub(crate) fn kind(&self) -> Kind {
        self.kept.kind
    }

    /// Where the API is.
    pub(crate) fn api(&self) -> &Address {
        &self.api
    }

    /// Calls the API, and once more with new tokens if those at hand are over.
    ///
    /// # Errors
    /// There was no answer, or there are no new tokens to be had.
    pub(crate) fn call(
        &mut self,
        call: impl Fn(&Web, &str) -> anyhow::Result<Answer>,
    ) -> anyhow::Result<Answer> {
        let answer = call(&self.web, &self.bearer())?;
        if answer.status != 401 || self.kept.tokens.refresh_token.is_none() {
            return Ok(answer);
        }
        self.renew()?;
        call(&self.web, &self.bearer())
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.kept.tokens.access_token)
    }

    fn renew(&mut self) -> anyhow::Result<()> {
        let Some(refresh) = self.kept.tokens.refresh_token.clone() else { return Ok(()) };
        let at = Address::read(&self.kept.token)?;
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
        let over = "access is over; `northstar credential wallet connect` asks for it again";
        let new = tokens::ask(&self.web, &at, &self.kept.program, &fields).context(over)?;
        // A host may leave the one for the next in place.
        let refresh_token = new.refresh_token.or(Some(refresh));
        self.kept.tokens = Tokens { refresh_token, ..new };
        self.write()
    }

    /// Gives the access back, as far as the host takes it, and removes the file.
    ///
    /// # Errors
    /// The host did not take it back; the file is gone all the same.
    pub(crate) fn forget(self) -> anyhow::Result<bool> {
        fs::remove_file(&self.file).with_context(|| format!("removing {}", self.file.display()))?;
        let Some(at) = &self.kept.revocation else { return Ok(false) };
        let Tokens { access_token, refresh_token } = &self.kept.tokens;
        let token = refresh_token.as_ref().unwrap_or(access_token);
        tokens::give_back(&self.web, &Address::read(at)?, &self.kept.program, token)?;
        Ok(true)
    }

    /// In place of the one before, whole or not at all: what was there opens nothing any more.
    fn write(&self) -> anyhow::Result<()> {
        let text = toml::to_string(&self.kept).context("writing what opens the host")?;
        let beside = self.file.with_extension("new");
        let _ = fs::remove_file(&beside);
        write_private(&beside, &text)?;
        fs::rename(&beside, &self.file).with_context(|| format!("writing {}", self.file.display()))
    }
}

#[cfg(unix)]
fn ensure_private(file: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(file)?.permissions().mode();
    ensure!(mode & 0o077 == 0, "others may read it: `chmod 600` it, and connect anew if they did");
    Ok(())
}

#[cfg(not(unix))]
fn ensure_private(_: &Path) -> anyhow::Result<()> {
    Ok(())
}
