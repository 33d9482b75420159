//! Status lists, of ours and of others.

use std::collections::BTreeSet;
use std::fs;

use northstar_credentials::standard::published::Published;
use northstar_credentials::standard::status::revocation_list::{self, RevocationList};
use northstar_credentials::standard::status::{Entry, Finding, List, ListCredential, look_up};
use northstar_credentials_domain::status::{Bits, LENGTH, Place, PlacingKey};
use northstar_credentials_proof::verifier::{Check, Name, Outcome, Terms, verify};
use northstar_kernel::{CredentialId, TenantId, Timestamp};
use serde_json::{Value, json};

use crate::badge;
use crate::endorsements::{accreditor, did_of};
use crate::imports::older;

const URL: &str = "https://badges.example/status/3";

fn value(document: impl serde::Serialize) -> Value {
    serde_json::to_value(document).expect("it is JSON")
}

fn list(set: &[u32]) -> Value {
    let mut bits = Bits::default();
    for index in set {
        bits.set(*index);
    }
    let made: Timestamp = "2026-11-22T08:00:00.25Z".parse().expect("an instant");
    value(ListCredential::new(URL.into(), &badge::issuer(), made, &bits))
}

fn entry(index: u32) -> Value {
    value(Entry::new(URL.into(), Place { list: 3, index }))
}

/// The document in the shared vectors; `None`, said plainly, without them.
fn shared(path: &str) -> Option<Value> {
    let file = northstar_testkit::shared_data()?.join("credential-vectors").join(path);
    let text = fs::read_to_string(file).expect("the vector is among the shared data");
    Some(serde_json::from_str(&text).expect("the vector is JSON"))
}

#[test]
fn an_entry_names_its_bit_as_the_w3c_has_it() {
    let expected = json!({
        "id": "https://badges.example/status/3#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": "https://badges.example/status/3",
    });
    assert_eq!(entry(94_567), expected);
    assert_eq!(Entry::read(&expected).map(|entry| entry.list().to_owned()), Ok(URL.to_owned()));
}

#[test]
fn a_list_is_a_credential_about_itself() {
    let list = list(&[]);
    assert_eq!(list["@context"], json!(["https://www.w3.org/ns/credentials/v2"]));
    assert_eq!(list["type"], json!(["VerifiableCredential", "BitstringStatusListCredential"]));
    assert_eq!((&list["id"], &list["issuer"]), (&json!(URL), &json!(badge::issuer().as_str())));
    assert_eq!(list["validFrom"], "2026-11-22T08:00:00Z");
    let subject = &list["credentialSubject"];
    assert_eq!(subject["id"], format!("{URL}#list"));
    assert_eq!(subject["type"], "BitstringStatusList");
    assert_eq!(
        (&subject["statusPurpose"], &subject["ttl"]),
        (&json!("revocation"), &json!(60_000))
    );
    assert_eq!(List::read(&list).map(|list| list.id().map(str::to_owned)), Ok(Some(URL.into())));
}

#[test]
fn of_two_credentials_with_neighbouring_bits_the_revoked_one_is_revoked() {
    let list = list(&[0, 94_567, LENGTH - 1]);
    for index in [0, 94_567, LENGTH - 1] {
        assert_eq!(look_up(&entry(index), &list), Finding::Revoked, "{index}");
    }
    for index in [1, 94_566, 94_568, LENGTH - 2] {
        assert_eq!(look_up(&entry(index), &list), Finding::NotRevoked, "{index}");
    }
}

#[test]
fn a_thousand_credentials_find_their_own_bits() {
    let key = PlacingKey::new([7; 32]);
    let places: Vec<_> = (0..1_000).map(|counter| Place::of(&key, counter)).collect();
    let revoked: Vec<_> = places.iter().step_by(10).map(|place| place.index).collect();
    let list = List::read(&list(&revoked)).expect("ours");
    for (counter, place) in places.into_iter().enumerate() {
        let found = Entry::new(URL.into(), place).look_up_in(&list);
        let expected = if counter % 10 == 0 { Finding::Revoked } else { Finding::NotRevoked };
        assert_eq!(found, expected, "{place:?}");
    }
}

#[test]
fn an_index_beyond_the_list_is_not_taken_for_unrevoked() {
    for index in [u64::from(LENGTH), u64::MAX] {
        let mut far = entry(0);
        far["statusListIndex"] = index.to_string().into();
        let found = look_up(&far, &list(&[]));
        assert_eq!(found, Finding::OutOfRange { index, length: LENGTH.into() });
    }
}

