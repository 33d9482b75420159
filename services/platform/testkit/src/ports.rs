//! Ports that a server can be killed on and started on again.

use std::{collections::BTreeSet, fs, net::TcpListener, ops::Range, sync::Mutex};

use rand::RngExt;

use crate::Trouble;

/// Ports below this one are left to the services people run.
const LOWEST: u16 = 12_000;
const TRIES: u32 = 1_000;
const START_TRIES: u32 = 5;

/// Those this process handed out: a server that is down for the moment keeps its own.
static TAKEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A TCP port of 127.0.0.1 that nothing listens on and this process did not get before.
///
/// It lies outside the range that the kernel takes the near ends of connections from. A port inside
/// would be lost while its server is down: a client that keeps trying to reconnect sooner or later
/// gets that very number for its own end, and is then connected to itself. Another process may still
/// take the port before the server binds it; a server's `start` then tries another one.
pub fn free() -> Result<u16, Trouble> {
    let range =
        outside_ephemeral(fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").ok());
    let mut random = rand::rng();
    for _ in 0..TRIES {
        let port = random.random_range(range.clone());
        let mut taken = TAKEN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if !taken.contains(&port) && TcpListener::bind(("127.0.0.1", port)).is_ok() {
            taken.insert(port);
            return Ok(port);
        }
    }
    Err(Trouble::new(format!("no free port on 127.0.0.1 in {range:?} after {TRIES} tries")))
}

/// Starts a server on a free port, and on another one if somebody else was quicker.
pub(crate) fn with_free<T>(
    mut start: impl FnMut(u16) -> Result<T, Trouble>,
) -> Result<(u16, T), Trouble> {
    let mut tries = 0;
    loop {
        tries += 1;
        let port = free()?;
        match start(port) {
            Ok(started) => return Ok((port, started)),
            // A server's own words for it, quoted from its log.
            Err(trouble)
                if tries < START_TRIES
                    && trouble.to_string().to_lowercase().contains("address already in use") => {}
            Err(trouble) => return Err(trouble),
        }
    }
}

/// The wider side of the kernel's range, which Linux writes as `32768  60999`.
fn outside_ephemeral(setting: Option<String>) -> Range<u16> {
    let bounds: Vec<u16> = setting
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(|bound| bound.parse().ok())
        .collect();
    let &[first, last] = bounds.as_slice() else { return LOWEST..32_768 };
    let (below, above) = (first.saturating_sub(LOWEST), u16::MAX - last);
    if below >= above { LOWEST..first.max(LOWEST + 1) } else { last + 1..u16::MAX }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_handed_out_twice_or_from_the_kernels_range() {
        let range =
            outside_ephemeral(fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").ok());
        let ports: BTreeSet<u16> = (0..50).map(|_| free().unwrap()).collect();
        assert_eq!(ports.len(), 50);
        assert!(ports.iter().all(|port| range.contains(port)), "{ports:?} leave {range:?}");
    }

    #[test]
    fn a_lost_port_is_tried_again_and_another_trouble_is_not() {
        let mut tried = Vec::new();
        let (port, ()) = with_free(|port| {
            tried.push(port);
            if tried.len() < 3 { Err(Trouble::new("bind: Address already in use")) } else { Ok(()) }
        })
        .unwrap();
        assert_eq!((tried.len(), tried.last()), (3, Some(&port)));

        let mut tries = 0;
        let failed = with_free(|_| -> Result<(), Trouble> {
            tries += 1;
            Err(Trouble::new("no disk"))
        });
        assert_eq!((failed, tries), (Err(Trouble::new("no disk")), 1));
    }

    #[test]
    fn the_wider_side_of_the_kernels_range_is_used() {
        assert_eq!(outside_ephemeral(Some("32768\t60999\n".into())), 12_000..32_768);
        assert_eq!(outside_ephemeral(Some("13000\t40000\n".into())), 40_001..65_535);
        assert_eq!(outside_ephemeral(Some("nonsense".into())), 12_000..32_768);
        assert_eq!(outside_ephemeral(None), 12_000..32_768);
    }
}
