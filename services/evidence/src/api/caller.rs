//! Who calls, and what evidence they may touch.

use northstar_chassis::{Principal, Role};
use northstar_eventlog::{Cause, Log, TenantLog};
use northstar_evidence_domain::{AssessorRole, Item, Refusal, Standing, Validator};
use northstar_kernel::{EvidenceId, LearnerId, PersonId};
use tonic::{Request, Status};

/// Roles that may record evidence about any learner of their tenant.
const STAFF: [Role; 6] = [
    Role::NetworkAdmin,
    Role::DistrictAdmin,
    Role::Teacher,
    Role::Validator,
    Role::Employer,
    Role::Integrator,
];

/// Roles that may sign off what somebody else judged.
const VALIDATORS: [Role; 2] = [Role::Validator, Role::Teacher];

/// Roles that may read evidence; the last two, of the learners their token names.
const READERS: [Role; 8] = [
    Role::NetworkAdmin,
    Role::DistrictAdmin,
    Role::Teacher,
    Role::Validator,
    Role::Employer,
    Role::Integrator,
    Role::Learner,
    Role::Guardian,
];

/// A verified caller, with their tenant's part of the log.
pub(super) struct Caller {
    pub(super) log: TenantLog,
    principal: Principal,
    staff: bool,
}

impl Caller {
    /// A caller who may write: staff, or a learner about themselves.
    ///
    /// Who is a guardian too may not: their token does not tell their own id from the child's.
    pub(super) fn writing<T>(log: &Log, request: &Request<T>) -> Result<Self, Status> {
        let caller = Self::of(log, request)?;
        if !caller.principal.has(Role::Learner) || caller.principal.has(Role::Guardian) {
            caller.principal.require(&STAFF)?;
        }
        Ok(caller)
    }

    /// A caller who may sign off what somebody else judged.
    pub(super) fn validating<T>(log: &Log, request: &Request<T>) -> Result<Self, Status> {
        let caller = Self::of(log, request)?;
        caller.principal.require(&VALIDATORS)?;
        Ok(caller)
    }

    /// The caller as one who signs off.
    pub(super) fn validator(&self) -> Validator {
        let id = self.principal.subject();
        let derived = || PersonId::derive(self.log.tenant(), id);
        Validator { id: id.to_owned(), person: id.parse().unwrap_or_else(|_| derived()) }
    }

    /// A caller who may read: whoever may write, and guardians.
    pub(super) fn reading<T>(log: &Log, request: &Request<T>) -> Result<Self, Status> {
        let caller = Self::of(log, request)?;
        caller.principal.require(&READERS)?;
        Ok(caller)
    }

    fn of<T>(log: &Log, request: &Request<T>) -> Result<Self, Status> {
        let principal = Principal::of(request)?;
        let log = log.tenant(&principal.scope()?);
        let staff = STAFF.iter().any(|role| principal.has(*role));
        Ok(Self { log, principal, staff })
    }

    /// What an event records about who made it happen.
    pub(super) fn cause(&self) -> Cause {
        self.principal.cause()
    }

    /// Demands that the caller may see a learner.
    pub(super) fn may_see(&self, learner: LearnerId) -> Result<(), Status> {
        self.principal.may_see(learner)
    }

    /// Whether the caller may see a learner.
    pub(super) fn sees(&self, learner: LearnerId) -> bool {
        self.principal.may_see(learner).is_ok()
    }

    /// Learners speak for themselves, as themselves.
    pub(super) fn may_state(&self, item: &Item) -> Result<(), Refusal> {
        self.may_speak(item.learner, item.assessor.role)
    }

    /// What a learner may not see is not there for them; what a teacher said of them is not theirs
    /// to change.
    pub(super) fn may_change(&self, id: EvidenceId, was: &Option<Standing>) -> Result<(), Refusal> {
        match was {
            Some(standing) if !self.sees(standing.observation.learner) => {
                Err(Refusal::EvidenceNotFound { evidence: id })
            }
            Some(standing) => {
                let observation = &standing.observation;
                self.may_speak(observation.learner, observation.assessor.role)
            }
            None => Ok(()),
        }
    }

    fn may_speak(&self, learner: LearnerId, role: AssessorRole) -> Result<(), Refusal> {
        if self.staff || (self.sees(learner) && role == AssessorRole::Themselves) {
            return Ok(());
        }
        Err(Refusal::SelfEvidenceOnly)
    }
}
