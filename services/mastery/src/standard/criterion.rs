//! A criterion of a roll-up as JSON.

use northstar_mastery_domain::{Criterion, Pointed, Test, Weighted};

use super::fields::Fields;

/// The criterion in an object, of which the caller has yet to see that nothing else is in it;
/// `None` if there is something wrong with it.
///
/// One stack frame for each level: texts nested too deep are no JSON to whoever reads them.
pub(super) fn criterion(fields: &mut Fields) -> Option<Criterion> {
    let mut kind = String::new();
    fields.required("kind");
    if !fields.text("kind", &mut kind) {
        fields.rest.clear();
        return None;
    }
    match kind.as_str() {
        "competency" => {
            let (competency, test) = (fields.id("competency"), test(fields));
            Some(Criterion::Part { competency: competency?, test: test? })
        }
        "own" => test(fields).map(Criterion::Own),
        "all" => parts(fields).map(Criterion::All),
        "any" => parts(fields).map(Criterion::Any),
        "at_least" => {
            let (k, parts) = (needed(fields, "k"), parts(fields));
            Some(Criterion::AtLeast { k: k?, parts: parts? })
        }
        "points" => {
            let (needed, parts) = (needed(fields, "needed"), shares(fields, pointed));
            Some(Criterion::Points { needed: needed?, parts: parts? })
        }
        "weighted_mean" => {
            let mut minimum_known_percent = 0;
            fields.count("minimum_known_percent", &mut minimum_known_percent);
            let (mastery_milli, parts) = (threshold(fields), shares(fields, weighted));
            let (mastery_milli, parts) = (mastery_milli?, parts?);
            Some(Criterion::WeightedMean { mastery_milli, minimum_known_percent, parts })
        }
        "minimum" => {
            let (mastery_milli, parts) = (threshold(fields), parts(fields));
            Some(Criterion::Minimum { mastery_milli: mastery_milli?, parts: parts? })
        }
        _ => {
            let known = "competency, own, all, any, at_least, points, weighted_mean or minimum";
            fields.wrong("kind", &format!("must be {known}"));
            fields.rest.clear();
            None
        }
    }
}

fn test(fields: &mut Fields) -> Option<Test> {
    let (mut name, mut milli) = ("mastery".to_owned(), 0);
    fields.text("test", &mut name);
    if name != "mastery" {
        fields.required("milli");
    }
    fields.number("milli", &mut milli);
    match name.as_str() {
        "mastery" if milli == 0 => return Some(Test::Mastery),
        "mastery" => fields.wrong("milli", "has no use where the test is mastery; leave it out"),
        "gte" => return Some(Test::AtLeast(milli)),
        "lte" => return Some(Test::AtMost(milli)),
        "eq" => return Some(Test::Exactly(milli)),
        _ => fields.wrong("test", "must be mastery, gte, lte or eq"),
    }
    None
}

fn needed(fields: &mut Fields, name: &str) -> Option<u32> {
    let mut count = 0;
    fields.required(name);
    fields.count(name, &mut count).then_some(count)
}

fn threshold(fields: &mut Fields) -> Option<i64> {
    let mut milli = 0;
    fields.required("mastery_milli");
    fields.number("mastery_milli", &mut milli);
    Some(milli)
}

fn parts(fields: &mut Fields) -> Option<Vec<Criterion>> {
    shares(fields, criterion)
}

/// The parts of a group; `None` if there is something wrong with one of them.
fn shares<T>(fields: &mut Fields, read: fn(&mut Fields) -> Option<T>) -> Option<Vec<T>> {
    let mut parts = Vec::new();
    for mut part in fields.objects("parts") {
        parts.push(read(&mut part));
        fields.adopt(part, "a part");
    }
    parts.into_iter().collect()
}

/// What a part that is worth something is a part of: the criterion within.
fn within(fields: &mut Fields) -> Option<Criterion> {
    let mut inner = fields.object("part")?;
    let found = criterion(&mut inner);
    fields.adopt(inner, "a criterion");
    found
}

fn pointed(fields: &mut Fields) -> Option<Pointed> {
    let (points, mut required) = (needed(fields, "points"), false);
    fields.flag("required", &mut required);
    let criterion = within(fields);
    Some(Pointed { criterion: criterion?, points: points?, required })
}

fn weighted(fields: &mut Fields) -> Option<Weighted> {
    let (weight, criterion) = (needed(fields, "weight"), within(fields));
    Some(Weighted { criterion: criterion?, weight: weight? })
}
