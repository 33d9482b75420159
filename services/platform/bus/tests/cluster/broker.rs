use std::path::Path;

use northstar_bus::Broker;
use northstar_testkit::Nats;
use tokio::task::block_in_place;

use crate::stand::until;

#[tokio::test(flavor = "multi_thread")]
async fn one_living_address_of_several_is_enough_and_it_may_come_later() {
    let (dead, living) = block_in_place(|| (Nats::start().unwrap(), Nats::start().unwrap()));
    block_in_place(|| {
        dead.kill9();
        living.kill9();
    });
    let urls = format!("{}, {}", dead.url(), living.url());
    let broker = Broker::connect(&urls, "test", None).await.unwrap();
    assert!(!broker.is_connected());
    block_in_place(|| living.restart().unwrap());
    until("it is connected", async || broker.is_connected()).await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_at_once() {
    let nowhere = Some(Path::new("no-such-file.creds"));
    let bad = [("nats://a b", None), ("ftp://a", None), (" ", None), ("nats://127.0.0.1", nowhere)];
    for (urls, credentials) in bad {
        let refused = Broker::connect(urls, "test", credentials).await.err();
        assert!(refused.is_some_and(|fault| !fault.retryable()), "{urls:?}");
    }
}
