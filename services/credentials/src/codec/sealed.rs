//! People's words, sealed under the learner's key before they come to an event. To the domain they
//! are a text that it does not look into: the key's id, a colon, the box in hexadecimal.

use northstar_eventlog::Sealed;
use northstar_wire::platform::v1 as wire;
use uuid::Uuid;

/// The text for a box.
pub(crate) fn text(sealed: &Sealed) -> String {
    let hexadecimal: String = sealed.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}:{hexadecimal}", sealed.key_id)
}

/// The box that a text stands for; `None` if it stands for none.
pub(crate) fn opened(text: &str) -> Option<Sealed> {
    let (key_id, hexadecimal) = text.split_once(':')?;
    let key_id = Uuid::parse_str(key_id).ok()?;
    let digits = hexadecimal.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    Some(Sealed { key_id, bytes: digits.map(byte).collect::<Option<_>>()? })
}

/// As messages have it; a text that stands for no box is an empty one.
pub(super) fn to_wire(text: &str) -> wire::Sealed {
    let sealed = opened(text);
    sealed.map_or_else(wire::Sealed::default, |sealed| wire::Sealed {
        key_id: sealed.key_id.to_string(),
        r#box: sealed.bytes,
    })
}

pub(super) fn from_wire(sealed: wire::Sealed) -> Result<String, String> {
    let key_id = sealed.key_id.parse().map_err(|_| "the key of words is no UUID".to_owned())?;
    Ok(text(&Sealed { key_id, bytes: sealed.r#box }))
}
