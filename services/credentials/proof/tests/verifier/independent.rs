//! What independent software signed, by every suite and as tokens: it verifies here, and no longer when
//! one member of it is another.

use northstar_credentials_proof::verifier::{Name, Report, Status, Terms, verify};

use crate::changes::{each_changed, each_taken_out, each_token_changed, refuses};
use crate::fixture::{World, failed, independent, now, world};

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
    assert_eq!(credentials.len(), 13);
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

#[test]
fn badges_of_the_older_model_are_told_apart_as_any_other() {
    let (vectors, mut world) = (independent(), their_world());
    let all = vectors["credentials"].as_array().unwrap().iter();
    let older = |one: &&serde_json::Value| one["name"].as_str().unwrap().starts_with("an older");
    let older: Vec<_> = all.filter(older).map(|one| &one["secured"]).collect();
    assert_eq!(older.len(), 2);
    let after = Terms::at("2031-01-15T08:00:00Z".parse().unwrap());
    for secured in older {
        let text = secured.as_str().map_or_else(|| secured.to_string(), ToOwned::to_owned);
        world.status = Status::Holds;
        assert_eq!(failed(&verify(text.as_bytes(), &world, &after)), [Name::Time]);
        world.status = Status::Ended("revoked".into());
        assert_eq!(failed(&look(&text, &world)), [Name::Status]);
    }
}
