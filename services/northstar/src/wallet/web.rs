//! Calls: with limits on time and size, and never further than where they were sent.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use ureq::Agent;
use ureq::http::{HeaderMap, Response};

use super::Address;

const PATIENCE: Duration = Duration::from_secs(30);
/// Most of a refusal's own words that are passed on, in characters.
const WORDS: usize = 300;
const PROGRAM: &str = concat!("northstar/", env!("CARGO_PKG_VERSION"));

/// The way to other hosts.
pub(crate) struct Web {
    agent: Agent,
    /// For addresses on this computer, to which no proxy leads; `None` if there is nothing to call.
    local: Option<Agent>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header; empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Whether it is what was asked for.
    pub(crate) fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// That it is what was asked for.
    ///
    /// # Errors
    /// It is a no, with the host's own words.
    pub(crate) fn good(self) -> anyhow::Result<Self> {
        if self.is_good() {
            return Ok(self);
        }
        if (300..400).contains(&self.status) && self.status != 304 {
            bail!(
                "it answers {} and sends on to {:?}, which is not followed: give that address, if it \
                 is the right one",
                self.status,
                tamed(self.header("location"))
            );
        }
        bail!("it answers {}: {}", self.status, self.words())
    }

    /// The words of a no, in whichever of the forms that are usual.
    pub(crate) fn words(&self) -> String {
        let said: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let member = |name: &str| said[name].as_str().map(tamed);
        let [description, imsx, detail, error] =
            ["error_description", "imsx_description", "detail", "error"].map(member);
        description.or(imsx).or(detail).or(error).unwrap_or_else(|| "nothing is said why".into())
    }
}

/// Others' words are shown without what would do something to a terminal.
fn tamed(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(WORDS).collect()
}

impl Web {
    /// For a host on this computer, if `here`: whoever is elsewhere has nothing to ask for here.
    pub(crate) fn new(here: bool) -> Self {
        let usual = || {
            Agent::config_builder()
                .timeout_global(Some(PATIENCE))
                .max_redirects(0)
                .max_redirects_will_error(false)
                .http_status_as_error(false)
                .user_agent(PROGRAM)
        };
        let local = here.then(|| Agent::new_with_config(usual().proxy(None).build()));
        Self { agent: Agent::new_with_config(usual().build()), local }
    }

    fn agent(&self, address: &Address) -> anyhow::Result<&Agent> {
        if address.is_here() {
            return self.local.as_ref().with_context(|| {
                format!(
                    "{address} is on this computer and was named by another, so it is not called"
                )
            });
        }
        Ok(&self.agent)
    }

    /// Asks for something of at most so many bytes.
    ///
    /// # Errors
    /// There was no whole answer.
    pub(crate) fn get(
        &self,
        address: &Address,
        headers: &[(&str, &str)],
        longest: usize,
    ) -> anyhow::Result<Answer> {
        let mut request = self.agent(address)?.get(address.as_str());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let calling = || format!("calling {address}");
        read(request.call().with_context(calling)?, longest).with_context(calling)
    }

    /// Sends something, and takes an answer of at most so many bytes.
    ///
    /// # Errors
    /// There was no whole answer.
    pub(crate) fn post(
        &self,
        address: &Address,
        headers: &[(&str, &str)],
        body: &[u8],
        longest: usize,
    ) -> anyhow::Result<Answer> {
        let mut request = self.agent(address)?.post(address.as_str());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let calling = || format!("calling {address}");
        read(request.send(body).with_context(calling)?, longest).with_context(calling)
    }
}

fn read(response: Response<ureq::Body>, longest: usize) -> anyhow::Result<Answer> {
    let (parts, mut body) = response.into_parts();
    // One byte more than is taken, so that what is too long is told apart.
    let body = body.with_config().limit(longest as u64 + 1).read_to_vec();
    let body = body.context("reading the answer")?;
    ensure!(body.len() <= longest, "the answer has more than {longest} bytes");
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
}
