//! Secrets that are given out once: what is in them, and what is kept of them.

pub(crate) mod code;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_kernel::Digest;
use uuid::{Builder, Uuid};

const NAME_BYTES: usize = 16;
const BYTES: usize = NAME_BYTES + 32;

/// The name of what it opens, which is no secret, and thirty-two bytes that nobody can guess.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket([u8; BYTES]);

impl Ticket {
    /// A new one.
    pub(crate) fn random(opens: Uuid) -> Self {
        let mut bytes: [u8; BYTES] = [0; BYTES];
        bytes[..NAME_BYTES].copy_from_slice(opens.as_bytes());
        bytes[NAME_BYTES..].copy_from_slice(&rand::random::<[u8; 32]>());
        Self(bytes)
    }

    /// The one that is written so; `None` if none is.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// As it is written: 64 letters.
    pub(crate) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What it opens, by its own word.
    pub(crate) fn opens(&self) -> Uuid {
        Uuid::from_bytes(self.0.first_chunk().copied().unwrap_or_default())
    }

    /// What is kept of it.
    pub(crate) fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }

    /// A name for it that it cannot be told from.
    pub(crate) fn name(&self) -> Uuid {
        name(&self.digest())
    }
}

/// Half of a digest names what it is of; the whole is compared.
fn name(digest: &Digest) -> Uuid {
    let half = digest.0.first_chunk().copied().unwrap_or_default();
    Builder::from_custom_bytes(half).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_says_what_it_opens_and_no_two_are_the_same() {
        let opens = Uuid::from_u128(7);
        let (one, other) = (Ticket::random(opens), Ticket::random(opens));
        assert!(one != other && one.name() != other.name());
        assert_eq!((one.opens(), one.text().len()), (opens, 64));
        assert!(Ticket::parse(&one.text()) == Some(one));
        assert!(!one.name().to_string().contains(&one.text()[..8]));
    }

    #[test]
    fn what_is_no_ticket_is_none() {
        let text = Ticket::random(Uuid::from_u128(7)).text();
        for wrong in ["", &text[1..], &format!("{text}A"), &text.replace(&text[..1], "="), "é"] {
            assert!(Ticket::parse(wrong).is_none(), "{wrong}");
        }
    }
}
