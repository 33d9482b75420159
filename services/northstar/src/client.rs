//! The command line's own side of the API.

mod competency;
pub(crate) mod import;
pub(crate) mod retry;
pub(crate) mod settle;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use northstar_kernel::{ClassId, LearnerId, OrganizationId, PersonId, TenantId};
use northstar_mastery_domain::Scope;
use northstar_wire::credentials::v1::credentials_service_client::CredentialsServiceClient;
use northstar_wire::evidence::v1::evidence_service_client::EvidenceServiceClient;
use northstar_wire::mastery::v1::mastery_service_client::MasteryServiceClient;
use northstar_wire::pathways::v1::pathways_service_client::PathwaysServiceClient;
use northstar_wire::platform::v1::log_service_client::LogServiceClient;
use northstar_wire::registry::v1::registry_service_client::RegistryServiceClient;
use serde::{Deserialize, Serialize};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use crate::cli::ClientOptions;
use crate::config::CONTEXTS;

const CONNECT: Duration = Duration::from_secs(5);
/// Frameworks and their rubrics come in one message.
const MAX_REPLY: usize = 64 << 20;

/// Where the services are and as whom to come, as a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientFile {
    /// Each context's API; `default` stands for those that are not named.
    pub(crate) endpoints: BTreeMap<String, String>,
    /// The token to show.
    pub(crate) token: String,
}

/// A channel that shows a token with every call.
pub(crate) type Signed = InterceptedService<Channel, Bearer>;

/// Shows a token.
#[derive(Clone)]
pub(crate) struct Bearer(MetadataValue<Ascii>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}

/// Connections to every context, made when they are first used.
#[derive(Clone)]
pub(crate) struct Client {
    channels: BTreeMap<&'static str, Channel>,
    bearer: Bearer,
    tenant: Option<TenantId>,
}

impl Client {
    /// A client from the command line's options.
    pub(crate) fn open(options: &ClientOptions) -> anyhow::Result<Self> {
        let mut file = read(&options.client)?;
        if let Some(token) = &options.token {
            file.token.clone_from(token);
        }
        Self::new(&file)
    }

    /// A client as a file describes it.
    pub(crate) fn new(file: &ClientFile) -> anyhow::Result<Self> {
        let bearer = format!("Bearer {}", file.token).parse();
        let bearer = bearer.context("the token has characters that no token has")?;
        let mut channels = BTreeMap::new();
        for context in CONTEXTS {
            let url = file.endpoints.get(context).or_else(|| file.endpoints.get("default"));
            let url = url.with_context(|| format!("no endpoint is given for {context}"))?;
            let endpoint = Endpoint::from_shared(url.clone())
                .with_context(|| format!("endpoint {url} of {context}"))?
                .connect_timeout(CONNECT)
                .tcp_nodelay(true);
            channels.insert(context, endpoint.connect_lazy());
        }
        Ok(Self { channels, bearer: Bearer(bearer), tenant: tenant_of(&file.token) })
    }

    /// The tenant that the token names.
    pub(crate) fn tenant(&self) -> anyhow::Result<TenantId> {
        self.tenant.context("the token names no tenant")
    }

    /// A learner by UUID, or by the roster's own id.
    pub(crate) fn learner(&self, text: &str) -> anyhow::Result<LearnerId> {
        match text.parse() {
            Ok(learner) => Ok(learner),
            Err(_) => Ok(PersonId::derive(self.tenant()?, text).into()),
        }
    }

    /// For whom a policy is: `network`, or an organization or class by UUID or by the roster's own id.
    pub(crate) fn scope(&self, text: &str) -> anyhow::Result<Scope> {
        if let Ok(scope) = text.parse() {
            return Ok(scope);
        }
        match text.split_once(':') {
            Some(("organization", key)) => {
                Ok(Scope::Organization(OrganizationId::derive(self.tenant()?, key)))
            }
            Some(("class", key)) => Ok(Scope::Class(ClassId::derive(self.tenant()?, key))),
            _ => anyhow::bail!("{text:?} is no scope: write network, organization:ID or class:ID"),
        }
    }

    pub(crate) fn registry(&self) -> RegistryServiceClient<Signed> {
        RegistryServiceClient::new(self.signed("registry")).max_decoding_message_size(MAX_REPLY)
    }

    pub(crate) fn evidence(&self) -> EvidenceServiceClient<Signed> {
        EvidenceServiceClient::new(self.signed("evidence"))
    }

    pub(crate) fn mastery(&self) -> MasteryServiceClient<Signed> {
        MasteryServiceClient::new(self.signed("mastery"))
    }

    pub(crate) fn credentials(&self) -> CredentialsServiceClient<Signed> {
        CredentialsServiceClient::new(self.signed("credentials"))
    }

    pub(crate) fn pathways(&self) -> PathwaysServiceClient<Signed> {
        PathwaysServiceClient::new(self.signed("pathways"))
    }

    pub(crate) fn log(&self, context: &'static str) -> LogServiceClient<Signed> {
        LogServiceClient::new(self.signed(context))
    }

    fn signed(&self, context: &'static str) -> Signed {
        InterceptedService::new(self.channels[context].clone(), self.bearer.clone())
    }
}

fn read(file: &Path) -> anyhow::Result<ClientFile> {
    let text = std::fs::read_to_string(file).with_context(|| {
        format!("reading {}; `northstar dev` writes one, --client names another", file.display())
    })?;
    toml::from_str(&text).with_context(|| format!("reading {}", file.display()))
}

/// The tenant that a token names. Not verified here: the servers do that.
fn tenant_of(token: &str) -> Option<TenantId> {
    let payload = token.split('.').nth(1)?;
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: serde_json::Value = serde_json::from_slice(&json).ok()?;
    claims.get("tenant")?.as_str()?.parse().ok()
}

/// A call's refusal as an error that says what, where and why.
pub(crate) fn refused(doing: &'static str) -> impl Fn(Status) -> anyhow::Error {
    move |status| {
        let error = anyhow::anyhow!("{} ({})", status.message(), status.code());
        error.context(doing)
    }
}

/// The contexts named, or all.
pub(crate) fn contexts(named: &[String]) -> anyhow::Result<Vec<&'static str>> {
    if named.is_empty() || named == ["all"] {
        return Ok(CONTEXTS.to_vec());
    }
    let find = |name: &String| CONTEXTS.into_iter().find(|context| context == name);
    let mut found = Vec::new();
    for name in named {
        match find(name) {
            Some(context) if found.contains(&context) => {}
            Some(context) => found.push(context),
            None => bail!("there is no context {name}; there are {}", CONTEXTS.join(", ")),
        }
    }
    Ok(found)
}
