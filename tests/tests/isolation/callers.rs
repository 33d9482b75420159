//! Who may come in at all, and which roles may call what.

use northstar_chassis::Role;
use northstar_kernel::TenantId;
use tonic::Code;

use crate::rpc::{self, CREDENTIALS, EVIDENCE, LOG, MASTERY, PATHWAYS, REGISTRY, Rpc, name};
use crate::world::World;

use Role::{
    DistrictAdmin, Employer, Guardian, Integrator, Learner, NetworkAdmin, PlatformOperator,
    Service, Teacher, Validator,
};

/// Who may call each RPC for their tenant. Nobody who comes for one tenant may call what concerns
/// them all.
const FOR_A_TENANT: [(Rpc, &[Role]); 78] = [
    ((REGISTRY, "CreateTenant"), NOBODY),
    ((REGISTRY, "ImportFramework"), IMPORTERS),
    ((REGISTRY, "ImportRoster"), IMPORTERS),
    ((REGISTRY, "ListFrameworks"), ALL_BUT_SERVICES),
    ((REGISTRY, "GetFramework"), ALL_BUT_SERVICES),
    ((REGISTRY, "GetLearner"), ALL_BUT_SERVICES),
    (
        (REGISTRY, "ListLearners"),
        &[PlatformOperator, NetworkAdmin, DistrictAdmin, Teacher, Validator, Integrator],
    ),
    ((EVIDENCE, "RecordEvidence"), WRITERS),
    ((EVIDENCE, "RecordEvidenceBatch"), WRITERS),
    ((EVIDENCE, "CorrectEvidence"), WRITERS),
    ((EVIDENCE, "ValidateEvidence"), &[Teacher, Validator]),
    ((EVIDENCE, "RetractEvidence"), WRITERS),
    ((EVIDENCE, "GetEvidence"), EVIDENCE_READERS),
    ((EVIDENCE, "ListEvidence"), EVIDENCE_READERS),
    ((MASTERY, "PublishPolicy"), ADMINS),
    ((MASTERY, "DryRunPolicy"), ADMINS),
    ((MASTERY, "GetPolicy"), &Role::ALL),
    ((MASTERY, "GetProfile"), &Role::ALL),
    ((MASTERY, "GetDerivation"), &Role::ALL),
    ((MASTERY, "PublishRollup"), ADMINS),
    ((MASTERY, "DryRunRollup"), ADMINS),
    ((MASTERY, "GetRollup"), &Role::ALL),
    ((MASTERY, "GetMissing"), &Role::ALL),
    ((MASTERY, "PublishPacePlan"), ADMINS),
    ((MASTERY, "GetPace"), &Role::ALL),
    ((MASTERY, "GetCalibration"), &[NetworkAdmin, DistrictAdmin, Validator]),
    (
        (MASTERY, "FollowMasteryEvents"),
        &[Integrator, NetworkAdmin, DistrictAdmin, Teacher, Service],
    ),
    ((MASTERY, "SetOverride"), SIGNERS),
    ((MASTERY, "ConfirmOverride"), SIGNERS),
    ((MASTERY, "RevokeOverride"), SIGNERS),
    ((MASTERY, "ListOverrides"), &Role::ALL),
    ((MASTERY, "AdvanceLearner"), SIGNERS),
    ((CREDENTIALS, "DefineAchievement"), ADMINS),
    ((CREDENTIALS, "ListAchievements"), &Role::ALL),
    ((CREDENTIALS, "GetCredential"), &Role::ALL),
    (
        (CREDENTIALS, "ListCredentials"),
        &[NetworkAdmin, DistrictAdmin, Teacher, Validator, Integrator, Service],
    ),
    ((CREDENTIALS, "VerifyCredential"), &Role::ALL),
    ((CREDENTIALS, "GetIssuer"), &Role::ALL),
    ((CREDENTIALS, "RotateIssuerKey"), ADMINS),
    ((CREDENTIALS, "CompromiseIssuerKey"), ADMINS),
    ((CREDENTIALS, "HoldCredential"), &[NetworkAdmin, DistrictAdmin, Validator]),
    ((CREDENTIALS, "ReleaseCredential"), &[NetworkAdmin, DistrictAdmin, Validator]),
    ((CREDENTIALS, "RevokeCredential"), ADMINS),
    ((CREDENTIALS, "ExplainCredential"), &Role::ALL),
    (
        (CREDENTIALS, "ListCredentialsByEvidence"),
        &[NetworkAdmin, DistrictAdmin, Teacher, Validator, Integrator, Service],
    ),
    ((CREDENTIALS, "GetStatusList"), &Role::ALL),
    ((CREDENTIALS, "SetReviewWindow"), ADMINS),
    ((CREDENTIALS, "IssueCredential"), ADMINS),
    ((CREDENTIALS, "StateFact"), &[NetworkAdmin, DistrictAdmin, Integrator]),
    ((CREDENTIALS, "SetRevocationList"), ADMINS),
    ((CREDENTIALS, "GetRevocationList"), &Role::ALL),
    ((CREDENTIALS, "ShareCredential"), &[NetworkAdmin, DistrictAdmin, Learner, Guardian]),
    ((CREDENTIALS, "WithdrawShare"), &[NetworkAdmin, DistrictAdmin, Learner, Guardian]),
    ((CREDENTIALS, "ListShares"), &[NetworkAdmin, DistrictAdmin, Learner, Guardian]),
    ((CREDENTIALS, "OfferToWallet"), &[NetworkAdmin, DistrictAdmin, Teacher, Learner, Guardian]),
    ((CREDENTIALS, "ListWallets"), &[NetworkAdmin, DistrictAdmin, Learner, Guardian]),
    ((CREDENTIALS, "WithdrawWallet"), &[NetworkAdmin, DistrictAdmin, Learner, Guardian]),
    ((CREDENTIALS, "AssembleRecord"), &[NetworkAdmin, DistrictAdmin, Teacher, Learner, Guardian]),
    ((CREDENTIALS, "GetRecord"), &Role::ALL),
    ((CREDENTIALS, "ListRecords"), &Role::ALL),
    ((CREDENTIALS, "GiveEndorsement"), ADMINS),
    ((CREDENTIALS, "ReceiveEndorsement"), &[NetworkAdmin, DistrictAdmin, Teacher, Validator]),
    ((CREDENTIALS, "WithdrawEndorsement"), ADMINS),
    ((CREDENTIALS, "ListEndorsements"), &Role::ALL),
    (
        (CREDENTIALS, "ImportCredential"),
        &[NetworkAdmin, DistrictAdmin, Teacher, Validator, Learner, Guardian],
    ),
    ((CREDENTIALS, "AcceptImportedCredential"), &[NetworkAdmin, DistrictAdmin, Teacher, Validator]),
    ((CREDENTIALS, "WithdrawImportedCredential"), &[NetworkAdmin, DistrictAdmin, Validator]),
    ((CREDENTIALS, "GetImportedCredential"), &Role::ALL),
    ((CREDENTIALS, "ListImportedCredentials"), &Role::ALL),
    ((CREDENTIALS, "IssueDisclosable"), &[NetworkAdmin, DistrictAdmin, Teacher, Learner, Guardian]),
    ((CREDENTIALS, "DiscloseCredential"), &[Learner, Guardian]),
    ((PATHWAYS, "ImportReference"), NOBODY),
    ((PATHWAYS, "ListRegions"), &Role::ALL),
    ((PATHWAYS, "RankOccupations"), &Role::ALL),
    ((LOG, "ReadLog"), NOBODY),
    ((LOG, "GetProgress"), &Role::ALL),
    ((LOG, "GetStateHash"), &Role::ALL),
    ((LOG, "Rebuild"), NOBODY),
];

