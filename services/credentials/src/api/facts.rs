//! What an authority states of a learner.

use northstar_chassis::{Principal, Role, status};
use northstar_credentials_domain::Event;
use northstar_credentials_domain::fact::Stated;
use northstar_eventlog::{Append, AppendError, Fault, Stream, TenantLog};
use northstar_kernel::{ExpectedVersion, LearnerId, Version};
use northstar_wire::credentials::v1 as wire;
use tonic::Status;

use crate::codec;

/// Times a decision is taken anew because something else was stated meanwhile.
const ATTEMPTS: u32 = 8;

/// States it.
pub(super) async fn state(
    principal: &Principal,
    log: &TenantLog,
    request: wire::StateFactRequest,
) -> Result<wire::StateFactResponse, Status> {
    principal.require(&[Role::NetworkAdmin, Role::DistrictAdmin, Role::Integrator])?;
    let invalid = |_| status::invalid("LEARNER_ID_INVALID", "learner_id", "must be a UUID");
    let learner: LearnerId = request.learner_id.parse().map_err(invalid)?;
    principal.may_see(learner)?;
    let actor = principal.subject().to_owned();
    let stated = Stated { learner, name: request.name, times: request.times, actor };
    if let Some(wrong) = stated.violations().into_iter().next() {
        return Err(status::invalid("FACT_INVALID", &wrong.field, &wrong.description));
    }
    let mut attempt = 0;
    loop {
        attempt += 1;
        let stream = Stream::new("facts", learner.uuid());
        let (known, version) = load(log, &stream, &stated.name).await.map_err(status::fault)?;
        if known == stated.times {
            return Ok(wire::StateFactResponse { changed: false });
        }
        let expected = match version {
            Version::START => ExpectedVersion::NoStream,
            version => ExpectedVersion::Exactly(version),
        };
        let events = vec![codec::encode(&stated.clone().into(), None)];
        let append = Append { stream, expected, events, request: None, cause: principal.cause() };
        match log.append(append).await {
            Ok(_) => return Ok(wire::StateFactResponse { changed: true }),
            Err(AppendError::WrongVersion(_)) if attempt < ATTEMPTS => {}
            Err(error) => return Err(status::append_failed(error)),
        }
    }
}

/// How often it is stated now, and how many events are in the stream.
async fn load(log: &TenantLog, stream: &Stream, wanted: &str) -> Result<(u32, Version), Fault> {
    let recorded = log.stream(stream).await?;
    let mut known = 0;
    for event in &recorded {
        let event = codec::decode(event).map_err(|why| Fault::lasting("reading facts", why))?;
        match event {
            Event::Fact(Stated { name, times, .. }) if name == wanted => known = times,
            _ => {}
        }
    }
    Ok((known, Version(recorded.len() as u64)))
}
