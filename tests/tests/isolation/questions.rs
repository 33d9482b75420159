//! What somebody may ask about things that are another's, RPC by RPC. None of it is granted, so that
//! the same can be asked again and again.

use northstar_chassis::Role;
use northstar_wire::credentials::v1 as credentials;
use northstar_wire::evidence::v1 as evidence;
use northstar_wire::evidence::v1::record_evidence_batch_request::Command;
use northstar_wire::mastery::v1 as mastery;
use northstar_wire::pathways::v1 as pathways;
use northstar_wire::platform::v1 as platform;
use northstar_wire::registry::v1 as registry;
use prost::Message;

use crate::authored;
use crate::beside;
use crate::rpc::{CONTEXTS, CREDENTIALS, EVIDENCE, LOG, MASTERY, PATHWAYS, REGISTRY, Rpc};
use crate::tenant::Names;

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) rpc: Rpc,
    pub(crate) role: Role,
    pub(crate) messages: Vec<Vec<u8>>,
}

pub(crate) fn ask(rpc: Rpc, message: impl Message) -> Question {
    Question { rpc, role: Role::NetworkAdmin, messages: vec![message.encode_to_vec()] }
}

fn ask_all<M: Message>(rpc: Rpc, messages: &[M]) -> Question {
    let messages = messages.iter().map(M::encode_to_vec).collect();
    Question { rpc, role: Role::NetworkAdmin, messages }
}

/// Everything that somebody of `own` may try on what is `theirs`; `events` is how many mastery events
/// `own` has.
pub(crate) fn all(own: &Names, theirs: &Names, events: u64) -> Vec<Question> {
    let mut questions = registry(own, theirs);
    questions.extend(evidence(own, theirs));
    questions.extend(mastery(own, theirs, events));
    questions.extend(credentials(own, theirs));
    questions.extend(earned(own, theirs));
    questions.extend(consents(own, theirs));
    questions.extend(beside::questions(own, theirs));
    questions.extend(pathways(own, theirs));
    questions.extend(log());
    questions
}

fn registry(own: &Names, theirs: &Names) -> Vec<Question> {
    let tenant = registry::CreateTenantRequest {
        slug: theirs.slug.to_owned(),
        name: "Taken over".to_owned(),
    };
    // Refused as a whole: nothing in it is of this tenant, and it ends too early.
    let mut package = authored::framework(theirs, "Taken over");
    package.chunk.truncate(package.chunk.len() - 1);
    let framework = |id: &str| registry::GetFrameworkRequest { framework_id: id.to_owned() };
    let learner = |id: &str| registry::GetLearnerRequest { learner_id: id.to_owned() };
    vec![
        ask((REGISTRY, "CreateTenant"), tenant),
        ask((REGISTRY, "ImportFramework"), package),
        ask_all((REGISTRY, "ImportRoster"), &authored::roster_into(theirs)),
        ask((REGISTRY, "ListFrameworks"), registry::ListFrameworksRequest {}),
        ask((REGISTRY, "GetFramework"), framework(&theirs.framework)),
        ask((REGISTRY, "GetFramework"), framework(&own.framework)),
        ask((REGISTRY, "GetLearner"), learner(&theirs.ana)),
        ask((REGISTRY, "GetLearner"), learner(&own.ana)),
        ask((REGISTRY, "ListLearners"), registry::ListLearnersRequest::default()),
    ]
}

/// Items in which something is `theirs`.
fn items(own: &Names, theirs: &Names) -> [evidence::EvidenceItem; 4] {
    [
        evidence::EvidenceItem { learner_id: theirs.ana.clone(), ..own.item(2, 0) },
        evidence::EvidenceItem { competency_id: theirs.competency.clone(), ..own.item(2, 0) },
        evidence::EvidenceItem { criterion_id: theirs.criterion.clone(), ..own.item(2, 0) },
        theirs.item(2, 0),
    ]
}