const NOBODY: &[Role] = &[];
const ADMINS: &[Role] = &[NetworkAdmin, DistrictAdmin];
const SIGNERS: &[Role] = &[NetworkAdmin, DistrictAdmin, Teacher, Validator];
const IMPORTERS: &[Role] = &[PlatformOperator, NetworkAdmin, DistrictAdmin];
const WRITERS: &[Role] =
    &[NetworkAdmin, DistrictAdmin, Teacher, Validator, Employer, Integrator, Learner];
const EVIDENCE_READERS: &[Role] =
    &[NetworkAdmin, DistrictAdmin, Teacher, Validator, Employer, Integrator, Learner, Guardian];
const ALL_BUT_SERVICES: &[Role] = &[
    PlatformOperator,
    NetworkAdmin,
    DistrictAdmin,
    Teacher,
    Validator,
    Employer,
    Learner,
    Guardian,
    Integrator,
];

/// Who may call what concerns all tenants, coming for none of them.
const FOR_ALL: [(Rpc, Role); 4] = [
    ((REGISTRY, "CreateTenant"), PlatformOperator),
    ((PATHWAYS, "ImportReference"), PlatformOperator),
    ((LOG, "ReadLog"), Service),
    ((LOG, "Rebuild"), PlatformOperator),
];

