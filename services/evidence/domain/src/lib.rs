//! The evidence domain, pure: what a learner showed, and who judged it.
//!
//! One piece of evidence is one stream. It is recorded once, corrected any number of times, and
//! may be withdrawn for good. Everything a decision needs from elsewhere (is this learner known,
//! what may this competency be judged at, what time is it) comes in with the command.

pub mod command;
pub mod evidence;
pub mod item;
pub mod refusal;
pub mod scale;
pub mod value;

pub use command::{Command, Facts, RetractionReason, Validator};
pub use evidence::{Event, Evidence, Observation, Standing};
pub use item::{Assessor, AssessorRole, Item, Judgement, RequestId, SealedNote};
pub use refusal::Refusal;
pub use scale::{Competency, Criterion, Rung, Scale};
pub use value::{MalformedDecimal, Milli};
