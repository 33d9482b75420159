//! Pictures to bake a credential into, for achievements that bring none of their own.

use std::io::Write as _;
use std::sync::OnceLock;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

use super::page::escaped;

/// Width and height of the PNG.
const SIDE: i32 = 256;
/// Letters that fit into a line of the drawing, and lines into it.
const LINE: usize = 18;
const LINES: usize = 4;

const RING: [u8; 4] = [0x1f, 0x4e, 0x79, 0xff];
const DISC: [u8; 4] = [0xf2, 0xc1, 0x4e, 0xff];
const NOTHING: [u8; 4] = [0; 4];

/// A disc with the achievement's name in it.
pub(super) fn svg(name: &str) -> String {
    let lines = lines(name);
    let top = 128 - 12 * (lines.len() as i32 - 1);
    let text: String = (0..)
        .zip(&lines)
        .map(|(number, line)| {
            let y = top + 24 * number;
            format!("<text x=\"128\" y=\"{y}\">{}</text>\n", escaped(line))
        })
        .collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 256 256\">\n\
         <circle cx=\"128\" cy=\"128\" r=\"120\" fill=\"#1f4e79\"/>\n\
         <circle cx=\"128\" cy=\"128\" r=\"104\" fill=\"#f2c14e\"/>\n\
         <g font-family=\"sans-serif\" font-size=\"18\" text-anchor=\"middle\" \
         dominant-baseline=\"middle\" fill=\"#1c1c1c\">\n{text}</g>\n</svg>\n"
    )
}

/// Words in lines; what does not fit ends in dots.
fn lines(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= LINE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let more = lines.len() > LINES;
    lines.truncate(LINES);
    for line in &mut lines {
        if line.chars().count() > LINE {
            *line = line.chars().take(LINE - 1).chain(['…']).collect();
        }
    }
    if let Some(last) = lines.last_mut().filter(|_| more) {
        last.push('…');
    }
    lines
}

/// The same disc, without words.
pub(super) fn png() -> &'static [u8] {
    static PNG: OnceLock<Vec<u8>> = OnceLock::new();
    PNG.get_or_init(|| {
        let side = SIDE.to_be_bytes();
        // Eight bits for each of red, green, blue and opacity; nothing interlaced.
        let header = [&side[..], &side, &[8, 6, 0, 0, 0]].concat();
        let chunks = [chunk(b"IHDR", &header), chunk(b"IDAT", &dots()), chunk(b"IEND", &[])];
        [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
    })
}

fn dots() -> Vec<u8> {
    let mut rows = Vec::with_capacity((SIDE * (SIDE * 4 + 1)) as usize);
    for y in 0..SIDE {
        // No filter.
        rows.push(0);
        for x in 0..SIDE {
            rows.extend_from_slice(&dot(x - SIDE / 2, y - SIDE / 2));
        }
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail; an empty picture would be malformed, which baking reports.
    let written = packed.write_all(&rows).and_then(|()| packed.finish());
    written.unwrap_or_default()
}

fn dot(x: i32, y: i32) -> [u8; 4] {
    match x * x + y * y {
        0..10_816 => DISC,
        10_816..14_400 => RING,
        _ => NOTHING,
    }
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = Crc::new();
    sum.update(kind);
    sum.update(data);
    // Data of a picture of this size is far shorter than a chunk may be.
    let length = (data.len() as u32).to_be_bytes();
    [&length[..], kind, data, &sum.sum().to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::baking::{Baked, bake, unbake};

    #[test]
    fn both_pictures_carry_a_credential() {
        let credential = Baked::Json(r#"{"id":"urn:uuid:1"}"#.into());
        for picture in [svg("Keeps <commitments> & \"promises\"").into_bytes(), png().to_vec()] {
            let baked = bake(&picture, &credential).expect("a sound picture");
            assert_eq!(unbake(&baked).as_ref(), Ok(&credential));
        }
    }

    #[test]
    fn the_png_has_as_many_dots_as_it_says() {
        let from = png().windows(4).position(|at| at == b"IDAT").expect("data") + 4;
        let mut rows = Vec::new();
        let mut unpacked = flate2::read::ZlibDecoder::new(&png()[from..]);
        std::io::Read::read_to_end(&mut unpacked, &mut rows).expect("zlib");
        assert_eq!(rows.len(), 256 * (256 * 4 + 1));
        assert_eq!(rows[128 * 1_025 + 1 + 128 * 4..][..4], DISC, "the middle");
    }

    #[test]
    fn long_names_end_in_dots() {
        assert_eq!(lines("Keeps commitments"), ["Keeps commitments"]);
        assert_eq!(lines("Donaudampfschifffahrtsgesellschaft"), ["Donaudampfschifff…"]);
        let many = lines(&"responsibility ".repeat(9));
        assert_eq!((many.len(), many[3].as_str()), (4, "responsibility…"));
        assert!(lines("").is_empty());
    }
}
