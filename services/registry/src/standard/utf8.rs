//! Telling encodings apart before anything is read.

use super::Problem;

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The file without a byte order mark.
///
/// # Errors
/// When the file as a whole is in another encoding: UTF-16 or UTF-32, with or without a mark.
pub(super) fn unmarked<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a [u8], Problem> {
    let start = &bytes[..bytes.len().min(64)];
    let wide = start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF");
    if wide || start.contains(&0) {
        let message = "the file is not UTF-8 but looks like UTF-16; save it as UTF-8";
        return Err(Problem::of_file(file, "WRONG_ENCODING", message));
    }
    Ok(bytes.strip_prefix(MARK).unwrap_or(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_taken_off() {
        assert_eq!(unmarked("f", b"\xEF\xBB\xBFa").expect("UTF-8"), b"a");
        assert_eq!(unmarked("f", b"a").expect("UTF-8"), b"a");
        assert_eq!(unmarked("f", b"").expect("empty"), b"");
    }

    #[test]
    fn wide_encodings_are_refused_with_and_without_a_mark() {
        for bytes in [&b"\xFF\xFEa\0"[..], b"\xFE\xFF\0a", b"{\0\"\0", b"\0{\0\""] {
            let problem = unmarked("f", bytes).expect_err("not UTF-8");
            assert_eq!((problem.reason, problem.line), ("WRONG_ENCODING", 0));
        }
    }
}
