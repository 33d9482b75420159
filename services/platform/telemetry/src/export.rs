//! The way out to a collector.

use std::time::Duration;

use opentelemetry_otlp::{
    ExporterBuildError, LogExporter, MetricExporter, RetryPolicy, SpanExporter, WithExportConfig,
    WithTonicConfig,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::PeriodicReader;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tokio::runtime::{Builder, Runtime};

use crate::init::InitError;

/// How long one delivery may take, repetitions included.
const DELIVERY: Duration = Duration::from_secs(3);

/// How often measurements are sent.
const INTERVAL: Duration = Duration::from_secs(15);

/// A collector: the three ways to it and the thread that carries their connections.
///
/// The connections live on a runtime of their own: deliveries then neither wait for the service's
/// tasks nor die with its runtime, and the last flush can be made from anywhere.
pub(crate) struct Collector {
    pub(crate) runtime: ExportThread,
    pub(crate) tracers: SdkTracerProvider,
    pub(crate) loggers: SdkLoggerProvider,
    pub(crate) reader: PeriodicReader<MetricExporter>,
}

impl Collector {
    /// Prepares deliveries to `endpoint`; the first one connects.
    pub(crate) fn prepare(
        endpoint: &str,
        sample_percent: u8,
        resource: &Resource,
    ) -> Result<Self, InitError> {
        if !endpoint.starts_with("http://") {
            return Err(InitError::Endpoint { endpoint: endpoint.to_owned() });
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("otlp")
            .enable_all()
            .build()
            .map_err(InitError::Runtime)?;
        let (spans, logs, metrics) = {
            let _entered = runtime.enter();
            exporters(endpoint).map_err(InitError::Exporter)?
        };
        let fresh = Sampler::TraceIdRatioBased(f64::from(sample_percent.min(100)) / 100.0);
        let tracers = SdkTracerProvider::builder()
            .with_resource(resource.clone())
            .with_sampler(Sampler::ParentBased(Box::new(fresh)))
            .with_batch_exporter(spans)
            .build();
        let loggers = SdkLoggerProvider::builder()
            .with_resource(resource.clone())
            .with_batch_exporter(logs)
            .build();
        let reader = PeriodicReader::builder(metrics).with_interval(INTERVAL).build();
        Ok(Self { runtime: ExportThread(Some(runtime)), tracers, loggers, reader })
    }
}

/// A runtime that may be dropped anywhere, also inside another one, where it must not be waited for.
pub(crate) struct ExportThread(Option<Runtime>);

impl Drop for ExportThread {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

fn exporters(
    endpoint: &str,
) -> Result<(SpanExporter, LogExporter, MetricExporter), ExporterBuildError> {
    // One repetition: a collector that is away must not hold the process at its end.
    let retry = RetryPolicy::recommended().with_max_retries(1);
    let spans = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .with_timeout(DELIVERY)
        .with_retry_policy(retry.clone())
        .build()?;
    let logs = LogExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .with_timeout(DELIVERY)
        .with_retry_policy(retry.clone())
        .build()?;
    let metrics = MetricExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .with_timeout(DELIVERY)
        .with_retry_policy(retry)
        .build()?;
    Ok((spans, logs, metrics))
}
