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
    /// There is no such access, as far as the caller may know.
    NotFound,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotGood => "the code or token is not good, or not any more; ask for another",
            Self::NoScope => "nothing is asked for that can be had here",
            Self::NotFound => "there is no such wallet",
        })
    }
}

impl std::error::Error for Refusal {}

impl Refused for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::NotGood => "WALLET_CODE_INVALID",
            Self::NoScope => "WALLET_SCOPE_REQUIRED",
            Self::NotFound => "WALLET_NOT_FOUND",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::NotGood | Self::NoScope => Kind::Invalid,
            Self::NotFound => Kind::NotFound,
        }
    }
}
