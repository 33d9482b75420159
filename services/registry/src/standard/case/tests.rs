use std::fs;
use std::path::{Path, PathBuf};

use northstar_kernel::{CompetencyId, Decider};
use northstar_registry_domain::framework::{self, Aggregate, Command};

use super::*;

fn authored(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/case").join(name);
    fs::read(path).expect("an authored file")
}

fn reading(name: &str) -> Reading {
    read(name, &authored(name)).expect("a package")
}

/// Line, field and reason of each problem.
fn problems(reading: &Reading) -> Vec<(u64, &str, &str)> {
    let each = reading.problems.iter();
    each.map(|problem| (problem.line, problem.field.as_str(), problem.reason)).collect()
}

fn refusal(name: &str) -> (u64, &'static str) {
    let problem = read(name, &authored(name)).expect_err("no package");
    assert_eq!(problem.file, name);
    (problem.line, problem.reason)
}

fn id(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

#[test]
fn a_good_package_is_read_whole() {
    let reading = reading("good.json");
    assert_eq!(problems(&reading), []);
    let Package { title, competencies, associations, rubrics } = &reading.package;
    assert_eq!((title.title.as_str(), title.adoption_status.as_str()), ("Region", "Adopted"));
    assert_eq!((competencies.len(), associations.len(), rubrics.len()), (3, 4, 1));
    assert_eq!(reading.outside, 1);
    let sequence: Vec<_> = associations.values().map(|edge| edge.sequence_number).collect();
    assert_eq!(sequence, [1, 1, 0, 0]);
    let criterion = &rubrics.values().next().expect("one").criteria[0];
    let scores: Vec<_> = criterion.levels.iter().map(|level| level.score_milli).collect();
    assert_eq!(scores, [1_000, 1_750, 3_000]);
    assert_eq!(criterion.weight_milli, 1_000);
}

#[test]
fn a_package_inside_cfpackage_or_behind_a_byte_order_mark_is_the_same() {
    let plain = reading("good.json").package;
    assert_eq!(reading("wrapped.json").package, plain);
    let marked = [b"\xEF\xBB\xBF", &authored("good.json")[..]].concat();
    assert_eq!(read("good.json", &marked).expect("a package").package, plain);
}

#[test]
fn a_file_that_cannot_be_used_at_all_says_where_and_why() {
    assert_eq!(refusal("truncated.json"), (19, "JSON_TRUNCATED"));
    assert_eq!(refusal("latin_1.json"), (9, "WRONG_ENCODING"));
    assert_eq!(refusal("utf_16.json"), (0, "WRONG_ENCODING"));
    assert_eq!(refusal("not_a_package.json"), (1, "NOT_A_PACKAGE"));
    assert_eq!(refusal("no_document.json"), (1, "MISSING_DOCUMENT"));
    assert_eq!(refusal("bad_document.json"), (3, "IDENTIFIER_NOT_A_UUID"));
    assert_eq!(read("f", b"").expect_err("empty").reason, "JSON_TRUNCATED");
    assert_eq!(read("f", b"{\n\n}}").expect_err("more").line, 3);
    let large = vec![b' '; BYTES_MAX + 1];
    assert_eq!(read("f", &large).expect_err("too large").reason, "FILE_TOO_LARGE");
    let items = vec!["{}"; PARTS_MAX + 1].join(",");
    let many = format!("{{\"CFDocument\": {{}}, \"CFItems\": [{items}]}}");
    assert_eq!(read("f", many.as_bytes()).expect_err("too many").reason, "FILE_TOO_LARGE");
}

#[test]
fn the_first_part_with_an_identifier_stands() {
    let reading = reading("duplicate.json");
    let reason = "DUPLICATE_IDENTIFIER";
    assert_eq!(
        problems(&reading),
        [(10, "CFItems[3].identifier", reason), (17, "CFAssociations[4].identifier", reason)]
    );
    let first: CompetencyId = id(11).parse().expect("a UUID");
    assert_eq!(reading.package.competencies[&first].statement, "Be on time");
    assert_eq!(reading.refused, Refused { competencies: 1, associations: 1, rubrics: 0 });
}

#[test]
fn associations_that_close_a_cycle_are_refused_and_the_rest_loads() {
    let reading = reading("cyclic.json");
    let reason = "HIERARCHY_CYCLIC";
    assert_eq!(
        problems(&reading),
        [(14, "CFAssociations[2]", reason), (15, "CFAssociations[3]", reason)]
    );
    assert_eq!(reading.package.associations.len(), 5);
    assert_eq!(reading.package.competencies.len(), 3);
    let publish = Command::Publish { package: reading.package, complete: false };
    assert!(Aggregate::decide(&framework::State::default(), publish).is_ok());
}

#[test]
fn the_hierarchy_must_be_in_the_document_and_other_associations_need_not() {
    let reading = reading("dangling.json");
    assert_eq!(
        problems(&reading),
        [
            (9, "CFItems[2].fullStatement", "MISSING_VALUE"),
            (14, "CFAssociations[2].originNodeURI", "DANGLING_REFERENCE"),
            (16, "CFAssociations[4].originNodeURI", "DANGLING_REFERENCE"),
        ]
    );
    assert_eq!(reading.outside, 2);
}

#[test]
fn a_wrong_value_costs_the_element_it_stands_in() {
    let reading = reading("wrong_types.json");
    assert_eq!(
        problems(&reading),
        [
            (8, "CFItems[1].fullStatement", "WRONG_TYPE"),
            (9, "CFItems[2].identifier", "MISSING_IDENTIFIER"),
            (10, "CFItems[3].identifier", "IDENTIFIER_NOT_A_UUID"),
            (11, "CFItems[4]", "WRONG_TYPE"),
            (13, "CFItems[5].fullStatement", "MISSING_VALUE"),
            (17, "CFAssociations[0].sequenceNumber", "WRONG_TYPE"),
            (18, "CFAssociations[1].destinationNodeURI", "MISSING_VALUE"),
            (19, "CFAssociations[2].associationType", "MISSING_VALUE"),
        ]
    );
    assert_eq!(reading.package.competencies.len(), 2);
    assert_eq!(reading.package.associations.len(), 1);
}

#[test]
fn a_list_that_is_none_costs_its_parts_alone() {
    let reading = reading("lists_of_another_type.json");
    assert_eq!(
        problems(&reading),
        [(6, "CFItems", "WRONG_TYPE"), (8, "CFAssociations", "WRONG_TYPE")]
    );
}

#[test]
fn a_criterion_loads_with_all_its_levels_or_not_at_all() {
    let reading = reading("rubrics.json");
    let levels = |criterion: u32, level: u32, field: &str| {
        let rubric = criterion / 10;
        let criterion = criterion % 10;
        format!(
            "CFRubrics[{rubric}].CFRubricCriteria[{criterion}].CFRubricCriterionLevels[{level}].{field}"
        )
    };
    let expected = [
        (31, levels(1, 0, "score"), "NUMBER_TOO_FINE"),
        (39, levels(2, 1, "score"), "MISSING_VALUE"),
        (50, "CFRubrics[0].CFRubricCriteria[4].identifier".into(), "DUPLICATE_IDENTIFIER"),
        (65, levels(10, 0, "score"), "WRONG_TYPE"),
        (72, levels(11, 1, "identifier"), "DUPLICATE_IDENTIFIER"),
    ];
    let expected: Vec<_> =
        expected.iter().map(|(line, field, reason)| (*line, field.as_str(), *reason)).collect();
    assert_eq!(problems(&reading), expected);
    assert_eq!(reading.refused.rubrics, 2);
    let rubrics: Vec<_> = reading.package.rubrics.values().collect();
    let scores = |criterion: &framework::Criterion| {
        criterion.levels.iter().map(|level| level.score_milli).collect::<Vec<_>>()
    };
    assert_eq!(rubrics[0].criteria.len(), 2);
    assert_eq!(rubrics[0].criteria[0].weight_milli, 333);
    assert_eq!(scores(&rubrics[0].criteria[1]), [1_000, 2_000]);
    assert!(rubrics[1].criteria.is_empty());
}

#[test]
fn nesting_of_any_depth_is_no_danger() {
    let deep = format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000));
    let text = String::from_utf8(authored("good.json")).expect("UTF-8");
    let hidden = text.replacen("\"CFItems\"", &format!("\"extensions\": {deep}, \"CFItems\""), 1);
    assert_eq!(
        read("f", hidden.as_bytes()).expect("a package").package,
        reading("good.json").package
    );
    let named = text.replacen("\"Be on time\"", &deep, 1);
    assert_eq!(problems(&read("f", named.as_bytes()).expect("a package"))[0].2, "WRONG_TYPE");
}

