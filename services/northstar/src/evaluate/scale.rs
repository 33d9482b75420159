//! The levels a value is read against.

use northstar_evidence_domain::Milli;
use northstar_mastery_domain::Scale;

/// The lowest value of each level, the lowest first: `1,2,3,4`; no levels if there is nothing.
pub(crate) fn scale(text: &str) -> Result<Scale, String> {
    let scores = text.split(',').map(str::trim).filter(|_| !text.is_empty());
    let scores = scores.map(|score| match score.parse() {
        Ok(Milli(milli)) => Ok(milli),
        Err(error) => Err(format!("{score:?} is no value; {error}")),
    });
    let scores = scores.collect::<Result<Vec<i64>, String>>()?;
    match scores.is_sorted_by(|lower, upper| lower < upper) {
        true => Ok(Scale::new(scores)),
        false => Err("each level must begin above the one before it".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_from_the_lowest_on() {
        let read = scale("1, 2.5,3").map(|scale| scale.scores_milli().to_vec());
        assert_eq!(read, Ok(vec![1_000, 2_500, 3_000]));
        assert_eq!(scale("").map(|scale| scale.rungs()), Ok(0));
    }

    #[test]
    fn levels_that_say_nothing_are_refused() {
        for text in ["1,1", "4,3,2,1", "one", "1,,2", ",", " "] {
            assert!(scale(text).is_err(), "{text:?}");
        }
    }
}
