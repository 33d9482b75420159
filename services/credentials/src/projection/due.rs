//! What comes with time in the course of credentials that end by their date.

use northstar_credentials_domain::credential::Moment;
use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{CredentialId, LearnerId, Timestamp};
use uuid::Uuid;

/// Whose a credential is that something comes for; kept under the instant, what it is and the
/// credential's id, so that what comes first stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CourseDue(pub(crate) LearnerId);

impl CourseDue {
    /// Where it is kept.
    pub(crate) fn key(at: Timestamp, moment: Moment, credential: CredentialId) -> Vec<u8> {
        let kind = match moment {
            Moment::Renewal => 1,
            Moment::End => 2,
        };
        [&Self::from(at)[..], &[kind], credential.as_bytes()].concat()
    }

    /// Where what comes at that instant begins.
    pub(crate) fn from(at: Timestamp) -> [u8; 8] {
        // With its sign turned, an earlier instant is the smaller number.
        (at.micros().cast_unsigned() ^ (1 << 63)).to_be_bytes()
    }

    /// What has this key.
    pub(crate) fn read(key: &[u8]) -> Option<(Timestamp, Moment, CredentialId)> {
        let (at, rest) = key.split_first_chunk()?;
        let at = (u64::from_be_bytes(*at) ^ (1 << 63)).cast_signed();
        let (kind, credential) = rest.split_first()?;
        let moment = match kind {
            1 => Moment::Renewal,
            2 => Moment::End,
            _ => return None,
        };
        let credential = Uuid::from_slice(credential).ok()?;
        Some((Timestamp::from_micros(at), moment, CredentialId::from_uuid(credential)))
    }
}

impl Shape for CourseDue {
    const NOUN: &'static str = "course_due";

    fn encode(&self) -> Document {
        Document { state: Vec::new(), extra: self.0.as_bytes().to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let learner = Uuid::from_slice(&document.extra);
        let learner = learner.map_err(|why| Malformed::new(Self::NOUN, why))?;
        Ok(Self(LearnerId::from_uuid(learner)))
    }

    fn weight(&self) -> usize {
        16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_first_stands_first_and_is_read_back() {
        let credential = CredentialId::from_uuid(Uuid::from_u128(7));
        let key =
            |micros, moment| CourseDue::key(Timestamp::from_micros(micros), moment, credential);
        let mut keys = [key(5, Moment::End), key(5, Moment::Renewal), key(-1, Moment::End)];
        keys.sort();
        let read: Vec<_> = keys.iter().filter_map(|key| CourseDue::read(key)).collect();
        let at = Timestamp::from_micros;
        let expected = [(at(-1), Moment::End), (at(5), Moment::Renewal), (at(5), Moment::End)];
        assert_eq!(read, expected.map(|(at, moment)| (at, moment, credential)));
        assert_eq!(CourseDue::read(&[1, 2]), None);
    }
}