fn evidence(own: &Names, theirs: &Names) -> Vec<Question> {
    // One that they have used.
    let request_id = format!("{}-ana-0", theirs.slug);
    let record = |item: &evidence::EvidenceItem| evidence::RecordEvidenceRequest {
        request_id: request_id.clone(),
        item: Some(item.clone()),
    };
    let correct = |id: &str, item: &evidence::EvidenceItem| evidence::CorrectEvidenceRequest {
        request_id: request_id.clone(),
        evidence_id: id.to_owned(),
        item: Some(item.clone()),
    };
    let retract = evidence::RetractEvidenceRequest {
        request_id: request_id.clone(),
        evidence_id: theirs.evidence.clone(),
        reason: "other".to_owned(),
    };
    let validate = evidence::ValidateEvidenceRequest {
        request_id: request_id.clone(),
        evidence_id: theirs.evidence.clone(),
    };
    let get = |id: &str| evidence::GetEvidenceRequest { evidence_id: id.to_owned() };
    let list = |learner: &str, competency: &str, page: &str| evidence::ListEvidenceRequest {
        learner_id: learner.to_owned(),
        competency_id: competency.to_owned(),
        page_token: page.to_owned(),
        page_size: 0,
    };
    let items = items(own, theirs);
    let mut questions: Vec<_> =
        items.iter().map(|item| ask((EVIDENCE, "RecordEvidence"), record(item))).collect();
    let corrections = items.iter().map(|item| correct(&own.evidence, item));
    let corrections = corrections.chain([correct(&theirs.evidence, &own.item(2, 0))]);
    questions.extend(corrections.map(|correct| ask((EVIDENCE, "CorrectEvidence"), correct)));
    let mut commands: Vec<_> = items.iter().map(|item| Command::Record(record(item))).collect();
    commands.extend(items.iter().map(|item| {
        let (source_key, item) = (request_id.clone(), Some(item.clone()));
        Command::Restate(evidence::RestateEvidenceRequest { source_key, item })
    }));
    commands.push(Command::Correct(correct(&theirs.evidence, &own.item(2, 0))));
    commands.push(Command::Retract(retract.clone()));
    let numbered = |(item_number, command)| evidence::RecordEvidenceBatchRequest {
        item_number,
        command: Some(command),
    };
    let batch: Vec<_> = (1..).zip(commands).map(numbered).collect();
    questions.extend([
        ask_all((EVIDENCE, "RecordEvidenceBatch"), &batch),
        Question { role: Role::Validator, ..ask((EVIDENCE, "ValidateEvidence"), validate) },
        ask((EVIDENCE, "RetractEvidence"), retract),
        ask((EVIDENCE, "GetEvidence"), get(&theirs.evidence)),
        ask((EVIDENCE, "GetEvidence"), get(&own.evidence)),
        ask((EVIDENCE, "ListEvidence"), list(&theirs.ana, "", "")),
        ask((EVIDENCE, "ListEvidence"), list(&theirs.ana, "", &theirs.pages[1])),
        ask((EVIDENCE, "ListEvidence"), list(&own.ana, &theirs.competency, "")),
        ask((EVIDENCE, "ListEvidence"), list(&own.ana, "", "")),
    ]);
    questions
}

