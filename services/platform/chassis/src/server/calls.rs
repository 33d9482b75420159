//! The outermost layer: every call is named, traced, measured, counted, and ended at the deadline.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::task::{Context, Poll};

use northstar_telemetry::{continue_from, names};
use tokio::sync::watch;
use tonic::body::Body;
use tonic::codegen::BoxFuture;
use tonic::codegen::http::{Request, Response};
use tower::{Layer, Service};
use tracing::{Instrument as _, Span, field};

use super::drain::{Draining, Phase, reached};
use super::is_infrastructure;
use super::methods::Methods;
use super::watched::{Call, Watched, code_of, stopping};

#[derive(Clone)]
pub(super) struct CallsLayer {
    pub(super) methods: Arc<Methods>,
    pub(super) phase: watch::Receiver<Phase>,
    /// How many calls are in flight, health and reflection included.
    pub(super) open: Arc<AtomicUsize>,
}

impl<S> Layer<S> for CallsLayer {
    type Service = Calls<S>;

    fn layer(&self, inner: S) -> Calls<S> {
        Calls { inner, layer: self.clone() }
    }
}

#[derive(Clone)]
pub(super) struct Calls<S> {
    inner: S,
    layer: CallsLayer,
}

impl<S> Service<Request<Body>> for Calls<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Response<Body>, Infallible>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        // The clone that was polled ready is the one that must be called.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let path = request.uri().path();
        // A watcher of health would go on for ever and has nothing to lose.
        let last = if is_infrastructure(path) { Phase::Draining } else { Phase::Ending };
        let cut = reached(self.layer.phase.clone(), last);
        let span = self.layer.span(&request);
        let method = self.layer.methods.name(path);
        let mut call = Call::begin(method, span.clone(), Arc::clone(&self.layer.open));
        request.extensions_mut().insert(Draining::new(self.layer.phase.clone()));
        let answer = async move {
            let mut cut = Box::pin(cut);
            let response = tokio::select! {
                biased;
                Ok(response) = inner.call(request) => response,
                () = &mut cut => stopping().into_http(),
            };
            // A status in the headers means that no body follows.
            if let Some(code) = code_of(response.headers()) {
                call.end(code);
                return Ok(response);
            }
            Ok(response.map(|body| Body::new(Watched::new(body, call, cut))))
        };
        Box::pin(answer.instrument(span))
    }
}

impl CallsLayer {
    fn span(&self, request: &Request<Body>) -> Span {
        let method = self.methods.name(request.uri().path());
        let span = tracing::info_span!(
            "call",
            "otel.name" = &*method,
            "otel.kind" = "server",
            "otel.status_code" = field::Empty,
            { names::RPC_SYSTEM } = "grpc",
            { names::RPC_METHOD } = &*method,
            { names::RPC_STATUS } = field::Empty,
        );
        let parent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
        if let Some(parent) = parent {
            continue_from(&span, parent);
        }
        span
    }
}
