//! Where the issuer's keys are published.

use std::path::PathBuf;
use std::time::Duration;

use super::jwks::{self, Keys};

/// How long the issuer may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// No honest key set is larger.
const MAX_BYTES: u64 = 1 << 20;

#[derive(Debug, Clone)]
pub(super) enum Source {
    File(PathBuf),
    Url(String),
}

/// Why keys could not be fetched. For the log only.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The file cannot be read.
    #[error("reading the key set")]
    File(#[source] std::io::Error),
    /// The issuer did not answer as it should.
    #[error("fetching the key set")]
    Http(#[source] Box<ureq::Error>),
    /// What came is no JWKS.
    #[error("the key set is no JWKS")]
    Malformed(#[source] serde_json::Error),
    /// Not one key of it can be used.
    #[error("the key set has no key for ES256, EdDSA or RS256 with a kid")]
    Empty,
    /// The task that fetched it was stopped.
    #[error("fetching was interrupted")]
    Interrupted,
}

impl Source {
    pub(super) fn new(location: &str) -> Self {
        if location.starts_with("http://") || location.starts_with("https://") {
            Self::Url(location.to_owned())
        } else {
            Self::File(PathBuf::from(location))
        }
    }

    pub(super) async fn fetch(&self) -> Result<Keys, FetchError> {
        let source = self.clone();
        let bytes = tokio::task::spawn_blocking(move || source.read())
            .await
            .map_err(|_| FetchError::Interrupted)??;
        let keys = jwks::parse(&bytes).map_err(FetchError::Malformed)?;
        if keys.is_empty() { Err(FetchError::Empty) } else { Ok(keys) }
    }

    fn read(&self) -> Result<Vec<u8>, FetchError> {
        match self {
            Self::File(path) => std::fs::read(path).map_err(FetchError::File),
            Self::Url(url) => read_url(url).map_err(|error| FetchError::Http(Box::new(error))),
        }
    }
}

fn read_url(url: &str) -> Result<Vec<u8>, ureq::Error> {
    let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).build();
    let mut response = ureq::Agent::new_with_config(config).get(url).call()?;
    response.body_mut().with_config().limit(MAX_BYTES).read_to_vec()
}