fn mastery(own: &Names, theirs: &Names, events: u64) -> Vec<Question> {
    let follow = |after_sequence| mastery::FollowMasteryEventsRequest { after_sequence };
    let dry_run = |policy| mastery::DryRunPolicyRequest { policy: Some(policy) };
    let dry_run_rollup = |rollup| mastery::DryRunRollupRequest { rollup: Some(rollup) };
    let policy =
        |id: &str| mastery::GetPolicyRequest { framework_id: id.to_owned(), ..Default::default() };
    let policy_for = |id: &str| mastery::GetPolicyRequest {
        learner_id: id.to_owned(),
        ..policy(&own.framework)
    };
    let calendar_for = |scope: &str| mastery::PublishPacePlanRequest {
        scope: scope.to_owned(),
        ..own.calendar_of(&own.competency)
    };
    let scoped = |scope: &str| mastery::PublishPolicyRequest {
        scope: scope.to_owned(),
        ..own.policy_by("mean")
    };
    let profile =
        |id: &str| mastery::GetProfileRequest { learner_id: id.to_owned(), ..Default::default() };
    let calibration = |of: &Names| mastery::GetCalibrationRequest {
        competency_id: of.competency.clone(),
        ..Default::default()
    };
    // As of an instant, so that the answer is always the same.
    let derivation = |of: &Names| mastery::GetDerivationRequest {
        learner_id: of.ana.clone(),
        competency_id: of.competency.clone(),
        as_of: Some(prost_types::Timestamp { seconds: 1_772_323_200, nanos: 0 }),
        ..Default::default()
    };
    // Nobody of either tenant who asks here is the second signer.
    let confirm = |id: &str| mastery::ConfirmOverrideRequest { override_id: id.to_owned() };
    let revoke = |id: &str| mastery::RevokeOverrideRequest {
        override_id: id.to_owned(),
        reason: "asked".to_owned(),
    };
    let overrides = |id: &str| mastery::ListOverridesRequest {
        learner_id: id.to_owned(),
        competency_id: String::new(),
    };
    let advance = |learner: &str, competency: &str| mastery::AdvanceLearnerRequest {
        learner_id: learner.to_owned(),
        competency_id: competency.to_owned(),
        reason: String::new(),
    };
    let rollup = |of: &Names| mastery::GetRollupRequest { framework_id: of.framework.clone() };
    let missing = |who: &Names, of: &Names| mastery::GetMissingRequest {
        learner_id: who.ana.clone(),
        competency_id: of.competency.clone(),
        as_of: Some(prost_types::Timestamp { seconds: 1_772_323_200, nanos: 0 }),
        known_at: None,
    };
    let pace = |who: &Names, of: &Names| mastery::GetPaceRequest {
        learner_id: who.ana.clone(),
        framework_id: of.framework.clone(),
        as_of: Some(prost_types::Timestamp { seconds: 1_772_323_200, nanos: 0 }),
        known_at: None,
    };
    vec![
        // No such method: it must be refused for that, whosever the framework is.
        ask((MASTERY, "PublishPolicy"), theirs.policy_by("guess")),
        ask((MASTERY, "DryRunPolicy"), dry_run(theirs.policy_by("guess"))),
        ask((MASTERY, "DryRunPolicy"), dry_run(own.policy_by("highest"))),
        ask((MASTERY, "DryRunPolicy"), dry_run(scoped(&theirs.school))),
        ask((MASTERY, "PublishPolicy"), scoped(&theirs.school)),
        ask((MASTERY, "PublishPolicy"), scoped(&theirs.class)),
        ask((MASTERY, "GetPolicy"), policy(&theirs.framework)),
        ask((MASTERY, "GetPolicy"), policy(&own.framework)),
        ask((MASTERY, "GetPolicy"), policy_for(&theirs.ana)),
        ask((MASTERY, "GetPolicy"), policy_for(&own.ana)),
        ask((MASTERY, "GetProfile"), profile(&theirs.ana)),
        ask((MASTERY, "GetProfile"), profile(&own.ana)),
        ask((MASTERY, "GetDerivation"), derivation(theirs)),
        ask((MASTERY, "GetDerivation"), derivation(own)),
        ask((MASTERY, "SetOverride"), own.set_override(&theirs.competency)),
        ask((MASTERY, "ConfirmOverride"), confirm(&theirs.overriding)),
        ask((MASTERY, "ConfirmOverride"), confirm(&own.overriding)),
        ask((MASTERY, "RevokeOverride"), revoke(&theirs.overriding)),
        ask((MASTERY, "ListOverrides"), overrides(&theirs.ana)),
        ask((MASTERY, "ListOverrides"), overrides(&own.ana)),
        ask((MASTERY, "AdvanceLearner"), advance(&own.ana, &theirs.competency)),
        ask((MASTERY, "AdvanceLearner"), advance(&theirs.ana, &own.competency)),
        ask((MASTERY, "GetCalibration"), mastery::GetCalibrationRequest::default()),
        ask((MASTERY, "GetCalibration"), calibration(theirs)),
        ask((MASTERY, "GetCalibration"), calibration(own)),
        // Rules for what is theirs, or over it: nothing of the kind is known here.
        ask((MASTERY, "PublishRollup"), theirs.rollup_over(&theirs.competency)),
        ask((MASTERY, "PublishRollup"), own.rollup_over(&theirs.competency)),
        ask((MASTERY, "DryRunRollup"), dry_run_rollup(theirs.rollup_over(&theirs.competency))),
        ask((MASTERY, "DryRunRollup"), dry_run_rollup(own.rollup_over(&theirs.competency))),
        ask((MASTERY, "DryRunRollup"), dry_run_rollup(own.rollup_over(&own.competency))),
        ask((MASTERY, "GetRollup"), rollup(theirs)),
        ask((MASTERY, "GetRollup"), rollup(own)),
        ask((MASTERY, "GetMissing"), missing(theirs, theirs)),
        ask((MASTERY, "GetMissing"), missing(own, theirs)),
        ask((MASTERY, "GetMissing"), missing(theirs, own)),
        ask((MASTERY, "GetMissing"), missing(own, own)),
        ask((MASTERY, "PublishPacePlan"), theirs.calendar_of(&theirs.competency)),
        ask((MASTERY, "PublishPacePlan"), own.calendar_of(&theirs.competency)),
        ask((MASTERY, "PublishPacePlan"), calendar_for(&theirs.school)),
        ask((MASTERY, "PublishPacePlan"), calendar_for(&theirs.class)),
        ask((MASTERY, "GetPace"), pace(theirs, theirs)),
        ask((MASTERY, "GetPace"), pace(own, theirs)),
        ask((MASTERY, "GetPace"), pace(theirs, own)),
        ask((MASTERY, "GetPace"), pace(own, own)),
        ask((MASTERY, "FollowMasteryEvents"), follow(0)),
        ask((MASTERY, "FollowMasteryEvents"), follow(events)),
        ask((MASTERY, "FollowMasteryEvents"), follow(events + 1)),
    ]
}

