//! What the business says about status lists.

use northstar_credentials_domain::status::{Bits, Edition, LENGTH, Lists, Place, PlacingKey};
use proptest::collection::vec;
use proptest::prelude::*;

fn key(byte: u8) -> PlacingKey {
    PlacingKey::new([byte; 32])
}

/// The indexes of a list's credentials, in the order of issue.
fn indexes(key: &PlacingKey, list: u64) -> Vec<u32> {
    let first = list * u64::from(LENGTH);
    let places = (first..first + u64::from(LENGTH)).map(|counter| Place::of(key, counter));
    places.inspect(|place| assert_eq!(place.list, list)).map(|place| place.index).collect()
}

#[test]
fn every_bit_of_a_list_is_given_to_one_credential_and_no_other() {
    for list in [0, 7] {
        let mut seen = Bits::default();
        for index in indexes(&key(1), list) {
            assert!(index < LENGTH, "{index}");
            assert!(seen.set(index), "{index} is given twice");
        }
        assert_eq!(seen.count(), LENGTH);
    }
}

#[test]
fn the_next_list_begins_when_one_is_full() {
    let last = u64::from(LENGTH) - 1;
    assert_eq!(Place::of(&key(1), last).list, 0);
    assert_eq!(Place::of(&key(1), last + 1).list, 1);
    assert_eq!(Place::of(&key(1), u64::MAX).list, u64::MAX / u64::from(LENGTH));
}

/// The numbers were worked out by an implementation in another language.
#[test]
fn the_same_counter_has_the_same_place_every_time() {
    let places: Vec<_> = [0, 1, 131_071, 131_072, 10_000_000].map(|n| Place::of(&key(9), n)).into();
    let written = [(0, 26_899), (0, 34_839), (0, 42_222), (1, 53_464), (76, 62_297)];
    assert_eq!(places, written.map(|(list, index)| Place { list, index }));
}

/// Of a random order, half the neighbours rise, a classroom's places spread over the list, and
/// early and late ones lie among each other. Bounds are six standard deviations wide or more.
#[test]
fn places_do_not_show_the_order_of_issue() {
    let order = indexes(&key(3), 0);
    let rising = order.windows(2).filter(|pair| pair[0] < pair[1]).count() as i64;
    assert!((rising - i64::from(LENGTH) / 2).abs() < 650, "{rising} neighbours rise");
    let near = order.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) <= 64).count();
    assert!(near < 300, "{near} neighbours are close, of a random order 128 would be");
    let (early, _) = order.split_at(order.len() / 2);
    let low = early.iter().filter(|index| **index < LENGTH / 2).count() as i64;
    assert!((low - i64::from(LENGTH) / 4).abs() < 550, "{low} early ones lie in the low half");
    for bit in 0..17 {
        let flips = order.windows(2).filter(|pair| (pair[0] ^ pair[1]) >> bit & 1 == 1).count();
        assert!((flips as i64 - i64::from(LENGTH) / 2).abs() < 1_100, "bit {bit} flips {flips}");
    }
}

#[test]
fn another_key_and_another_list_have_another_order() {
    let order = indexes(&key(3), 0);
    for other in [indexes(&key(4), 0), indexes(&key(3), 1)] {
        let same = order.iter().zip(&other).filter(|(a, b)| a == b).count();
        assert!(same < 12, "{same} places are the same; by chance it is 1");
    }
}

#[test]
fn the_key_is_not_shown() {
    assert_eq!(format!("{:?}", key(5)), "PlacingKey(secret)");
}

#[test]
fn the_first_bit_is_the_highest_of_the_first_byte() {
    let mut bits = Bits::default();
    assert!(bits.set(0) && bits.set(9) && bits.set(LENGTH - 1));
    let bytes = bits.as_bytes();
    assert_eq!((bytes[0], bytes[1], bytes[16_383]), (0x80, 0x40, 0x01));
    assert_eq!(Bits::from_bytes(bytes.to_vec()), Some(bits));
    assert_eq!(Bits::from_bytes(vec![0; 16_383]), None);
}