#[test]
fn damaged_bytes_never_panic() {
    let good = authored("rubrics.json");
    let mut seed = 11_u64;
    let mut next = |bound: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % bound
    };
    let mut refused = 0;
    for _ in 0..2_000 {
        let mut bytes = good.clone();
        for _ in 0..=next(3) {
            let at = next(bytes.len());
            match next(3) {
                0 => bytes[at] = b"\"{}[]:,0\\\xFF\n"[next(11)],
                1 => bytes.truncate(at.max(1)),
                _ => drop(bytes.remove(at)),
            }
        }
        refused += u32::from(read("f", &bytes).is_err());
    }
    assert!((200..2_000).contains(&refused), "{refused} refused as a whole");
}

fn shared() -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !data.is_dir() {
        println!("skipped: no shared data");
    }
    data.is_dir().then_some(data)
}

#[test]
fn packages_as_they_are_in_the_wild_load_without_a_problem() {
    let Some(data) = shared() else { return };
    let expected = [
        ("case/ccss-ela.case-1p0.json", 1_189, 1_189, 0, 0),
        ("case/onet-content-model.case-1p0.json", 496, 496, 0, 0),
        ("case/opensalt-ItemTypeTestFramework.json", 1, 1, 0, 0),
        ("case/opensalt-SequenceNumberFramework.json", 2, 2, 0, 0),
        ("case/opensalt-SmartLevelFramework.json", 14, 14, 0, 0),
        ("case/opensalt-what-standards-could-be.json", 16, 39, 0, 21),
        ("frameworks/ccsso-career-readiness.case-1p0.json", 61, 66, 9, 0),
        ("frameworks/competency-education-badges.case-1p0.json", 45, 84, 9, 0),
        ("frameworks/northstar-onet-crosswalk.case-1p0.json", 0, 20, 0, 20),
        ("frameworks/northstar.case-1p0.json", 20, 32, 5, 0),
    ];
    for (file, competencies, associations, rubrics, outside) in expected {
        let bytes = fs::read(data.join(file)).expect("a shared file");
        let reading = read(file, &bytes).expect("a package");
        assert_eq!(problems(&reading), [], "{file}");
        let Package { competencies: c, associations: a, rubrics: r, .. } = &reading.package;
        let counts = (c.len(), a.len(), r.len(), reading.outside);
        assert_eq!(counts, (competencies, associations, rubrics, outside), "{file}");
        let publish = Command::Publish { package: reading.package, complete: true };
        let events = Aggregate::decide(&framework::State::default(), publish).expect("published");
        assert_eq!(events.len(), 1 + competencies + associations + rubrics, "{file}");
    }
}

#[test]
fn every_competency_of_the_demo_region_has_its_four_levels() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/demo");
    let bytes = fs::read(demo.join("northstar.case-1p0.json")).expect("a file of the demo region");
    let reading = read("northstar", &bytes).expect("a package");
    assert_eq!(problems(&reading), []);
    let publish = Command::Publish { package: reading.package, complete: true };
    let events = Aggregate::decide(&framework::State::default(), publish).expect("published");
    let state = Aggregate::fold(&events);
    assert_eq!(state.competencies.len(), 20);
    for competency in state.competencies.values() {
        let scale: Vec<_> = competency.scale.iter().map(|level| level.score_milli).collect();
        assert_eq!(scale, [1_000, 2_000, 3_000, 4_000], "{}", competency.code);
    }
}
