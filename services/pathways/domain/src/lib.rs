//! What mastery opens: occupations, what they require, and how far a learner covers it.
//!
//! All arithmetic is in integers: O*NET's ratings in hundredths, crosswalk weights in thousandths,
//! sums compared by cross-multiplication. The same facts therefore rank the same everywhere.

pub mod code;
pub mod coverage;
pub mod crosswalk;
pub mod held;
pub mod occupation;
pub mod publication;
pub mod ranking;
pub mod rating;
pub mod refusal;
pub mod region;
mod text;

pub use code::{ElementId, OccupationCode, RegionCode, SocCode};
pub use coverage::{Coverage, Requirement, requirements};
pub use crosswalk::{Crosswalk, Link};
pub use held::{HeldLevel, Holdings, MasteredLevel};
pub use occupation::Occupation;
pub use publication::{Entry, Published, Reference};
pub use ranking::{Ranked, Ranking, rank};
pub use rating::{Importance, Rating, RequiredLevel};
pub use refusal::ReferenceRefusal;
pub use region::{Median, Region, RegionKind, Wage};
