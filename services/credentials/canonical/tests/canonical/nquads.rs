//! N-Quads, in and out.

use northstar_credentials_canonical::{Limits, Reason, canonicalize, parse_nquads};

fn canonical(text: &str) -> String {
    let dataset = parse_nquads(text, &Limits::BADGE).unwrap();
    canonicalize(&dataset, &Limits::BADGE).unwrap().nquads
}

#[test]
fn everything_that_the_grammar_has_is_read() {
    let text = "# a comment\n\n  <urn:s>\t<urn:p>   \"a\\tb\\u0041\\U0001F600\\\"\" . # another\r\n\
        _:x.y<urn:p>\"de\"@de-CH<urn:g>.\n<urn:s> <urn:p> _:a.\n<urn:s> <urn:p> \"1\"^^<urn:dt> _:g .";
    let expected = [
        "<urn:s> <urn:p> \"1\"^^<urn:dt> _:c14n2 .\n",
        "<urn:s> <urn:p> \"a\\tbA😀\\\"\" .\n",
        "<urn:s> <urn:p> _:c14n0 .\n",
        "_:c14n1 <urn:p> \"de\"@de-CH <urn:g> .\n",
    ];
    let lines = canonical(text);
    let count = lines.lines().count();
    assert_eq!(count, 4, "{lines}");
    for line in expected {
        let shape = |line: &str| line.replace(|c: char| c.is_ascii_digit(), "");
        assert!(lines.lines().any(|it| shape(it) == shape(line.trim_end())), "{line}{lines}");
    }
}

#[test]
fn literals_are_escaped_as_rdfc_has_it() {
    let text =
        "<urn:s> <urn:p> \"\\u0000\\b\\t\\n\\u000B\\f\\r\\u001F\\\"\\\\\\u007F\\u0080é\" .\n";
    let canonical = canonical(text);
    let expected =
        "<urn:s> <urn:p> \"\\u0000\\b\\t\\n\\u000B\\f\\r\\u001F\\\"\\\\\\u007F\u{80}é\" .\n";
    assert_eq!(canonical, expected);
}

#[test]
fn the_plain_string_type_is_left_out() {
    let string = "<urn:s> <urn:p> \"x\"^^<http://www.w3.org/2001/XMLSchema#string> .\n";
    assert_eq!(canonical(string), "<urn:s> <urn:p> \"x\" .\n");
}

#[test]
fn what_is_no_statement_is_refused_with_its_line() {
    for line in [
        "<urn:s> <urn:p> <urn:o>",
        "<urn:s> <urn:p> .",
        "<urn:s> _:p <urn:o> .",
        "\"s\" <urn:p> <urn:o> .",
        "<urn:s> <urn:p> \"o .",
        "<urn:s> <urn:p> \"o\"@ .",
        "<urn:s> <urn:p> \"o\"^^x .",
        "<urn:s> <urn:p> \"\\x\" .",
        "<urn:s> <urn:p> \"\\uD800\" .",
        "<urn:s> <urn:p> \"\\UFFFFFFFF\" .",
        "<urn:s x> <urn:p> <urn:o> .",
        "<s> <urn:p> <urn:o> .",
        "<urn:s> <urn:p> <urn:o> . .",
        "_: <urn:p> <urn:o> .",
        "<urn:s> <urn:p> <urn:o> <urn:g> <urn:h> .",
    ] {
        let refusal = parse_nquads(&format!("\n{line}\n"), &Limits::BADGE).unwrap_err();
        assert_eq!(refusal.reason, Reason::Malformed, "{line}");
        assert!(refusal.sentence.starts_with("line 2: "), "{line}: {refusal}");
    }
}

#[test]
fn length_and_number_of_quads_are_limited() {
    let text = "<urn:s> <urn:p> <urn:o> .\n".repeat(3);
    let refusal = |limits| parse_nquads(&text, &limits).unwrap_err().reason;
    assert_eq!(refusal(Limits { quads: 2, ..Limits::BADGE }), Reason::TooManyQuads);
    assert_eq!(refusal(Limits { bytes: 20, ..Limits::BADGE }), Reason::TooLong);
}
