//! Which rules are accepted, and what is said of the others.

use northstar_kernel::{Kind, Refusal};
use northstar_mastery_domain::{
    Competency, Criterion, DEEPEST_NESTING, MOST_PARTS, MOST_WEIGHT, Pointed, RollupDraft,
    RollupProblem, Rollups, Test, Weighted,
};

use super::{all, any, id, part, parts, retired, rule, taught, tested, up_to};

/// The flaws of drafts among "a" to "c" and "x" to "z", as field and words.
fn flaws(drafts: impl IntoIterator<Item = RollupDraft>) -> Vec<String> {
    let competencies = ["a", "b", "c", "x", "y", "z"].map(taught);
    flaws_among(competencies, drafts)
}

fn flaws_among(
    competencies: impl IntoIterator<Item = Competency>,
    drafts: impl IntoIterator<Item = RollupDraft>,
) -> Vec<String> {
    let refusal = Rollups::new(drafts, competencies).expect_err("there is a flaw");
    assert_eq!((refusal.reason(), refusal.kind()), ("ROLLUP_INVALID", Kind::Invalid));
    let violations = refusal.violations().into_iter();
    violations.map(|violation| format!("{}: {}", violation.field, violation.description)).collect()
}

fn pointed(code: &str, points: u32) -> Pointed {
    Pointed { criterion: part(code), points, required: true }
}

fn weighted(code: &str, weight: u32) -> Weighted {
    Weighted { criterion: part(code), weight }
}

#[test]
fn cycles_are_shown_with_their_path() {
    let drafts = [
        rule("x", all(&["a", "y"])),
        rule("y", any(&["z"])),
        rule("z", all(&["b", "x"])),
        rule("c", all(&["c"])),
    ];
    let mut found = flaws(drafts);
    assert_eq!(
        found.pop().as_deref(),
        Some("rollups[3].criterion: a competency cannot need itself: c needs c")
    );
    let [cycle] = found.try_into().expect("one more");
    let paths =
        ["x needs y needs z needs x", "y needs z needs x needs y", "z needs x needs y needs z"];
    assert!(paths.iter().any(|path| cycle.ends_with(path)), "{cycle}");
}

#[test]
fn cycles_behind_cycles_are_named_too() {
    let drafts = [
        rule("x", all(&["y", "a"])),
        rule("y", all(&["x"])),
        rule("a", all(&["b"])),
        rule("b", all(&["a"])),
    ];
    assert_eq!(flaws(drafts).len(), 2);
}

#[test]
fn every_flaw_is_named_at_once() {
    let mixed = Criterion::All(vec![
        part("nowhere"),
        Criterion::AtLeast { k: 3, parts: parts(&["a", "b"]) },
        Criterion::Any(Vec::new()),
        Criterion::Points { needed: 5, parts: vec![pointed("a", 4), pointed("b", 0)] },
    ]);
    let drafts = [
        rule("x", mixed),
        RollupDraft { round_to_milli: 7, ..rule("y", all(&["a", "a"])) },
        rule("y", all(&["b"])),
        rule("elsewhere", all(&["b"])),
    ];
    let expected = [
        format!(
            "rollups[0].criterion.parts[0].competency: there is no competency {} in the framework",
            id("nowhere")
        ),
        "rollups[0].criterion.parts[1].k: must be from 1 to 2, the parts that count, not 3".into(),
        "rollups[0].criterion.parts[2].parts: a group needs at least one part".into(),
        "rollups[0].criterion.parts[3].needed: must be from 1 to 4, the points there are, not 5"
            .into(),
        "rollups[0].criterion.parts[3].parts[1].points: a part is worth 1 to 10000 points, \
         required or not, not 0"
            .into(),
        "rollups[1].round_to_milli: round to 1, 10, 100, 500 or 1000 thousandths, not 7".into(),
        "rollups[1].criterion.parts[1]: stands in this group already".into(),
        "rollups[2].competency: the competency has another rule; leave one".into(),
        format!(
            "rollups[3].competency: there is no competency {} in the framework",
            id("elsewhere")
        ),
    ];
    assert_eq!(flaws(drafts), expected);
}

