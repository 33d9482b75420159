//! A policy as a JSON document: what people write, what is published, what is stored.
//!
//! An object of integers, words, lists of words and booleans. `framework` (UUID), `method` (an object:
//! `name`, and the method's parameters) and `mastery_milli` must be given; every other field has the
//! default of [`PolicyDraft::new`]. The form that [`northstar_mastery_domain::Policy::canonical`]
//! writes is one such document.

use northstar_kernel::{FrameworkId, TenantId};
use northstar_mastery_domain::PolicyDraft;
use serde_json::Value;

use super::fields::{Fields, kind, object};
use super::refusal::{DocumentKind, DocumentRefusal};

/// Reads a policy document.
///
/// # Errors
/// [`DocumentRefusal`] with every problem, not the first alone, unless the text is not JSON at all.
pub fn read_policy_document(text: &str) -> Result<PolicyDraft, DocumentRefusal> {
    let mut fields = object("policy", text).map_err(DocumentKind::Policy.refusal())?;
    let draft = draft(&mut fields);
    fields.finish("a policy");
    DocumentKind::Policy.checked(draft, fields.problems)
}

/// The draft; where a field is no good, what stands in for it never gets out.
fn draft(fields: &mut Fields) -> PolicyDraft {
    let nobodys = FrameworkId::derive(TenantId::COMMONS, "");
    let mut draft = PolicyDraft::new(fields.id("framework").unwrap_or(nobodys));
    fields.required("mastery_milli");
    method(fields, &mut draft);
    fields.text("name", &mut draft.name);
    fields.text("order", &mut draft.order);
    for (name, number) in [
        ("engine", &mut draft.engine),
        ("round_to_milli", &mut draft.round_to_milli),
        ("mastery_milli", &mut draft.mastery_milli),
        ("exceeds_milli", &mut draft.exceeds_milli),
        ("minimum_observations", &mut draft.minimum_observations),
        ("minimum_assessors", &mut draft.minimum_assessors),
        ("minimum_kinds", &mut draft.minimum_kinds),
        ("expires_after_days", &mut draft.expires_after_days),
    ] {
        fields.number(name, number);
    }
    for (name, flag) in [
        ("validated_only", &mut draft.validated_only),
        ("monotone", &mut draft.monotone),
        ("banked", &mut draft.banked),
    ] {
        fields.flag(name, flag);
    }
    if let Some(roles) = fields.take("excluded_roles") {
        draft.excluded_roles = fields.names("excluded_roles", roles).unwrap_or_default();
    }
    draft
}

fn method(fields: &mut Fields, draft: &mut PolicyDraft) {
    fields.required("method");
    let Some(value) = fields.take("method") else { return };
    let Value::Object(rest) = value else {
        let what = format!("must be an object with the method's name, not {}", kind(&value));
        return fields.wrong("method", &what);
    };
    let path = "policy.method".to_owned();
    let mut inner = Fields { path, rest, problems: Vec::new() };
    inner.required("name");
    inner.text("name", &mut draft.method);
    for (name, value) in std::mem::take(&mut inner.rest) {
        if let Some(value) = inner.parameter(&name, value) {
            draft.parameters.insert(name, value);
        }
    }
    fields.problems.extend(inner.problems);
}

#[cfg(test)]
mod tests;
