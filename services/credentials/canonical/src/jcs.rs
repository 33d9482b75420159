//! JCS, RFC 8785: one JSON text for one value.

use serde_json::Value;

use crate::number;
use crate::place::escaped;
use crate::refusal::{Reason, Refusal};

/// How deep a value may be here, whoever built it; what [`crate::parse_json`] reads is less deep.
const DEPTH: usize = 128;

/// The value as RFC 8785 writes it.
///
/// # Errors
/// It holds an integer beyond 2^53 - 1, which the RFC would write with other digits, or is over 128
/// deep.
pub fn jcs(value: &Value) -> Result<String, Refusal> {
    check(value, &mut String::new(), DEPTH)?;
    serde_json_canonicalizer::to_string(value)
        .map_err(|e| Refusal::whole(Reason::Malformed, e.to_string()))
}

fn check(value: &Value, pointer: &mut String, left: usize) -> Result<(), Refusal> {
    let refuse = |reason, sentence| Err(Refusal::new(reason, pointer.clone(), sentence));
    let Some(left) = left.checked_sub(1) else {
        return refuse(Reason::TooDeep, "lies deeper than allowed");
    };
    let here = pointer.len();
    match value {
        Value::Number(number) if number::is_unsafe(number) => {
            refuse(Reason::BadNumber, "is an integer beyond 2^53 - 1; write it as a string")
        }
        Value::Array(elements) => elements.iter().enumerate().try_for_each(|(index, element)| {
            pointer.push_str(&format!("/{index}"));
            check(element, pointer, left)?;
            pointer.truncate(here);
            Ok(())
        }),
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            pointer.push('/');
            pointer.push_str(&escaped(name));
            check(member, pointer, left)?;
            pointer.truncate(here);
            Ok(())
        }),
        _ => Ok(()),
    }
}
