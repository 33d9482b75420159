//! What a host says of its API: where things are, and what may be asked for.

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Address, Web};

/// Longest service description, in bytes.
const LONGEST: usize = 1 << 20;

/// What a host is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Badges: Open Badges 3.0.
    Badges,
    /// Records: CLR 2.0.
    Records,
}

impl Kind {
    fn path(self) -> &'static str {
        match self {
            Self::Badges => "ims/ob/v3p0",
            Self::Records => "ims/clr/v2p0",
        }
    }

    /// The scopes to read, and with it to send.
    fn scopes(self) -> [&'static str; 2] {
        match self {
            Self::Badges => [
                "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly",
                "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.upsert",
            ],
            Self::Records => [
                "https://purl.imsglobal.org/spec/clr/v2p0/scope/credential.readonly",
                "https://purl.imsglobal.org/spec/clr/v2p0/scope/credential.upsert",
            ],
        }
    }
}

/// A host's API.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    /// How it calls itself.
    pub(crate) name: String,
    /// Where `credentials` is under.
    pub(crate) api: Address,
    pub(crate) registration: Address,
    pub(crate) authorization: Address,
    pub(crate) token: Address,
    pub(crate) revocation: Option<Address>,
    scopes: Vec<String>,
}

impl Host {
    /// Asks the host at `base`, or at the address of its description itself.
    ///
    /// # Errors
    /// There is no such API, or its description leads astray.
    pub(crate) fn discover(web: &Web, base: &str, kind: Kind) -> anyhow::Result<Self> {
        let base = base.trim_end_matches('/');
        let description = match base.strip_suffix("/discovery") {
            Some(_) => Address::read(base)?,
            None => Address::read(base)?.under(&format!("{}/discovery", kind.path()))?,
        };
        let answer = web.get(&description, &[("Accept", "application/json")], LONGEST)?;
        let asking = || format!("asking {description} what there is");
        let answer = answer.good().with_context(asking)?;
        let said = serde_json::from_slice(&answer.body).context("it is no JSON");
        Self::read(&said.with_context(asking)?, &description).with_context(asking)
    }

    fn read(said: &Value, at: &Address) -> anyhow::Result<Self> {
        let server = said["servers"][0]["url"].as_str().context("it names no server")?;
        // Some leave the host out.
        let origin = || at.as_str().split('/').take(3).collect::<Vec<_>>().join("/");
        let server = if server.starts_with('/') { origin() + server } else { server.to_owned() };
        let api = Address::read(&server)?;
        ensure!(
            api.same_origin(at),
            "it says that its API is at {}: that is another host, and is not shown a token",
            api.authority()
        );
        let schemes = said["components"]["securitySchemes"].as_object();
        let scheme = schemes.and_then(|all| all.values().find(|one| one["type"] == "oauth2"));
        let scheme = scheme.context("it describes no OAuth 2")?;
        let flow = &scheme["flows"]["authorizationCode"];
        let address = |value: &Value, what: &str| {
            let text = value.as_str().with_context(|| format!("it has no {what}"))?;
            let address = Address::read(text)?;
            ensure!(at.is_here() || !address.is_here(), "its {what} is on this computer");
            Ok(address)
        };
        let revocation = &scheme["x-imssf-revocationUrl"];
        let scopes = flow["scopes"].as_object().into_iter().flat_map(|all| all.keys().cloned());
        Ok(Self {
            name: said["info"]["title"].as_str().unwrap_or(at.authority()).to_owned(),
            registration: address(&scheme["x-imssf-registrationUrl"], "registrationUrl")?,
            authorization: address(&flow["authorizationUrl"], "authorizationUrl")?,
            token: address(&flow["tokenUrl"], "tokenUrl")?,
            revocation: revocation
                .is_string()
                .then(|| address(revocation, "revocationUrl"))
                .transpose()?,
            scopes: scopes.collect(),
            api,
        })
    }

    /// What to ask for, to read and if wanted to send, and to go on after the first hour.
    ///
    /// # Errors
    /// It does not offer that.
    pub(crate) fn wanted(&self, kind: Kind, send: bool) -> anyhow::Result<String> {
        let [read, bring] = kind.scopes();
        let needed = if send { vec![read, bring] } else { vec![read] };
        for scope in &needed {
            if !self.scopes.iter().any(|known| known == scope) {
                bail!("{} does not offer {scope}", self.name);
            }
        }
        let offline = self.scopes.iter().any(|known| known == "offline_access");
        let all = needed.into_iter().chain(offline.then_some("offline_access"));
        Ok(all.collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn description(server: &str, token: &str) -> Value {
        json!({
            "servers": [{ "url": server }],
            "components": { "securitySchemes": { "any": {
                "type": "oauth2",
                "x-imssf-registrationUrl": "https://login.example/register",
                "flows": { "authorizationCode": {
                    "authorizationUrl": "https://login.example/authorize",
                    "tokenUrl": token,
                    "scopes": { "offline_access": "" },
                } },
            } } },
        })
    }

    #[test]
    fn a_description_may_not_lead_a_token_elsewhere() {
        let at = Address::read("https://badges.example/ims/ob/v3p0/discovery").expect("sound");
        let token = "https://login.example/token";
        for server in ["https://badges.example/ims/ob/v3p0", "/ims/ob/v3p0"] {
            let host = Host::read(&description(server, token), &at).expect("sound");
            assert_eq!(host.api.as_str(), "https://badges.example/ims/ob/v3p0");
            assert!(host.wanted(Kind::Badges, false).is_err(), "it does not offer it");
        }
        for (server, token) in [
            ("https://other.example/ims", token),
            ("http://badges.example/ims", token),
            ("https://badges.example/ims", "http://login.example/token"),
            ("https://badges.example/ims", "http://127.0.0.1/token"),
            ("", token),
        ] {
            assert!(Host::read(&description(server, token), &at).is_err(), "{server} {token}");
        }
    }
}
