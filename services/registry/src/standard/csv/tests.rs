use super::*;

/// Each record as its line and its cells, each broken line as its number.
fn read(text: &str) -> Vec<Result<(u64, Vec<String>), u64>> {
    let cells = |record: &Record<'_>| {
        (0..record.len()).map(|cell| record.text(cell).expect("UTF-8").into_owned()).collect()
    };
    Records::new(text.as_bytes())
        .map(|record| record.map(|record| (record.line, cells(&record))).map_err(|bad| bad.line))
        .collect()
}

fn row(line: u64, cells: &[&str]) -> Result<(u64, Vec<String>), u64> {
    Ok((line, cells.iter().map(|&cell| cell.to_owned()).collect()))
}

#[test]
fn plain_and_quoted_cells_with_any_line_ending() {
    let text = "a,b\r\n\"1, 2\",\"say \"\"hi\"\"\"\n\n x ,\r\n,";
    let rows = [
        row(1, &["a", "b"]),
        row(2, &["1, 2", "say \"hi\""]),
        row(4, &["x", ""]),
        row(5, &["", ""]),
    ];
    assert_eq!(read(text), rows);
    assert!(read("").is_empty());
}

#[test]
fn a_value_may_span_lines() {
    assert_eq!(read("\"a\nb\",c\nd"), [row(1, &["a\nb", "c"]), row(3, &["d"])]);
}

#[test]
fn a_forgotten_quote_costs_its_own_line_alone() {
    let text = "1,\"a\n2,b\n3,\"c, d\"\n4,e\n";
    assert_eq!(
        read(text),
        [Err(1), row(2, &["2", "b"]), row(3, &["3", "c, d"]), row(4, &["4", "e"])]
    );
}

#[test]
fn a_quote_forgotten_near_the_end_costs_its_own_line_alone() {
    assert_eq!(read("1,a\n2,\"b\n3,c"), [row(1, &["1", "a"]), Err(2), row(3, &["3", "c"])]);
}

#[test]
fn text_after_a_closing_quote_breaks_the_line() {
    assert_eq!(read("\"a\"b,c\nd"), [Err(1), row(2, &["d"])]);
}

#[test]
fn a_very_long_open_value_is_given_up() {
    let text = format!("1,\"a\n{}\"\n", "2,b\n".repeat(60));
    let read = read(&text);
    assert_eq!(read[0], Err(1));
    assert_eq!(read[1..61].iter().filter(|row| row.is_ok()).count(), 60);
    assert_eq!(read[61], Err(62));
}

#[test]
fn a_record_of_several_lines_can_be_read_again_from_its_second_line() {
    let mut records = Records::new(b"1,\"a\n2,b\",\n3,c");
    let record = records.next().expect("one").expect("balanced");
    assert_eq!((record.len(), record.lines), (3, 2));
    records.reread_after_first_line(&record);
    let again = records.next().expect("another");
    assert_eq!(again.expect("balanced").line, 2);
}

#[test]
fn other_encodings_are_noticed_cell_by_cell() {
    let record = Records::new(b"Jos\xE9,ok").next().expect("one").expect("balanced");
    assert_eq!(record.text(0), None);
    assert_eq!(record.text(1).as_deref(), Some("ok"));
}

#[test]
fn any_bytes_can_be_read_to_their_end() {
    let pool = [b'"', b',', b'\n', b'\r', b'a', 0xE9];
    let mut seed = 7_u32;
    for length in 0..400 {
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            pool[(seed >> 24) as usize % pool.len()]
        };
        let bytes: Vec<u8> = (0..length % 40).map(|_| next()).collect();
        let lines: Vec<u64> = Records::new(&bytes)
            .map(|record| record.map_or_else(|bad| bad.line, |record| record.line))
            .collect();
        assert!(lines.is_sorted(), "{bytes:?}: {lines:?}");
    }
}
