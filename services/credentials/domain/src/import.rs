//! Credentials of other issuers, taken in for a learner: kept as they came, accepted as evidence of
//! prior learning by somebody who judges, withdrawn when they no longer hold.

use northstar_kernel::{
    CompetencyId, CredentialId, Decider, EvidenceId, FrameworkId, LearnerId, TenantId, Timestamp,
};

use crate::credential::Person;
use crate::verified::Found;

/// A file under a learner's key; the domain does not look into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFile {
    /// The sixteen bytes of the key's UUID.
    pub key_id: [u8; 16],
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// A credential as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// What the file is: json, jws, png or svg.
    pub form: String,
    /// The file, byte for byte.
    pub file: SealedFile,
    /// Its SHA-256.
    pub digest: [u8; 32],
    /// The issuer's id.
    pub issuer: String,
    /// Name of what was achieved.
    pub name: String,
    /// From when on it holds.
    pub valid_from: Timestamp,
    /// What it is aligned to: each target's URL.
    pub alignments: Vec<String>,
    /// What verification came to.
    pub checks: Vec<Found>,
    /// An administrator's word for what could not be checked, a sealed text; `None` if all was.
    pub word: Option<String>,
    /// Who took it in.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// A judgement of what an imported credential shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The evidence that it becomes.
    pub evidence: EvidenceId,
    /// What it speaks of.
    pub competency: CompetencyId,
    /// The framework of that.
    pub framework: FrameworkId,
    /// The rung of the competency's scale, from 1.
    pub level: u32,
    /// What the rung counts as, in thousandths.
    pub score_milli: i64,
    /// Who judged, as their token names them.
    pub assessor: String,
    /// The role they judged in: teacher or validator.
    pub assessor_role: String,
    /// When it was so: from when on the credential holds.
    pub observed_at: Timestamp,
    /// When it was accepted.
    pub at: Timestamp,
}

/// What happened to an imported credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Which.
    pub import: CredentialId,
    /// Whose.
    pub learner: LearnerId,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It was taken in.
    Imported(Imported),
    /// It was accepted as evidence.
    Accepted(Acceptance),
    /// It counts no more, nor does the evidence that it became.
    Withdrawn {
        /// That evidence.
        evidence: Vec<EvidenceId>,
        /// Who, and why.
        by: Person,
        /// When.
        at: Timestamp,
    },
}

/// What is known of an imported credential.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// As it came; `None` if there is none.
    pub imported: Option<(LearnerId, Imported)>,
    /// What it was accepted as.
    pub accepted: Vec<Acceptance>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

/// Why something is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is none.
    #[error("there is no such imported credential")]
    NotFound,
    /// It was withdrawn, which is for good.
    #[error("this credential was withdrawn, which is for good")]
    Withdrawn,
    /// It was accepted at another level.
    #[error("it was accepted for this competency at level {0}: correct that evidence instead")]
    AcceptedOtherwise(u32),
}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound => "IMPORTED_CREDENTIAL_NOT_FOUND",
            Self::Withdrawn => "IMPORTED_CREDENTIAL_WITHDRAWN",
            Self::AcceptedOtherwise(_) => "IMPORTED_CREDENTIAL_ACCEPTED",
        }
    }

    fn kind(&self) -> northstar_kernel::Kind {
        match self {
            Self::NotFound => northstar_kernel::Kind::NotFound,
            Self::Withdrawn | Self::AcceptedOtherwise(_) => northstar_kernel::Kind::Precondition,
        }
    }
}

/// The evidence that an imported credential becomes for a competency: the same every time.
pub fn evidence_of(tenant: TenantId, import: CredentialId, competency: CompetencyId) -> EvidenceId {
    EvidenceId::derive(tenant, &format!("imported credential/{import}/{competency}"))
}

/// Whether one of these alignments names the competency: by its own URI, or by any address that ends
/// in its identifier, as those of the CASE service do.
pub fn names(alignments: &[String], competency: CompetencyId, uri: &str) -> bool {
    let id = competency.to_string();
    alignments.iter().any(|target| {
        let last = target.rsplit(['/', ':']).next().unwrap_or_default();
        (!uri.is_empty() && target == uri) || last.eq_ignore_ascii_case(&id)
    })
}

/// Decides about imported credentials; what is asked for is what would have happened.
#[derive(Debug)]
pub struct Imports;

impl Decider for Imports {
    type State = State;
    type Command = Event;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, mut command: Event) -> Result<Vec<Event>, Refusal> {
        let news = match &mut command.what {
            What::Imported(_) if state.withdrawn => return Err(Refusal::Withdrawn),
            What::Imported(_) => state.imported.is_none(),
            _ if state.imported.is_none() => return Err(Refusal::NotFound),
            What::Accepted(_) if state.withdrawn => return Err(Refusal::Withdrawn),
            What::Accepted(acceptance) => is_new(&state.accepted, acceptance)?,
            What::Withdrawn { evidence, .. } => {
                *evidence = state.accepted.iter().map(|accepted| accepted.evidence).collect();
                !state.withdrawn
            }
        };
        Ok(if news { vec![command] } else { Vec::new() })
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match &event.what {
            What::Imported(imported) => state.imported = Some((event.learner, imported.clone())),
            What::Accepted(acceptance) => state.accepted.push(acceptance.clone()),
            What::Withdrawn { .. } => state.withdrawn = true,
        }
        state
    }
}

fn is_new(accepted: &[Acceptance], acceptance: &Acceptance) -> Result<bool, Refusal> {
    let known = accepted.iter().find(|known| known.competency == acceptance.competency);
    match known {
        None => Ok(true),
        Some(known) if known.level == acceptance.level => Ok(false),
        Some(known) => Err(Refusal::AcceptedOtherwise(known.level)),
    }
}
