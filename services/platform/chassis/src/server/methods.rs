//! The methods that exist, so that no caller can invent a name for a span or a label.

use std::collections::HashMap;
use std::sync::Arc;

use northstar_telemetry::names::OTHER_METHOD;
use prost::Message as _;
use prost_types::FileDescriptorSet;

/// gRPC's own services, open to all: probes and tools use them before they have a token.
const INFRASTRUCTURE: [&str; 2] =
    ["/grpc.health.v1.Health/", "/grpc.reflection.v1.ServerReflection/"];

/// Whether a request's path belongs to gRPC health or reflection.
pub(crate) fn is_infrastructure(path: &str) -> bool {
    INFRASTRUCTURE.iter().any(|service| path.starts_with(service))
}

/// Names of methods, `package.Service/Method`, by the path of their requests.
pub(super) struct Methods {
    by_path: HashMap<String, Arc<str>>,
    services: Vec<String>,
    other: Arc<str>,
}

impl Methods {
    /// From encoded file descriptor sets.
    pub(super) fn read(descriptors: &[&[u8]]) -> Result<Self, prost::DecodeError> {
        let mut methods =
            Self { by_path: HashMap::new(), services: Vec::new(), other: OTHER_METHOD.into() };
        for bytes in descriptors {
            for file in FileDescriptorSet::decode(*bytes)?.file {
                let package = file.package().to_owned();
                for service in &file.service {
                    methods.add(&package, service);
                }
            }
        }
        Ok(methods)
    }

    fn add(&mut self, package: &str, service: &prost_types::ServiceDescriptorProto) {
        let dot = if package.is_empty() { "" } else { "." };
        let full = format!("{package}{dot}{}", service.name());
        for method in &service.method {
            let name = format!("{full}/{}", method.name());
            self.by_path.insert(format!("/{name}"), name.into());
        }
        self.services.push(full);
    }

    /// The method that a request's path calls, or `_OTHER`.
    pub(super) fn name(&self, path: &str) -> Arc<str> {
        Arc::clone(self.by_path.get(path).unwrap_or(&self.other))
    }

    /// Full names of all services.
    pub(super) fn services(&self) -> &[String] {
        &self.services
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_methods_that_exist_have_names() {
        let methods = Methods::read(&[tonic_health::pb::FILE_DESCRIPTOR_SET]).unwrap();
        let check = methods.name("/grpc.health.v1.Health/Check");
        assert_eq!(&*check, "grpc.health.v1.Health/Check");
        assert_eq!(&*methods.name("/grpc.health.v1.Health/Chekc"), "_OTHER");
        assert_eq!(methods.services(), ["grpc.health.v1.Health"]);
        assert!(Methods::read(&[b"\xff"]).is_err());
    }

    #[test]
    fn a_look_alike_is_no_infrastructure() {
        assert!(is_infrastructure("/grpc.health.v1.Health/Check"));
        for path in ["/grpc.health.v1.HealthX/Check", "grpc.health.v1.Health/Check", "/"] {
            assert!(!is_infrastructure(path), "{path}");
        }
    }
}
