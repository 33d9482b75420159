//! What independent software signed, by every suite and as tokens: it verifies here, and no longer when
//! one member of it is another.

use northstar_credentials_proof::verifier::{Report, Terms, verify};

use crate::changes::{each_changed, each_taken_out, each_token_changed, refuses};
use crate::fixture::{World, independent, now, world};

/// The world with the issuer of those credentials in it.
fn their_world() -> World {
    let mut world = world();
    let document = independent()["documents"][0].clone();
    world.documents.insert(document["id"].as_str().unwrap().into(), document);
    world
}

fn look(text: &str, world: &World) -> Report {
    verify(text.as_bytes(), world, &Terms::at(now()))
}

#[test]
fn all_of_it_verifies() {
    let (vectors, world) = (independent(), their_world());
    let credentials = vectors["credentials"].as_array().unwrap();
    assert_eq!(credentials.len(), 11);
    for one in credentials {
        let secured = &one["secured"];
        let text = secured.as_str().map_or_else(|| secured.to_string(), ToOwned::to_owned);
        let report = look(&text, &world);
        assert!(report.verified, "{}: {report:?}", one["name"]);
    }
}

#[test]
fn with_one_member_changed_or_taken_out_none_of_it_does() {
    let (vectors, world) = (independent(), their_world());
    for one in vectors["credentials"].as_array().unwrap() {
        let name = &one["name"];
        let changes = match one["secured"].as_str() {
            Some(token) => each_token_changed(token, |place, wanted, changed| {
                let report = look(changed, &world);
                assert!(refuses(&report, wanted), "{name}, {place}: {report:?}");
            }),
            None => {
                let look = |place: &str, wanted, changed: &serde_json::Value| {
                    let report = look(&changed.to_string(), &world);
                    assert!(refuses(&report, wanted), "{name}, {place}: {report:?}");
                };
                each_changed(&one["secured"], look) + each_taken_out(&one["secured"], look)
            }
        };
        assert!(changes > 40, "{name}: {changes}");
    }
}
