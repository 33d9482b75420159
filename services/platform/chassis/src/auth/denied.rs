//! Why a call was not let in.

/// Why a token was not believed. The texts go to the caller, so none repeats anything of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// There is no token.
    #[error("a bearer token is required in the authorization metadata")]
    Missing,
    /// It is not a JWT, or a claim has the wrong form.
    #[error("the token or one of its claims is malformed")]
    Malformed,
    /// The signature is not one of the issuer.
    #[error("the token's signature does not match")]
    Signature,
    /// It is signed in a way that its key is not for.
    #[error("the token's algorithm is not the one of its key")]
    Algorithm,
    /// The issuer has published no key of that name.
    #[error("the token names no key that the issuer has published")]
    UnknownKey,
    /// Another issuer made it.
    #[error("the token comes from another issuer")]
    Issuer,
    /// It was made for somebody else.
    #[error("the token is for another audience")]
    Audience,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    TooEarly,
    /// A claim that must be there is not.
    #[error("the token lacks one of iss, aud, exp, sub, roles")]
    Incomplete,
    /// It grants a role that does not exist.
    #[error("the token grants a role that does not exist")]
    UnknownRole,
    /// The issuer's keys have not been fetched yet, so no token can be judged.
    #[error("the issuer's keys are not available; try again")]
    KeysUnavailable,
}

impl Denied {
    /// The stable machine reason.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Missing => "TOKEN_MISSING",
            Self::Malformed => "TOKEN_MALFORMED",
            Self::Signature => "TOKEN_SIGNATURE_INVALID",
            Self::Algorithm => "TOKEN_ALGORITHM_REFUSED",
            Self::UnknownKey => "TOKEN_KEY_UNKNOWN",
            Self::Issuer => "TOKEN_ISSUER_WRONG",
            Self::Audience => "TOKEN_AUDIENCE_WRONG",
            Self::Expired => "TOKEN_EXPIRED",
            Self::TooEarly => "TOKEN_NOT_YET_VALID",
            Self::Incomplete => "TOKEN_CLAIM_MISSING",
            Self::UnknownRole => "TOKEN_ROLE_UNKNOWN",
            Self::KeysUnavailable => "ISSUER_KEYS_UNAVAILABLE",
        }
    }
}
