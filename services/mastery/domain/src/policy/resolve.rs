//! Which of the published policies holds, and why; of calendars likewise.

use std::collections::BTreeSet;
use std::fmt;

use northstar_kernel::Timestamp;

use super::{PolicyPublished, Scope};

/// For whom and when a policy is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question<'a> {
    /// The policy's name; empty for the main one.
    pub name: &'a str,
    /// The scopes the learner is in, the most specific first: class, school, district, network.
    pub path: &'a [Scope],
    /// At which instant.
    pub at: Timestamp,
    /// When the learner began, which is what a banked policy asks; `None` if they have not.
    pub began: Option<Timestamp>,
}

/// What was published for a scope from an instant on, beside others of its kind.
pub trait Offered {
    /// Which of several side by side it is; empty for the main one, or where there is but one.
    fn name(&self) -> &str;
    /// For whom it holds.
    fn scope(&self) -> Scope;
    /// From when on it holds.
    fn effective_from(&self) -> Timestamp;
    /// Whether learners who begin under it stay under it.
    fn banked(&self) -> bool;
}

impl Offered for PolicyPublished {
    fn name(&self) -> &str {
        self.policy.name()
    }

    fn scope(&self) -> Scope {
        self.scope
    }

    fn effective_from(&self) -> Timestamp {
        self.effective_from
    }

    fn banked(&self) -> bool {
        self.policy.banked()
    }
}

/// Why a policy was chosen or passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Chosen,
    /// It holds because it held when the learner began, at this instant, and is banked.
    Banked(Timestamp),
    /// It is not in force yet.
    NotYet,
    /// Its scope is none of the learner's.
    OutOfScope,
    /// This scope has a policy and is more specific.
    LessSpecific(Scope),
    /// Another for the same scope took its place, in force from this instant on.
    Replaced(Timestamp),
    /// The learner began under another, which is banked.
    OtherBanked,
}

/// As the end of a sentence that begins with the policy.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chosen => f.write_str("holds"),
            Self::Banked(began) => write!(f, "holds, as it did when the learner began at {began}"),
            Self::NotYet => f.write_str("is not in force yet"),
            Self::OutOfScope => f.write_str("is for others"),
            Self::LessSpecific(scope) => write!(f, "gives way to that of {scope}"),
            Self::Replaced(from) => write!(f, "was replaced by that from {from} on"),
            Self::OtherBanked => f.write_str("gives way to the one the learner began with"),
        }
    }
}

/// A policy that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'a, P = PolicyPublished> {
    /// The policy, for whom and from when on.
    pub published: &'a P,
    /// What became of it.
    pub outcome: Outcome,
}

/// The answer to a [`Question`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution<'a, P = PolicyPublished> {
    /// The policy that holds; `None` if none does.
    pub chosen: Option<&'a P>,
    /// All policies of that name: the most specific scope first, in it the latest first; those for
    /// others last.
    pub considered: Vec<Candidate<'a, P>>,
}

/// Picks among `published`, all that was published for one framework, oldest first: of the most
/// specific scope that has a policy in force the one in force the latest; of two from the same
/// instant on, the one published later. But if the one that held when the learner began is
/// banked, that one.
pub fn resolve<'a, P: Offered>(published: &'a [P], question: &Question<'_>) -> Resolution<'a, P> {
    let ranked = ranked(published, question);
    let banked = banked(&ranked, question);
    let holder = banked.map(|(holder, _)| holder).or_else(|| in_force(&ranked, question.at));
    let outcome = |each: &Ranked<'a, P>| match holder {
        Some(holder) if each.place.is_some() => {
            each.beside(holder, question.at, banked.map(|(_, began)| began))
        }
        _ if each.place.is_some() => Outcome::NotYet,
        _ => Outcome::OutOfScope,
    };
    let considered =
        ranked.iter().map(|each| Candidate { published: each.published, outcome: outcome(each) });
    Resolution { chosen: holder.map(|holder| holder.published), considered: considered.collect() }
}

/// The one that [`resolve`] picks, without what is to be said of the others: it is asked for with every
/// judgement.
pub fn chosen<'a, P: Offered>(published: &'a [P], question: &Question<'_>) -> Option<&'a P> {
    let ranked = ranked(published, question);
    let banked = banked(&ranked, question).map(|(holder, _)| holder);
    banked.or_else(|| in_force(&ranked, question.at)).map(|holder| holder.published)
}

/// The names of the policies side by side, sorted; the main one's is empty and comes first.
pub fn names(published: &[PolicyPublished]) -> BTreeSet<&str> {
    published.iter().map(|published| published.policy.name()).collect()
}

/// A policy and where it stands: place in the learner's path, and in the order of publishing.
struct Ranked<'a, P> {
    published: &'a P,
    place: Option<usize>,
    order: usize,
}

impl<P: Offered> Ranked<'_, P> {
    /// What became of it beside the one that holds; `began` is given if that one is banked.
    fn beside(&self, holder: &Self, at: Timestamp, began: Option<Timestamp>) -> Outcome {
        if holder.order == self.order {
            return began.map_or(Outcome::Chosen, Outcome::Banked);
        }
        if self.published.effective_from() > at {
            Outcome::NotYet
        } else if began.is_some() {
            Outcome::OtherBanked
        } else if holder.place != self.place {
            Outcome::LessSpecific(holder.published.scope())
        } else {
            Outcome::Replaced(holder.published.effective_from())
        }
    }
}

fn ranked<'a, P: Offered>(published: &'a [P], question: &Question<'_>) -> Vec<Ranked<'a, P>> {
    let place = |scope| question.path.iter().position(|of_learner| *of_learner == scope);
    let mut ranked: Vec<_> = published
        .iter()
        .enumerate()
        .filter(|(_, published)| published.name() == question.name)
        .map(|(order, published)| Ranked { published, place: place(published.scope()), order })
        .collect();
    ranked.sort_by_key(|each| {
        let latest_first = std::cmp::Reverse((each.published.effective_from(), each.order));
        (each.place.is_none(), each.place, latest_first)
    });
    ranked
}

/// The one that held when the learner began, if it is banked, and when that was.
fn banked<'a, 'b, P: Offered>(
    ranked: &'b [Ranked<'a, P>],
    question: &Question<'_>,
) -> Option<(&'b Ranked<'a, P>, Timestamp)> {
    let began = question.began.filter(|began| *began <= question.at)?;
    let holder = in_force(ranked, began).filter(|holder| holder.published.banked());
    holder.map(|holder| (holder, began))
}

/// The first in force, which by the order of `ranked` is the one that holds.
fn in_force<'a, 'b, P: Offered>(
    ranked: &'b [Ranked<'a, P>],
    at: Timestamp,
) -> Option<&'b Ranked<'a, P>> {
    ranked.iter().find(|each| each.place.is_some() && each.published.effective_from() <= at)
}
