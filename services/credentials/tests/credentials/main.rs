//! The credentials service, seen from outside.

mod api;
mod badge;
mod beside;
mod certification;
#[path = "../../proof/tests/verifier/changes.rs"]
mod changes;
mod diplomas;
mod disclosures;
mod edge;
mod endorsements;
mod frozen;
mod frozen_beside;
mod http;
mod imports;
mod javascript;
mod keys;
mod life;
mod lists;
mod oauth;
mod ob_host;
mod rebuilt;
mod records;
mod region;
mod shares;
mod standards;
mod status;
mod tampering;
mod verification;
mod verify_http;
mod wallet;