#[test]
fn beyond_the_end_nothing_is_set() {
    let mut bits = Bits::default();
    for index in [LENGTH, u32::MAX] {
        assert!(!bits.set(index));
        assert!(!bits.is_set(index));
    }
    assert_eq!(bits, Bits::default());
}

#[test]
fn a_list_is_published_before_anybody_is_led_to_it() {
    let mut lists = Lists::default();
    assert_eq!(lists.due().count(), 0);
    lists.open(4);
    assert_eq!(lists.epoch(4), None);
    let due: Vec<_> = lists.due().collect();
    assert_eq!(due, [Edition { list: 4, epoch: 1, count: 0 }]);
    lists.publish(due[0]);
    assert_eq!(lists.epoch(4), Some(1));
    assert_eq!(lists.due().count(), 0);
}

#[test]
fn a_revocation_makes_its_list_due_once() {
    let mut lists = Lists::default();
    lists.open(0);
    lists.publish(Edition { list: 0, epoch: 1, count: 0 });
    let place = Place { list: 0, index: 23 };
    assert!(lists.revoke(place));
    assert!(!lists.revoke(place), "it was revoked before");
    let due: Vec<_> = lists.due().collect();
    assert_eq!(due, [Edition { list: 0, epoch: 2, count: 1 }]);
    lists.publish(due[0]);
    assert_eq!(lists.due().count(), 0);
    assert!(lists.bits(0).is_some_and(|bits| bits.is_set(23)));
}

#[test]
fn what_is_revoked_while_an_edition_is_signed_waits_for_the_next() {
    let mut lists = Lists::default();
    lists.revoke(Place { list: 0, index: 1 });
    let signed: Vec<_> = lists.due().collect();
    lists.revoke(Place { list: 0, index: 2 });
    lists.publish(signed[0]);
    let due: Vec<_> = lists.due().collect();
    assert_eq!(due, [Edition { list: 0, epoch: 2, count: 2 }]);
}

/// A fact about lists, as replay tells it.
#[derive(Debug, Clone, Copy)]
enum Fact {
    Opened(u64),
    Revoked(Place),
    Published(Edition),
}

fn learn(mut lists: Lists, fact: &Fact) -> Lists {
    match *fact {
        Fact::Opened(list) => lists.open(list),
        Fact::Revoked(place) => drop(lists.revoke(place)),
        Fact::Published(edition) => lists.publish(edition),
    }
    lists
}

fn fact() -> impl Strategy<Value = Fact> {
    let list = 0..3_u64;
    prop_oneof![
        list.clone().prop_map(Fact::Opened),
        (list.clone(), 0..40_u32).prop_map(|(list, index)| Fact::Revoked(Place { list, index })),
        (list, 1..5_u64, 0..9_u32).prop_map(|(list, epoch, count)| Fact::Published(Edition {
            list,
            epoch,
            count
        })),
    ]
}

proptest! {
    #[test]
    fn facts_in_another_order_or_told_twice_end_in_the_same_lists(
        (facts, shuffled) in vec(fact(), 0..30)
            .prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle())),
        told_again in 0..30_usize,
    ) {
        let once = facts.iter().fold(Lists::default(), learn);
        let again = shuffled.iter().chain(facts.iter().take(told_again));
        prop_assert_eq!(&again.fold(Lists::default(), learn), &once);
        let (left, right) = shuffled.split_at(told_again.min(shuffled.len()));
        let mut joined = right.iter().fold(Lists::default(), learn);
        joined.join(&left.iter().fold(Lists::default(), learn));
        prop_assert_eq!(joined, once);
    }

    #[test]
    fn what_was_set_stays_set(facts in vec(fact(), 0..30)) {
        let lists = facts.iter().fold(Lists::default(), learn);
        for fact in facts {
            if let Fact::Revoked(place) = fact {
                prop_assert!(lists.bits(place.list).is_some_and(|bits| bits.is_set(place.index)));
            }
        }
    }
}
