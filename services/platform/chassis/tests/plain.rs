//! The plain port: it hears callers without a token, and takes leave in order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use northstar_chassis::server::{Drained, PlainListener};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

/// A port with an answer that waits to be let go.
struct Port {
    address: SocketAddr,
    entered: Arc<Notify>,
    let_go: Arc<Notify>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Drained>,
}

async fn port(drain: Duration) -> Port {
    let any = "127.0.0.1:0".parse().expect("an address");
    let listener = PlainListener::bind("edge.listen", any, drain).await.expect("a port");
    let address = listener.address().expect("an address");
    let (entered, let_go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (seen, wait) = (Arc::clone(&entered), Arc::clone(&let_go));
    let slow = get(async move || {
        seen.notify_one();
        wait.notified().await;
        "at last"
    });
    let router = Router::new().route("/", get(async || "hello")).route("/slow", slow);
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(listener.serve(router, async { drop(stopped.await) }));
    Port { address, entered, let_go, stop, served }
}

async fn ask(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await?;
    let mut answer = vec![0; 1_024];
    let length = stream.read(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}

#[tokio::test]
async fn what_is_in_flight_is_answered_and_nobody_else_is_heard() {
    let port = port(Duration::from_secs(60)).await;
    assert!(ask(port.address, "/").await.expect("an answer").ends_with("hello"));
    let idle = TcpStream::connect(port.address).await.expect("a connection");
    let slow = tokio::spawn(async move { ask(port.address, "/slow").await });
    port.entered.notified().await;
    port.stop.send(()).expect("it serves");
    while ask(port.address, "/").await.is_ok_and(|answer| !answer.is_empty()) {
        tokio::task::yield_now().await;
    }
    port.let_go.notify_one();
    assert!(slow.await.expect("no panic").expect("an answer").ends_with("at last"));
    assert_eq!(port.served.await.expect("no panic"), Drained::InTime);
    drop(idle);
}

#[tokio::test]
async fn at_the_deadline_nobody_is_waited_for() {
    let port = port(Duration::from_millis(50)).await;
    let slow = tokio::spawn(async move { ask(port.address, "/slow").await });
    port.entered.notified().await;
    port.stop.send(()).expect("it serves");
    assert_eq!(port.served.await.expect("no panic"), Drained::Cut { calls: 1 });
    slow.abort();
}

#[tokio::test]
async fn a_head_without_end_is_not_heard_out() {
    let port = port(Duration::ZERO).await;
    let endless = format!("/{}", "x".repeat(64 << 10));
    // The server may have closed before all of it was sent.
    let answer = ask(port.address, &endless).await.unwrap_or_else(|_| "HTTP/1.1 4".into());
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    assert!(ask(port.address, "/").await.expect("an answer").ends_with("hello"), "and goes on");
}

#[tokio::test]
async fn a_taken_port_is_named_by_its_key() {
    let port = port(Duration::ZERO).await;
    let refused = PlainListener::bind("credentials.edge.listen", port.address, Duration::ZERO);
    let error = refused.await.err().expect("it is taken").to_string();
    assert!(error.starts_with("credentials.edge.listen: cannot listen on 127.0.0.1:"), "{error}");
}
