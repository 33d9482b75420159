//! What a definition of an achievement must look like.

use northstar_kernel::Violation;

use crate::achievement::Achievement;

/// Longest key, as DNS labels have it.
const KEY: usize = 63;
/// Longest name or code, in characters.
const NAME: usize = 300;
/// Longest running text, in characters.
const TEXT: usize = 4_000;
/// Longest URI, in characters.
const URI: usize = 2_000;
/// No scale has more rungs.
pub(crate) const LEVELS: u32 = 100;

/// Everything that is wrong with it, by field of the request; empty if it is sound.
pub(crate) fn violations(achievement: &Achievement) -> Vec<Violation> {
    let alignment = &achievement.alignment;
    [
        ("key", key(&achievement.key)),
        ("name", line(&achievement.name, NAME)),
        ("description", text(&achievement.description)),
        ("criteria", text(&achievement.criteria)),
        ("alignment.code", optional_line(&alignment.code, NAME)),
        ("alignment.name", line(&alignment.name, TEXT)),
        ("alignment.uri", uri(&alignment.uri)),
        ("required_level", level(achievement.required_level)),
    ]
    .into_iter()
    .filter_map(|(field, wrong)| Some(Violation::new(format!("achievement.{field}"), wrong?)))
    .collect()
}

fn key(key: &str) -> Option<String> {
    let label = key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let sound = label && (1..=KEY).contains(&key.len());
    (!sound || key.starts_with('-') || key.ends_with('-')).then(|| {
        format!("must be 1 to {KEY} lower-case letters, digits or inner hyphens, not {key:?}")
    })
}

fn line(value: &str, longest: usize) -> Option<String> {
    if value.trim().is_empty() {
        return Some("must not be empty".into());
    }
    optional_line(value, longest)
}

fn optional_line(value: &str, longest: usize) -> Option<String> {
    if value.chars().count() > longest {
        return Some(format!("must have at most {longest} characters"));
    }
    controlled(value, |_| false)
}

fn text(value: &str) -> Option<String> {
    if value.trim().is_empty() {
        return Some("must not be empty".into());
    }
    if value.chars().count() > TEXT {
        return Some(format!("must have at most {TEXT} characters"));
    }
    controlled(value, |c| c == '\n')
}

/// Canonical forms of signed documents disagree about control characters, so none gets in.
fn controlled(value: &str, allowed: impl Fn(char) -> bool) -> Option<String> {
    let found = value.chars().find(|c| c.is_control() && !allowed(*c))?;
    Some(format!("must not contain the control character U+{:04X}", u32::from(found)))
}

fn uri(value: &str) -> Option<String> {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let host = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    let clean = value.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b));
    (!host || !clean || value.len() > URI)
        .then(|| format!("must be an absolute http or https URI of at most {URI} characters"))
}

fn level(level: u32) -> Option<String> {
    (!(1..=LEVELS).contains(&level)).then(|| format!("must be from 1 to {LEVELS}, not {level}"))
}
