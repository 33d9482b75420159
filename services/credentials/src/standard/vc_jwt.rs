//! VC-JWT as Open Badges 3.0 has it on the data model 2.0: the payload is the credential itself,
//! with the registered claims beside its members and equal to them.

use northstar_credentials_proof::{ProofError, Signer, jws};
use serde::Serialize;

use super::open_badges::AchievementCredential;

#[derive(Serialize)]
struct Claims<'a> {
    #[serde(flatten)]
    credential: &'a AchievementCredential,
    iss: &'a str,
    jti: &'a str,
    nbf: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    sub: &'a str,
}

/// Signs the credential; `method` is the full name of the issuer's verification method.
///
/// # Errors
/// The credential cannot be written as JSON, or the key did not sign.
pub fn sign(
    signer: &dyn Signer,
    method: &str,
    credential: &AchievementCredential,
) -> Result<String, ProofError> {
    let claims = Claims {
        credential,
        iss: &credential.issuer.id,
        jti: &credential.id,
        nbf: credential.valid_from_seconds,
        exp: credential.valid_until_seconds,
        sub: &credential.credential_subject.id,
    };
    jws::sign(signer, method, &claims)
}
