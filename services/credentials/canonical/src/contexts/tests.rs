use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{Coercion, Container, Context, Definition, Pinned, Scoped, pinned};

/// A context and all those that its terms bring, each with those around it.
fn walk(context: &'static Context, visit: &mut impl FnMut(&'static Context)) {
    visit(context);
    for term in context.terms {
        if let Scoped::Context(inner) = term.scoped {
            walk(inner, visit);
        }
    }
}

#[test]
fn terms_are_sorted_so_that_they_are_found() {
    for pinned in pinned() {
        walk(pinned.context, &mut |context| {
            let sorted = context.terms.windows(2).all(|pair| pair[0].name < pair[1].name);
            assert!(sorted, "{}: {:?}", pinned.url, context.terms);
        });
    }
}

#[test]
fn no_two_members_in_force_together_mean_the_same() {
    let members = |context: &'static Context| {
        context.terms.iter().filter(|term| !term.is_kind() && !term.prefix)
    };
    for pinned in pinned() {
        walk(pinned.context, &mut |context| {
            let mut names: BTreeMap<&str, &str> = BTreeMap::new();
            for term in members(pinned.context).chain(members(context)) {
                let name = names.entry(term.iri).or_insert(term.name);
                assert_eq!(*name, term.name, "{}: two names of {}", pinned.url, term.iri);
            }
        });
    }
}

/// Where published files are: among the shared data, and in a package of the JavaScript beside which
/// this is tested.
const FOLDERS: [(usize, &str); 2] = [
    (4, "shared/credential-vectors/contexts"),
    (3, "tests/javascript/node_modules/@digitalbazaar/credentials-context/lib"),
];

/// The published bytes out of a module that has them between two marks, or the file as it is.
fn unwrapped(bytes: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&bytes);
    let inner = text.split_once("/* context-begin */\n");
    let inner = inner.and_then(|(_, rest)| rest.split_once("/* context-end */"));
    inner.map_or_else(|| bytes.clone(), |(inner, _)| inner.as_bytes().to_vec())
}

/// The published file, where it is present.
fn published(pinned: &Pinned) -> Option<(String, Map<String, Value>)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders =
        FOLDERS.into_iter().filter_map(|(up, name)| Some(here.ancestors().nth(up)?.join(name)));
    let files = folders.filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let files = files.filter_map(|file| fs::read(file.ok()?.path()).ok()).map(unwrapped);
    let hex = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
    let (digest, bytes): (String, Vec<u8>) =
        files.map(|bytes| (hex(&bytes), bytes)).find(|(digest, _)| digest == pinned.sha256)?;
    let file: Value = serde_json::from_slice(&bytes).expect("JSON");
    Some((digest, file["@context"].as_object().expect("a context").clone()))
}

#[test]
fn tables_say_what_the_published_files_say() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(4).expect("a parent");
    if !shared.join("shared/credential-vectors/contexts").is_dir() {
        eprintln!("skipped: no shared data");
        return;
    }
    for pinned in pinned() {
        let Some((_, context)) = published(pinned) else {
            // It comes with a package, which is not on every machine.
            assert_eq!(pinned.url, "https://www.w3.org/2018/credentials/v1");
            eprintln!("skipped: no package with {}", pinned.url);
            continue;
        };
        compare(pinned.url, pinned.context, &context);
    }
}

fn compare(at: &str, table: &Context, published: &Map<String, Value>) {
    let flag = |name: &str| published.get(name).is_some_and(|value| value == true);
    assert_eq!(table.protected, flag("@protected"), "{at}");
    let alias = |name: &str, keyword: &str| published.get(name).is_some_and(|it| it == keyword);
    assert_eq!(table.aliases, alias("id", "@id") && alias("type", "@type"), "{at}");
    let names = published.keys().map(String::as_str);
    let names: Vec<&str> =
        names.filter(|n| !["@protected", "@version", "id", "type"].contains(n)).collect();
    assert_eq!(table.terms.len(), names.len(), "{at}: {names:?}");
    for name in names {
        let term = table.get(name).unwrap_or_else(|| panic!("{at}: no {name}"));
        compare_term(&format!("{at} {name}"), term, &published[name], published);
    }
}

fn compare_term(at: &str, term: &Definition, value: &Value, around: &Map<String, Value>) {
    let simple = value.as_str();
    let member = |name: &str| value.get(name).and_then(Value::as_str);
    let written = simple.or(member("@id")).expect("an id");
    let mut iri = written.to_owned();
    if let Some(other) = around.get(written) {
        iri = other["@id"].as_str().expect("an id").to_owned();
    } else if let Some((prefix, rest)) = written.split_once(':')
        && let Some(whole) = around.get(prefix).and_then(Value::as_str)
    {
        iri = format!("{whole}{rest}");
    }
    assert_eq!(term.iri, iri, "{at}");
    let coercion = match member("@type") {
        None => Coercion::Plain,
        Some("@id") => Coercion::Iri,
        Some("@vocab") => Coercion::Vocab,
        Some("@json") => Coercion::Json,
        // A table's text lives for ever, so the published one is compared by itself.
        Some(datatype) => {
            assert!(matches!(term.coercion, Coercion::Typed(it) if it == datatype), "{at}");
            term.coercion
        }
    };
    assert_eq!(term.coercion, coercion, "{at}");
    let container = match member("@container") {
        None => Container::Plain,
        Some("@set") => Container::Set,
        Some("@list") => Container::List,
        Some("@graph") => Container::Graph,
        Some(other) => panic!("{at}: {other}"),
    };
    assert_eq!(term.container, container, "{at}");
    assert_eq!(term.prefix, simple.is_some_and(|iri| iri.ends_with(['#', '/', ':'])), "{at}");
    match (term.scoped, value.get("@context")) {
        (Scoped::Nothing, None) | (Scoped::Null, Some(Value::Null)) => {}
        (Scoped::Context(inner), Some(Value::Object(context))) => compare(at, inner, context),
        other => panic!("{at}: {other:?}"),
    }
    let known = ["@id", "@type", "@container", "@context"];
    let members = value.as_object().into_iter().flat_map(Map::keys);
    members.for_each(|name| assert!(known.contains(&name.as_str()), "{at}: {name}"));
}
