//! What belongs to another tenant looks as if it did not exist.

use northstar_chassis::Role;
use northstar_kernel::TenantId;
use northstar_wire::registry::v1::{
    GetFrameworkRequest, GetLearnerRequest, ImportFrameworkRequest, ListFrameworksRequest,
    ListLearnersRequest,
};
use tonic::Status;

use crate::region::{Region, learner, other_tenant, package, roster, tenant};

fn same(foreign: &Status, absent: &Status) {
    assert_eq!((foreign.code(), foreign.message()), (absent.code(), absent.message()));
    assert_eq!(foreign.details(), absent.details());
}

#[tokio::test]
async fn a_foreign_id_is_answered_like_one_that_does_not_exist() {
    let region = Region::new();
    let framework = region.import_package("good.json", &package("good.json")).await.framework_id;
    region.report_of(roster("v1p1")).await;
    region.settled().await;
    let mut stranger = region.caller(Some(other_tenant()), &[Role::NetworkAdmin], &[]);
    let absent = TenantId::from_slug("nothing has this id").to_string();

    let mut get = async |id: &str| {
        let request = GetFrameworkRequest { framework_id: id.into() };
        stranger.get_framework(request).await.unwrap_err()
    };
    same(&get(&framework).await, &get(&absent).await);
    let mut get = async |id: &str| {
        let request = GetLearnerRequest { learner_id: id.into() };
        stranger.get_learner(request).await.unwrap_err()
    };
    same(&get(&learner("ada").to_string()).await, &get(&absent).await);

    let frameworks = stranger.list_frameworks(ListFrameworksRequest {}).await.unwrap();
    assert!(frameworks.into_inner().frameworks.is_empty());
    let learners = stranger.list_learners(ListLearnersRequest::default()).await.unwrap();
    assert!(learners.into_inner().learners.is_empty());
}

#[tokio::test]
async fn the_same_package_imported_by_two_tenants_is_two_frameworks() {
    let region = Region::new();
    region.import_package("good.json", &package("good.json")).await;
    let before = region.state_hash().await;
    let mut stranger = region.caller(Some(other_tenant()), &[Role::NetworkAdmin], &[]);
    let theirs = String::from_utf8(package("good.json")).unwrap().replace("Region", "Theirs");
    let piece = ImportFrameworkRequest { file_name: "f".into(), chunk: theirs.into_bytes() };
    let imported = stranger.import_framework(tokio_stream::iter([piece])).await.unwrap();
    assert_eq!(imported.into_inner().report.unwrap().counts[0].changed, 1);
    assert_eq!(region.state_hash().await, before);
}

#[tokio::test]
async fn a_token_without_a_tenant_reads_and_imports_nothing() {
    let region = Region::new();
    let mut operator = region.caller(None, &[Role::PlatformOperator], &[]);
    let refused = operator.list_frameworks(ListFrameworksRequest {}).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::PermissionDenied);
    let mut operator = region.caller(Some(tenant()), &[Role::PlatformOperator], &[]);
    assert!(operator.list_frameworks(ListFrameworksRequest {}).await.is_ok());
}
