//! Why a wallet gets no access.

use std::fmt;

use northstar_kernel::{Kind, Refusal as Refused};

/// Why a wallet gets no access. That something never was, is over, or is another's looks the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The code or the token is not good, or not any more.
    NotGood,
    /// Nothing was asked for.
    NoScope,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotGood => "the code or token is not good, or not any more; ask for another",
            Self::NoScope => "nothing is asked for that can be had here",
        })
    }
}

impl std::error::Error for Refusal {}

impl Refused for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::NotGood => "WALLET_CODE_INVALID",
            Self::NoScope => "WALLET_SCOPE_REQUIRED",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Invalid
    }
}
