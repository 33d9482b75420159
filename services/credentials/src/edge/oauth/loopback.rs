//! Programs on the person's own computer: browsers are sent back to them at the loopback address, on
//! whatever port they listen on at the time (RFC 8252, section 7.3).

use axum::http::Uri;

/// The one that is taken. A name such as `localhost` may be resolved to another machine.
pub(super) const HOST: &str = "127.0.0.1";

/// Whether browsers are sent back to their own computer by this address.
pub(super) fn is(address: &str) -> bool {
    path(address).is_some()
}

/// Whether one address may stand for the other: on this computer, the port does not matter.
pub(super) fn alike(known: &str, asked: &str) -> bool {
    let on_this_computer = || path(known).is_some_and(|path| Some(path) == self::path(asked));
    known == asked || on_this_computer()
}

/// Path and query of such an address; `None` if it is none.
fn path(address: &str) -> Option<String> {
    if address.contains(['#', '@', '\\']) {
        return None;
    }
    let uri: Uri = address.parse().ok()?;
    let authority = uri.authority()?;
    let named = authority.as_str().strip_prefix(HOST)?;
    let port = named.is_empty() || named.strip_prefix(':')?.parse::<u16>().is_ok();
    let here = uri.scheme_str() == Some("http") && port;
    here.then(|| uri.path_and_query().map(ToString::to_string).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_alone_may_be_another() {
        let known = "http://127.0.0.1:4000/back";
        assert!(alike(known, known) && alike(known, "http://127.0.0.1:5000/back"));
        for other in [
            "http://127.0.0.1:4000/other",
            "https://127.0.0.1:4000/back",
            "http://127.0.0.1.example:4000/back",
            "http://127.0.0.1@example/back",
            "http://localhost:4000/back",
            "http://127.0.0.1:4000/back#x",
            "http://127.0.0.1:99999/back",
        ] {
            assert!(!alike(known, other), "{other}");
        }
        assert!(!alike("https://w.example:1/back", "https://w.example:2/back"));
    }
}
