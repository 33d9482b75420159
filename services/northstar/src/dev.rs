//! `northstar dev`: the whole journey in one process, on a demo region.

mod elsewhere;
mod files;
mod region;
mod summary;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use northstar_chassis::auth::issuer::Issuer;
use northstar_chassis::auth::{Grant, Role};
use northstar_chassis::config::{AuthConfig, ServerConfig};
use northstar_credentials::EdgeConfig;
use northstar_kernel::{ShardCount, TenantId};
use northstar_telemetry::TelemetryConfig;
use tokio::sync::oneshot;

use crate::cli::Dev;
use crate::client::{Client, ClientFile};
use crate::config::{CONTEXTS, Config, EmbeddedConfig, LogConfig};
use crate::output::{Format, complain};
use crate::serve::Server;
use crate::storage::{create_private_folder, ensure_master_key, write_private};

pub(crate) use elsewhere::import;

/// The demo region's slug.
const TENANT: &str = "front-range";
const ISSUER: &str = "northstar-dev";
/// The client file of the demo region's administrator, which commands read when none is named.
const ADMIN_FILE: &str = "client.toml";
/// The client file of whoever runs the platform: for what concerns every tenant.
const OPERATOR_FILE: &str = "operator.toml";
const AUDIENCE: &str = "northstar";
/// Long enough for a look around; `northstar token` makes another.
const TOKEN_LIFE: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Loads the demo region, prints what there is to see, and serves on unless told otherwise.
pub(crate) async fn run(options: Dev) -> anyhow::Result<()> {
    let home = Home::prepare(&options.data)?;
    let telemetry = northstar_telemetry::init(&TelemetryConfig {
        log: "warn".to_owned(),
        ..TelemetryConfig::default()
    })?;
    let server = Server::bind(home.config(&options)?, CONTEXTS.to_vec()).await.context(
        "opening the ports; is another `northstar dev` running? --listen, --health and --edge take \
         others",
    )?;
    let (clients, token) = home.clients(server.address()?)?;
    let edge = server.edge_address()?.map(|address| format!("http://{address}"));
    let shown = Shown { token, edge: edge.unwrap_or_default() };
    let (stop, stopped) = oneshot::channel::<()>();
    let mut serving = tokio::spawn(async move {
        let stopped = async { drop(stopped.await) };
        server.serve(stopped).await
    });
    let loaded = tokio::select! {
        ended = &mut serving => {
            ended.context("serving")??;
            anyhow::bail!("the server ended before the demo was loaded");
        }
        loaded = load(&clients, shown, &options) => loaded,
        () = northstar_chassis::server::termination() => Err(anyhow::anyhow!("interrupted")),
    };
    if loaded.is_ok() && !options.once {
        complain("Serving on; stop with Ctrl-C.");
        northstar_chassis::server::termination().await;
    }
    drop(stop);
    serving.await.context("serving")??;
    tokio::task::spawn_blocking(move || drop(telemetry)).await?;
    loaded
}

async fn load(clients: &Clients, shown: Shown, options: &Dev) -> anyhow::Result<()> {
    let loaded = region::load(clients, options.output == Format::Table).await?;
    let summary = summary::gather(clients, loaded, shown).await?;
    match options.output {
        Format::Json => crate::output::json(&summary),
        Format::Table => {
            summary::print(&summary, &options.data);
            Ok(())
        }
    }
}

/// What the summary tells beside what it asks the services for.
struct Shown {
    /// The administrator's token.
    token: String,
    /// Where the public face is.
    edge: String,
}

/// As whom the demo comes.
struct Clients {
    /// Runs the platform; belongs to no tenant.
    operator: Client,
    /// Runs the demo region.
    admin: Client,
}

/// The folder that everything is kept in.
struct Home {
    folder: PathBuf,
    issuer: Issuer,
}

impl Home {
    /// Makes what is not there: folders, master key, issuer key.
    fn prepare(folder: &Path) -> anyhow::Result<Self> {
        let keys = folder.join("keys");
        create_private_folder(folder)?;
        create_private_folder(&keys)?;
        ensure_master_key(&keys.join("master.key"))?;
        let issuer = Issuer::open(&keys.join("issuer.pem"), ISSUER, AUDIENCE)?;
        let jwks = serde_json::to_string_pretty(&issuer.jwks()).context("writing the JWKS")?;
        write_private(&keys.join("jwks.json"), &jwks)?;
        Ok(Self { folder: folder.to_owned(), issuer })
    }

    fn config(&self, options: &Dev) -> anyhow::Result<Config> {
        let keys = self.folder.join("keys");
        Ok(Config {
            server: ServerConfig {
                listen: options.listen,
                health: options.health,
                drain_seconds: 5,
            },
            auth: AuthConfig {
                issuer: ISSUER.to_owned(),
                audience: AUDIENCE.to_owned(),
                jwks: keys.join("jwks.json").display().to_string(),
                clock_skew_seconds: 30,
            },
            telemetry: TelemetryConfig::default(),
            log: LogConfig {
                shards: ShardCount::DEFAULT.get(),
                master_key_file: keys.join("master.key"),
            },
            embedded: Some(EmbeddedConfig { folder: self.folder.clone() }),
            cluster: None,
            // Part of every credential's issuer: the same on whatever port the demo listens.
            credentials: northstar_credentials::Config {
                edge: EdgeConfig { listen: Some(options.edge) },
                ..northstar_credentials::Config::default()
            },
        })
    }

    /// The clients, and the administrator's token, which is shown.
    fn clients(&self, address: SocketAddr) -> anyhow::Result<(Clients, String)> {
        let url = format!("http://{address}");
        let operator = self.token("operator", None, &[Role::PlatformOperator])?;
        let tenant = Some(TenantId::from_slug(TENANT));
        let admin = [Role::NetworkAdmin, Role::Teacher, Role::Integrator];
        let token = self.token("demo-admin", tenant, &admin)?;
        let client = |name: &str, token: &str| {
            let endpoints = [("default".to_owned(), url.clone())].into();
            let file = ClientFile { endpoints, token: token.to_owned() };
            let text = toml::to_string(&file).context("writing the client file")?;
            write_private(&self.folder.join(name), &text)?;
            Client::new(&file)
        };
        let operator = client(OPERATOR_FILE, &operator)?;
        Ok((Clients { operator, admin: client(ADMIN_FILE, &token)? }, token))
    }

    fn token(
        &self,
        subject: &str,
        tenant: Option<TenantId>,
        roles: &[Role],
    ) -> anyhow::Result<String> {
        let grant = Grant {
            subject: subject.to_owned(),
            tenant,
            roles: roles.iter().copied().collect(),
            learners: [].into(),
        };
        Ok(self.issuer.mint(&grant, TOKEN_LIFE)?)
    }
}
