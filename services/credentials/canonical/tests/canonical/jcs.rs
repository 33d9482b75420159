//! Canonical JSON. The RFC's own example, and what it cannot keep.

use northstar_credentials_canonical::{Reason, jcs};
use serde_json::{Value, json};

fn of(text: &str) -> String {
    jcs(&serde_json::from_str(text).unwrap()).unwrap()
}

#[test]
fn the_rfcs_example_comes_to_the_rfcs_text() {
    let example = r#"{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    }"#;
    let canonical = "{\"literals\":[null,true,false],\
        \"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
        \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
    assert_eq!(of(example), canonical);
}

#[test]
fn members_are_sorted_by_utf_16() {
    let example = r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#;
    let order = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}";
    assert_eq!(of(example), order);
}

#[test]
fn integers_that_doubles_do_not_hold_are_refused_with_their_place() {
    assert_eq!(jcs(&json!(9_007_199_254_740_991_u64)).unwrap(), "9007199254740991");
    for number in [json!(9_007_199_254_740_993_u64), json!(i64::MIN)] {
        let refusal = jcs(&json!({ "a/b": [0, number] })).unwrap_err();
        assert_eq!((refusal.reason, &*refusal.pointer), (Reason::BadNumber, "/a~1b/1"));
    }
}

#[test]
fn a_value_deeper_than_any_document_is_refused() {
    let mut value = Value::Null;
    for _ in 0..200 {
        value = json!([value]);
    }
    assert_eq!(jcs(&value).unwrap_err().reason, Reason::TooDeep);
}
