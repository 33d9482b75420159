//! SVG: one element `openbadges:credential` right behind the `svg` tag, with a JWS in its
//! attribute `verify` or with JSON in a CDATA section.

mod outline;

use super::{Baked, BakingError};
use outline::{Content, Outline, Tag};

const FORMAT: &str = "SVG";
const SVG: &str = "http://www.w3.org/2000/svg";
const NAMESPACE: &str = "https://purl.imsglobal.org/ob/v3p0";
const DECLARATION: &str = "xmlns:openbadges";

/// See [`super::bake`].
pub(super) fn bake(image: &[u8], credential: &Baked) -> Result<Vec<u8>, BakingError> {
    let text = text(image)?;
    let outline = Outline::read(text)?;
    let root = &outline.root;
    let mut baked = String::with_capacity(text.len() + credential.as_str().len() + 200);
    baked.push_str(&text[..root.after_name]);
    if root.declared.is_none() {
        baked.push_str(&format!(" {DECLARATION}=\"{NAMESPACE}\""));
    }
    let tag_end = if root.empty { root.after - "/>".len() } else { root.after };
    baked.push_str(&text[root.after_name..tag_end]);
    if root.empty {
        baked.push('>');
    }
    baked.push_str(&element(root, credential)?);
    let mut from = tag_end;
    for found in &outline.credentials {
        baked.push_str(&text[from..found.span.start]);
        from = found.span.end;
    }
    if root.empty {
        baked.push_str(&format!("</{}>", root.name));
        from = root.after;
    }
    baked.push_str(&text[from..]);
    Ok(baked.into_bytes())
}

/// See [`super::unbake`].
pub(super) fn unbake(image: &[u8]) -> Result<Baked, BakingError> {
    let outline = Outline::read(text(image)?)?;
    let mut found = outline.credentials.into_iter();
    let credential = found.next().ok_or(BakingError::NotBaked(FORMAT))?;
    if found.next().is_some() {
        return Err(BakingError::BakedTwice(FORMAT));
    }
    match credential.content {
        Content { verify: Some(jws), body } if body.trim().is_empty() => Baked::of_text(&jws),
        Content { verify: None, body } => Baked::of_text(&body),
        Content { .. } => {
            Err(malformed(credential.span.start, "the credential has both a JWS and a body"))
        }
    }
}

fn element(root: &Tag<'_>, credential: &Baked) -> Result<String, BakingError> {
    // Where the root uses our prefix for something else, the element says itself what it means.
    let declaration = match &root.declared {
        Some(namespace) if namespace != NAMESPACE => format!(" {DECLARATION}=\"{NAMESPACE}\""),
        _ => String::new(),
    };
    let name = "openbadges:credential";
    match credential {
        Baked::CompactJws(jws) => Ok(format!("<{name}{declaration} verify=\"{jws}\"></{name}>")),
        Baked::Json(json) if json.contains(|c| !is_xml(c)) => Err(BakingError::NoCredential(
            "the JSON has a character that no XML may have; escape it as in \\uFFFE",
        )),
        Baked::Json(json) => {
            // The one thing that CDATA cannot hold is its own end: it is cut in two there.
            let json = json.replace("]]>", "]]]]><![CDATA[>");
            Ok(format!("<{name}{declaration}><![CDATA[{json}]]></{name}>"))
        }
    }
}

/// XML 1.0, section 2.2; what a character of Rust cannot be anyway is left out.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

fn text(image: &[u8]) -> Result<&str, BakingError> {
    let text = str::from_utf8(image).map_err(|error| {
        // Of other images, the first bytes are what is wrong with them.
        if error.valid_up_to() < 8 {
            return BakingError::NoImage;
        }
        malformed(error.valid_up_to(), "it is not UTF-8")
    })?;
    let begins = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']).starts_with('<');
    if begins { Ok(text) } else { Err(BakingError::NoImage) }
}

fn malformed(at: usize, what: impl ToString) -> BakingError {
    BakingError::Malformed { format: FORMAT, at: at as u64, what: what.to_string() }
}
