use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn jws() -> Baked {
    Baked::CompactJws("aGVhZGVy.cGF5bG9hZA.c2lnbmF0dXJl_-".into())
}

fn json() -> Baked {
    Baked::Json("{\"a\": \"é ]]> &amp; <b> \u{2028}\",\r\n \"b\": [[1]]}".into())
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(kind);
    sum.update(data);
    let length = (data.len() as u32).to_be_bytes();
    [&length[..], kind, data, &sum.sum().to_be_bytes()].concat()
}

/// A picture of one black pixel, with these chunks behind its header.
fn png(extra: &[Vec<u8>]) -> Vec<u8> {
    let header = chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    let data = chunk(b"IDAT", &[0x78, 0x9C, 0x63, 0x60, 0, 0, 0, 2, 0, 1]);
    let end = chunk(b"IEND", &[]);
    [b"\x89PNG\r\n\x1a\n".to_vec(), header, extra.concat(), data, end].concat()
}

const SVG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- <svg> -->\n\
    <svg xmlns=\"http://www.w3.org/2000/svg\"\n  viewBox='0 0 1 1'>\n <title>a &gt; b</title>\n</svg>\n";

fn images() -> Vec<Vec<u8>> {
    let old = chunk(b"iTXt", b"openbadges\0\0\0\0\0https://example.org/assertion");
    let svgs = [
        SVG,
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        "\u{FEFF}<s:svg xmlns:s=\"http://www.w3.org/2000/svg\" />",
        "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:openbadges='http://openbadges.org'>\
         <openbadges:assertion verify='a.b.c'/></svg>",
    ];
    let svgs = svgs.map(|svg| svg.as_bytes().to_vec());
    [png(&[]), png(&[old])].into_iter().chain(svgs).collect()
}

#[test]
fn what_is_baked_comes_out_as_it_went_in() {
    for image in images() {
        assert!(matches!(unbake(&image), Err(BakingError::NotBaked(_))));
        for credential in [jws(), json()] {
            let baked = bake(&image, &credential).expect("a sound image");
            assert_eq!(unbake(&baked).as_ref(), Ok(&credential), "{}", baked.escape_ascii());
        }
    }
}

#[test]
fn baking_again_leaves_one() {
    for image in images() {
        let once = bake(&image, &jws()).expect("a sound image");
        assert_eq!(bake(&once, &jws()).as_ref(), Ok(&once));
        let other = bake(&once, &json()).expect("baked, and sound");
        assert_eq!(unbake(&other), Ok(json()));
        assert_eq!(bake(&other, &jws()), Ok(once), "nothing of the other is left");
    }
}

#[test]
fn a_png_keeps_its_chunks_and_gets_the_one_of_the_specification() {
    let image = png(&[]);
    let baked = bake(&image, &jws()).expect("a sound image");
    let text = [b"openbadgecredential\0\0\0\0\0", jws().as_str().as_bytes()].concat();
    assert_eq!(baked, png(&[chunk(b"iTXt", &text)]));
}

#[test]
fn an_svg_gets_the_element_of_the_specification() {
    let baked = bake(SVG.as_bytes(), &jws()).expect("a sound image");
    let expected = SVG
        .replace(
            "<svg xmlns=",
            "<svg xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\" xmlns=",
        )
        .replace(
            "'>\n <title>",
            "'><openbadges:credential verify=\"aGVhZGVy.cGF5bG9hZA.c2lnbmF0dXJl_-\">\
                 </openbadges:credential>\n <title>",
        )
        .replace("<svg xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\"> -->", "<svg> -->");
    assert_eq!(String::from_utf8(baked), Ok(expected));
}

#[test]
fn the_specifications_own_form_is_read() {
    let body = "\n      <![CDATA[\n  {\"proof\": { }}\n      ]]>\n    ";
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:o=\"https://purl.imsglobal.org/ob/v3p0\">\
         <g><o:credential>{body}</o:credential></g></svg>"
    );
    assert_eq!(unbake(svg.as_bytes()), Ok(Baked::Json("{\"proof\": { }}".into())));
    let language = b"openbadgecredential\0\0\0en\0badge\0{\"proof\":{}}";
    let image = png(&[chunk(b"iTXt", language)]);
    assert_eq!(unbake(&image), Ok(Baked::Json("{\"proof\":{}}".into())));
}

