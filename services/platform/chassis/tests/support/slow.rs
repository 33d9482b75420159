//! A service whose calls end when the test wants: `test.v1.Slow`.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use northstar_chassis::Principal;
use northstar_chassis::server::Draining;
use prost::Message as _;
use prost_types::{
    FileDescriptorProto, FileDescriptorSet, MethodDescriptorProto, ServiceDescriptorProto,
};
use tokio::sync::{Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::body::Body;
use tonic::codegen::http;
use tonic::codegen::{BoxFuture, BoxStream};
use tonic::server::{Grpc, NamedService, ServerStreamingService, UnaryService};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;
use tower::Service;

/// The service; clones share their gates.
#[derive(Clone)]
pub(crate) struct Slow {
    /// One permit lets one `Wait` end.
    pub(crate) release: Arc<Semaphore>,
    /// One permit for each call that has begun.
    pub(crate) entered: Arc<Semaphore>,
}

impl Default for Slow {
    fn default() -> Self {
        Self { release: Arc::new(Semaphore::new(0)), entered: Arc::new(Semaphore::new(0)) }
    }
}

impl NamedService for Slow {
    const NAME: &'static str = "test.v1.Slow";
}

/// The encoded descriptors of the service.
pub(crate) fn descriptors() -> &'static [u8] {
    let method = |name: &str| MethodDescriptorProto {
        name: Some(name.to_owned()),
        input_type: Some(".google.protobuf.Empty".to_owned()),
        output_type: Some(".google.protobuf.Empty".to_owned()),
        ..MethodDescriptorProto::default()
    };
    let service = ServiceDescriptorProto {
        name: Some("Slow".to_owned()),
        method: ["Wait", "Follow", "FollowUntilDrain"].map(method).to_vec(),
        ..ServiceDescriptorProto::default()
    };
    let file = FileDescriptorProto {
        name: Some("test/v1/slow.proto".to_owned()),
        package: Some("test.v1".to_owned()),
        service: vec![service],
        ..FileDescriptorProto::default()
    };
    FileDescriptorSet { file: vec![file] }.encode_to_vec().leak()
}

/// Ends when released; tells who called and in which trace.
struct Wait(Slow);

impl UnaryService<()> for Wait {
    type Response = ();
    type Future = BoxFuture<Response<()>, Status>;

    fn call(&mut self, request: Request<()>) -> Self::Future {
        let slow = self.0.clone();
        Box::pin(async move {
            let cause = Principal::of(&request)?.cause();
            tracing::info!("waiting");
            slow.entered.add_permits(1);
            slow.release.acquire().await.map_err(|_| Status::internal("closed"))?.forget();
            let mut response = Response::new(());
            let metadata = response.metadata_mut();
            let text = |text: &str| text.parse().map_err(|_| Status::internal("no metadata"));
            metadata.insert("actor", text(&cause.actor)?);
            metadata.insert("correlation", text(&cause.correlation_id.to_string())?);
            metadata.insert("trace", text(cause.traceparent.as_deref().unwrap_or("none"))?);
            Ok(response)
        })
    }
}

/// Sends one item and then nothing, until the drain begins if `polite`, else for ever.
struct Follow {
    slow: Slow,
    polite: bool,
}

impl ServerStreamingService<()> for Follow {
    type Response = ();
    type ResponseStream = BoxStream<()>;
    type Future = BoxFuture<Response<BoxStream<()>>, Status>;

    fn call(&mut self, request: Request<()>) -> Self::Future {
        let (slow, polite) = (self.slow.clone(), self.polite);
        Box::pin(async move {
            let draining = Draining::of(&request);
            let (sender, receiver) = mpsc::channel(1);
            tokio::spawn(async move {
                let _ = sender.send(Ok(())).await;
                slow.entered.add_permits(1);
                if polite {
                    draining.begun().await;
                } else {
                    sender.closed().await;
                }
            });
            Ok(Response::new(Box::pin(ReceiverStream::new(receiver)) as BoxStream<()>))
        })
    }
}

impl Service<http::Request<Body>> for Slow {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<http::Response<Body>, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let slow = self.clone();
        Box::pin(async move {
            let mut grpc = Grpc::new(ProstCodec::<(), ()>::default());
            Ok(match request.uri().path() {
                "/test.v1.Slow/Wait" => grpc.unary(Wait(slow), request).await,
                "/test.v1.Slow/Follow" => {
                    grpc.server_streaming(Follow { slow, polite: false }, request).await
                }
                "/test.v1.Slow/FollowUntilDrain" => {
                    grpc.server_streaming(Follow { slow, polite: true }, request).await
                }
                _ => Status::unimplemented("no such method").into_http(),
            })
        })
    }
}
