//! Bounds of short texts: titles and names.

use crate::refusal::ReferenceRefusal;

/// Longest title or name, in characters.
pub(crate) const MAX_CHARS: usize = 300;

/// The text itself if it has 1 to [`MAX_CHARS`] characters, none of them a control character.
pub(crate) fn short(field: &'static str, text: String) -> Result<String, ReferenceRefusal> {
    let fits = !text.trim().is_empty()
        && text.chars().count() <= MAX_CHARS
        && !text.chars().any(char::is_control);
    let bounds = "1 to 300 characters without control characters";
    if fits { Ok(text) } else { Err(ReferenceRefusal::OutOfBounds { field, bounds }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_long_and_control_texts_are_refused() {
        assert!(short("title", "Roofers".into()).is_ok());
        for text in [String::new(), "  ".into(), "a\tb".into(), "x".repeat(301)] {
            assert!(short("title", text).is_err());
        }
    }
}
