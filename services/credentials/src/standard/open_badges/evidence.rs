//! What a credential rests on, as a stranger may know it: that there was judged work, how much of it
//! counted, and a hash by which the issuer can show, to whom it may, which work that was.

use northstar_credentials_domain::award::MasteryEvent;
use northstar_credentials_domain::credential::Grounds;
use northstar_kernel::Digest;
use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
pub(super) struct EvidenceDocument {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    name: &'static str,
    narrative: String,
    genre: &'static str,
}

/// What is hashed: JSON with its members in this order and no white space, which is its canonical
/// form by RFC 8785.
#[derive(Serialize)]
struct Lineage {
    competency: String,
    decision: String,
    evidence: Vec<String>,
    policy: String,
}

/// The content-hash name of what a decision rests on. The decision's id cannot be guessed, so that
/// trying all the evidence there might be leads nowhere.
pub fn lineage(decision: MasteryEvent, grounds: &Grounds) -> String {
    let lineage = Lineage {
        competency: grounds.competency.to_string(),
        decision: decision.id.to_string(),
        evidence: grounds.evidence.iter().map(ToString::to_string).collect(),
        policy: grounds.policy_hash.clone(),
    };
    // Texts alone: they are always written.
    let json = serde_json::to_vec(&lineage).unwrap_or_default();
    format!("urn:sha256:{}", Digest::of(&json))
}

/// The evidence of the document; none where the decision names none.
pub(super) fn document(decision: MasteryEvent, grounds: &Grounds) -> Vec<EvidenceDocument> {
    let pieces = match grounds.evidence.len() {
        0 => return Vec::new(),
        1 => "One piece of judged work".to_owned(),
        several => format!("{several} pieces of judged work"),
    };
    let by = match grounds.policy_hash.as_str() {
        "" => String::new(),
        hash => format!(" by the mastery policy with SHA-256 {hash}"),
    };
    let stays = "The work itself stays with the issuer.";
    vec![EvidenceDocument {
        id: lineage(decision, grounds),
        kind: ["Evidence"],
        name: "Judged work behind the decision",
        narrative: format!("{pieces} counted towards the decision{by}. {stays}"),
        genre: "Assessment",
    }]
}
