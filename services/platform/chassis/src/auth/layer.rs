//! The door: no call reaches a handler without a verified token.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use northstar_telemetry::{current_traceparent, trace};
use tonic::body::Body;
use tonic::codegen::BoxFuture;
use tonic::codegen::http::header::AUTHORIZATION;
use tonic::codegen::http::{HeaderMap, Request, Response};
use tower::{Layer, Service};
use uuid::Uuid;

use super::{Denied, Principal, Verifier};
use crate::server::is_infrastructure;
use crate::status;

/// Metadata in which a caller may name the journey its call belongs to, as a UUID.
const CORRELATION: &str = "correlation-id";

/// Guards every RPC except gRPC health and reflection, which tell nothing about anybody.
#[derive(Clone)]
pub struct AuthLayer {
    verifier: Arc<Verifier>,
}

impl AuthLayer {
    /// A door that believes `verifier`.
    pub fn new(verifier: Arc<Verifier>) -> Self {
        Self { verifier }
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { inner, verifier: Arc::clone(&self.verifier) }
    }
}

/// A service behind the door; its requests carry a [`Principal`].
#[derive(Clone)]
pub struct Guarded<S> {
    inner: S,
    verifier: Arc<Verifier>,
}

impl<S> Service<Request<Body>> for Guarded<S>
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
        let verifier = Arc::clone(&self.verifier);
        Box::pin(async move {
            if !is_infrastructure(request.uri().path()) {
                match admit(&verifier, request.headers()).await {
                    Ok(principal) => request.extensions_mut().insert(principal),
                    Err(denied) => return Ok(status::denied(denied).into_http()),
                };
            }
            inner.call(request).await
        })
    }
}

async fn admit(verifier: &Verifier, headers: &HeaderMap) -> Result<Principal, Denied> {
    let grant = verifier.verify(bearer(headers)?).await?;
    // Without a collector nothing is traced here, but what the caller traces still goes on.
    let traceparent = current_traceparent().or_else(|| {
        let text = headers.get("traceparent")?.to_str().ok()?;
        trace::trace_id(text).map(|_| text.to_owned())
    });
    let correlation = correlation(headers, traceparent.as_deref());
    Ok(Principal::new(grant, correlation, traceparent))
}

/// The one token of the call; two would leave it open which was meant.
fn bearer(headers: &HeaderMap) -> Result<&str, Denied> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Denied::Missing)?;
    if values.next().is_some() {
        return Err(Denied::Malformed);
    }
    let text = value.to_str().map_err(|_| Denied::Malformed)?;
    let (scheme, token) = text.split_once(' ').ok_or(Denied::Malformed)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(Denied::Missing) }
}

/// The caller's own correlation id, else the trace's, else a fresh one.
fn correlation(headers: &HeaderMap, traceparent: Option<&str>) -> Uuid {
    let named = headers.get(CORRELATION).and_then(|value| value.to_str().ok());
    named
        .and_then(|text| Uuid::parse_str(text).ok())
        .or_else(|| traceparent.and_then(trace::trace_id).map(Uuid::from_bytes))
        .unwrap_or_else(|| uuid::Builder::from_random_bytes(rand::random()).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_call_has_exactly_one_bearer_token() {
        assert_eq!(bearer(&headers(&[("authorization", "bearer  a.b.c ")])), Ok("a.b.c"));
        assert_eq!(bearer(&headers(&[])), Err(Denied::Missing));
        assert_eq!(bearer(&headers(&[("authorization", "Basic x")])), Err(Denied::Missing));
        assert_eq!(bearer(&headers(&[("authorization", "Bearer")])), Err(Denied::Malformed));
        let mut two = headers(&[("authorization", "Bearer a")]);
        two.append(AUTHORIZATION, "Bearer b".parse().unwrap());
        assert_eq!(bearer(&two), Err(Denied::Malformed));
    }

    #[test]
    fn the_journey_is_the_callers_else_the_traces_else_new() {
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let named = headers(&[(CORRELATION, "7f0c5b3e-0000-4000-8000-000000000001")]);
        assert_eq!(
            correlation(&named, Some(trace)).to_string(),
            "7f0c5b3e-0000-4000-8000-000000000001"
        );
        let unnamed = headers(&[(CORRELATION, "not a uuid")]);
        let from_trace = correlation(&unnamed, Some(trace));
        assert_eq!(from_trace.simple().to_string(), "0af7651916cd43dd8448eb211c80319c");
        assert_ne!(correlation(&unnamed, None), correlation(&unnamed, None));
    }
}