#[test]
fn nothing_is_asked_of_zero_parts_or_for_zero_points() {
    let none = Criterion::AtLeast { k: 0, parts: parts(&["a"]) };
    assert_eq!(
        flaws([rule("x", none)]),
        ["rollups[0].criterion.k: must be from 1 to 1, the parts that count, not 0"]
    );
    let free = Criterion::Points { needed: 0, parts: vec![pointed("a", 1)] };
    assert_eq!(
        flaws([rule("x", free)]),
        ["rollups[0].criterion.needed: must be from 1 to 1, the points there are, not 0"]
    );
}

#[test]
fn every_weight_weighs_something() {
    let mean = |weights: [u32; 2], percent| Criterion::WeightedMean {
        mastery_milli: 1_000,
        minimum_known_percent: percent,
        parts: vec![weighted("a", weights[0]), weighted("b", weights[1])],
    };
    assert_eq!(
        flaws([rule("x", mean([0, 0], 101))]),
        [
            "rollups[0].criterion.minimum_known_percent: must be from 0 to 100, not 101",
            "rollups[0].criterion.parts[0].weight: a weight is from 1 to 10000, not 0",
            "rollups[0].criterion.parts[1].weight: a weight is from 1 to 10000, not 0",
        ]
    );
    assert_eq!(flaws([rule("x", mean([MOST_WEIGHT + 1, 1], 0))]).len(), 1);
    Rollups::new([rule("x", mean([MOST_WEIGHT, 1], 100))], ["a", "b", "x"].map(taught))
        .expect("valid at the edge");
}

#[test]
fn what_no_part_can_reach_is_refused() {
    let scales = || [up_to(4_000, "a"), up_to(2_000, "b"), taught("c"), taught("x"), taught("y")];
    let above = |field: &str, threshold: &str, highest: &str| {
        format!(
            "rollups[0].criterion{field}: {threshold} can never be reached; the highest possible \
             is {highest}"
        )
    };
    let minimum = Criterion::Minimum { mastery_milli: 2_001, parts: parts(&["a", "b"]) };
    let mean = Criterion::WeightedMean {
        mastery_milli: 3_501,
        minimum_known_percent: 0,
        parts: vec![weighted("a", 3), weighted("b", 1)],
    };
    for (criterion, flaw) in [
        (tested("a", Test::AtLeast(4_001)), above(".milli", "4.001", "4.00")),
        (minimum, above(".mastery_milli", "2.001", "2.00")),
        (mean, above(".mastery_milli", "3.501", "3.50")),
    ] {
        assert_eq!(flaws_among(scales(), [rule("x", criterion)]), [flaw]);
    }
    let edges = [tested("a", Test::AtLeast(4_000)), tested("c", Test::AtLeast(1_000_000_000))];
    Rollups::new([rule("x", Criterion::All(edges.to_vec()))], scales()).expect("valid at the edge");
}

#[test]
fn the_highest_value_is_handed_on_from_rule_to_rule() {
    let drafts = [rule("y", tested("x", Test::AtLeast(2_500))), rule("x", all(&["a", "b"]))];
    let competencies = [up_to(4_000, "a"), up_to(2_000, "b"), taught("x"), taught("y")];
    assert_eq!(
        flaws_among(competencies, drafts),
        ["rollups[0].criterion.milli: 2.50 can never be reached; the highest possible is 2.00"]
    );
}

#[test]
fn thresholds_have_bounds() {
    for bad in [-1, 1_000_000_001] {
        for test in [Test::AtLeast(bad), Test::AtMost(bad), Test::Exactly(bad)] {
            let found = flaws([rule("x", tested("a", test))]);
            let words = format!("must be from 0 to 1000000000 thousandths, not {bad}");
            assert_eq!(found, [format!("rollups[0].criterion.milli: {words}")]);
        }
    }
}

#[test]
fn a_part_counted_twice_is_refused_but_a_range_is_none() {
    let range = vec![tested("a", Test::AtLeast(500)), tested("a", Test::AtMost(900))];
    let competencies = || ["a", "b", "c", "x"].map(taught);
    Rollups::new([rule("x", Criterion::All(range.clone()))], competencies()).expect("a range");
    let counted = Criterion::AtLeast { k: 2, parts: range };
    let twice = "rollups[0].criterion.parts[1]: stands in this group already";
    assert_eq!(flaws([rule("x", counted)]), [twice]);
    let groups = Criterion::Any(vec![all(&["a", "b"]), all(&["a", "b"])]);
    assert_eq!(flaws([rule("x", groups)]), [twice]);
    let alternatives = Criterion::Any(vec![all(&["a", "b"]), all(&["a", "c"])]);
    Rollups::new([rule("x", alternatives)], competencies()).expect("alternatives");
}

