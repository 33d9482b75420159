//! The calendars of a framework: key = framework id.

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::Timestamp;
use northstar_mastery_domain::{Calendar, CalendarPublished, Question, Resolution, Scope, resolve};
use prost::Message;

use crate::codec::ALWAYS;
use crate::standard::read_pace_document;

/// Every calendar that was published for a framework, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PacePlans(Vec<CalendarPublished>);

impl PacePlans {
    /// Notes that a calendar was published for a scope, and when that was recorded. What was withdrawn
    /// since somebody could publish it does not make it invalid.
    pub(crate) fn publish(
        &mut self,
        document: &str,
        scope: Scope,
        published_at: Timestamp,
    ) -> Result<(), Malformed> {
        let of = |why: &dyn std::fmt::Display| Malformed::new(Self::NOUN, why);
        let draft = read_pace_document(document).map_err(|why| of(&why))?;
        let calendar = Calendar::new(draft, |_| true).map_err(|why| of(&why))?;
        self.0.push(CalendarPublished { calendar, scope, published_at });
        Ok(())
    }

    /// Those that were recorded until and at `known`.
    pub(crate) fn known(mut self, known: Timestamp) -> Self {
        self.0.retain(|calendar| calendar.published_at <= known);
        self
    }

    /// Whether some hold for less than everybody.
    pub(crate) fn is_scoped(&self) -> bool {
        self.0.iter().any(|calendar| calendar.scope != Scope::Network)
    }

    /// The one that holds for a learner of these scopes, the most specific first, and what became of
    /// the others.
    pub(crate) fn resolution(&self, path: &[Scope]) -> Resolution<'_, CalendarPublished> {
        let at = Timestamp::from_micros(i64::MAX);
        resolve(&self.0, &Question { name: "", path, at, began: None })
    }
}

/// Three columns: a document that was kept before there were scopes has the first alone.
#[derive(Clone, PartialEq, Message)]
struct State {
    #[prost(string, repeated, tag = "1")]
    documents: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    scopes: Vec<String>,
}

/// When each of them was recorded.
#[derive(Clone, PartialEq, Message)]
struct Extra {
    #[prost(sint64, repeated, tag = "1")]
    recorded_micros: Vec<i64>,
}

impl Shape for PacePlans {
    const NOUN: &'static str = "pace_plan";

    fn encode(&self) -> Document {
        let state = State {
            documents: self.0.iter().map(|it| it.calendar.canonical()).collect(),
            scopes: self.0.iter().map(|it| it.scope.to_string()).collect(),
        };
        let recorded_micros = self.0.iter().map(|it| it.published_at.micros()).collect();
        Document { state: state.encode_to_vec(), extra: Extra { recorded_micros }.encode_to_vec() }
    }

    /// A calendar that was kept before its scope and time were is taken for one that was always known
    /// and for everybody; a rebuild puts that right.
    fn decode(document: &Document) -> Result<Self, Malformed> {
        let broken = |why: &dyn std::fmt::Display| Malformed::new(Self::NOUN, why);
        let State { documents, scopes } =
            State::decode(&document.state[..]).map_err(|why| broken(&why))?;
        let extra = Extra::decode(&document.extra[..]).map_err(|why| broken(&why))?;
        let recorded = extra.recorded_micros.into_iter().map(Timestamp::from_micros);
        let (columns, ahead) = (scopes.len(), documents.len().checked_sub(scopes.len()));
        let ahead = ahead.filter(|_| recorded.len() == columns);
        let ahead = ahead.ok_or_else(|| broken(&"its columns differ in length"))?;
        let scopes = scopes.iter().map(|scope| scope.parse::<Scope>());
        let scopes = scopes.collect::<Result<Vec<_>, _>>().map_err(|why| broken(&why))?;
        let before = std::iter::repeat_n((Scope::Network, ALWAYS), ahead);
        let known = before.chain(scopes.into_iter().zip(recorded));
        let mut plans = Self::default();
        for (document, (scope, published_at)) in documents.iter().zip(known) {
            plans.publish(document, scope, published_at)?;
        }
        Ok(plans)
    }

    fn weight(&self) -> usize {
        let wanted = self.0.iter().flat_map(|it| &it.calendar.draft().terms);
        64 + 16 * wanted.map(|term| 16 + term.competencies.len()).sum::<usize>()
    }
}

#[cfg(test)]
mod tests;