fn credentials(own: &Names, theirs: &Names) -> Vec<Question> {
    let get = |id: &str| credentials::GetCredentialRequest { credential_id: id.to_owned() };
    let list = |learner: &str| credentials::ListCredentialsRequest {
        learner_id: learner.to_owned(),
        ..Default::default()
    };
    let verify = |jws: &str| credentials::VerifyCredentialRequest {
        compact_jws: jws.to_owned(),
        ..Default::default()
    };
    // Without a reason nothing is done, whoever's it is.
    let none = String::new;
    let hold =
        |id: &str| credentials::HoldCredentialRequest { credential_id: id.into(), reason: none() };
    let release = |id: &str| credentials::ReleaseCredentialRequest {
        credential_id: id.into(),
        reason: none(),
    };
    let revoke = |id: &str| credentials::RevokeCredentialRequest {
        credential_id: id.into(),
        reason: none(),
    };
    let explain = |id: &str| credentials::ExplainCredentialRequest { credential_id: id.to_owned() };
    let resting = |id: &str| credentials::ListCredentialsByEvidenceRequest {
        evidence_id: id.to_owned(),
        ..Default::default()
    };
    let rotate = credentials::RotateIssuerKeyRequest { key_name: "ed-1999-01".to_owned() };
    let key_name = "ed-1999-01".to_owned();
    let compromise = credentials::CompromiseIssuerKeyRequest { key_name, from: None };
    let taken_over = credentials::Achievement {
        achievement_id: theirs.achievement.clone(),
        ..own.achievement("asked")
    };
    vec![
        ask(
            (CREDENTIALS, "DefineAchievement"),
            credentials::DefineAchievementRequest { achievement: Some(taken_over) },
        ),
        ask((CREDENTIALS, "ListAchievements"), credentials::ListAchievementsRequest {}),
        ask((CREDENTIALS, "GetCredential"), get(&theirs.credential)),
        ask((CREDENTIALS, "GetCredential"), get(&own.credential)),
        ask((CREDENTIALS, "ListCredentials"), list(&theirs.ana)),
        ask((CREDENTIALS, "ListCredentials"), list(&own.ana)),
        ask((CREDENTIALS, "ListCredentials"), list("")),
        ask((CREDENTIALS, "VerifyCredential"), verify(&theirs.jws)),
        ask((CREDENTIALS, "VerifyCredential"), verify(&own.jws)),
        ask((CREDENTIALS, "GetIssuer"), credentials::GetIssuerRequest {}),
        ask((CREDENTIALS, "RotateIssuerKey"), rotate),
        ask((CREDENTIALS, "CompromiseIssuerKey"), compromise),
        ask((CREDENTIALS, "HoldCredential"), hold(&theirs.credential)),
        ask((CREDENTIALS, "HoldCredential"), hold(&own.credential)),
        ask((CREDENTIALS, "ReleaseCredential"), release(&theirs.credential)),
        ask((CREDENTIALS, "ReleaseCredential"), release(&own.credential)),
        ask((CREDENTIALS, "RevokeCredential"), revoke(&theirs.credential)),
        ask((CREDENTIALS, "RevokeCredential"), revoke(&own.credential)),
        ask((CREDENTIALS, "ExplainCredential"), explain(&theirs.credential)),
        ask((CREDENTIALS, "ExplainCredential"), explain(&own.credential)),
        ask((CREDENTIALS, "ListCredentialsByEvidence"), resting(&theirs.evidence)),
        ask((CREDENTIALS, "ListCredentialsByEvidence"), resting(&own.evidence)),
        ask((CREDENTIALS, "GetStatusList"), credentials::GetStatusListRequest { list: 0 }),
        ask((CREDENTIALS, "SetReviewWindow"), credentials::SetReviewWindowRequest { days: 366 }),
    ]
}