fn tenant() -> TenantId {
    TenantId::from_slug("aspen")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_is_answered_without_a_token_that_is_believed() {
    let world = World::start().await;
    for (token, reason) in world.provider.bad_tokens(tenant()) {
        let caller = world.with_token(token);
        for rpc in rpc::all() {
            let answer = caller.send(&rpc, vec![Vec::new()]).await;
            let told = (answer.code(), answer.reason(), answer.replies.len());
            assert_eq!(told, (Code::Unauthenticated, reason.to_owned(), 0), "{rpc}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_rpc_is_for_its_roles_and_no_others() {
    let mut listed: Vec<_> = FOR_A_TENANT.map(|(rpc, _)| name(rpc)).into();
    listed.sort();
    assert!(listed.iter().eq(&rpc::all()), "say who may call it");
    let world = World::start().await;
    for (rpc, allowed) in FOR_A_TENANT {
        for role in Role::ALL {
            let answer = world.caller(tenant(), role, &[]).send(&name(rpc), vec![Vec::new()]).await;
            let forbidden =
                ["ROLE_REQUIRED", "TENANT_IN_TOKEN"].contains(&answer.reason().as_str());
            assert_eq!(forbidden, !allowed.contains(&role), "{rpc:?} as {role}: {answer:?}");
            assert!(!forbidden || answer.code() == Code::PermissionDenied, "{answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_concerns_all_tenants_is_for_who_comes_for_none() {
    let world = World::start().await;
    for (rpc, only) in FOR_ALL {
        let name = name(rpc);
        let of_a_tenant = world.caller(tenant(), only, &[]).send(&name, vec![Vec::new()]).await;
        assert_eq!(of_a_tenant.reason(), "TENANT_IN_TOKEN", "{rpc:?}");
        for role in Role::ALL {
            let answer = world.platform(role).send(&name, vec![Vec::new()]).await;
            let forbidden = answer.code() == Code::PermissionDenied;
            assert_eq!(forbidden, role != only, "{rpc:?} as {role}: {answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_for_no_tenant_is_shown_no_tenants_things() {
    let world = World::start().await;
    let for_all = |rpc: &Rpc| FOR_ALL.iter().any(|(other, _)| other == rpc);
    // Occupations and regions belong to nobody, and so do their log's head and hash.
    let commons = [(PATHWAYS, "ListRegions"), (LOG, "GetProgress"), (LOG, "GetStateHash")];
    let of_a_tenant = FOR_A_TENANT.map(|(rpc, _)| rpc).into_iter();
    for rpc in of_a_tenant.filter(|rpc| !for_all(rpc) && !commons.contains(rpc)) {
        for role in [PlatformOperator, Service, NetworkAdmin] {
            let answer = world.platform(role).send(&name(rpc), vec![Vec::new()]).await;
            assert!(answer.replies.is_empty(), "{rpc:?} as {role}: {answer:?}");
            assert_ne!(answer.code(), Code::Ok, "{rpc:?} as {role}");
        }
    }
}
