//! Whatever order evidence arrives in, with the same observed times it comes to the same documents:
//! with all methods side by side, and a roll-up over the main one.

use northstar_bus::rebuild::{Options, rebuild};
use northstar_kernel::Shard;
use proptest::prelude::*;

use crate::region::{Region, policy, seen};
use crate::rules::{all, any, rollup};

/// Every method with its parameters; the first is the main one's, and every third policy lets what it
/// counts expire.
pub(crate) fn policies() -> Vec<String> {
    let bayesian = r#","learned_ppb":400000000,"learn_ppb":100000000,"forget_ppb":10000000,
        "guess_ppb":200000000,"slip_ppb":100000000,"right_at_milli":3000"#;
    let methods = [
        ("mean", ""),
        ("highest", ""),
        ("latest", ""),
        ("median", ""),
        ("mode", ""),
        ("mean_of_top", r#","count":2"#),
        ("mean_of_recent", r#","count":3"#),
        ("median_of_recent", r#","count":3"#),
        ("times_at_mastery", r#","times":2"#),
        ("m_of_last", r#","m":2,"n":3"#),
        ("in_a_row", r#","count":2"#),
        ("weighted_average", r#","newest_weight_percent":65"#),
        ("decaying_average", r#","newest_weight_percent":65"#),
        ("linear_trend", ""),
        ("power_law", ""),
        ("best_fit", r#","by":"one_step_ahead""#),
        ("bayesian", bayesian),
        ("khan", r#","mixed_kinds":["classroom"],"right_at_milli":3000"#),
        ("points", r#","per_mark_milli":0,"cap_milli":9000"#),
    ];
    let expiring = |at: usize| if at % 3 == 2 { r#","expires_after_days":9"# } else { "" };
    let document = |(at, (method, parameters)): (usize, (&str, &str))| {
        let name = if at == 0 { String::new() } else { method.replace('_', "-") };
        let rest = format!(r#","name":"{name}"{}"#, expiring(at));
        let document = policy(&format!(r#""name":"{method}"{parameters}"#), &rest);
        // A probability is never above one.
        if method == "bayesian" {
            document.replace(":3000,\"name\"", ":950,\"name\"")
        } else {
            document
        }
    };
    methods.into_iter().enumerate().map(document).collect()
}

/// One piece of evidence, and what becomes of it in the order in which it must.
#[derive(Debug, Clone)]
struct Item {
    learner: &'static str,
    code: &'static str,
    day: i64,
    points: [i64; 2],
    /// Recorded; then corrected, signed off, retracted.
    steps: usize,
}

fn item() -> impl Strategy<Value = Item> {
    let (learner, code) =
        (prop::sample::select(vec!["ana", "ben"]), prop::sample::select(vec!["A", "B", "TOP"]));
    (learner, code, 1_i64..12, [1_i64..5, 1_i64..5], 1_usize..5)
        .prop_map(|(learner, code, day, points, steps)| Item { learner, code, day, points, steps })
}

/// Items, and their numbers in an order in which each comes as often as it has steps.
fn arrival() -> impl Strategy<Value = (Vec<Item>, Vec<usize>)> {
    prop::collection::vec(item(), 1..9).prop_flat_map(|items| {
        let steps = |(number, item): (usize, &Item)| std::iter::repeat_n(number, item.steps);
        let steps: Vec<usize> = items.iter().enumerate().flat_map(steps).collect();
        (Just(items), Just(steps).prop_shuffle())
    })
}

async fn region() -> Region {
    let region = Region::new().await;
    for code in ["A", "B", "MID", "TOP"] {
        region.publish_competency(code, &[1, 2, 3, 4]).await;
    }
    for document in policies() {
        region.publish_policy(document).await;
    }
    let mean = r#"{"kind":"weighted_mean","mastery_milli":2500,"parts":[{"weight":2,"part":"#;
    let mean = format!(
        r#"{mean}{}}},{{"weight":1,"part":{{"kind":"own"}}}}]}}"#,
        crate::rules::part("MID")
    );
    let rules = [("MID", any(&["A", "B"])), ("TOP", mean), ("B", all(&["A"]))];
    region.rollups_published(rollup(&rules)).await;
    region
}

/// Lets it all arrive in that order.
async fn arrive(region: &Region, items: &[Item], order: &[usize]) {
    let mut taken = vec![0; items.len()];
    for &at in order {
        let (number, item) = (u32::try_from(at).expect("few"), &items[at]);
        let Item { learner, code, day, points, .. } = *item;
        match taken[at] {
            0 => region.record(learner, code, seen(number, day, points[0])).await,
            1 => region.correct(learner, code, seen(number, day, points[1])).await,
            2 => region.validate(learner, code, number).await,
            _ => region.retract(learner, code, number).await,
        }
        taken[at] += 1;
    }
    region.settled().await;
}

/// The long schedule is for whoever asks for it.
fn cases() -> u32 {
    let thorough = std::env::var_os("NORTHSTAR_THOROUGH").is_some_and(|wanted| wanted == "1");
    if thorough { 256 } else { 12 }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn any_order_of_arrival_gives_the_same_documents((items, order) in arrival()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let (as_it_came, in_turn) = (region().await, region().await);
            arrive(&as_it_came, &items, &order).await;
            let mut sorted = order.clone();
            sorted.sort_unstable();
            arrive(&in_turn, &items, &sorted).await;
            let documents = as_it_came.documents().await;
            assert_eq!(documents, in_turn.documents().await);
            for (workers, batch_size) in [(1, 1), (2, 3), (7, 0)] {
                let options = Options { workers, batch_size };
                rebuild(&as_it_came.lane, Shard(0), options).await.expect("a rebuild");
                assert_eq!(documents, as_it_came.documents().await, "{workers} {batch_size}");
            }
        });
    }
}