/// What another's learners may be given, or said to have.
fn earned(own: &Names, theirs: &Names) -> Vec<Question> {
    let issue = |learner: &str, achievement: &str| credentials::IssueCredentialRequest {
        learner_id: learner.to_owned(),
        achievement_id: achievement.to_owned(),
        reason: String::new(),
    };
    let listed = credentials::SetRevocationListRequest { published: true };
    let state = |learner: &str| credentials::StateFactRequest {
        learner_id: learner.to_owned(),
        ..Default::default()
    };
    vec![
        ask((CREDENTIALS, "IssueCredential"), issue(&theirs.ana, &own.achievement)),
        ask((CREDENTIALS, "IssueCredential"), issue(&own.ana, &theirs.achievement)),
        ask((CREDENTIALS, "IssueCredential"), issue(&own.ana, &own.achievement)),
        // What has no name is not stated, whoever it is of.
        ask((CREDENTIALS, "StateFact"), state(&theirs.ana)),
        ask((CREDENTIALS, "StateFact"), state(&own.ana)),
        // As it is already.
        ask((CREDENTIALS, "SetRevocationList"), listed),
        ask((CREDENTIALS, "GetRevocationList"), credentials::GetRevocationListRequest {}),
    ]
}

/// What somebody may let others see of another's learners, or shut them out of.
fn consents(own: &Names, theirs: &Names) -> Vec<Question> {
    let share =
        |id: &str| credentials::ShareCredentialRequest { credential_id: id.into(), until: None };
    let withdraw = |id: &str| credentials::WithdrawShareRequest { share_id: id.into() };
    let offer = |id: &str| credentials::OfferToWalletRequest { learner_id: id.into() };
    let wallets = |id: &str| credentials::ListWalletsRequest { learner_id: id.into() };
    let shut_out = |id: &str| credentials::WithdrawWalletRequest { wallet_id: id.into() };
    let shares = |id: &str| credentials::ListSharesRequest { credential_id: id.into() };
    let credential_id = theirs.credential.clone();
    let disclosable = credentials::IssueDisclosableRequest { credential_id: credential_id.clone() };
    let (members, audience) = (Vec::new(), "somebody".into());
    let disclose = credentials::DiscloseCredentialRequest { credential_id, members, audience };
    vec![
        // Without an end nothing is shown, whoever's it is.
        ask((CREDENTIALS, "ShareCredential"), share(&theirs.credential)),
        ask((CREDENTIALS, "ShareCredential"), share(&own.credential)),
        ask((CREDENTIALS, "WithdrawShare"), withdraw(&theirs.credential)),
        ask((CREDENTIALS, "ListShares"), shares(&theirs.credential)),
        ask((CREDENTIALS, "ListShares"), shares(&own.credential)),
        ask((CREDENTIALS, "OfferToWallet"), offer(&theirs.ana)),
        ask((CREDENTIALS, "ListWallets"), wallets(&theirs.ana)),
        ask((CREDENTIALS, "ListWallets"), wallets(&own.ana)),
        ask((CREDENTIALS, "WithdrawWallet"), shut_out(&theirs.credential)),
        ask((CREDENTIALS, "IssueDisclosable"), disclosable),
        ask((CREDENTIALS, "DiscloseCredential"), disclose),
    ]
}

fn pathways(own: &Names, theirs: &Names) -> Vec<Question> {
    let rank = |id: &str| pathways::RankOccupationsRequest {
        learner_id: id.to_owned(),
        region_code: "0800000".to_owned(),
        limit: 0,
    };
    vec![
        ask_all((PATHWAYS, "ImportReference"), &authored::reference([own, theirs])),
        ask((PATHWAYS, "ListRegions"), pathways::ListRegionsRequest {}),
        ask((PATHWAYS, "RankOccupations"), rank(&theirs.ana)),
        ask((PATHWAYS, "RankOccupations"), rank(&own.ana)),
    ]
}

/// A log is named by context and shard, never by tenant. What concerns all tenants is refused to
/// whoever comes for one of them, whatever else their token says.
fn log() -> Vec<Question> {
    let mut questions = Vec::new();
    for context in CONTEXTS.map(str::to_owned) {
        let read = platform::ReadLogRequest { context: context.clone(), ..Default::default() };
        let rebuild =
            platform::RebuildRequest { context: context.clone(), workers: 1, batch_size: 100 };
        let progress = platform::GetProgressRequest { context: context.clone() };
        let hash = platform::GetStateHashRequest { context };
        let (read, rebuild) = (ask((LOG, "ReadLog"), read), ask((LOG, "Rebuild"), rebuild));
        questions.extend([
            Question { role: Role::Service, ..read.clone() },
            Question { role: Role::PlatformOperator, ..rebuild.clone() },
            read,
            rebuild,
            ask((LOG, "GetProgress"), progress),
            ask((LOG, "GetStateHash"), hash),
        ]);
    }
    questions
}
