//! Data Integrity proofs by themselves: the same terms as in credentials/v2.
//!
//! `https://w3id.org/security/data-integrity/v2`, SHA-256
//! `67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4`.

use super::credentials_v2;
use super::term::{Context, term};

pub(super) static ROOT: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("DataIntegrityProof", sec!("DataIntegrityProof"))
            .within(&credentials_v2::DATA_INTEGRITY_PROOF),
        term("proof", sec!("proof")).iri().graph(),
    ],
};
