//! A calendar as a JSON document: what people write, what is published, what is stored.
//!
//! An object with `framework` (UUID), `buffer_milli` (100 if left out) and `terms`, a list of
//! objects: `name`, `begin` and `end` (days, as `2026-09-01`) and `competencies` (UUIDs). The form
//! that [`northstar_mastery_domain::Calendar::canonical`] writes is one such document.

use northstar_kernel::{CompetencyId, FrameworkId, TenantId, Timestamp};
use northstar_mastery_domain::{CalendarDraft, Day, Term};
use serde_json::Value;

use super::fields::{Fields, object};
use super::refusal::{DocumentKind, DocumentRefusal};

/// The buffer where none is given: a tenth.
const BUFFER_MILLI: u32 = 100;

/// Reads a calendar.
///
/// # Errors
/// [`DocumentRefusal`] with every problem, not the first alone, unless the text is not JSON at all.
pub fn read_pace_document(text: &str) -> Result<CalendarDraft, DocumentRefusal> {
    let mut fields = object("", text).map_err(DocumentKind::PacePlan.refusal())?;
    let nobodys = FrameworkId::derive(TenantId::COMMONS, "");
    let framework = fields.id("framework").unwrap_or(nobodys);
    let mut buffer_milli = BUFFER_MILLI;
    fields.count("buffer_milli", &mut buffer_milli);
    let mut terms = Vec::new();
    for mut inner in fields.objects("terms") {
        terms.push(term(&mut inner));
        fields.adopt(inner, "a term");
    }
    fields.finish("a calendar");
    let draft = CalendarDraft { framework, buffer_milli, terms };
    DocumentKind::PacePlan.checked(draft, fields.problems)
}

/// The term; where a field is no good, what stands in for it never gets out.
fn term(fields: &mut Fields) -> Term {
    let mut name = String::new();
    fields.required("name");
    fields.text("name", &mut name);
    let (begin, end) = (day(fields, "begin"), day(fields, "end"));
    Term { name, begin, end, competencies: competencies(fields) }
}

fn day(fields: &mut Fields, field: &str) -> Day {
    let mut text = String::new();
    fields.required(field);
    if !fields.text(field, &mut text) {
        return Day::new(0);
    }
    let instant: Option<Timestamp> = format!("{text}T00:00:00Z").parse().ok();
    instant.map_or_else(
        || {
            fields.expected(field, "a day, as 2026-09-01", &Value::String(text));
            Day::new(0)
        },
        Day::of,
    )
}

fn competencies(fields: &mut Fields) -> Vec<CompetencyId> {
    fields.required("competencies");
    let Some(value) = fields.take("competencies") else { return Vec::new() };
    let names = fields.names("competencies", value).unwrap_or_default();
    let mut ids = Vec::with_capacity(names.len());
    for (place, name) in names.into_iter().enumerate() {
        match name.parse() {
            Ok(id) => ids.push(id),
            Err(_) => {
                let field = format!("competencies[{place}]");
                fields.expected(&field, "a UUID", &Value::String(name));
            }
        }
    }
    ids
}

#[cfg(test)]
mod tests;
