//! The demo region, and what must be the same wherever it was loaded.

use std::path::Path;

use serde_json::Value;

use crate::program::Program;

/// The demo region's tenant.
pub const TENANT: &str = "front-range";

/// The five contexts, in the order of the journey.
pub const CONTEXTS: [&str; 5] = ["registry", "evidence", "mastery", "credentials", "pathways"];

/// Client files of those who load and look at the region.
#[derive(Debug, Clone, Copy)]
pub struct Clients<'a> {
    /// A platform operator's.
    pub operator: &'a Path,
    /// An administrator's of the region.
    pub admin: &'a Path,
}

/// All that a user calls the state: of the region and of what belongs to all tenants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Context, number of documents and state hash: the region's five, then those of all tenants.
    pub contexts: Vec<(String, u64, String)>,
    /// How many evidence events there are: one for each item that was not a repeat.
    pub evidence_events: u64,
}

/// Waits until all is handled and asks for the state, as `northstar verify` prints it.
pub fn state(program: &Program, clients: Clients<'_>) -> State {
    let verify = |client: &Path| {
        let client = client.to_str().unwrap();
        program.json(["verify", "--settled", "-o", "json", "--client", client])
    };
    let (region, commons) = (verify(clients.admin), verify(clients.operator));
    let contexts = [&region, &commons].into_iter().flat_map(|state| {
        let contexts = state["contexts"].as_array().unwrap();
        assert_eq!(contexts.len(), CONTEXTS.len());
        contexts.iter().map(|one| {
            let name = one["context"].as_str().unwrap().to_owned();
            (name, one["documents"].as_u64().unwrap(), text(&one["state_hash"]))
        })
    });
    State {
        contexts: contexts.collect(),
        evidence_events: region["contexts"][1]["head_sequence"].as_u64().unwrap(),
    }
}

/// One line of an import's report: what it was, how many rows, and how many of them were refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The kind of row.
    pub what: String,
    /// Rows that changed something.
    pub changed: u64,
    /// Rows that were known already.
    pub unchanged: u64,
    /// Rows that were refused.
    pub refused: u64,
}

impl Counted {
    /// All rows, whatever became of them.
    pub fn rows(&self) -> u64 {
        self.changed + self.unchanged + self.refused
    }
}

/// The report that `dev` and `import demo` print.
pub fn report(printed: &Value) -> Vec<Counted> {
    let count = |one: &Value| Counted {
        what: text(&one["what"]),
        changed: one["changed"].as_u64().unwrap(),
        unchanged: one["unchanged"].as_u64().unwrap(),
        refused: one["refused"].as_u64().unwrap(),
    };
    printed["loaded"].as_array().unwrap().iter().map(count).collect()
}

/// A text within printed JSON.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Writes a client file: where each context is, `default` for the others, and as whom to come.
pub fn write_client(file: &Path, endpoints: &[(&str, String)], token: &str) {
    let mut text = format!("token = {token:?}\n[endpoints]\n");
    for (context, endpoint) in endpoints {
        text += &format!("{context} = {endpoint:?}\n");
    }
    std::fs::write(file, text).unwrap();
}
