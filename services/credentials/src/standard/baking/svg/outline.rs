//! Where in an SVG its first tag and its credentials are. Entities are not expanded and nothing is
//! fetched, whatever the document asks for.

use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::{DECLARATION, NAMESPACE, SVG, malformed};
use crate::standard::baking::BakingError;

/// The tag that opens the picture. Places count bytes of the document.
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    /// Right behind the name.
    pub(super) after_name: usize,
    /// Right behind the tag.
    pub(super) after: usize,
    /// Whether the tag closes itself.
    pub(super) empty: bool,
    /// What the tag binds our prefix to.
    pub(super) declared: Option<String>,
}

/// What a credential's element holds.
#[derive(Default)]
pub(super) struct Content {
    pub(super) verify: Option<String>,
    pub(super) body: String,
}

/// An element that holds a credential.
pub(super) struct Found {
    pub(super) span: Range<usize>,
    pub(super) content: Content,
}

/// The places in a sound SVG that matter here.
pub(super) struct Outline<'a> {
    pub(super) root: Tag<'a>,
    pub(super) credentials: Vec<Found>,
}

impl<'a> Outline<'a> {
    /// Reads the whole document: its elements must be closed in order, and `svg` be the only one
    /// at the top.
    pub(super) fn read(text: &'a str) -> Result<Self, BakingError> {
        // A byte order mark belongs to no event.
        let skipped = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let mut reading =
            Reading { text, skipped, root: None, open: None, depth: 0, found: vec![] };
        let mut reader = NsReader::from_str(&text[skipped..]);
        loop {
            let at = |place: u64| skipped + place as usize;
            let start = at(reader.buffer_position());
            let (of, event) = match reader.read_resolved_event() {
                Ok((namespace, event)) => (Space::of(namespace, start)?, event),
                Err(error) => return Err(malformed(at(reader.error_position()), error)),
            };
            if matches!(event, Event::Eof) {
                return reading.end();
            }
            let span = start..at(reader.buffer_position());
            reading.take(of, &event, span)?;
        }
    }
}

/// Which of the namespaces that matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    Svg,
    Badges,
    Other,
}

impl Space {
    /// A prefix that is bound to nothing is refused: baking binds one, and must not give a meaning
    /// to what had none.
    fn of(namespace: ResolveResult<'_>, at: usize) -> Result<Self, BakingError> {
        match namespace {
            ResolveResult::Bound(Namespace(SVG)) => Ok(Self::Svg),
            ResolveResult::Bound(Namespace(NAMESPACE)) => Ok(Self::Badges),
            ResolveResult::Bound(_) | ResolveResult::Unbound => Ok(Self::Other),
            ResolveResult::Unknown(prefix) => {
                Err(malformed(at, format!("the prefix {prefix} is bound to no namespace")))
            }
        }
    }
}

struct Reading<'a> {
    text: &'a str,
    skipped: usize,
    root: Option<Tag<'a>>,
    /// The credential that is being read, and the depth its element is at.
    open: Option<(Found, usize)>,
    depth: usize,
    found: Vec<Found>,
}

impl<'a> Reading<'a> {
    fn take(
        &mut self,
        of: Space,
        event: &Event<'_>,
        span: Range<usize>,
    ) -> Result<(), BakingError> {
        match event {
            Event::Decl(declaration) => return utf8(declaration, span.start),
            Event::Start(tag) => {
                self.tag(of, tag, span, false)?;
                self.depth += 1;
            }
            Event::Empty(tag) => {
                self.tag(of, tag, span.clone(), true)?;
                self.close(span.end);
            }
            Event::End(_) => {
                self.depth -= 1;
                self.close(span.end);
            }
            Event::CData(data) => match &mut self.open {
                Some((found, _)) => found.content.body.push_str(data),
                None if self.depth == 0 => return Err(malformed(span.start, "text outside svg")),
                None => {}
            },
            Event::Text(_) | Event::GeneralRef(_) => return self.text(span),
            Event::Comment(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn tag(
        &mut self,
        of: Space,
        tag: &BytesStart<'_>,
        span: Range<usize>,
        empty: bool,
    ) -> Result<(), BakingError> {
        if self.open.is_some() {
            return Err(malformed(span.start, "an element within the credential"));
        }
        let local = tag.local_name();
        if self.depth == 0 {
            if self.root.is_some() || of != Space::Svg || local.as_ref() != "svg" {
                return Err(malformed(span.start, format!("the one element is not svg of {SVG}")));
            }
            let after_name = span.start + 1 + tag.name().as_ref().len();
            let declared = attribute(tag, DECLARATION, span.start)?;
            let name = &self.text[span.start + 1..after_name];
            self.root = Some(Tag { name, after_name, after: span.end, empty, declared });
        } else if of == Space::Badges && local.as_ref() == "credential" {
            let verify = attribute(tag, "verify", span.start)?;
            let content = Content { verify, body: String::new() };
            self.open = Some((Found { span, content }, self.depth));
        }
        Ok(())
    }

    /// An element ends here, at the present depth.
    fn close(&mut self, end: usize) {
        if let Some((mut found, _)) = self.open.take_if(|(_, depth)| *depth == self.depth) {
            found.span.end = end;
            self.found.push(found);
        }
    }

    /// Text is for the picture alone.
    fn text(&self, span: Range<usize>) -> Result<(), BakingError> {
        let blank = self.text[span.clone()].trim().is_empty();
        match (&self.open, self.depth) {
            _ if blank => Ok(()),
            (Some(_), _) => Err(malformed(span.start, "the credential is not in a CDATA section")),
            (None, 0) => Err(malformed(span.start, "text outside svg")),
            (None, _) => Ok(()),
        }
    }

    fn end(self) -> Result<Outline<'a>, BakingError> {
        if self.depth > 0 {
            return Err(malformed(self.text.len(), "it ends before its elements are closed"));
        }
        let root = self.root.ok_or_else(|| malformed(self.skipped, "it has no element"))?;
        Ok(Outline { root, credentials: self.found })
    }
}

/// The attribute's value; all of the tag's attributes must be sound, none there twice.
fn attribute(tag: &BytesStart<'_>, wanted: &str, at: usize) -> Result<Option<String>, BakingError> {
    let mut found = None;
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| malformed(at, error))?;
        if attribute.key.as_ref() == wanted {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            found = Some(value.map_err(|error| malformed(at, error))?.into_owned());
        }
    }
    Ok(found)
}

fn utf8(declaration: &BytesDecl<'_>, at: usize) -> Result<(), BakingError> {
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(Ok(name)) => Err(malformed(at, format!("its encoding is {name}, not UTF-8"))),
        Some(Err(error)) => Err(malformed(at, error)),
    }
}
