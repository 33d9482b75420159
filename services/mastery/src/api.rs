//! What callers may ask, and of whom.

mod advancement;
mod as_of;
mod calibration;
mod derivation;
mod dry_run;
mod follow;
mod kept;
mod missing;
mod not_found;
mod overrides;
mod overriding;
mod pace;
mod policy;
mod profile;
mod publication;
mod reached;
mod remembered;
mod rolled_up;
mod rollup;
mod says;
mod scope;
mod shown;
mod signer;

use async_trait::async_trait;
use futures::stream::BoxStream;
use northstar_chassis::server::Draining;
use northstar_chassis::{Principal, Role, status};
use northstar_eventlog::{Log, TenantLog};
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::mastery_service_server::MasteryService;
use tonic::{Request, Response, Status};

pub use follow::FollowPace;

use self::as_of::Times;
use self::remembered::Remembered;
use crate::projection::LevelKey;

/// Who may say by which rule mastery is held.
const RULERS: [Role; 2] = [Role::NetworkAdmin, Role::DistrictAdmin];
/// Who may compare those who judge.
const CALIBRATORS: [Role; 3] = [Role::NetworkAdmin, Role::DistrictAdmin, Role::Validator];
/// Who may hear of every learner's changes.
const FOLLOWERS: [Role; 5] =
    [Role::Integrator, Role::NetworkAdmin, Role::DistrictAdmin, Role::Teacher, Role::Service];

/// Answers the calls of `MasteryService`.
pub(crate) struct Api {
    log: Log,
    pace: FollowPace,
    remembered: Remembered,
}

impl Api {
    pub(crate) fn new(log: Log, pace: FollowPace) -> Self {
        Self { log, pace, remembered: Remembered::default() }
    }

    fn tenant(&self, caller: &Principal) -> Result<TenantLog, Status> {
        Ok(self.log.tenant(&caller.scope()?))
    }
}

#[async_trait]
impl MasteryService for Api {
    type FollowMasteryEventsStream =
        BoxStream<'static, Result<wire::FollowMasteryEventsResponse, Status>>;
    type DryRunPolicyStream = dry_run::Answers<wire::DryRunPolicyResponse>;
    type DryRunRollupStream = dry_run::Answers<wire::DryRunRollupResponse>;

    async fn publish_policy(
        &self,
        request: Request<wire::PublishPolicyRequest>,
    ) -> Result<Response<wire::PublishPolicyResponse>, Status> {
        let caller = Principal::of(&request)?;
        caller.require(&RULERS)?;
        let log = self.tenant(&caller)?;
        policy::publish(&log, caller.cause(), request.into_inner()).await.map(Response::new)
    }

    async fn dry_run_policy(
        &self,
        request: Request<wire::DryRunPolicyRequest>,
    ) -> Result<Response<Self::DryRunPolicyStream>, Status> {
        let caller = Principal::of(&request)?;
        caller.require(&RULERS)?;
        let log = self.tenant(&caller)?;
        dry_run::policy(log, request.into_inner()).await.map(Response::new)
    }

    async fn get_policy(
        &self,
        request: Request<wire::GetPolicyRequest>,
    ) -> Result<Response<wire::GetPolicyResponse>, Status> {
        let caller = Principal::of(&request)?;
        let asked = request.get_ref();
        let learner = match asked.learner_id.as_str() {
            "" => None,
            text => Some(id("learner_id", text)?),
        };
        learner.map(|learner| caller.may_see(learner)).transpose()?;
        policy::get(&self.tenant(&caller)?, learner, asked).await.map(Response::new)
    }

    async fn get_profile(
        &self,
        request: Request<wire::GetProfileRequest>,
    ) -> Result<Response<wire::GetProfileResponse>, Status> {
        let caller = Principal::of(&request)?;
        let learner = id("learner_id", &request.get_ref().learner_id)?;
        caller.may_see(learner)?;
        let asked = request.get_ref();
        let times = Times::read(asked.as_of.as_ref(), asked.known_at.as_ref())?;
        let log = self.tenant(&caller)?;
        let mut entries = profile::of(&log, &self.remembered, learner, times).await?;
        advancement::give_reasons(&caller, &log, learner, &mut entries).await?;
        Ok(Response::new(wire::GetProfileResponse { entries }))
    }

    async fn get_derivation(
        &self,
        request: Request<wire::GetDerivationRequest>,
    ) -> Result<Response<wire::GetDerivationResponse>, Status> {
        let caller = Principal::of(&request)?;
        let asked = request.get_ref();
        let learner = id("learner_id", &asked.learner_id)?;
        caller.may_see(learner)?;
        let key = LevelKey { learner, competency: id("competency_id", &asked.competency_id)? };
        let times = Times::read(asked.as_of.as_ref(), asked.known_at.as_ref())?;
        let log = self.tenant(&caller)?;
        let mut found = derivation::of(&log, key, &asked.policy_name, times).await?;
        let entry = found.entry.as_mut_slice();
        advancement::give_reasons(&caller, &log, learner, entry).await?;
        Ok(Response::new(found))
    }

    async fn get_calibration(
        &self,
        request: Request<wire::GetCalibrationRequest>,
    ) -> Result<Response<wire::GetCalibrationResponse>, Status> {
        let caller = Principal::of(&request)?;
        caller.require(&CALIBRATORS)?;
        calibration::of(&self.tenant(&caller)?, request.get_ref()).await.map(Response::new)
    }

