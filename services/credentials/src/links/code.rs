//! Codes that people carry from one screen to another.

use northstar_kernel::{Digest, TenantId, WalletId};

use super::name;

/// A code for people to carry over: sixteen letters and digits that are hard to mistake.
pub(crate) struct Code(String);

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 16;

impl Code {
    /// A new one.
    pub(crate) fn random() -> Self {
        let letter = |byte: u8| char::from(LETTERS[usize::from(byte % 32)]);
        Self(rand::random::<[u8; LENGTH]>().map(letter).iter().collect())
    }

    /// The one that somebody typed: in whatever case and with whatever between its letters, and with
    /// letters for the digits that look like them. `None` if it is none.
    pub(crate) fn typed(text: &str) -> Option<Self> {
        let letters = text.chars().filter(char::is_ascii_alphanumeric).take(LENGTH + 1);
        let letter = |c: char| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let code: String = letters.map(letter).collect();
        let known = code.bytes().all(|byte| LETTERS.contains(&byte));
        (code.len() == LENGTH && known).then_some(Self(code))
    }

    /// As people are shown it: `ABCD-EFGH-JKMN-PQRS`.
    pub(crate) fn text(&self) -> String {
        let groups = self.0.as_bytes().chunks(4).map(String::from_utf8_lossy);
        groups.collect::<Vec<_>>().join("-")
    }

    /// What is kept of it.
    pub(crate) fn digest(&self, tenant: TenantId) -> Digest {
        Digest::of_parts([&b"wallet code"[..], tenant.as_bytes(), self.0.as_bytes()])
    }

    /// The access that it offers.
    pub(crate) fn wallet(&self, tenant: TenantId) -> WalletId {
        WalletId::from_uuid(name(&self.digest(tenant)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_as_people_type() {
        let tenant = TenantId::from_slug("north");
        let code = Code::typed("0123-4567-89ab-cdef").expect("a code");
        assert_eq!(code.text(), "0123-4567-89AB-CDEF");
        for same in ["o1234567 89abcdef", " OI23.4567.89AB.CDEF ", "ol23456789ABCDEF"] {
            let same = Code::typed(same).expect(same);
            assert_eq!(same.digest(tenant), code.digest(tenant));
        }
        for wrong in ["", "0123-4567-89ab-cde", "0123-4567-89ab-cdefg", "u123-4567-89ab-cdef"] {
            assert!(Code::typed(wrong).is_none(), "{wrong}");
        }
        let random = Code::random();
        assert!(Code::typed(&random.text()).is_some_and(|same| same.0 == random.0));
        assert_ne!(code.wallet(tenant), code.wallet(TenantId::from_slug("south")));
    }
}
