//! The calendar of a framework: key = framework id.

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_mastery_domain::Calendar;
use prost::Message;

use crate::standard::read_pace_document;

/// The calendar that was last published for a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PacePlan(pub(crate) Calendar);

impl PacePlan {
    /// A calendar that was published once. What was withdrawn since then does not make it invalid.
    pub(crate) fn read(document: &str) -> Result<Self, Malformed> {
        let of = |why: &dyn std::fmt::Display| Malformed::new(Self::NOUN, why);
        let draft = read_pace_document(document).map_err(|why| of(&why))?;
        Calendar::new(draft, |_| true).map(Self).map_err(|why| of(&why))
    }
}

#[derive(Clone, PartialEq, Message)]
struct State {
    #[prost(string, tag = "1")]
    document: String,
}

impl Shape for PacePlan {
    const NOUN: &'static str = "pace_plan";

    fn encode(&self) -> Document {
        let state = State { document: self.0.canonical() };
        Document { state: state.encode_to_vec(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let state =
            State::decode(&document.state[..]).map_err(|why| Malformed::new(Self::NOUN, why))?;
        Self::read(&state.document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_wrote() {
        let id = "6b0a2f3e-0000-4000-8000-000000000001";
        let text = format!(
            r#"{{"framework":"{id}","terms":[{{"name":"autumn","begin":"2026-09-01",
                "end":"2026-12-18","competencies":["{id}"]}}]}}"#
        );
        let plan = PacePlan::read(&text).expect("a calendar");
        assert!(plan.0.canonical().starts_with(r#"{"buffer_milli":100,"#));
        assert_eq!(PacePlan::decode(&plan.encode()), Ok(plan));
    }

    #[test]
    fn bytes_that_make_no_sense_are_malformed() {
        let state = State { document: "{}".to_owned() }.encode_to_vec();
        assert!(PacePlan::decode(&Document { state, extra: Vec::new() }).is_err());
    }
}
