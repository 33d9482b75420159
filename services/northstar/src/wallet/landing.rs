//! Where the browser is sent back to: a port on this computer that is open until the answer is there
//! (RFC 8252, section 7.3).

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

const PATH: &str = "/back";
/// Longest request that is looked at, in bytes.
const LONGEST: usize = 16 << 10;
const TICK: Duration = Duration::from_millis(50);
/// How long a browser has to say what it wants.
const PATIENCE: Duration = Duration::from_secs(5);

/// The open port.
pub(super) struct Landing(TcpListener);

impl Landing {
    /// Opens one, at whatever port is free.
    pub(super) fn open() -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = listener.context("opening a port for the browser to come back to")?;
        listener.set_nonblocking(true).context("opening a port for the browser to come back to")?;
        Ok(Self(listener))
    }

    /// Where it is.
    pub(super) fn address(&self) -> anyhow::Result<String> {
        let address = self.0.local_addr().context("looking at the port")?;
        Ok(format!("http://{address}{PATH}"))
    }

    /// The query of the first request that `fits`. Whatever else comes is sent away: anybody on this
    /// computer may call.
    ///
    /// # Errors
    /// Nothing came in that time.
    pub(super) fn wait(
        &self,
        time: Duration,
        fits: impl Fn(&str) -> bool,
    ) -> anyhow::Result<String> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            match self.0.accept() {
                Ok((mut caller, _)) => {
                    // One that goes away in the middle of a word is not the one that is waited for.
                    let query = heard(&mut caller).ok().flatten().filter(|query| fits(query));
                    let _ = answer(&mut caller, query.is_some());
                    if let Some(query) = query {
                        return Ok(query);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(TICK),
                Err(error) => return Err(error).context("waiting for the browser"),
            }
        }
        bail!("nobody answered in {} minutes; begin anew", time.as_secs() / 60)
    }
}

/// The query of a request for the right path.
fn heard(caller: &mut TcpStream) -> std::io::Result<Option<String>> {
    caller.set_nonblocking(false)?;
    caller.set_read_timeout(Some(PATIENCE))?;
    caller.set_write_timeout(Some(PATIENCE))?;
    let (mut head, mut part) = (Vec::new(), [0; 1_024]);
    while head.len() < LONGEST && !head.windows(4).any(|at| at == b"\r\n\r\n") {
        match caller.read(&mut part)? {
            0 => return Ok(None),
            count => head.extend_from_slice(&part[..count]),
        }
    }
    let line = String::from_utf8_lossy(&head);
    let target = line.strip_prefix("GET ").and_then(|rest| rest.split(' ').next());
    let query = target.and_then(|target| target.strip_prefix(PATH)?.strip_prefix('?'));
    Ok(query.map(ToOwned::to_owned))
}

fn answer(caller: &mut TcpStream, found: bool) -> std::io::Result<()> {
    let (status, words) = match found {
        true => ("200 OK", "Northstar has the answer. You can close this page."),
        false => ("404 Not Found", "There is nothing here."),
    };
    write!(
        caller,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{words}",
        words.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(address: &str, target: &str) -> String {
        let mut stream = TcpStream::connect(address).expect("a connection");
        write!(stream, "GET {target} HTTP/1.1\r\nHost: x\r\n\r\n").expect("written");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("an answer");
        text
    }

    #[test]
    fn what_does_not_fit_is_sent_away_and_waiting_goes_on() {
        let landing = Landing::open().expect("a port");
        let address = landing.address().expect("an address");
        let port = address["http://".len()..].split('/').next().expect("a port").to_owned();
        let browser = thread::spawn(move || {
            ["/", "/back", "/back?state=other", "/back?state=ours&code=c"]
                .map(|target| call(&port, target).starts_with("HTTP/1.1 200"))
        });
        let fits = |query: &str| query.contains("state=ours");
        let query = landing.wait(Duration::from_secs(30), fits).expect("an answer");
        assert_eq!(query, "state=ours&code=c");
        assert_eq!(browser.join().expect("answers"), [false, false, false, true]);
        assert!(landing.wait(TICK, fits).is_err(), "not for ever");
    }
}
