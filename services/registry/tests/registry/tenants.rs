//! Creating tenants.

use northstar_chassis::Role;
use northstar_wire::registry::v1::CreateTenantRequest;
use tonic::Code;

use crate::region::{Region, tenant};

fn front_range(name: &str) -> CreateTenantRequest {
    CreateTenantRequest { slug: "front-range".into(), name: name.into() }
}

#[tokio::test]
async fn an_operator_creates_a_tenant_once() {
    let region = Region::new();
    let mut operator = region.caller(None, &[Role::PlatformOperator], &[]);
    let first = operator.create_tenant(front_range("Front Range")).await.unwrap().into_inner();
    assert_eq!((first.tenant_id, first.created), (tenant().to_string(), true));
    let again = operator.create_tenant(front_range("Front Range")).await.unwrap().into_inner();
    assert_eq!((again.tenant_id, again.created), (tenant().to_string(), false));
    assert_eq!(region.event_types().await, ["tenant_created"]);
    let taken = operator.create_tenant(front_range("Another")).await.unwrap_err();
    assert_eq!(taken.code(), Code::AlreadyExists);
}

#[tokio::test]
async fn a_slug_that_is_none_is_refused_with_its_field() {
    let region = Region::new();
    let mut operator = region.caller(None, &[Role::PlatformOperator], &[]);
    let request = CreateTenantRequest { slug: "Front Range".into(), name: "Front Range".into() };
    let refused = operator.create_tenant(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert!(refused.message().starts_with("the slug must be"), "{}", refused.message());
}

#[tokio::test]
async fn nobody_else_creates_tenants() {
    let region = Region::new();
    for role in [Role::NetworkAdmin, Role::Teacher, Role::Integrator, Role::Service] {
        let refused = region.someone(role).create_tenant(front_range("X")).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{role}");
    }
    assert!(region.event_types().await.is_empty());
}

#[tokio::test]
async fn many_who_create_the_same_tenant_at_once_create_it_once() {
    let region = Region::new();
    let operator = region.caller(None, &[Role::PlatformOperator], &[]);
    let create = || {
        let mut operator = operator.clone();
        async move { operator.create_tenant(front_range("Front Range")).await.unwrap().into_inner() }
    };
    let answers = futures::future::join_all((0..20).map(|_| create())).await;
    assert_eq!(answers.iter().filter(|answer| answer.created).count(), 1);
    assert_eq!(region.event_types().await, ["tenant_created"]);
}
