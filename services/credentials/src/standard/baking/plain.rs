//! Plain images for credentials without one of their own: a star on blue.

use super::png;

/// Edge of the image, in pixels.
const EDGE: usize = 128;

const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128" viewBox="0 0 128 128"><rect width="128" height="128" fill="#1b4f72"/><path d="M64 8 78 50 120 64 78 78 64 120 50 78 8 64 50 50Z" fill="#f4d03f"/></svg>"##;

/// A plain SVG.
pub fn plain_svg() -> String {
    SVG.to_owned()
}

/// The same as a PNG of two colours, its rows stored as they are.
pub fn plain_png() -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..EDGE {
        rows.push(0);
        let bits = (0..EDGE).map(|x| is_star(x, y));
        let bits: Vec<bool> = bits.collect();
        rows.extend(
            bits.chunks(8)
                .map(|eight| eight.iter().fold(0_u8, |byte, star| byte << 1 | u8::from(*star))),
        );
    }
    let edge = (EDGE as u32).to_be_bytes();
    // One bit a pixel, colours by a palette, and nothing else out of the ordinary.
    let header = [&edge[..], &edge, &[1, 3, 0, 0, 0]].concat();
    let palette = [0x1b, 0x4f, 0x72, 0xf4, 0xd0, 0x3f];
    png::of_chunks(&[
        (*b"IHDR", &header),
        (*b"PLTE", &palette),
        (*b"IDAT", &stored(&rows)),
        (*b"IEND", &[]),
    ])
}

/// Four rays: closer to an axis than a third of what is left to the tip.
fn is_star(x: usize, y: usize) -> bool {
    let middle = EDGE / 2;
    let (along, across) = (x.abs_diff(middle), y.abs_diff(middle));
    let (long, short) = (along.max(across), along.min(across));
    long <= 56 && short * 3 <= 56 - long
}

/// A zlib stream of one stored block: `bytes` are fewer than 65,536.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len() as u16;
    let mut stream = vec![0x78, 0x01, 1];
    stream.extend_from_slice(&length.to_le_bytes());
    stream.extend_from_slice(&(!length).to_le_bytes());
    stream.extend_from_slice(bytes);
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    stream.extend_from_slice(&(high << 16 | low).to_be_bytes());
    stream
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::super::{Baked, bake, unbake};
    use super::*;

    #[test]
    fn both_take_a_credential_and_give_it_back() {
        let credential = Baked::of_text(r#"{"id":"urn:uuid:1"}"#).expect("JSON");
        for image in [plain_png(), plain_svg().into_bytes()] {
            let baked = bake(&image, &credential).expect("it is baked");
            assert_eq!(unbake(&baked), Ok(credential.clone()));
        }
    }

    #[test]
    fn the_rows_of_the_png_are_all_there() {
        let image = plain_png();
        let from = image.windows(4).position(|at| at == b"IDAT").expect("a chunk") + 4;
        let mut rows = Vec::new();
        let read = flate2::read::ZlibDecoder::new(&image[from..]).read_to_end(&mut rows);
        assert_eq!(read.expect("sound"), EDGE * (1 + EDGE / 8));
        assert!(is_star(64, 64) && is_star(64, 10) && !is_star(20, 20));
    }
}
