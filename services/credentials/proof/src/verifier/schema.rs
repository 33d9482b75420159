//! The structure that Open Badges 3.0 and CLR 2.0 prescribe, read by tables of our own.
//!
//! Which members there may be is for the closed world that was read before; here it is which there
//! must be, of what kind, and how many. Stricter than the official JSON Schemas in two things: where
//! they take any object in the place of a text, this takes none; and what a record carries must have
//! the structure of its own types, where they ask little of it.

mod shapes;
mod words;

use serde_json::{Map, Value};

use super::report::Finding;
use super::{model, moment};
use shapes::{ACHIEVEMENT_CREDENTIAL, BASIC, CLR_CREDENTIAL, ENDORSEMENT_CREDENTIAL};

const CREDENTIALS: &str = "https://www.w3.org/ns/credentials/v2";
const BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.";
const RECORDS: &str = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.";

/// An object's members.
struct Shape {
    name: &'static str,
    /// Of which its `type` must have one; any if there is none here.
    types: &'static [&'static str],
    /// Whether members that are not listed are refused.
    closed: bool,
    members: &'static [Member],
}

struct Member {
    name: &'static str,
    kind: Kind,
    needed: bool,
    /// Whether there may be several, as an array.
    many: bool,
}

enum Kind {
    Text,
    Flag,
    Number,
    /// A date and a time with its zone.
    Moment,
    /// A date alone.
    Date,
    /// A compact JWS.
    Token,
    /// One of these texts.
    Word(&'static [&'static str]),
    /// One of these texts, or one that begins with `ext:`.
    Vocabulary(&'static [&'static str]),
    Object(&'static Shape),
    /// An object, or its id.
    Reference(&'static Shape),
    /// A credential, of the shape that its own types call for.
    Credential,
    /// Whatever the closed world takes.
    Any,
}

/// What is wrong, and where.
type Wrong = (String, String);

/// Whether the credential has the structure that its types call for.
pub(super) fn check(credential: &Value) -> Finding {
    match self::credential(credential, "") {
        Ok(shape) => Finding::passed(format!("a sound {}", shape.name)),
        Err((at, what)) if at.is_empty() => Finding::failed(what),
        Err((at, what)) => Finding::failed(format!("{at}: {what}")),
    }
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let many = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    many.chain(value.as_str())
}

fn shape_of(credential: &Value) -> &'static Shape {
    let shapes = [&ACHIEVEMENT_CREDENTIAL, &CLR_CREDENTIAL, &ENDORSEMENT_CREDENTIAL];
    let called =
        |shape: &&&Shape| texts(&credential["type"]).any(|found| shape.types.contains(&found));
    shapes.iter().find(called).copied().unwrap_or(&BASIC)
}

/// A credential, or one that another carries.
fn credential(credential: &Value, at: &str) -> Result<&'static Shape, Wrong> {
    let renamed = model::renamed(credential);
    let credential = renamed.as_ref();
    let Some(members) = credential.as_object() else {
        return Err((at.to_owned(), "must be a credential".into()));
    };
    let shape = shape_of(credential);
    object(shape, members, at).map_err(|wrong| named_as_written(credential, wrong))?;
    contexts(credential, shape, at)?;
    Ok(shape)
}

/// What is wrong, by the names that the dates have in the credential itself.
fn named_as_written(credential: &Value, (at, what): Wrong) -> Wrong {
    if !model::is_old(credential) {
        return (at, what);
    }
    let [[from, until], [old_from, old_until]] = model::SPANS;
    let named = |text: String| text.replace(from, old_from).replace(until, old_until);
    (named(at), named(what))
}

/// The contexts in the order that the specifications ask for.
fn contexts(credential: &Value, shape: &Shape, at: &str) -> Result<(), Wrong> {
    let mut wanted = vec![if model::is_old(credential) { model::OLD } else { CREDENTIALS }];
    match shape.name {
        "ClrCredential" => wanted.extend([RECORDS, BADGES]),
        "AchievementCredential" | "EndorsementCredential" => wanted.push(BADGES),
        _ => {}
    }
    let found: Vec<&str> = texts(&credential["@context"]).collect();
    let in_order = wanted.iter().zip(&found).all(|(wanted, found)| found.starts_with(wanted));
    if in_order && found.len() >= wanted.len() {
        return Ok(());
    }
    Err((format!("{at}/@context"), format!("must begin with {}", wanted.join(", then "))))
}

fn object(shape: &Shape, members: &Map<String, Value>, at: &str) -> Result<(), Wrong> {
    let types = members.get("type").map(|types| texts(types).collect::<Vec<_>>());
    let types = types.unwrap_or_default();
    let right = shape.types.iter().any(|wanted| types.contains(wanted));
    if !right && !shape.types.is_empty() {
        let sentence = format!("its type is not {}", shape.types.join(" or "));
        return Err((at.to_owned(), sentence));
    }
    for member in shape.members {
        match members.get(member.name) {
            None if member.needed => {
                let sentence = format!("a {} must have {}", shape.name, member.name);
                return Err((at.to_owned(), sentence));
            }
            None => {}
            Some(value) => each(member, value, &format!("{at}/{}", member.name))?,
        }
    }
    let known = |name: &str| name == "type" || shape.members.iter().any(|one| one.name == name);
    match members.keys().find(|name| shape.closed && !known(name)) {
        Some(name) => Err((format!("{at}/{name}"), format!("a {} has no such member", shape.name))),
        None => Ok(()),
    }
}

fn each(member: &Member, value: &Value, at: &str) -> Result<(), Wrong> {
    match value.as_array() {
        Some(values) if member.many => {
            if values.is_empty() && member.needed {
                return Err((at.to_owned(), "must have at least one".into()));
            }
            let mut numbered = values.iter().enumerate();
            numbered.try_for_each(|(number, value)| {
                is_of(&member.kind, value, &format!("{at}/{number}"))
            })
        }
        _ => is_of(&member.kind, value, at),
    }
}

fn is_of(kind: &Kind, value: &Value, at: &str) -> Result<(), Wrong> {
    let must = |right: bool, what: &str| {
        if right { Ok(()) } else { Err((at.to_owned(), format!("must be {what}"))) }
    };
    let text = value.as_str();
    match kind {
        Kind::Text => must(text.is_some(), "a text"),
        Kind::Flag => must(value.is_boolean(), "true or false"),
        Kind::Number => must(value.is_number(), "a number"),
        Kind::Moment => {
            must(text.is_some_and(|text| moment::read(text).is_some()), "a time with its zone")
        }
        Kind::Date => must(text.is_some_and(is_date), "a date"),
        Kind::Token => must(text.is_some_and(|text| text.split('.').count() == 3), "a compact JWS"),
        Kind::Word(words) => {
            let what = format!("one of {}", words.join(", "));
            must(text.is_some_and(|text| words.contains(&text)), &what)
        }
        Kind::Vocabulary(words) => {
            let extension = |text: &str| text.len() > 4 && text.starts_with("ext:");
            let known = text.is_some_and(|text| words.contains(&text) || extension(text));
            must(known, "a word of the specification, or begin with \"ext:\"")
        }
        Kind::Object(shape) => match value.as_object() {
            Some(members) => object(shape, members, at),
            None => must(false, "one object"),
        },
        Kind::Reference(shape) => match value.as_object() {
            Some(members) => object(shape, members, at),
            None => must(text.is_some(), "one object or an id"),
        },
        Kind::Credential => credential(value, at).map(drop),
        Kind::Any => Ok(()),
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && moment::read(&format!("{text}T00:00:00Z")).is_some()
}