#[test]
fn another_purpose_says_nothing_about_revocation() {
    let mut suspending = entry(1);
    suspending["statusPurpose"] = "suspension".into();
    let found = look_up(&suspending, &list(&[1]));
    assert_eq!(found, Finding::WrongPurpose("the entry's purpose is \"suspension\"".into()));
    let mut suspensions = list(&[1]);
    suspensions["credentialSubject"]["statusPurpose"] = "suspension".into();
    assert!(matches!(look_up(&entry(1), &suspensions), Finding::WrongPurpose(_)));
    suspensions["credentialSubject"]["statusPurpose"] = json!(["suspension", "revocation"]);
    assert_eq!(look_up(&entry(1), &suspensions), Finding::Revoked);
}

#[test]
fn whatever_is_malformed_is_named() {
    type Spoil = fn(&mut Value, &mut Value);
    let cases: [(&str, Spoil); 14] = [
        ("credentialStatus is not of the type", |entry, _| entry["type"] = "Other".into()),
        ("credentialStatus is not of the type", |entry, _| *entry = json!([entry.clone()])),
        ("statusPurpose is not a text", |entry, _| entry["statusPurpose"] = json!(["revocation"])),
        ("statusListIndex", |entry, _| entry["statusListIndex"] = "-1".into()),
        ("statusListIndex", |entry, _| entry["statusListIndex"] = "+1".into()),
        ("statusListIndex", |entry, _| entry["statusListIndex"] = json!(1.5)),
        ("statusListIndex", |entry, _| entry["statusListIndex"] = "99999999999999999999".into()),
        ("statusSize is not 1", |entry, _| entry["statusSize"] = 2.into()),
        ("statusListCredential is not a text", |entry, _| {
            entry["statusListCredential"] = "".into()
        }),
        ("type lacks", |_, list| list["type"] = "VerifiableCredential".into()),
        ("not of the type BitstringStatusList", |_, list| list["credentialSubject"] = json!([])),
        ("statusPurpose is neither", |_, list| {
            list["credentialSubject"]["statusPurpose"] = json!(["revocation", 1]);
        }),
        ("encodedList is no text", |_, list| list["credentialSubject"]["encodedList"] = 1.into()),
        ("encodedList: it begins with 'H'", |_, list| {
            list["credentialSubject"]["encodedList"] = "H4sI".into();
        }),
    ];
    for (reason, spoil) in cases {
        let (mut entry, mut list) = (entry(1), list(&[1]));
        spoil(&mut entry, &mut list);
        match look_up(&entry, &list) {
            Finding::Malformed(found) => assert!(found.contains(reason), "{found}"),
            found => panic!("{reason}: {found:?}"),
        }
    }
}

#[test]
fn the_official_revoked_sample_is_revoked() {
    let Some(credential) = shared("1edtech/credential-status-revoked.json") else { return };
    let Some(list) = shared("1edtech/testlist.json") else { return };
    assert_eq!(look_up(&credential["credentialStatus"], &list), Finding::Revoked);
    let mut other = credential["credentialStatus"].clone();
    other["statusListIndex"] = 24.into();
    assert_eq!(look_up(&other, &list), Finding::NotRevoked);
}

#[test]
fn the_w3cs_examples_are_read() {
    let Some(file) = shared("w3c/bitstring-examples.json") else { return };
    let documents: Vec<_> =
        file["examples"].as_array().expect("examples").iter().map(|e| &e["document"]).collect();
    let list = documents.iter().find(|document| List::read(document).is_ok()).expect("a list");
    let mut read = 0;
    for status in documents.iter().filter_map(|document| document.get("credentialStatus")) {
        for entry in status.as_array().map_or(std::slice::from_ref(status), Vec::as_slice) {
            let found = look_up(entry, list);
            let suspends = entry["statusPurpose"] == "suspension";
            assert_eq!(matches!(found, Finding::WrongPurpose(_)), suspends, "{found:?}");
            assert_eq!(matches!(found, Finding::NotRevoked), !suspends, "{found:?}");
            read += 1;
        }
    }
    assert_eq!(read, 3);
}

fn credential(key: &str) -> CredentialId {
    CredentialId::derive(TenantId::from_slug("front-range"), key)
}

