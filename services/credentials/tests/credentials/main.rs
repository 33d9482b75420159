//! The credentials service, seen from outside.

mod api;
mod badge;
mod beside;
mod certification;
#[path = "../../proof/tests/verifier/changes.rs"]
mod changes;
mod course;
mod diplomas;
mod disclosures;
mod edge;
mod endorsements;
mod frozen;
mod frozen_beside;
mod grounds;
mod http;
mod imports;
mod issuing;
mod javascript;
mod keys;
mod life;
mod lists;
mod oauth;
mod ob_host;
mod rebuilt;
mod records;
mod region;
mod removal;
mod rules;
mod shares;
mod standards;
mod status;
mod tampering;
mod verification;
mod verify_http;
mod wallet;
