//! Passwords are never read, and names never stand in the open.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use northstar_chassis::Role;
use northstar_kernel::Sequence;
use northstar_wire::registry::v1::ListLearnersRequest;
use tracing_subscriber::fmt::MakeWriter;

use crate::region::{Region, roster, scope};

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logged {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Every file below a folder, as bytes.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| fs::read(entry.expect("an entry").path()).expect("a file")).collect()
}

#[tokio::test]
async fn passwords_and_names_are_found_nowhere() {
    let logged = Logged::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(logged.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    tracing::info!("this line proves that the log is kept");

    let region = Region::new();
    for set in ["v1p1", "v1p1-bad", "v1p2", "v1p2-delta"] {
        region.report_of(roster(set)).await;
    }
    region.settled().await;
    let request = ListLearnersRequest::default();
    let learners = region.someone(Role::Teacher).list_learners(request).await.unwrap();
    let learners = learners.into_inner().learners;
    assert!(learners.iter().any(|learner| learner.family_name == "Renamed"), "names can be read");

    let events = region.log.tenant(&scope()).feed(Sequence::START, 10_000).await.unwrap();
    let mut everywhere: Vec<Vec<u8>> = events.iter().map(|event| event.payload.to_vec()).collect();
    everywhere.extend(files(region.folder()));
    everywhere.push(logged.0.lock().unwrap().clone());
    assert!(everywhere.iter().any(|bytes| holds(bytes, "North High School")), "the search works");
    assert!(everywhere.iter().any(|bytes| holds(bytes, "the log is kept")), "the log is searched");
    for secret in ["planted-secret", "Example", "Renamed"] {
        assert!(!everywhere.iter().any(|bytes| holds(bytes, secret)), "{secret} is in the open");
    }
}

#[tokio::test]
async fn a_person_whose_key_is_destroyed_has_no_name_any_more() {
    let region = Region::new();
    region.report_of(roster("v1p1")).await;
    region.settled().await;
    let ada = crate::region::learner("ada");
    region.log.tenant(&scope()).forget(ada.uuid()).await.unwrap();
    let request = ListLearnersRequest::default();
    let learners = region.someone(Role::Teacher).list_learners(request).await.unwrap();
    let learners = learners.into_inner().learners;
    let names: Vec<_> = learners
        .iter()
        .map(|learner| (learner.source_id.as_str(), learner.given_name.as_str()))
        .collect();
    assert!(names.contains(&("ada", "")) && names.contains(&("cleo", "Cleo")), "{names:?}");
}
