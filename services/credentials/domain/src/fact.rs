//! What an authority states of a learner, which no mastery shows: credits, certificates, hours.

use northstar_kernel::{LearnerId, Violation};

/// Longest name.
const NAME: usize = 63;

/// Something was stated of a learner, in place of what was stated before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Of whom.
    pub learner: LearnerId,
    /// What, in small letters, digits and underscores.
    pub name: String,
    /// How often; 0: not any more.
    pub times: u32,
    /// Who stated it.
    pub actor: String,
}

impl Stated {
    /// Everything that is wrong with it, by field of the request; empty if it is sound.
    pub fn violations(&self) -> Vec<Violation> {
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if (1..=NAME).contains(&self.name.len()) && self.name.bytes().all(letter) {
            return Vec::new();
        }
        let rule = format!("must be 1 to {NAME} lower-case letters, digits or underscores");
        vec![Violation::new("name", rule)]
    }
}
