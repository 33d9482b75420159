//! N-Quads 1.1 in, canonical N-Quads out.

mod cursor;

use std::borrow::Cow;

use crate::limits::Limits;
use crate::quad::{Dataset, LANG_STRING, Quad, STRING, Term};
use crate::refusal::{Reason, Refusal};
use cursor::Cursor;

/// Reads N-Quads; empty lines and comments are passed over.
///
/// # Errors
/// The text is too long, holds too many quads, or is no N-Quads; the sentence names the line.
pub fn parse(text: &str, limits: &Limits) -> Result<Dataset<'static>, Refusal> {
    if text.len() > limits.bytes {
        let sentence = format!("has {} bytes, more than {}", text.len(), limits.bytes);
        return Err(Refusal::whole(Reason::TooLong, sentence));
    }
    let mut dataset = Dataset::default();
    for (number, line) in text.split(['\n', '\r']).enumerate() {
        let quad = statement(&mut Cursor::new(line));
        let quad = quad.map_err(|wanted| {
            let sentence = format!("line {}: expected {wanted}", number + 1);
            Refusal::whole(Reason::Malformed, sentence)
        })?;
        dataset.quads.extend(quad);
        if dataset.quads.len() > limits.quads {
            let sentence = format!("holds more than {} quads", limits.quads);
            return Err(Refusal::whole(Reason::TooManyQuads, sentence));
        }
    }
    Ok(dataset)
}

/// One line, or what was expected where it goes wrong.
fn statement(line: &mut Cursor<'_>) -> Result<Option<Quad<'static>>, &'static str> {
    if line.is_done() {
        return Ok(None);
    }
    let subject = line.resource()?.ok_or("an IRI or a blank node")?;
    let Some(Term::Iri(predicate)) = line.resource()? else { return Err("an IRI") };
    let object = match line.resource()? {
        Some(resource) => resource,
        None => line.literal()?,
    };
    let graph = line.resource()?;
    line.end()?;
    Ok(Some(Quad { subject, predicate, object, graph }))
}

/// Adds the quad as a line of canonical N-Quads.
pub(crate) fn write<'l>(line: &mut String, quad: &Quad<'_>, label: &impl Fn(&str) -> Cow<'l, str>) {
    let mut term = |term: &Term<'_>| {
        match term {
            Term::Blank(name) => {
                line.push_str("_:");
                line.push_str(&label(name));
            }
            ground => write_ground(line, ground),
        }
        line.push(' ');
    };
    term(&quad.subject);
    term(&Term::Iri(Cow::Borrowed(&quad.predicate)));
    term(&quad.object);
    if let Some(graph) = &quad.graph {
        term(graph);
    }
    line.push_str(".\n");
}

/// Adds an IRI or a literal.
pub(crate) fn write_ground(line: &mut String, term: &Term<'_>) {
    match term {
        Term::Iri(iri) => write_iri(line, iri),
        Term::Blank(label) => line.push_str(label),
        Term::Literal { value, datatype, language } => {
            line.push('"');
            value.chars().for_each(|c| write_char(line, c));
            line.push('"');
            match language {
                Some(language) => {
                    line.push('@');
                    line.push_str(language);
                }
                None if datatype != STRING && datatype != LANG_STRING => {
                    line.push_str("^^");
                    write_iri(line, datatype);
                }
                None => {}
            }
        }
    }
}

pub(crate) fn write_iri(line: &mut String, iri: &str) {
    line.push('<');
    line.push_str(iri);
    line.push('>');
}

/// As RDFC-1.0 has it: short escapes where there are any, `\u` for other control characters.
fn write_char(line: &mut String, c: char) {
    match c {
        '\u{8}' => line.push_str("\\b"),
        '\t' => line.push_str("\\t"),
        '\n' => line.push_str("\\n"),
        '\u{c}' => line.push_str("\\f"),
        '\r' => line.push_str("\\r"),
        '"' => line.push_str("\\\""),
        '\\' => line.push_str("\\\\"),
        c if c.is_ascii_control() => line.push_str(&format!("\\u{:04X}", u32::from(c))),
        c => line.push(c),
    }
}
