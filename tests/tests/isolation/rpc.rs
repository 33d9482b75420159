//! Every RPC that there is, as the descriptors have it.

use std::collections::BTreeSet;

use prost::Message as _;
use prost_types::FileDescriptorSet;

/// A method: full name of the service, and its own.
pub(crate) type Rpc = (&'static str, &'static str);

pub(crate) const REGISTRY: &str = "northstar.registry.v1.RegistryService";
pub(crate) const EVIDENCE: &str = "northstar.evidence.v1.EvidenceService";
pub(crate) const MASTERY: &str = "northstar.mastery.v1.MasteryService";
pub(crate) const CREDENTIALS: &str = "northstar.credentials.v1.CredentialsService";
pub(crate) const PATHWAYS: &str = "northstar.pathways.v1.PathwaysService";
pub(crate) const LOG: &str = "northstar.platform.v1.LogService";

/// The contexts, as the log service names them.
pub(crate) const CONTEXTS: [&str; 5] =
    ["registry", "evidence", "mastery", "credentials", "pathways"];

/// The name of a method as it is called.
pub(crate) fn name((service, method): Rpc) -> String {
    format!("{service}/{method}")
}

/// Names of all methods of all services.
pub(crate) fn all() -> BTreeSet<String> {
    let set = FileDescriptorSet::decode(northstar_wire::DESCRIPTORS).unwrap();
    let services = set.file.iter().flat_map(|file| file.service.iter().map(move |it| (file, it)));
    let names = services.flat_map(|(file, service)| {
        let full = format!("{}.{}", file.package(), service.name());
        service.method.iter().map(move |method| format!("{full}/{}", method.name()))
    });
    names.collect()
}

#[test]
fn the_descriptors_list_the_services() {
    let all = all();
    assert!(all.len() >= 30, "{all:?}");
    let services: BTreeSet<_> = all.iter().filter_map(|name| name.split('/').next()).collect();
    let known = BTreeSet::from([REGISTRY, EVIDENCE, MASTERY, CREDENTIALS, PATHWAYS, LOG]);
    assert_eq!(services, known, "a service that no case is written for");
}
