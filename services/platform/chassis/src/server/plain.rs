//! A plain HTTP port beside the API, for what a service shows to callers who bring no token.
//!
//! It speaks HTTP/1.1 without TLS: a proxy in front of it brings the certificate. Whoever is slow to
//! say what they want is let go, and there is an end to how many are heard at once.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::Drained;
use super::limits;
use super::serve::{ServeError, bind};

/// After an error of the listener, such as too many open files, it is tried again so much later.
const PAUSE: Duration = Duration::from_millis(100);

/// The port, bound but not served yet.
pub struct PlainListener {
    listener: TcpListener,
    drain: Duration,
}

impl PlainListener {
    /// Binds `address`, which the configuration has under `key`. Once it is to stop, requests in
    /// flight may go on for `drain`.
    ///
    /// # Errors
    ///
    /// [`ServeError::Bind`] when the port cannot be had.
    pub async fn bind(
        key: &'static str,
        address: SocketAddr,
        drain: Duration,
    ) -> Result<Self, ServeError> {
        Ok(Self { listener: bind(key, address).await?, drain })
    }

    /// Where it is; tells the port that was chosen for port 0.
    ///
    /// # Errors
    ///
    /// When the socket has lost its address.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves `router` until `shutdown`, then lets requests in flight finish until the deadline.
    pub async fn serve(self, router: Router, shutdown: impl Future<Output = ()>) -> Drained {
        let open = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(limits::MAX_PLAIN_CONNECTIONS));
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            let connection = tokio::select! {
                connection = next(&self.listener, &places) => connection,
                () = &mut shutdown => break,
            };
            match connection {
                Ok((stream, place)) => {
                    let served = open.watch(connection_of(stream, &router));
                    tokio::spawn(async move {
                        // A peer that breaks off is no news.
                        drop(served.await);
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        drop(self.listener);
        let left = open.count();
        match timeout(self.drain, open.shutdown()).await {
            Ok(()) => Drained::InTime,
            Err(_) => {
                tracing::warn!(connections = left, limit = ?self.drain, "drain deadline hit");
                Drained::Cut { calls: left }
            }
        }
    }
}

/// The next connection, once there is a place for it.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, place))
}

type Connection = hyper_util::server::conn::auto::Connection<
    'static,
    TokioIo<TcpStream>,
    TowerToHyperService<Router>,
    TokioExecutor,
>;

fn connection_of(stream: TcpStream, router: &Router) -> Connection {
    // To tell HTTP/2 from HTTP/1 would mean to wait for a caller's first bytes, however long.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEADER_PATIENCE)
        .max_buf_size(limits::PLAIN_BUFFER);
    builder
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()))
        .into_owned()
}
