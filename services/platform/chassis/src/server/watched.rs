//! One call from its first byte to its last: measured, traced, and ended if it must be.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use northstar_telemetry::{metrics, names};
use tonic::body::Body;
use tonic::codegen::http::HeaderMap;
use tonic::{Code, Status};
use tracing::Span;

use crate::status;

/// A call in flight. Dropping it before its end means that the caller went away.
pub(super) struct Call {
    method: Arc<str>,
    began: Instant,
    span: Span,
    open: Arc<AtomicUsize>,
    ended: bool,
}

impl Call {
    pub(super) fn begin(method: Arc<str>, span: Span, open: Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::Relaxed);
        Self { method, began: Instant::now(), span, open, ended: false }
    }

    pub(super) fn end(&mut self, code: Code) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let name = status::code_name(code);
        self.open.fetch_sub(1, Ordering::Relaxed);
        self.span.record(names::RPC_STATUS, name);
        if is_our_failure(code) {
            self.span.record("otel.status_code", "ERROR");
        }
        metrics::rpc_served(Arc::clone(&self.method), name, self.began.elapsed());
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.end(Code::Cancelled);
    }
}

/// The codes that the conventions count as a server's errors; the others are answers.
fn is_our_failure(code: Code) -> bool {
    matches!(
        code,
        Code::Unknown
            | Code::DeadlineExceeded
            | Code::Unimplemented
            | Code::Internal
            | Code::Unavailable
            | Code::DataLoss
    )
}

/// The answer to a call that the end of the server overtook.
pub(super) fn stopping() -> Status {
    status::unavailable("SERVER_STOPPING", "the server is stopping; try again")
}

/// The `grpc-status` of a set of headers or trailers.
pub(super) fn code_of(headers: &HeaderMap) -> Option<Code> {
    headers.get(Status::GRPC_STATUS).map(|value| Code::from_bytes(value.as_bytes()))
}

/// The body of an answer, which ends its call with its trailers.
pub(super) struct Watched {
    inner: Body,
    call: Call,
    cut: Pin<Box<dyn Future<Output = ()> + Send>>,
    done: bool,
}

impl Watched {
    /// Watches `inner` until its end or until `cut` comes.
    pub(super) fn new(
        inner: Body,
        call: Call,
        cut: Pin<Box<dyn Future<Output = ()> + Send>>,
    ) -> Self {
        Self { inner, call, cut, done: false }
    }

    fn finish(&mut self, frame: &Option<Result<Frame<Bytes>, Status>>) {
        match frame {
            Some(Ok(frame)) => {
                if let Some(code) = frame.trailers_ref().and_then(code_of) {
                    self.call.end(code);
                }
            }
            Some(Err(status)) => self.call.end(status.code()),
            None => self.call.end(Code::Unknown),
        }
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = &mut *self;
        if this.done {
            return Poll::Ready(None);
        }
        if this.cut.as_mut().poll(context).is_ready() {
            this.done = true;
            this.call.end(Code::Unavailable);
            let mut trailers = HeaderMap::new();
            return Poll::Ready(Some(match stopping().add_header(&mut trailers) {
                Ok(()) => Ok(Frame::trailers(trailers)),
                Err(status) => Err(status),
            }));
        }
        let polled = {
            let _entered = this.call.span.enter();
            Pin::new(&mut this.inner).poll_frame(context)
        };
        if let Poll::Ready(frame) = &polled {
            this.finish(frame);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.done || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
