//! Changes, as a broken line, a clumsy hand or a clever stranger makes them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// Numbers that look random and are the same for the same seed: splitmix64.
#[derive(Debug, Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let once = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let twice = (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        twice ^ (twice >> 31)
    }

    /// Less than `bound`; 0 if that is 0.
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }

    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Pieces that mean something somewhere.
const PIECES: [&str; 12] = [
    "\"id\":\"urn:x\",",
    "\"@context\":[],",
    "\"proof\":{},",
    "\"\\u0000\"",
    "{\"@id\":\"urn:x\"}",
    "1e400",
    "[[]]",
    "null",
    "}{",
    "\u{feff}",
    "<!--",
    "..",
];

/// A few bytes of one of these texts.
pub(crate) fn bytes(texts: &[String], random: &mut Random) -> Vec<u8> {
    changed_bytes(random.pick(texts).clone().into_bytes(), random)
}

fn changed_bytes(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        let end = (at + 1 + random.below(40)).min(bytes.len());
        match random.below(6) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..at, random.pick(&PIECES).bytes())),
            3 => {
                let copied = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                drop(bytes.splice(to..to, copied));
            }
            4 if !bytes.is_empty() => bytes[at] = *random.pick(b"\"{}[]:,.\\ 0Az"),
            // White space, which changes nothing where JSON allows it.
            _ => drop(bytes.splice(at..at, *b" ")),
        }
    }
    bytes
}

/// Values of one document, with values of the others.
pub(crate) fn values(documents: &[String], random: &mut Random) -> Vec<u8> {
    let mut changed: Value = serde_json::from_str(random.pick(documents).as_str()).unwrap();
    let other: Value = serde_json::from_str(random.pick(documents).as_str()).unwrap();
    for _ in 0..=random.below(2) {
        change(&mut changed, &other, random);
    }
    changed.to_string().into_bytes()
}

/// Bytes of a document, or its values.
pub(crate) fn json(document: &str, random: &mut Random) -> Vec<u8> {
    match random.below(2) {
        0 => changed_bytes(document.as_bytes().to_vec(), random),
        _ => values(&[document.to_owned()], random),
    }
}

/// Changes a place somewhere in `value`; `other` is where new values come from.
fn change(value: &mut Value, other: &Value, random: &mut Random) {
    let deeper = random.below(5) > 0;
    match value {
        Value::Object(members) if deeper && !members.is_empty() => {
            let at = random.below(members.len());
            change(members.values_mut().nth(at).unwrap(), other, random);
        }
        Value::Array(elements) if deeper && !elements.is_empty() => {
            let at = random.below(elements.len());
            change(&mut elements[at], other, random);
        }
        Value::Object(members) if random.below(3) > 0 => {
            let name = members.keys().nth(random.below(members.len())).cloned();
            match name {
                Some(name) if random.below(2) == 0 => drop(members.remove(&name)),
                _ => {
                    let (name, value) = taken(other, random);
                    members.insert(name, value);
                }
            }
        }
        Value::Array(elements) if random.below(3) > 0 => {
            // The same once more, others in another order, or a stranger among them.
            match (elements.first().cloned(), random.below(3)) {
                (Some(first), 0) => elements.push(first),
                (_, 1) => elements.reverse(),
                _ => elements.push(taken(other, random).1),
            }
        }
        Value::String(text) if random.below(2) == 0 => *text = reworded(text, random),
        slot => *slot = taken(other, random).1,
    }
}

/// A member from somewhere in `other`, or one that is none of anybody's.
fn taken(other: &Value, random: &mut Random) -> (String, Value) {
    let mut found = ("invented".to_owned(), json!([null, 1e300, -1, "", "urn:x", {}]));
    let mut at = other;
    for _ in 0..random.below(6) {
        at = match at {
            Value::Object(members) if !members.is_empty() => {
                let (name, value) = members.iter().nth(random.below(members.len())).unwrap();
                found = (name.clone(), value.clone());
                value
            }
            Value::Array(elements) if !elements.is_empty() => random.pick(elements),
            _ => break,
        };
    }
    found
}

fn reworded(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let at = random.below(chars.len());
    match random.below(4) {
        0 if !chars.is_empty() => drop(chars.remove(at)),
        1 => chars.insert(at, *random.pick(&['\u{0}', '\u{202e}', '#', ':', ' ', 'é', '9'])),
        2 => chars.truncate(at),
        _ => chars.extend("1".chars()),
    }
    chars.into_iter().collect()
}

/// A token whose text was changed, or what one of its parts says.
pub(crate) fn token(tokens: &[String], random: &mut Random) -> Vec<u8> {
    let token = random.pick(tokens);
    let mut parts: Vec<&str> = token.split('.').collect();
    let part = random.below(parts.len());
    let said = URL_SAFE_NO_PAD.decode(parts[part]).unwrap();
    let changed = match (random.below(3), String::from_utf8(said.clone())) {
        (0, _) => return changed_bytes(token.clone().into_bytes(), random),
        (_, Ok(text)) if text.starts_with('{') => json(&text, random),
        _ => changed_bytes(said, random),
    };
    let encoded = URL_SAFE_NO_PAD.encode(changed);
    parts[part] = &encoded;
    parts.join(".").into_bytes()
}

/// An image with bytes changed; near its beginning, where the structure is, as often as anywhere.
pub(crate) fn image(images: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let image = random.pick(images).clone();
    let tail = if random.below(2) == 0 { image.len().min(120) } else { image.len() };
    let (head, rest) = image.split_at(tail);
    [&changed_bytes(head.to_vec(), random), rest].concat()
}
