//! The service on an embedded log, and where the storage matters on Postgres as well: evidence in,
//! mastery out.

mod advancing;
mod calibration;
mod derivations;
mod dry_run;
mod follow;
mod interleaving;
mod isolation;
mod known;
mod levels;
mod oracle;
mod overriding;
mod policies;
mod read_anew;
mod region;
mod scopes;
mod stand;
mod time;
