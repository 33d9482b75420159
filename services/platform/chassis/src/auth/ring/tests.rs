use std::sync::atomic::AtomicUsize;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;

use super::*;

const HOUR: Duration = Duration::from_secs(3_600);
const NEVER_AGAIN: Pace = Pace { floor: HOUR, max_age: HOUR };
const AT_ONCE: Pace = Pace { floor: Duration::ZERO, max_age: HOUR };

/// An issuer that counts how often it is asked and can be told what to answer.
#[derive(Clone, Default)]
struct Issuer {
    asked: Arc<AtomicUsize>,
    kids: Arc<RwLock<Option<Vec<&'static str>>>>,
}

impl Issuer {
    async fn publishing(kids: &[&'static str], pace: Pace) -> (Self, Arc<Ring>) {
        let issuer = Self::default();
        issuer.publish(kids);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let answering = issuer.clone();
        let routes = Router::new().route("/jwks", get(async move || answering.answer()));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (issuer, Arc::new(Ring::new(Source::new(&url), pace)))
    }

    fn publish(&self, kids: &[&'static str]) {
        *self.kids.write().unwrap() = Some(kids.to_vec());
    }

    fn fail(&self) {
        *self.kids.write().unwrap() = None;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn answer(&self) -> (StatusCode, String) {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let Some(kids) = self.kids.read().unwrap().clone() else {
            return (StatusCode::INTERNAL_SERVER_ERROR, String::new());
        };
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let key = |kid| format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"{kid}","x":"{x}"}}"#);
        let keys: Vec<_> = kids.into_iter().map(key).collect();
        (StatusCode::OK, format!(r#"{{"keys":[{}]}}"#, keys.join(",")))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_need_the_same_key_ask_once() {
    let (issuer, ring) = Issuer::publishing(&["a"], AT_ONCE).await;
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let ring = Arc::clone(&ring);
            tokio::spawn(async move { ring.find("a").await.map(|_| ()) })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), Ok(()));
    }
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test]
async fn invented_key_names_do_not_flood_the_issuer() {
    let (issuer, ring) = Issuer::publishing(&["a"], NEVER_AGAIN).await;
    ring.load().await.unwrap();
    for kid in ["b", "c", "d"] {
        assert_eq!(ring.find(kid).await.unwrap_err(), Denied::UnknownKey);
    }
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test]
async fn a_new_key_is_learned_and_a_withdrawn_one_forgotten() {
    let (issuer, ring) = Issuer::publishing(&["a"], AT_ONCE).await;
    ring.load().await.unwrap();
    let before = ring.generation();
    issuer.publish(&["b"]);
    assert!(ring.find("b").await.is_ok());
    assert_ne!(ring.generation(), before);
    assert_eq!(ring.find("a").await.unwrap_err(), Denied::UnknownKey);
}

#[tokio::test]
async fn known_keys_outlive_an_outage() {
    let (issuer, ring) = Issuer::publishing(&["a"], AT_ONCE).await;
    ring.load().await.unwrap();
    issuer.fail();
    assert_eq!(ring.find("b").await.unwrap_err(), Denied::UnknownKey);
    assert!(ring.find("a").await.is_ok());
}

#[tokio::test]
async fn an_issuer_that_was_never_there_is_our_trouble() {
    let (issuer, ring) = Issuer::publishing(&["a"], AT_ONCE).await;
    issuer.fail();
    assert!(matches!(ring.load().await, Err(FetchError::Http(_))));
    assert_eq!(ring.find("a").await.unwrap_err(), Denied::KeysUnavailable);
    issuer.publish(&["a"]);
    assert!(ring.find("a").await.is_ok());
}

#[tokio::test]
async fn old_keys_are_renewed_in_the_background() {
    let (issuer, ring) =
        Issuer::publishing(&["a"], Pace { floor: Duration::ZERO, max_age: Duration::ZERO }).await;
    ring.load().await.unwrap();
    let before = ring.generation();
    ring.renew_if_old();
    while ring.generation() == before {
        tokio::task::yield_now().await;
    }
    assert_eq!(issuer.asked(), 2);
}
