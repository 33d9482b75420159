//! The parameters of methods, as written and as checked.

use std::collections::BTreeMap;

use super::MethodFlaw;

/// A parameter as a policy document has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parameter {
    /// A whole number.
    Number(i64),
    /// One of a few words.
    Word(String),
    /// A set of names; order and repetition mean nothing.
    Names(Vec<String>),
}

/// How many marks a method looks at: 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Count(u8);

impl Count {
    /// The most a method can be asked to look at.
    pub const MOST: u8 = 100;

    /// `None` unless `count` is from 1 to 100.
    pub fn new(count: u32) -> Option<Self> {
        u8::try_from(count).ok().filter(|count| (1..=Self::MOST).contains(count)).map(Self)
    }

    /// As a number.
    pub const fn get(self) -> u8 {
        self.0
    }

    pub(super) fn size(self) -> usize {
        self.0.into()
    }
}

/// The weight of the newest value of an average: 1 to 99 percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NewestWeight(u8);

impl NewestWeight {
    /// `None` unless `percent` is from 1 to 99: at 0 nothing new would count, at 100 nothing old.
    pub fn new(percent: u32) -> Option<Self> {
        u8::try_from(percent).ok().filter(|percent| (1..=99).contains(percent)).map(Self)
    }

    /// In percent.
    pub const fn percent(self) -> u8 {
        self.0
    }

    /// The weight as a fraction in lowest terms, which keeps the exact numbers short.
    pub(super) const fn fraction(self) -> (u8, u8) {
        let (mut a, mut b) = (100, self.0);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        (self.0 / a, 100 / a)
    }
}

/// Reads parameters and gathers what is wrong with them.
pub(super) struct Given<'a> {
    all: &'a BTreeMap<String, Parameter>,
    asked: Vec<&'static str>,
    flaws: Vec<MethodFlaw>,
}

impl<'a> Given<'a> {
    pub(super) const fn new(all: &'a BTreeMap<String, Parameter>) -> Self {
        Self { all, asked: Vec::new(), flaws: Vec::new() }
    }

    fn get(&mut self, parameter: &'static str) -> Option<&'a Parameter> {
        self.asked.push(parameter);
        let found = self.all.get(parameter);
        if found.is_none() {
            self.flaws.push(MethodFlaw::Missing(parameter));
        }
        found
    }

    pub(super) fn flaw<T>(&mut self, flaw: MethodFlaw) -> Option<T> {
        self.flaws.push(flaw);
        None
    }

    /// A number from `least` to `most`.
    pub(super) fn number(
        &mut self,
        parameter: &'static str,
        [least, most]: [i64; 2],
    ) -> Option<i64> {
        match self.get(parameter)? {
            Parameter::Number(given) if (least..=most).contains(given) => Some(*given),
            Parameter::Number(given) => {
                self.flaw(MethodFlaw::OutOfRange { parameter, given: *given, least, most })
            }
            Parameter::Word(_) | Parameter::Names(_) => {
                self.flaw(MethodFlaw::WrongShape { parameter, expected: "a whole number" })
            }
        }
    }

    pub(super) fn small(&mut self, parameter: &'static str, range: [i64; 2]) -> Option<u32> {
        self.number(parameter, range).and_then(|number| u32::try_from(number).ok())
    }

    pub(super) fn count(&mut self, parameter: &'static str) -> Option<Count> {
        self.small(parameter, [1, Count::MOST.into()]).and_then(Count::new)
    }

    pub(super) fn weight(&mut self) -> Option<NewestWeight> {
        self.small("newest_weight_percent", [1, 99]).and_then(NewestWeight::new)
    }

    /// One of the words `known`.
    pub(super) fn word(
        &mut self,
        parameter: &'static str,
        known: &'static [&'static str],
    ) -> Option<&'static str> {
        match self.get(parameter)? {
            Parameter::Word(given) => match known.iter().find(|word| *word == given) {
                Some(word) => Some(word),
                None => {
                    let given = given.clone();
                    self.flaw(MethodFlaw::WordUnknown { parameter, given, known })
                }
            },
            Parameter::Number(_) | Parameter::Names(_) => {
                self.flaw(MethodFlaw::WrongShape { parameter, expected: "a word" })
            }
        }
    }

    /// A set of names, sorted.
    pub(super) fn names(&mut self, parameter: &'static str) -> Option<Vec<String>> {
        let Parameter::Names(given) = self.get(parameter)? else {
            return self.flaw(MethodFlaw::WrongShape { parameter, expected: "a list of names" });
        };
        let mut names = given.clone();
        names.sort_unstable();
        names.dedup();
        let fits = names.len() <= 100 && names.iter().all(|name| (1..=100).contains(&name.len()));
        if fits { Some(names) } else { self.flaw(MethodFlaw::NamesInvalid(parameter)) }
    }

    /// The result, if nothing was wrong and nothing was given that nobody asked for.
    pub(super) fn finish<T>(mut self, result: Option<T>) -> Result<T, Vec<MethodFlaw>> {
        let unused = self.all.keys().filter(|name| !self.asked.contains(&name.as_str()));
        self.flaws.extend(unused.cloned().map(MethodFlaw::Unused));
        match result {
            Some(result) if self.flaws.is_empty() => Ok(result),
            _ => Err(self.flaws),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_outside_1_to_99_do_not_exist() {
        assert!([0, 100, 256 + 65].into_iter().all(|percent| NewestWeight::new(percent).is_none()));
        assert_eq!(NewestWeight::new(65).map(NewestWeight::fraction), Some((13, 20)));
        assert_eq!(NewestWeight::new(51).map(NewestWeight::fraction), Some((51, 100)));
    }

    #[test]
    fn counts_outside_1_to_100_do_not_exist() {
        assert!([0, 101, 257].into_iter().all(|count| Count::new(count).is_none()));
        assert_eq!(Count::new(100).map(Count::get), Some(100));
    }
}
