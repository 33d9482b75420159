//! Pace against a calendar, as of any day.

use northstar_mastery_domain::{Day, Forecast, Pace, Plan, Status};
use proptest::prelude::*;

/// Ten competencies in a term of a hundred days, five in a hundred to spare.
fn term() -> Plan {
    Plan::new(Day::new(0), Day::new(100), 10, 50).expect("a sound plan")
}

fn pace(reached_on: &[i32], as_of: i32) -> Pace {
    Pace::on(&term(), reached_on.iter().map(|day| Day::new(*day)), Day::new(as_of))
}

fn day(number: i32) -> Option<Day> {
    Some(Day::new(number))
}

#[test]
fn as_much_reached_as_time_has_gone_by_is_on_pace() {
    // Given a term of a hundred days for ten competencies,
    // when four have been reached by day 40,
    let pace = pace(&[9, 19, 29, 39], 40);
    // then both shares are 40 in a hundred, and the learner is on pace.
    assert_eq!((pace.expected_milli, pace.actual_milli), (400, 400));
    assert_eq!((pace.status, pace.target_by), (Status::OnPace, Day::new(100)));
}

#[test]
fn the_buffer_is_room_on_both_sides_and_its_edge_belongs_to_it() {
    // Given five in a hundred to spare and four of ten reached,
    // when the days go by,
    let four = |as_of| pace(&[1, 2, 3, 4], as_of).status;
    // then the learner is on pace from day 35 to day 45, ahead before and behind after.
    assert_eq!((four(34), four(35)), (Status::Ahead, Status::OnPace));
    assert_eq!((four(45), four(46)), (Status::OnPace, Status::Behind));
}

#[test]
fn the_past_is_seen_as_it_was() {
    // Given a learner who reached most late in the term,
    let reached = [10, 60, 61, 62, 63];
    // when somebody looks as of day 30,
    let then = pace(&reached, 30);
    // then what came later is not seen, and there is too little to foretell anything.
    assert_eq!((then.reached, then.status), (1, Status::Behind));
    assert_eq!(then.forecast, None);
    assert_eq!(pace(&reached, 63).reached, 5);
}

#[test]
fn before_the_term_nothing_is_expected_and_after_it_everything() {
    // Given a learner who reached one competency,
    // when the term has not begun, or is over,
    let (before, after) = (pace(&[-5], -3), pace(&[-5], 500));
    // then nothing, or all, is expected.
    assert_eq!((before.expected_milli, before.status), (0, Status::Ahead));
    assert_eq!((after.expected_milli, after.status), (1_000, Status::Behind));
}

#[test]
fn an_even_pace_foretells_one_day_give_or_take_the_steps() {
    // Given one competency in the middle of every ten days,
    // when thirty days have gone by (days 0 to 29),
    let pace = pace(&[4, 14, 24], 29);
    // then each third of the time was as fast as the others: seventy more days. The slope of a
    // count that rises in steps is a little off that of a straight line.
    let Forecast { earliest, likely, latest } = pace.forecast.expect("three are enough");
    assert_eq!((earliest, latest), (day(96), day(99)));
    assert_eq!(likely, earliest);
}

#[test]
fn an_uneven_pace_widens_the_band() {
    // Given four competencies in the first ten days, one in the next, one in the third,
    let pace = pace(&[0, 2, 5, 8, 15, 25], 29);
    // when the remaining four are foretold,
    let Forecast { earliest, likely, latest } = pace.forecast.expect("six are enough");
    // then at best they take ten days, at worst forty, and likely something in between.
    assert_eq!((earliest, latest), (day(39), day(69)));
    assert!(earliest < likely && likely < latest, "{likely:?}");
}

#[test]
fn a_learner_who_stopped_may_never_get_there() {
    // Given three competencies in the first ten days and none in the next twenty,
    // when the rest is foretold,
    let forecast = pace(&[1, 4, 7], 29).forecast.expect("three are enough");
    // then there is no latest day: at the speed of the last third the rest never comes.
    assert_eq!(forecast.latest, None);
    assert!(forecast.likely.is_some());
}

#[test]
fn what_came_before_the_term_says_nothing_about_speed() {
    // Given three competencies brought along from before the term and none since,
    // when the rest is foretold,
    let forecast = pace(&[-30, -20, -10], 29).forecast.expect("three are enough");
    // then no day can be named.
    assert_eq!(forecast, Forecast { earliest: None, likely: None, latest: None });
}

#[test]
fn fewer_than_three_reached_foretell_nothing() {
    // Given two competencies reached,
    // when somebody asks for a forecast, then there is none; the third brings one.
    assert_eq!(pace(&[3, 6], 29).forecast, None);
    assert!(pace(&[3, 6, 9], 29).forecast.is_some());
    // And two days of a term are too few whatever was reached in them.
    assert_eq!(pace(&[0, 0, 0, 1], 1).forecast, None);
}

#[test]
fn who_has_all_is_finished_and_needs_no_forecast() {
    // Given eleven competencies reached where ten are wanted,
    let reached: Vec<i32> = (1..=11).map(|n| n * 2).collect();
    // when somebody looks on day 50,
    let pace = pace(&reached, 50);
    // then the tenth finished it, and more than all is not more.
    assert_eq!((pace.finished_on, pace.forecast), (day(20), None));
    assert_eq!((pace.actual_milli, pace.reached, pace.status), (1_000, 10, Status::Ahead));
}

#[test]
fn shares_are_rounded_for_people_and_compared_exactly() {
    // Given three competencies in a term of seven days, and no room to spare,
    let plan = Plan::new(Day::new(0), Day::new(7), 3, 0).expect("a sound plan");
    // when one is reached on the second day,
    let pace = Pace::on(&plan, [Day::new(1)], Day::new(2));
    // then 1/3 is ahead of 2/7, and both are shown in thousandths.
    assert_eq!((pace.actual_milli, pace.expected_milli), (333, 286));
    assert_eq!(pace.status, Status::Ahead);
}

proptest! {
    /// Whatever was reached, and whenever somebody looks.
    #[test]
    fn the_band_holds_the_likely_day_and_order_does_not_matter(
        mut reached in prop::collection::vec(-20_i32..160, 0..14),
        as_of in -30_i32..200,
    ) {
        let told = pace(&reached, as_of);
        reached.reverse();
        prop_assert_eq!(told, pace(&reached, as_of));
        let Some(Forecast { earliest, likely, latest }) = told.forecast else { return Ok(()) };
        let last = Day::new(i32::MAX);
        prop_assert!(earliest.unwrap_or(last) <= likely.unwrap_or(last));
        prop_assert!(likely.unwrap_or(last) <= latest.unwrap_or(last));
        prop_assert!(earliest.is_none_or(|day| day > Day::new(as_of)));
    }

    /// More reached by the same day is never a worse status.
    #[test]
    fn reaching_more_never_sets_back(
        reached in prop::collection::vec(0_i32..100, 0..9),
        more in 0_i32..100,
        as_of in 0_i32..100,
    ) {
        let mut further = reached.clone();
        further.push(more);
        prop_assert!(pace(&reached, as_of).status <= pace(&further, as_of).status);
    }

    /// The extremes of the calendar neither overflow nor panic.
    #[test]
    fn any_day_can_be_looked_from(
        reached in prop::collection::vec(any::<i32>(), 0..6),
        as_of in any::<i32>(),
    ) {
        let told = pace(&reached, as_of);
        prop_assert!((0..=1_000).contains(&told.expected_milli));
        prop_assert!((0..=1_000).contains(&told.actual_milli));
    }
}
