//! Header values: CloudEvents strings in printable ASCII.

use std::borrow::Cow;

/// `text` as the binding wants it: what is not printable ASCII, the space, `"` and `%` as `%XX` of
/// its UTF-8 bytes. `None` for characters that a CloudEvents string may not have.
pub(super) fn encode(text: &str) -> Option<String> {
    if text.bytes().all(is_plain) {
        return Some(text.to_owned());
    }
    if text.chars().any(is_forbidden) {
        return None;
    }
    let mut encoded = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if is_plain(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(encoded)
}

/// What [`encode`] was given; `None` if it never wrote that.
pub(super) fn decode(value: &str) -> Option<Cow<'_, str>> {
    if !value.contains('%') {
        return Some(Cow::Borrowed(value));
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first != b'%' {
            bytes.push(first);
            rest = tail;
            continue;
        }
        let (hex, tail) = tail.split_at_checked(2)?;
        bytes.push(digit(hex[0])? << 4 | digit(hex[1])?);
        rest = tail;
    }
    // Strict: an overlong form of a character is no UTF-8.
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b'"' && byte != b'%'
}

/// Control characters and noncharacters.
fn is_forbidden(c: char) -> bool {
    c.is_control() || u32::from(c) & 0xFFFE == 0xFFFE || ('\u{FDD0}'..='\u{FDEF}').contains(&c)
}

fn digit(hex: u8) -> Option<u8> {
    char::from(hex).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_as_the_binding_says_and_back() {
        let cases = [
            ("teacher-7", "teacher-7"),
            ("Euro € 😀", "Euro%20%E2%82%AC%20%F0%9F%98%80"),
            ("say \"50%\"", "say%20%2250%25%22"),
            ("a%20b", "a%2520b"),
            ("", ""),
        ];
        for (text, value) in cases {
            assert_eq!(encode(text).as_deref(), Some(value));
            assert_eq!(decode(value).as_deref(), Some(text));
        }
    }

    #[test]
    fn refuses_what_no_cloudevents_string_may_have() {
        for text in ["a\nb", "\0", "\u{7f}", "\u{85}", "\u{FFFE}", "\u{1FFFF}", "\u{FDD0}"] {
            assert_eq!(encode(text), None, "{text:?}");
        }
    }

    #[test]
    fn refuses_what_was_never_encoded() {
        for value in ["%", "%2", "%zz", "%C0%A2", "%ED%A0%80", "50%"] {
            assert_eq!(decode(value), None, "{value:?}");
        }
        assert_eq!(decode("%e2%82%ac").as_deref(), Some("€"));
    }
}
