//! The service on an embedded log, and where the storage matters on Postgres as well: evidence in,
//! mastery out.

mod advancing;
mod calibration;
mod derivations;
mod dry_run;
mod dry_run_above;
mod dry_run_rollup;
mod follow;
mod interleaving;
mod isolation;
mod known;
mod levels;
mod missing;
mod oracle;
mod overriding;
mod pace;
mod permutations;
mod policies;
mod read_anew;
mod region;
mod remembered;
mod rolled_up;
mod rollups;
mod rules;
mod scopes;
mod stand;
mod time;