    async fn publish_rollup(
        &self,
        request: Request<wire::PublishRollupRequest>,
    ) -> Result<Response<wire::PublishRollupResponse>, Status> {
        let caller = Principal::of(&request)?;
        caller.require(&RULERS)?;
        let log = self.tenant(&caller)?;
        rollup::publish(&log, caller.cause(), request.get_ref()).await.map(Response::new)
    }

    async fn dry_run_rollup(
        &self,
        request: Request<wire::DryRunRollupRequest>,
    ) -> Result<Response<Self::DryRunRollupStream>, Status> {
        let caller = Principal::of(&request)?;
        caller.require(&RULERS)?;
        let log = self.tenant(&caller)?;
        dry_run::rollup(log, request.into_inner()).await.map(Response::new)
    }

    async fn get_rollup(
        &self,
        request: Request<wire::GetRollupRequest>,
    ) -> Result<Response<wire::GetRollupResponse>, Status> {
        let log = self.tenant(&Principal::of(&request)?)?;
        rollup::get(&log, request.get_ref()).await.map(Response::new)
    }

    async fn get_missing(
        &self,
        request: Request<wire::GetMissingRequest>,
    ) -> Result<Response<wire::GetMissingResponse>, Status> {
        let caller = Principal::of(&request)?;
        let asked = request.get_ref();
        let learner = id("learner_id", &asked.learner_id)?;
        caller.may_see(learner)?;
        let competency = id("competency_id", &asked.competency_id)?;
        let times = Times::read(asked.as_of.as_ref(), asked.known_at.as_ref())?;
        let log = self.tenant(&caller)?;
        missing::of(&log, learner, competency, times).await.map(Response::new)
    }

    async fn publish_pace_plan(
        &self,
        request: Request<wire::PublishPacePlanRequest>,
    ) -> Result<Response<wire::PublishPacePlanResponse>, Status> {
        let caller = Principal::of(&request)?;
        caller.require(&RULERS)?;
        let log = self.tenant(&caller)?;
        pace::publish(&log, caller.cause(), request.get_ref()).await.map(Response::new)
    }

    async fn get_pace(
        &self,
        request: Request<wire::GetPaceRequest>,
    ) -> Result<Response<wire::GetPaceResponse>, Status> {
        let caller = Principal::of(&request)?;
        let asked = request.get_ref();
        let learner = id("learner_id", &asked.learner_id)?;
        caller.may_see(learner)?;
        let framework = id("framework_id", &asked.framework_id)?;
        let times = Times::read(asked.as_of.as_ref(), asked.known_at.as_ref())?;
        let log = self.tenant(&caller)?;
        pace::get(&log, learner, framework, times).await.map(Response::new)
    }

    async fn follow_mastery_events(
        &self,
        request: Request<wire::FollowMasteryEventsRequest>,
    ) -> Result<Response<Self::FollowMasteryEventsStream>, Status> {
        let caller = Principal::of(&request)?;
        caller.require(&FOLLOWERS)?;
        let log = self.tenant(&caller)?;
        let after = request.get_ref().after_sequence;
        let draining = Draining::of(&request);
        follow::follow(log, after, self.pace, draining).await.map(Response::new)
    }

    async fn set_override(
        &self,
        request: Request<wire::SetOverrideRequest>,
    ) -> Result<Response<wire::SetOverrideResponse>, Status> {
        let caller = Principal::of(&request)?;
        let log = self.tenant(&caller)?;
        overriding::set(&caller, &log, request.into_inner()).await.map(Response::new)
    }

    async fn confirm_override(
        &self,
        request: Request<wire::ConfirmOverrideRequest>,
    ) -> Result<Response<wire::ConfirmOverrideResponse>, Status> {
        let caller = Principal::of(&request)?;
        let log = self.tenant(&caller)?;
        overriding::confirm(&caller, &log, request.into_inner()).await.map(Response::new)
    }

    async fn revoke_override(
        &self,
        request: Request<wire::RevokeOverrideRequest>,
    ) -> Result<Response<wire::RevokeOverrideResponse>, Status> {
        let caller = Principal::of(&request)?;
        let log = self.tenant(&caller)?;
        overriding::revoke(&caller, &log, request.into_inner()).await.map(Response::new)
    }

    async fn list_overrides(
        &self,
        request: Request<wire::ListOverridesRequest>,
    ) -> Result<Response<wire::ListOverridesResponse>, Status> {
        let caller = Principal::of(&request)?;
        let asked = request.get_ref();
        let learner = id("learner_id", &asked.learner_id)?;
        caller.may_see(learner)?;
        let competency = Some(&asked.competency_id).filter(|text| !text.is_empty());
        let competency = competency.map(|text| id("competency_id", text)).transpose()?;
        let log = self.tenant(&caller)?;
        let with_reasons = signer::reads_reasons(&caller);
        overrides::list(&log, learner, competency, with_reasons).await.map(Response::new)
    }

    async fn advance_learner(
        &self,
        request: Request<wire::AdvanceLearnerRequest>,
    ) -> Result<Response<wire::AdvanceLearnerResponse>, Status> {
        let caller = Principal::of(&request)?;
        let log = self.tenant(&caller)?;
        advancement::advance(&caller, &log, request.into_inner()).await.map(Response::new)
    }
}

/// The id in a field of a request.
fn id<T: std::str::FromStr<Err: std::fmt::Display>>(field: &str, text: &str) -> Result<T, Status> {
    text.parse().map_err(|why: T::Err| status::invalid("FIELD_INVALID", field, &why.to_string()))
}
