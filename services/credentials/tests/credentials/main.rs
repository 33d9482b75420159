//! The credentials service, seen from outside.

mod api;
mod badge;
mod certification;
#[path = "../../proof/tests/verifier/changes.rs"]
mod changes;
mod diplomas;
mod disclosures;
mod edge;
mod frozen;
mod http;
mod keys;
mod life;
mod lists;
mod oauth;
mod ob_host;
mod rebuilt;
mod region;
mod shares;
mod standards;
mod status;
mod tampering;
mod verification;
mod verify_http;
mod wallet;
