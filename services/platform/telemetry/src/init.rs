//! Setting up the process's telemetry, once.

use std::io::{self, IsTerminal as _};

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_otlp::ExporterBuildError;
use opentelemetry_sdk::Resource;
use tracing_subscriber::filter::{LevelFilter, ParseError, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::export::Collector;
use crate::pipeline::Pipeline;
use crate::{Guard, LogFormat, TelemetryConfig};

type BoxedLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// What the exporters themselves are made of: to export what they log would never end.
const TRANSPORT: [&str; 5] = ["h2", "hyper", "opentelemetry", "tonic", "tower"];

/// Why telemetry could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The directives of `telemetry.log` cannot be read.
    #[error("telemetry.log: {directives:?} is neither a level nor a list of directives")]
    Log {
        /// What was configured.
        directives: String,
        /// What is wrong with it.
        source: ParseError,
    },
    /// The endpoint is not one we can speak to.
    #[error("telemetry.otlp_endpoint: {endpoint:?} must start with http://")]
    Endpoint {
        /// What was configured.
        endpoint: String,
    },
    /// An exporter could not be made, mostly because the endpoint is no URL.
    #[error("telemetry.otlp_endpoint")]
    Exporter(#[source] ExporterBuildError),
    /// The thread for the collector's connections could not be started.
    #[error("starting the export thread")]
    Runtime(#[source] io::Error),
    /// Something in this process has set up logging before.
    #[error("telemetry is set up already")]
    Subscriber(#[from] TryInitError),
    /// Something in this process has measured before.
    #[error("metrics were used before telemetry was set up")]
    Metrics,
}

/// Sets up logs, traces and metrics for the whole process.
///
/// Keep the guard until the end: it delivers what is still waiting. Works with and without a
/// runtime. Nothing is connected yet when it returns; a collector that is away costs only the data.
///
/// # Errors
///
/// When the configuration makes no sense, or when it is called a second time.
pub fn init(config: &TelemetryConfig) -> Result<Guard, InitError> {
    let resource = resource(config);
    let mut layers = vec![stderr_layer(config)?];
    let collector = config
        .otlp_endpoint
        .as_deref()
        .map(|endpoint| Collector::prepare(endpoint, config.sample_percent, &resource))
        .transpose()?;
    if let Some(collector) = &collector {
        layers.push(trace_layer(collector));
        layers.push(log_layer(collector, config)?);
    }
    let pipeline = Pipeline::install(resource, collector.as_ref()).ok_or(InitError::Metrics)?;
    tracing_subscriber::registry().with(layers).try_init()?;
    Ok(Guard::new(collector, pipeline.provider.clone()))
}

fn trace_layer(collector: &Collector) -> BoxedLayer {
    tracing_opentelemetry::layer()
        .with_tracer(collector.tracers.tracer("northstar"))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(traced())
        .boxed()
}

fn log_layer(collector: &Collector, config: &TelemetryConfig) -> Result<BoxedLayer, InitError> {
    let bridge = OpenTelemetryTracingBridge::new(&collector.loggers);
    Ok(bridge.with_filter(exported_logs(config)?).boxed())
}

fn stderr_layer(config: &TelemetryConfig) -> Result<BoxedLayer, InitError> {
    let filter = stderr_logs(config)?;
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    Ok(match config.log_format {
        LogFormat::Text => layer.with_filter(filter).boxed(),
        LogFormat::Json => layer.json().with_filter(filter).boxed(),
    })
}

fn resource(config: &TelemetryConfig) -> Resource {
    Resource::builder()
        .with_service_name(config.service_name.clone())
        .with_attribute(KeyValue::new("service.namespace", "northstar"))
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build()
}

fn filter(directives: &str) -> Result<EnvFilter, InitError> {
    EnvFilter::try_new(directives)
        .map_err(|source| InitError::Log { directives: directives.to_owned(), source })
}

/// Deep down the transport writes out headers, and with them tokens. They are shown only to an
/// operator who names it, never to one who merely turns everything up.
fn stderr_logs(config: &TelemetryConfig) -> Result<EnvFilter, InitError> {
    // Read alone first, so that an error repeats what the operator wrote and nothing else.
    filter(&config.log)?;
    filter(&format!("h2=info,hyper=info,{}", config.log))
}

fn exported_logs(config: &TelemetryConfig) -> Result<EnvFilter, InitError> {
    let silenced: String = TRANSPORT.iter().map(|target| format!(",{target}=off")).collect();
    filter(&format!("{}{silenced}", config.log))
}

/// Spans are traced whatever the level of the log: they are two decisions.
fn traced() -> Targets {
    let silenced = TRANSPORT.map(|target| (target, LevelFilter::OFF));
    Targets::new().with_default(LevelFilter::INFO).with_targets(silenced)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(filter: EnvFilter, target: &'static str) -> bool {
        let subscriber = tracing_subscriber::registry().with(filter);
        tracing::subscriber::with_default(subscriber, || match target {
            "h2" => tracing::enabled!(target: "h2::hpack", tracing::Level::TRACE),
            _ => tracing::enabled!(target: "northstar_bus", tracing::Level::TRACE),
        })
    }

    #[test]
    fn headers_are_not_logged_by_turning_everything_up() {
        let config = |log: &str| TelemetryConfig { log: log.to_owned(), ..Default::default() };
        assert!(shows(stderr_logs(&config("trace")).unwrap(), "northstar"));
        assert!(!shows(stderr_logs(&config("trace")).unwrap(), "h2"));
        assert!(shows(stderr_logs(&config("info,h2=trace")).unwrap(), "h2"));
        assert!(!shows(exported_logs(&config("trace")).unwrap(), "h2"));
    }

    #[test]
    fn a_bad_configuration_is_refused_by_name() {
        let config = TelemetryConfig { log: "loud,=,".to_owned(), ..TelemetryConfig::default() };
        assert!(init(&config).unwrap_err().to_string().starts_with("telemetry.log: \"loud,=,\""));
        for endpoint in ["collector:4317", "https://collector:4317", "http://"] {
            let config = TelemetryConfig {
                otlp_endpoint: Some(endpoint.to_owned()),
                ..TelemetryConfig::default()
            };
            let error = init(&config).unwrap_err().to_string();
            assert!(error.starts_with("telemetry.otlp_endpoint"), "{endpoint}: {error}");
        }
    }
}