#[test]
fn retirement_is_looked_at_when_a_rule_is_published_and_not_afterwards() {
    let competencies = || [taught("a"), retired("b"), retired("c"), taught("x"), taught("y")];
    let drafts = || {
        let two = Criterion::AtLeast { k: 2, parts: parts(&["a", "b"]) };
        [rule("x", two), rule("y", all(&["b", "c"]))]
    };
    assert_eq!(
        flaws_among(competencies(), drafts()),
        [
            "rollups[0].criterion.k: must be from 1 to 1, the parts that count, not 2",
            "rollups[1].criterion.parts: every part is retired, so nothing would count",
        ]
    );
    Rollups::restored(drafts(), competencies()).expect("it was valid when it was published");
}

fn nested(depth: usize) -> Criterion {
    (1..depth).fold(part("a"), |inner, _| Criterion::All(vec![inner]))
}

#[test]
fn a_rule_has_a_size() {
    let problem = |criterion| {
        let refusal = Rollups::new([rule("x", criterion)], ["a", "x"].map(taught));
        refusal.expect_err("too much").flaws.remove(0).problem
    };
    assert_eq!(problem(nested(DEEPEST_NESTING + 1)), RollupProblem::TooDeep);
    let broad = (0..=MOST_PARTS).map(|code| part(&code.to_string())).collect();
    assert_eq!(problem(Criterion::All(broad)), RollupProblem::TooManyParts);
    Rollups::new([rule("x", nested(DEEPEST_NESTING))], ["a", "x"].map(taught)).expect("valid");
}

#[test]
fn the_canonical_text_is_a_promise() {
    let criterion = Criterion::All(vec![
        Criterion::Points { needed: 2, parts: vec![pointed("a", 2)] },
        tested("b", Test::AtLeast(2_500)),
    ]);
    let rollups = Rollups::new([rule("x", criterion)], ["a", "b", "x"].map(taught)).expect("valid");
    let rollup = rollups.rule(id("x")).expect("there is a rule");
    let expected = format!(
        concat!(
            r#"{{"competency":"{x}","criterion":{{"kind":"all","parts":["#,
            r#"{{"kind":"points","needed":2,"parts":[{{"part":{{"competency":"{a}","#,
            r#""kind":"competency","milli":0,"test":"mastery"}},"points":2,"required":true}}]}},"#,
            r#"{{"competency":"{b}","kind":"competency","milli":2500,"test":"gte"}}]}},"#,
            r#""engine":1,"framework":"{f}","round_to_milli":1}}"#
        ),
        x = id("x"),
        a = id("a"),
        b = id("b"),
        f = rollup.framework(),
    );
    assert_eq!(rollup.canonical(), expected);
}

#[test]
fn the_hash_depends_on_every_part() {
    let mean = |mastery_milli, minimum_known_percent, weight| Criterion::WeightedMean {
        mastery_milli,
        minimum_known_percent,
        parts: vec![weighted("a", weight)],
    };
    let criteria = [
        part("a"),
        part("b"),
        tested("a", Test::AtLeast(1)),
        tested("a", Test::AtMost(1)),
        tested("a", Test::Exactly(1)),
        Criterion::Own(Test::Mastery),
        all(&["a", "b"]),
        all(&["b", "a"]),
        any(&["a", "b"]),
        Criterion::AtLeast { k: 1, parts: parts(&["a", "b"]) },
        Criterion::AtLeast { k: 2, parts: parts(&["a", "b"]) },
        Criterion::Minimum { mastery_milli: 1, parts: parts(&["a"]) },
        mean(1, 0, 1),
        mean(2, 0, 1),
        mean(1, 1, 1),
        mean(1, 0, 2),
    ];
    let mut drafts = criteria.map(|criterion| rule("x", criterion)).to_vec();
    drafts.push(RollupDraft { round_to_milli: 10, ..rule("x", part("a")) });
    drafts.push(rule("y", part("a")));
    let hash = |draft: RollupDraft| {
        let rollups = Rollups::new([draft], ["a", "b", "x", "y"].map(taught)).expect("valid");
        rollups.rules().next().expect("one rule").hash()
    };
    let mut hashes: Vec<_> = drafts.iter().cloned().map(hash).collect();
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), drafts.len());
}
