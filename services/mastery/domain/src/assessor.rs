//! Who judged.

use std::fmt;

/// In which role a judgement was made; a policy may leave roles out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssessorRole {
    /// A teacher of the learner.
    Teacher,
    /// An employer or mentor at a workplace.
    Employer,
    /// The learner.
    Oneself,
    /// Another learner.
    Peer,
    /// Somebody who checks the judgements of others.
    Validator,
    /// A program: a test engine, an importer.
    Tool,
    /// A role this version has no name for. It always counts: a policy cannot name it.
    Other,
}

impl AssessorRole {
    /// The roles that have a name, in the order of the names.
    pub const NAMED: [Self; 6] =
        [Self::Employer, Self::Peer, Self::Oneself, Self::Teacher, Self::Tool, Self::Validator];

    /// The name on the wire and in a policy.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
            Self::Employer => "employer",
            Self::Oneself => "self",
            Self::Peer => "peer",
            Self::Validator => "validator",
            Self::Tool => "tool",
            Self::Other => "other",
        }
    }

    /// The role of that name; `None` if there is none.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|role| role.name() == name)
    }

    /// The role of evidence already in the log, whatever name it came under.
    pub fn of_evidence(name: &str) -> Self {
        Self::named(name).unwrap_or(Self::Other)
    }

    /// A number for stored state; never reused for another role.
    pub const fn code(self) -> u8 {
        match self {
            Self::Other => 0,
            Self::Teacher => 1,
            Self::Employer => 2,
            Self::Oneself => 3,
            Self::Peer => 4,
            Self::Validator => 5,
            Self::Tool => 6,
        }
    }

    /// The role with that number; `None` if no role has it.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::NAMED.into_iter().chain([Self::Other]).find(|role| role.code() == code)
    }
}

impl fmt::Display for AssessorRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_lead_back_to_the_role() {
        for role in AssessorRole::NAMED {
            assert_eq!(AssessorRole::named(role.name()), Some(role));
            assert_eq!(AssessorRole::from_code(role.code()), Some(role));
        }
        assert_eq!(AssessorRole::from_code(AssessorRole::Other.code()), Some(AssessorRole::Other));
        assert_eq!(AssessorRole::from_code(7), None);
    }

    #[test]
    fn named_roles_are_listed_by_name() {
        assert!(AssessorRole::NAMED.is_sorted_by_key(|role| role.name()));
    }

    #[test]
    fn an_unheard_of_role_is_other_and_cannot_be_named() {
        assert_eq!(AssessorRole::of_evidence("coach"), AssessorRole::Other);
        assert_eq!(AssessorRole::named("coach"), None);
        assert_eq!(AssessorRole::named("other"), None);
    }
}
