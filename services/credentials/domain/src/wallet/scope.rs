//! What a wallet may do, as Open Badges 3.0 and CLR 2.0 name it.

/// One thing that a wallet may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Read credentials.
    ReadCredentials,
    /// Bring credentials.
    BringCredentials,
    /// Read the profile.
    ReadProfile,
    /// Read records.
    ReadRecords,
    /// Bring records.
    BringRecords,
    /// Read the profile beside the records.
    ReadRecordsProfile,
    /// Change access tokens for others without asking again.
    Offline,
}

impl Scope {
    /// All that there are, in order.
    pub const ALL: [Self; 7] = [
        Self::ReadCredentials,
        Self::BringCredentials,
        Self::ReadProfile,
        Self::ReadRecords,
        Self::BringRecords,
        Self::ReadRecordsProfile,
        Self::Offline,
    ];

    /// Its name in requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadCredentials => {
                "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly"
            }
            Self::BringCredentials => {
                "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.upsert"
            }
            Self::ReadProfile => "https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.readonly",
            Self::ReadRecords => {
                "https://purl.imsglobal.org/spec/clr/v2p0/scope/credential.readonly"
            }
            Self::BringRecords => {
                "https://purl.imsglobal.org/spec/clr/v2p0/scope/credential.upsert"
            }
            Self::ReadRecordsProfile => {
                "https://purl.imsglobal.org/spec/clr/v2p0/scope/profile.readonly"
            }
            Self::Offline => "offline_access",
        }
    }

    /// Those named in a text, with spaces between them, each once and in order. What is not known
    /// here cannot be had, and is left out.
    pub fn read(text: &str) -> Vec<Self> {
        let named = |scope: &Self| text.split(' ').any(|name| name == scope.name());
        Self::ALL.into_iter().filter(named).collect()
    }

    /// As requests have them.
    pub fn write(scopes: &[Self]) -> String {
        scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ")
    }
}
