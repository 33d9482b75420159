//! Reference figures are published whole; publishing the same again is nothing new.

use std::convert::Infallible;

use northstar_kernel::Decider;

use crate::crosswalk::Crosswalk;
use crate::occupation::Occupation;
use crate::region::Region;

/// One thing of the reference tables, with a stream of its own. Valid by construction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// An occupation and its ratings.
    Occupation(Occupation),
    /// A region and its wages.
    Region(Region),
    /// A crosswalk and its links.
    Crosswalk(Crosswalk),
}

impl Entry {
    /// What names it among its kind: the occupation's or region's code, the crosswalk's key.
    pub fn key(&self) -> String {
        match self {
            Self::Occupation(occupation) => occupation.code().to_string(),
            Self::Region(region) => region.code().to_string(),
            Self::Crosswalk(crosswalk) => crosswalk.key().to_owned(),
        }
    }
}

/// An entry was published, first or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published(pub Entry);

/// The aggregate of one entry: what its figures are now.
#[derive(Debug, Clone, Copy)]
pub struct Reference;

impl Decider for Reference {
    type State = Option<Entry>;
    type Command = Entry;
    type Event = Published;
    /// An entry is valid by construction; nothing else forbids publishing it.
    type Refusal = Infallible;

    fn decide(state: &Option<Entry>, command: Entry) -> Result<Vec<Published>, Infallible> {
        if state.as_ref() == Some(&command) { Ok(Vec::new()) } else { Ok(vec![Published(command)]) }
    }

    fn evolve(_: Option<Entry>, event: &Published) -> Option<Entry> {
        Some(event.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn occupation(title: &str) -> Entry {
        let code = "15-1252.00".parse().expect("a code");
        let made = Occupation::new(code, title.into(), Some(4), Vec::new()).expect("valid");
        Entry::Occupation(made)
    }

    fn decide(state: &Option<Entry>, command: Entry) -> Vec<Published> {
        Reference::decide(state, command).expect("cannot be refused")
    }

    #[test]
    fn the_first_and_the_changed_are_published_and_the_same_is_not() {
        let first = decide(&None, occupation("Developers"));
        assert_eq!(first, [Published(occupation("Developers"))]);
        let state = Reference::fold(&first);
        assert_eq!(decide(&state, occupation("Developers")), []);
        assert_eq!(decide(&state, occupation("Software Developers")).len(), 1);
    }

    #[test]
    fn going_back_to_older_figures_is_a_change_too() {
        let events = [Published(occupation("A")), Published(occupation("B"))];
        assert_eq!(decide(&Reference::fold(&events), occupation("A")).len(), 1);
    }
}
