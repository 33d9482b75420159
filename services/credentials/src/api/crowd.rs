//! How many could earn an achievement: few are easily told apart by what they earned.

use northstar_eventlog::{Fault, TenantLog};
use northstar_wire::credentials::v1 as wire;

use crate::projection::person::RolesDocument;

/// Fewer than these are a small crowd.
const SMALL: usize = 10;
const PAGE: u32 = 1_000;
/// As rosters have those who are enrolled to learn.
const STUDENT: &str = "student";

/// What to think about before anybody earns it. Everybody that the roster has as a student could earn
/// it, or has anyhow where educators earn it as well: who of them has the classes for it is not known
/// here.
pub(super) async fn warnings(
    log: &TenantLog,
    by_role: bool,
) -> Result<Vec<wire::DefinitionWarning>, Fault> {
    let crowd = crowd(log, by_role).await?;
    if crowd >= SMALL {
        return Ok(Vec::new());
    }
    let who = if by_role { "people" } else { "students" };
    let description = format!(
        "the roster has {crowd} {who}, and so few can earn this: with fewer than {SMALL}, whoever \
         sees a credential may guess whose it is, and its status list hides nobody; wait for the \
         roster, or define it for a larger network"
    );
    Ok(vec![wire::DefinitionWarning { reason: "CROWD_SMALL".into(), description }])
}

/// How many they are, as far as is known; it is not counted on from [`SMALL`].
async fn crowd(log: &TenantLog, by_role: bool) -> Result<usize, Fault> {
    let (mut crowd, mut after): (usize, Option<Vec<u8>>) = (0, None);
    loop {
        let page = log.documents::<RolesDocument>(&[], after.as_deref(), PAGE).await?;
        let counts = |roles: &RolesDocument| by_role || roles.0.contains(STUDENT);
        crowd += page.iter().filter(|(_, roles)| counts(roles)).count();
        after = page.last().map(|(key, _)| key.clone());
        if crowd >= SMALL || page.len() < PAGE as usize {
            return Ok(crowd);
        }
    }
}
