//! What an operator may choose about telemetry.

use serde::Deserialize;

/// Section `telemetry` of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TelemetryConfig {
    /// What is written to standard error: a level, or directives such as `info,sqlx=warn`.
    pub log: String,
    /// How a line of log looks.
    pub log_format: LogFormat,
    /// Where traces, metrics and logs are sent by OTLP/gRPC, as `http://host:4317`. `None`: nowhere.
    /// TLS is the collector sidecar's or the mesh's affair, so `https://` is refused.
    pub otlp_endpoint: Option<String>,
    /// How many of a hundred traces that begin here are recorded; a caller's decision is kept.
    pub sample_percent: u8,
    /// The name this process carries in traces and metrics.
    pub service_name: String,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self {
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            otlp_endpoint: None,
            sample_percent: 100,
            service_name: "northstar".to_owned(),
        }
    }
}

/// How a line of log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_default_and_strangers_are_refused() {
        let config: TelemetryConfig = toml::from_str("log_format = \"json\"").unwrap();
        assert_eq!(config.log_format, LogFormat::Json);
        assert_eq!(config.log, "info");
        assert!(toml::from_str::<TelemetryConfig>("endpoint = \"x\"").is_err());
    }
}
