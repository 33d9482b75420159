//! What a definition of an achievement must look like.

use std::collections::BTreeSet;

use northstar_kernel::Violation;

use crate::achievement::{Achievement, Alignment};

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
/// Longest that a credential may hold, in days: a hundred years.
const MOST_VALID_DAYS: u32 = 36_525;
/// Most competencies that a definition shows beside the first.
const MOST_FURTHER: usize = 100;

/// Everything that is wrong with it, by field of the request; empty if it is sound.
pub(crate) fn violations(achievement: &Achievement) -> Vec<Violation> {
    let mut found: Vec<_> = [
        ("key", key(&achievement.key)),
        ("name", line(&achievement.name, NAME)),
        ("description", text(&achievement.description)),
        ("criteria", text(&achievement.criteria)),
        ("required_level", required(achievement)),
        ("valid_days", lasting(achievement.valid_days)),
    ]
    .into_iter()
    .filter_map(|(field, wrong)| Some(Violation::new(format!("achievement.{field}"), wrong?)))
    .collect();
    found.extend(aligned("alignment", &achievement.alignment));
    for (place, further) in achievement.further.iter().enumerate() {
        found.extend(aligned(&format!("further_alignments[{place}]"), further));
    }
    found.extend(ruled(achievement));
    found
}

fn aligned(path: &str, alignment: &Alignment) -> Vec<Violation> {
    [
        ("code", optional_line(&alignment.code, NAME)),
        ("name", line(&alignment.name, TEXT)),
        ("uri", uri(&alignment.uri)),
    ]
    .into_iter()
    .filter_map(|(field, wrong)| {
        Some(Violation::new(format!("achievement.{path}.{field}"), wrong?))
    })
    .collect()
}

/// What is wrong with the rule, and with what is shown of it.
fn ruled(achievement: &Achievement) -> Vec<Violation> {
    let further = &achievement.further;
    let flaw = |field: &str, wrong: String| vec![Violation::new(field, wrong)];
    if further.len() > MOST_FURTHER {
        let wrong = format!("must be at most {MOST_FURTHER}");
        return flaw("achievement.further_alignments", wrong);
    }
    let rule = match achievement.rule.as_ref().map(|_| achievement.rule()) {
        None if further.is_empty() => return Vec::new(),
        None => {
            let wrong = "must be empty without a rule that names further competencies";
            return flaw("achievement.further_alignments", wrong.into());
        }
        Some(Err(flaws)) => {
            let path = |flaw: Violation| {
                let below = flaw.field.trim_start_matches("criteria");
                Violation::new(format!("achievement.rule{below}"), flaw.description)
            };
            return flaws.into_iter().map(path).collect();
        }
        Some(Ok(rule)) => rule,
    };
    let (named, mut shown) = (rule.competencies(), BTreeSet::new());
    let mut flaws = Vec::new();
    for (place, alignment) in achievement.alignments().enumerate() {
        let field = match place {
            0 => "achievement.alignment.competency_id".to_owned(),
            _ => format!("achievement.further_alignments[{}].competency_id", place - 1),
        };
        let competency = alignment.competency;
        // What names no competency at all, a stack of parts, stands wherever it is said to stand.
        let stands = named.contains(&competency) || (place == 0 && named.is_empty());
        if !stands {
            flaws.extend(flaw(&field, format!("the rule does not name {competency}")));
        } else if !shown.insert(competency) {
            flaws.extend(flaw(&field, format!("{competency} is there already")));
        }
    }
    flaws
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

fn required(achievement: &Achievement) -> Option<String> {
    let level = achievement.required_level;
    if achievement.rule.is_some() {
        return (level != 0).then(|| "must be 0: the rule says its levels itself".to_owned());
    }
    (!(1..=LEVELS).contains(&level)).then(|| format!("must be from 1 to {LEVELS}, not {level}"))
}

fn lasting(days: u32) -> Option<String> {
    (days > MOST_VALID_DAYS).then(|| format!("must be at most {MOST_VALID_DAYS}, not {days}"))
}
