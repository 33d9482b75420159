//! Where measurements go: always to the Prometheus registry, and to a collector if there is one.

use std::sync::OnceLock;

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::{Registry, TextEncoder};

use crate::export::Collector;
use crate::metrics::Instruments;

static PIPELINE: OnceLock<Pipeline> = OnceLock::new();

pub(crate) struct Pipeline {
    pub(crate) provider: SdkMeterProvider,
    pub(crate) instruments: Instruments,
    registry: Registry,
}

impl Pipeline {
    fn build(resource: Resource, collector: Option<&Collector>) -> Self {
        let registry = Registry::new();
        let mut builder = SdkMeterProvider::builder().with_resource(resource);
        match opentelemetry_prometheus::exporter().with_registry(registry.clone()).build() {
            Ok(exporter) => builder = builder.with_reader(exporter),
            // Measurements are worth less than the service they measure.
            Err(error) => tracing::error!(%error, "metrics cannot be scraped"),
        }
        if let Some(collector) = collector {
            builder = builder.with_reader(collector.reader.clone());
        }
        let provider = builder.build();
        let instruments = Instruments::new(&provider.meter("northstar"));
        Self { provider, instruments, registry }
    }

    /// Installs the process's pipeline; `None` if one is in use already.
    pub(crate) fn install(
        resource: Resource,
        collector: Option<&Collector>,
    ) -> Option<&'static Self> {
        if PIPELINE.get().is_some() {
            return None;
        }
        PIPELINE.set(Self::build(resource, collector)).ok()?;
        PIPELINE.get()
    }

    /// The process's pipeline; one without a collector if nobody installed any.
    pub(crate) fn current() -> &'static Self {
        PIPELINE.get_or_init(|| Self::build(Resource::builder().build(), None))
    }
}

/// Every measurement of this process in Prometheus' text format.
///
/// If the measurements cannot be written down the text says so in a comment line, since a scraper
/// can do nothing about it and the log has the cause.
pub fn prometheus_text() -> String {
    let families = Pipeline::current().registry.gather();
    TextEncoder::new().encode_to_string(&families).unwrap_or_else(|error| {
        tracing::error!(%error, "metrics cannot be encoded");
        "# metrics cannot be encoded; see the log\n".to_owned()
    })
}
