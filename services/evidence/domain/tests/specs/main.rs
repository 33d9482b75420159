//! What evidence decides, as given / when / then.

mod correcting;
mod judging;
mod recording;
mod retracting;
mod spec;
mod stating;
mod validating;
