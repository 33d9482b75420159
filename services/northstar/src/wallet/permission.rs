//! How a person lets this program in at a host: registration (RFC 7591), and the authorization code
//! with PKCE (RFC 7636) that their browser brings back.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use form_urlencoded::Serializer;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::landing::Landing;
use super::{Address, Host, Web};

/// Longest answer to a registration, in bytes.
const LONGEST: usize = 256 << 10;

/// A program that a host knows.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Program {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

/// What a person is asked, and what the answer must fit.
pub(crate) struct Request {
    /// Where they are asked.
    pub(crate) address: Address,
    pub(crate) program: Program,
    pub(crate) redirect_uri: String,
    /// Only this program knows it; the host knows what it comes to.
    pub(crate) verifier: String,
    state: String,
    landing: Option<Landing>,
}

/// The code that is changed for tokens.
#[derive(Debug)]
pub(crate) struct Answered(pub(crate) String);

impl Request {
    /// Registers this program at the host and prepares the question. The pages under `about` say whose
    /// program it is; the browser comes back to this computer, or if `elsewhere` to a page under
    /// `about`, whose address the person then brings.
    ///
    /// # Errors
    /// The host does not register it, or no port could be opened.
    pub(crate) fn prepare(
        web: &Web,
        host: &Host,
        (about, elsewhere): (&Address, bool),
        scope: &str,
    ) -> anyhow::Result<Self> {
        let landing = if elsewhere { None } else { Some(Landing::open()?) };
        let redirect_uri = match &landing {
            Some(landing) => landing.address()?,
            None => about.under("connected")?.as_str().to_owned(),
        };
        let program = register(web, host, about, &redirect_uri, scope)?;
        let [verifier, state] =
            [(); 2].map(|()| URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()));
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let query = Serializer::new(String::new())
            .extend_pairs([
                ("response_type", "code"),
                ("client_id", &program.client_id),
                ("redirect_uri", &redirect_uri),
                ("scope", scope),
                ("state", &state),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ])
            .finish();
        let address = host.authorization.asking(&query)?;
        Ok(Self { address, program, redirect_uri, verifier, state, landing })
    }

    /// Waits for the browser; `None` if it goes back to a page elsewhere.
    ///
    /// # Errors
    /// The person said no, or nothing in that time.
    pub(crate) fn wait(&self, time: Duration) -> Option<anyhow::Result<Answered>> {
        let landing = self.landing.as_ref()?;
        let query = landing.wait(time, |query| field(query, "state").as_ref() == Some(&self.state));
        Some(query.and_then(|query| self.answered(&query)))
    }

    /// Reads the address that the browser went back to.
    ///
    /// # Errors
    /// It is another one, or says no.
    pub(crate) fn brought(&self, address: &str) -> anyhow::Result<Answered> {
        let (page, query) = address.trim().split_once('?').context("it has no answer in it")?;
        ensure!(page == self.redirect_uri, "it is not an address under {}", self.redirect_uri);
        self.answered(query.split('#').next().unwrap_or_default())
    }

    fn answered(&self, query: &str) -> anyhow::Result<Answered> {
        ensure!(field(query, "state").as_ref() == Some(&self.state), "it answers another question");
        match (field(query, "code"), field(query, "error")) {
            (Some(code), None) if !code.is_empty() => Ok(Answered(code)),
            (_, Some(error)) if error == "access_denied" => bail!("access was not allowed"),
            (_, Some(error)) => bail!("the host says {:?}", error),
            _ => bail!("the host gave no code"),
        }
    }
}

/// A field that is there once.
fn field(query: &str, name: &str) -> Option<String> {
    let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(known, _)| known == name);
    let value = found.next()?.1.into_owned();
    found.next().is_none().then_some(value)
}

fn register(
    web: &Web,
    host: &Host,
    about: &Address,
    redirect_uri: &str,
    scope: &str,
) -> anyhow::Result<Program> {
    let registering = || format!("registering at {}", host.registration);
    let page = |name: &str| about.under(name).map(|address| address.as_str().to_owned());
    let said = json!({
        "client_name": "Northstar",
        "client_uri": about.as_str(),
        "logo_uri": page("logo.png")?,
        "tos_uri": page("terms")?,
        "policy_uri": page("privacy")?,
        "software_id": "northstar",
        "software_version": env!("CARGO_PKG_VERSION"),
        "redirect_uris": [redirect_uri],
        "token_endpoint_auth_method": "client_secret_basic",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": scope,
    });
    let headers = [("Content-Type", "application/json"), ("Accept", "application/json")];
    let answer = web.post(&host.registration, &headers, said.to_string().as_bytes(), LONGEST)?;
    let answer = answer.good().with_context(registering)?;
    let said: Value = serde_json::from_slice(&answer.body).with_context(registering)?;
    let text = |name: &str| {
        let text = said[name].as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned);
        text.with_context(|| format!("the host gave no {name}")).with_context(registering)
    };
    Ok(Program { client_id: text("client_id")?, client_secret: text("client_secret")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            address: Address::read("https://badges.example/authorize").expect("sound"),
            program: Program { client_id: "c".into(), client_secret: "s".into() },
            redirect_uri: "https://school.example/connected".into(),
            verifier: "v".into(),
            state: "ours".into(),
            landing: None,
        }
    }

    #[test]
    fn an_answer_must_fit_the_question() {
        let back = |rest: &str| request().brought(&format!("https://school.example/{rest}"));
        assert_eq!(back("connected?code=a%2Bb&state=ours").expect("a code").0, "a+b");
        for wrong in [
            "connected",
            "connected?code=a",
            "connected?code=a&state=other",
            "connected?code=a&state=ours&state=ours",
            "connected?code=&state=ours",
            "connected?state=ours",
            "connected?code=a&state=ours&error=access_denied",
            "elsewhere?code=a&state=ours",
        ] {
            assert!(back(wrong).is_err(), "{wrong}");
        }
        let no = back("connected?error=access_denied&state=ours").expect_err("a no");
        assert_eq!(no.to_string(), "access was not allowed");
    }
}
