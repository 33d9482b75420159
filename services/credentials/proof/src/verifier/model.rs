//! The two data models that credentials are written in.

use std::borrow::Cow;

use serde_json::Value;

/// The context that a credential of the data model 1.1 begins with.
pub(super) const OLD: &str = "https://www.w3.org/2018/credentials/v1";

/// From when on a credential holds and when it ends: the names in the data model 2.0, and in 1.1.
pub(super) const SPANS: [[&str; 2]; 2] =
    [["validFrom", "validUntil"], ["issuanceDate", "expirationDate"]];

/// Whether the credential is one of the data model 1.1.
pub(super) fn is_old(credential: &Value) -> bool {
    let contexts = &credential["@context"];
    contexts.as_array().map_or(contexts, |many| many.first().unwrap_or(contexts)) == OLD
}

/// The names that the credential's own data model has for its dates.
pub(super) fn dates(credential: &Value) -> [&'static str; 2] {
    SPANS[usize::from(is_old(credential))]
}

/// From when on a credential holds and when it ends, as it says itself by the names of its own data
/// model; `None` where it says nothing.
pub fn bounds(credential: &Value) -> [Option<&str>; 2] {
    dates(credential).map(|name| credential.get(name)?.as_str())
}

/// The credential that a token's payload is, or that its claim `vc` holds, as the data model 1.1 has
/// it. Whether the token is sound is for the verifier.
pub fn said_by(mut payload: Value) -> Value {
    match payload.get_mut("vc") {
        Some(credential) => credential.take(),
        None => payload,
    }
}

/// The credential with its dates under the names of 2.0, for what is the same otherwise.
pub(super) fn renamed(credential: &Value) -> Cow<'_, Value> {
    if !is_old(credential) {
        return Cow::Borrowed(credential);
    }
    let mut renamed = credential.clone();
    if let Some(members) = renamed.as_object_mut() {
        for (new, old) in SPANS[0].into_iter().zip(SPANS[1]) {
            members.remove(new);
            let date = members.remove(old);
            members.extend(date.map(|date| (new.to_owned(), date)));
        }
    }
    Cow::Owned(renamed)
}