#[test]
fn a_revocation_list_names_what_was_revoked() {
    let revoked = BTreeSet::from([credential("a"), credential("b")]);
    let list = RevocationList::new("https://a.example/r".into(), &badge::issuer(), &revoked);
    let list = value(list);
    assert_eq!(list["issuer"], badge::issuer().as_str());
    assert_eq!(list["revokedCredential"].as_array().map(Vec::len), Some(2));
    let urn = |key| format!("urn:uuid:{}", credential(key));
    for (key, expected) in
        [("a", Finding::Revoked), ("b", Finding::Revoked), ("c", Finding::NotRevoked)]
    {
        assert_eq!(revocation_list::look_up(&urn(key), &list), expected);
    }
    let entry = value(revocation_list::Entry::new("https://a.example/r".into()));
    assert_eq!(entry, json!({"id": list["id"], "type": "1EdTechRevocationList"}));
}

#[test]
fn revocation_lists_of_others_are_read_under_either_name() {
    let cases = [
        (json!({"revokedCredential": [{"id": "x"}]}), Finding::Revoked),
        (json!({"revokedCredential": {"id": "x", "revoked": true}}), Finding::Revoked),
        (json!({"revokedCredentials": [{"id": "y"}, {"id": "x"}]}), Finding::Revoked),
        (json!({"revokedCredential": [], "revokedCredentials": [{"id": "x"}]}), Finding::Revoked),
        (json!({"revokedCredential": [{"id": "x", "revoked": false}]}), Finding::NotRevoked),
        (json!({"revokedCredential": []}), Finding::NotRevoked),
    ];
    for (list, expected) in cases {
        assert_eq!(revocation_list::look_up("x", &list), expected, "{list}");
    }
    for list in [
        json!([]),
        json!({}),
        json!({"revokedCredential": ["x"]}),
        json!({"revokedCredential": [{"id": "x", "revoked": "no"}]}),
        json!({"revokedCredential": [{"id": 1}]}),
    ] {
        let found = revocation_list::look_up("x", &list);
        assert!(matches!(found, Finding::Malformed(_)), "{list}: {found:?}");
    }
}

/// The checks of a badge that are not as they must be, by a list that is at hand or by none.
fn against(badge: &str, list: Option<Value>, now: &str) -> Vec<Check> {
    let now: Timestamp = now.parse().expect("an instant");
    let mut published = Published::at(now);
    if let Some(list) = list {
        published.add_list(list.to_string().into_bytes()).expect("a list");
    }
    let report = verify(badge.as_bytes(), &published, &Terms::at(now));
    let against: Vec<_> =
        report.checks.into_iter().filter(|check| check.outcome >= Outcome::Unknown).collect();
    assert_eq!(report.verified, against.is_empty(), "{against:?}");
    against
}

#[test]
fn in_the_older_data_model_good_expired_and_revoked_are_told_apart_by_a_revocation_list() {
    let (document, token) = older(Some(URL));
    let id = &document["id"];
    let did = did_of(&accreditor());
    let by = |issuer: &str, revoked: Value| {
        Some(json!({"id": URL, "issuer": issuer, "revokedCredential": revoked}))
    };
    let (clean, naming) = (json!([{"id": "urn:uuid:another"}]), json!([{"id": id}]));
    let (within, after) = ("2026-06-01T00:00:00Z", "2027-03-02T12:00:00Z");
    let cases = [
        (by(&did, clean.clone()), within, vec![]),
        (by(&did, clean.clone()), after, vec![(Name::Time, Outcome::Failed)]),
        (by(&did, naming.clone()), within, vec![(Name::Status, Outcome::Failed)]),
        (
            by(&did, naming),
            after,
            vec![(Name::Status, Outcome::Failed), (Name::Time, Outcome::Failed)],
        ),
        (by("did:web:other.example", clean), within, vec![(Name::Status, Outcome::Failed)]),
        (by(&did, json!(["no object"])), within, vec![(Name::Status, Outcome::Failed)]),
        (None, within, vec![(Name::Status, Outcome::Unknown)]),
    ];
    for form in [document.to_string(), token] {
        for (list, now, expected) in cases.clone() {
            let against = against(&form, list, now);
            let found: Vec<_> = against.iter().map(|check| (check.name, check.outcome)).collect();
            assert_eq!(found, expected, "{against:?}");
        }
    }
    let revoked = against(&document.to_string(), by(&did, json!([{"id": id}])), within);
    assert_eq!(revoked[0].detail, format!("revoked, by the list {URL}"));
}
