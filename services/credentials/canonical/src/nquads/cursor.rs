//! Through one line of N-Quads. What goes wrong is said as what was expected.

use std::borrow::Cow;

use crate::quad::{LANG_STRING, STRING, Term};

pub(super) struct Cursor<'a> {
    rest: &'a str,
}

type Expected = &'static str;

impl<'a> Cursor<'a> {
    pub(super) fn new(line: &'a str) -> Self {
        Self { rest: line }
    }

    /// Whether nothing but spaces and a comment is left.
    pub(super) fn is_done(&mut self) -> bool {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
        self.rest.is_empty() || self.rest.starts_with('#')
    }

    pub(super) fn end(&mut self) -> Result<(), Expected> {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
        self.rest = self.rest.strip_prefix('.').ok_or("a point at the end")?;
        if self.is_done() { Ok(()) } else { Err("nothing after the point") }
    }

    /// An IRI or a blank node, if one comes next.
    pub(super) fn resource(&mut self) -> Result<Option<Term<'static>>, Expected> {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
        if let Some(rest) = self.rest.strip_prefix("_:") {
            self.rest = rest;
            return self.label().map(Some);
        }
        if !self.rest.starts_with('<') {
            return Ok(None);
        }
        self.iri().map(|iri| Some(Term::Iri(iri.into())))
    }

    fn label(&mut self) -> Result<Term<'static>, Expected> {
        let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.' | '·');
        let end = self.rest.find(|c| !inner(c)).unwrap_or(self.rest.len());
        // A point at the end of a label ends the statement.
        let label = self.rest[..end].trim_end_matches('.');
        if label.is_empty() || label.starts_with(['-', '.', '·']) {
            return Err("a blank node's label");
        }
        self.rest = &self.rest[label.len()..];
        Ok(Term::Blank(Cow::Owned(label.to_owned())))
    }

    fn iri(&mut self) -> Result<String, Expected> {
        self.rest = self.rest.strip_prefix('<').ok_or("an IRI")?;
        let iri = self.until('>')?;
        let forbidden = |c: char| c <= ' ' || r#"<>"{}|^`\"#.contains(c);
        if iri.contains(forbidden) || !iri.contains(':') {
            return Err("an absolute IRI");
        }
        Ok(iri)
    }

    pub(super) fn literal(&mut self) -> Result<Term<'static>, Expected> {
        self.rest = self.rest.strip_prefix('"').ok_or("an IRI, a blank node or a literal")?;
        let value = Cow::Owned(self.until('"')?);
        if let Some(rest) = self.rest.strip_prefix('@') {
            self.rest = rest;
            let language = Some(Cow::Owned(self.language()?));
            return Ok(Term::Literal { value, datatype: LANG_STRING.into(), language });
        }
        let Some(rest) = self.rest.strip_prefix("^^") else {
            return Ok(Term::Literal { value, datatype: STRING.into(), language: None });
        };
        self.rest = rest;
        let datatype = Cow::Owned(self.iri()?);
        Ok(Term::Literal { value, datatype, language: None })
    }

    fn language(&mut self) -> Result<String, Expected> {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let end = self.rest.find(|c| !inner(c)).unwrap_or(self.rest.len());
        let (tag, rest) = self.rest.split_at(end);
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Err("a language tag");
        }
        self.rest = rest;
        Ok(tag.to_owned())
    }

    /// The text up to a character, which is passed over, with its escapes resolved.
    fn until(&mut self, end: char) -> Result<String, Expected> {
        let mut text = String::new();
        let mut chars = self.rest.chars();
        loop {
            match chars.next().ok_or("the end of an IRI or a literal")? {
                c if c == end => break,
                '\\' => text.push(escape(&mut chars)?),
                c => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Ok(text)
    }
}

fn escape(chars: &mut std::str::Chars<'_>) -> Result<char, Expected> {
    Ok(match chars.next() {
        Some('t') => '\t',
        Some('b') => '\u{8}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('f') => '\u{c}',
        Some(c @ ('"' | '\'' | '\\')) => c,
        Some('u') => code(chars, 4)?,
        Some('U') => code(chars, 8)?,
        _ => return Err("an escape"),
    })
}

fn code(chars: &mut std::str::Chars<'_>, digits: usize) -> Result<char, Expected> {
    let mut code = 0_u32;
    for _ in 0..digits {
        let digit = chars.next().and_then(|c| c.to_digit(16)).ok_or("a hexadecimal digit")?;
        code = code.checked_mul(16).ok_or("a character's code")? + digit;
    }
    char::from_u32(code).ok_or("a character's code")
}
