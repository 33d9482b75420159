//! Where in the document one is: kept as steps, written as a JSON pointer only when asked for.

use std::borrow::Cow;

/// A place, by its number in [`Places`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(u32);

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Member(&'a str),
    Element(usize),
}

/// All places met so far, each as a step from another.
#[derive(Debug, Default)]
pub(crate) struct Places<'a>(Vec<(Place, Step<'a>)>);

impl<'a> Places<'a> {
    /// The whole document.
    pub(crate) const ROOT: Place = Place(u32::MAX);

    pub(crate) fn member(&mut self, of: Place, name: &'a str) -> Place {
        self.step(of, Step::Member(name))
    }

    pub(crate) fn element(&mut self, of: Place, index: usize) -> Place {
        self.step(of, Step::Element(index))
    }

    /// There are fewer places than bytes in a document, so the number cannot run over.
    fn step(&mut self, of: Place, step: Step<'a>) -> Place {
        let next = Place(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push((of, step));
        next
    }

    /// The place as RFC 6901 has it.
    pub(crate) fn pointer(&self, mut place: Place) -> String {
        let mut steps = Vec::new();
        while let Some((of, step)) = self.0.get(place.0 as usize) {
            steps.push(*step);
            place = *of;
        }
        let mut pointer = String::new();
        for step in steps.iter().rev() {
            pointer.push('/');
            match step {
                Step::Member(name) => pointer.push_str(&escaped(name)),
                Step::Element(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }
}

/// A member's name as a token of a pointer.
pub(crate) fn escaped(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) {
        name.replace('~', "~0").replace('/', "~1").into()
    } else {
        name.into()
    }
}
