//! What the business says about issuers' keys.

use northstar_credentials_domain::issuer::{Command, Event, Issuers, PublicKey, Refusal};
use northstar_kernel::{Decider as _, Kind, Refusal as _};

fn key(name: &str, jwk: &str) -> PublicKey {
    PublicKey { name: name.into(), jwk: jwk.into() }
}

#[test]
fn keys_stay_in_the_order_of_their_creation() {
    let mut events = Vec::new();
    for name in ["es256-2", "es256-1"] {
        let state = Issuers::fold(&events);
        let more = Issuers::decide(&state, Command::CreateKey(key(name, "{}"))).expect("new");
        events.extend(more);
    }
    assert_eq!(Issuers::fold(&events), [key("es256-2", "{}"), key("es256-1", "{}")]);
}

#[test]
fn the_same_key_again_changes_nothing() {
    let state = Issuers::fold(&[Event::KeyCreated(key("es256-1", "{}"))]);
    assert_eq!(Issuers::decide(&state, Command::CreateKey(key("es256-1", "{}"))), Ok(vec![]));
}

#[test]
fn a_name_is_not_given_to_another_key() {
    let state = Issuers::fold(&[Event::KeyCreated(key("es256-1", "{}"))]);
    let refusal = Issuers::decide(&state, Command::CreateKey(key("es256-1", "{\"x\":1}")))
        .expect_err("the name is taken");
    assert_eq!(refusal, Refusal::KeyNameTaken("es256-1".into()));
    assert_eq!((refusal.reason(), refusal.kind()), ("KEY_NAME_TAKEN", Kind::AlreadyExists));
}