fn refused(image: &[u8], reason: &str) {
    let error = unbake(image).expect_err(reason).to_string();
    assert!(error.contains(reason), "{error}");
}

#[test]
fn a_broken_png_is_reported_with_the_place() {
    let good = png(&[chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0a.b.c")]);
    let mut changed = good.clone();
    changed[60] ^= 1;
    refused(&changed, "malformed at byte 33: the checksum of the iTXt chunk is wrong");
    refused(&good[..good.len() - 1], "the file ends within a chunk");
    refused(&good[..8], "malformed at byte 8: the file ends within a chunk");
    refused(&[&good[..], b"x"].concat(), "1 bytes follow the IEND chunk");
    refused(&[&good[..8], &good[33..]].concat(), "IHDR must be the first chunk");
    refused(&png(&[chunk(b"a b!", b"")]), "malformed at byte 37");
    let mut long = good;
    long[33..37].copy_from_slice(&u32::MAX.to_be_bytes());
    refused(&long, "malformed at byte 33: a chunk of 4294967295 bytes is too long");
}

#[test]
fn a_png_with_another_text_is_not_taken_for_a_badge() {
    let text = |data: &[u8]| png(&[chunk(b"iTXt", data)]);
    refused(&text(b"Comment\0\0\0\0\0a.b.c"), "the PNG has no credential baked in");
    refused(&png(&[chunk(b"tEXt", b"openbadgecredential\0a.b.c")]), "no credential baked in");
    refused(&text(b"openbadgecredential\0\x01\0\0\0a.b.c"), "is compressed");
    refused(&text(b"openbadgecredential\0\0\0\0a.b.c"), "ends before its text");
    refused(&text(b"openbadgecredential\0"), "ends before its text");
    refused(&text(b"openbadgecredential\0\0\0\0\0\xff.b.c"), "is not UTF-8");
    refused(&text(b"openbadgecredential\0\0\0\0\0hello"), "neither a JSON object nor a JWS");
    let twice = chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0a.b.c");
    refused(&png(&[twice.clone(), twice]), "more than one credential");
}

/// An SVG with this inside.
fn svg(inside: &str) -> Vec<u8> {
    let names = "xmlns='http://www.w3.org/2000/svg' xmlns:o='https://purl.imsglobal.org/ob/v3p0'";
    format!("<svg {names}>{inside}</svg>").into_bytes()
}

#[test]
fn a_broken_svg_is_reported_with_the_place() {
    refused(&svg("<g>"), "malformed at byte");
    refused(b"<svg xmlns='http://www.w3.org/2000/svg'>", "before its elements are closed");
    refused(b"<html/>", "malformed at byte 0: the one element is not svg");
    refused(b"<svg/>", "the one element is not svg of http://www.w3.org/2000/svg");
    refused(
        &svg("<openbadges:credential verify='a.b.c'/>"),
        "the prefix openbadges is bound to no",
    );
    refused(&[svg(""), svg("")].concat(), "the one element is not svg");
    refused(&[svg(""), b"text".to_vec()].concat(), "text outside svg");
    refused(b"<!-- nothing -->", "it has no element");
    refused(b"<svg a='1' a='2' xmlns='http://www.w3.org/2000/svg'/>", "malformed at byte 0");
    refused(b"<?xml version='1.0' encoding='latin1'?><svg/>", "encoding is latin1, not UTF-8");
    refused(&[svg(""), vec![0xFF]].concat(), "it is not UTF-8");
    for image in [&b"GIF89a"[..], b"\xff\xd8\xff\xe0", b"", b"{}"] {
        assert_eq!(unbake(image), Err(BakingError::NoImage));
    }
}

#[test]
fn an_svg_with_an_unclear_credential_gives_none() {
    refused(&svg(""), "the SVG has no credential baked in");
    refused(&svg("<credential verify='a.b.c'/>"), "no credential");
    refused(&svg("<o:assertion verify='a.b.c'/>"), "no credential");
    refused(&svg("<o:credential verify='a.b.c'/><o:credential/>"), "more than one");
    refused(&svg("<o:credential verify='a.b.c'><![CDATA[{}]]></o:credential>"), "both");
    refused(&svg("<o:credential>{}</o:credential>"), "not in a CDATA section");
    refused(&svg("<o:credential>&#123;}</o:credential>"), "not in a CDATA section");
    refused(&svg("<o:credential><g/></o:credential>"), "an element within the credential");
    refused(&svg("<o:credential verify='&x;'/>"), "malformed at byte");
    refused(&svg("<o:credential/>"), "neither a JSON object nor a JWS");
}

#[test]
fn what_would_not_come_out_is_not_baked() {
    for image in [png(&[]), SVG.into()] {
        for credential in [
            Baked::CompactJws("{}".into()),
            Baked::CompactJws("a.b".into()),
            Baked::Json("a.b.c".into()),
            Baked::Json(" {}".into()),
            Baked::Json(String::new()),
        ] {
            assert!(matches!(bake(&image, &credential), Err(BakingError::NoCredential(_))));
        }
        let long = Baked::Json(format!("{{\"a\":\"{}\"}}", "x".repeat(LONGEST_CREDENTIAL)));
        assert!(matches!(bake(&image, &long), Err(BakingError::TooLong { .. })));
    }
    let strange = Baked::Json("{\"a\":\"\u{FFFE}\"}".into());
    assert!(matches!(bake(SVG.as_bytes(), &strange), Err(BakingError::NoCredential(_))));
    let huge = vec![b' '; LONGEST + 1];
    assert!(matches!(unbake(&huge), Err(BakingError::TooLong { .. })));
}

/// An image, spoiled in some places.
fn spoiled() -> impl Strategy<Value = Vec<u8>> {
    let baked: Vec<_> = images()
        .iter()
        .flat_map(|image| [bake(image, &jws()), bake(image, &json())])
        .map(|baked| baked.expect("a sound image"))
        .collect();
    let places = vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6);
    (prop::sample::select(baked), places).prop_map(|(mut image, places)| {
        for (place, byte, how) in places {
            let at = place.index(image.len());
            match how {
                0 => image[at] = byte,
                1 => image.insert(at, byte),
                _ => drop(image.split_off(at.max(1))),
            }
        }
        image
    })
}

proptest! {
    #[test]
    fn whatever_the_bytes_nothing_panics(bytes in vec(any::<u8>(), 0..300), png in any::<bool>()) {
        let start: &[u8] = if png { b"\x89PNG\r\n\x1a\n" } else { b"<svg" };
        let image = [start, &bytes].concat();
        prop_assert!(unbake(&bytes).is_err());
        prop_assert!(unbake(&image).is_err());
        let _ = bake(&image, &jws());
    }

    #[test]
    fn a_spoiled_image_is_refused_or_can_be_baked_anew(image in spoiled()) {
        let _ = unbake(&image);
        if let Ok(baked) = bake(&image, &json()) {
            let text = baked.escape_ascii().to_string();
            prop_assert_eq!(unbake(&baked), Ok(json()), "{}", text);
            prop_assert!(bake(&baked, &json()).as_ref() == Ok(&baked), "{}", text);
        }
    }

    #[test]
    fn any_json_text_survives(words in "\\PC{0,40}", ends in "[\\[\\]>&<\"'\r\n\t-]{0,12}") {
        let json = Baked::Json(format!("{{{words}{ends}}}"));
        for image in [png(&[]), SVG.into()] {
            if let Ok(baked) = bake(&image, &json) {
                prop_assert_eq!(unbake(&baked), Ok(json.clone()));
            }
        }
    }
}
