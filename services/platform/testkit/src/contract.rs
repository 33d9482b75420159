//! What every store of the log must do: the same cases on each engine.
//!
//! A crate that has an engine calls [`log_contract!`](crate::log_contract) with a function that makes
//! an empty store; every case becomes a test of its own.

#![allow(clippy::unwrap_used, reason = "a contract that cannot be kept has failed")]

pub mod documents;
pub mod events;
pub mod given;
pub mod lanes;
pub mod places;
pub mod reading;
pub mod requests;
pub mod secrets;
pub mod stores;
pub mod versions;
pub mod walls;

use northstar_eventlog::Log;

/// An empty store of one context, for one test.
pub trait Store: Send + Sync {
    /// A log over the store that knows nothing yet, as another replica or a restarted one would.
    fn log(&self) -> Log {
        self.log_under(given::MASTER_KEY)
    }

    /// The same under another master key than [`given::MASTER_KEY`].
    fn log_under(&self, master_key: [u8; 32]) -> Log;
}

/// Makes a test of every case, for the store that the named function makes.
#[macro_export]
macro_rules! log_contract {
    ($store:path) => {
        $crate::log_contract! { @cases $store =>
            places: positions_and_sequences_are_dense, places_go_on_where_another_log_left_off,
                two_logs_share_a_shard, many_callers_share_a_shard, a_large_append_is_one;
            versions: no_stream_means_none_yet, exactly_means_that_version, any_means_whatever,
                a_conflict_names_the_actual_version, the_store_is_asked_when_another_log_moved_on,
                a_conflict_leaves_its_neighbours_alone, one_of_many_wins_a_version,
                an_append_of_nothing_is_refused, many_streams_in_one_step;
            requests: a_repeat_gets_the_first_answer, another_content_is_refused,
                answers_outlive_the_log, twins_are_written_once, a_refused_append_uses_no_request_id,
                a_repeat_leaves_its_neighbours_alone, those_who_go_on_asking_are_each_answered,
                what_cannot_be_stored_leaves_neighbours_alone, two_tenants_may_use_one_id;
            events: every_field_survives, extremes_survive, several_events_are_written_together,
                ids_differ_and_sort_by_time;
            reading: streams_come_whole, streams_are_read_together, feeds_come_in_pages,
                scans_come_in_pages,
                the_end_of_numbers_is_the_end_of_the_log, heads_are_known, a_new_head_wakes,
                a_look_wakes_for_other_logs;
            lanes: events_documents_and_checkpoint_are_one, a_step_may_have_no_events,
                a_stale_lane_writes_nothing, a_first_step_is_made_once,
                a_moved_stream_writes_nothing, a_step_and_appends_share_the_shard,
                a_repeated_request_is_not_written_again, a_foreign_shard_is_refused;
            documents: what_is_put_is_read, ranges_go_by_key, keys_are_read_together,
                several_questions_in_a_row, removed_is_gone,
                a_new_generation_is_unseen_until_the_switch, a_moved_lane_is_not_switched,
                the_old_generation_is_swept;
            secrets: equal_texts_give_equal_boxes, a_box_opens_only_where_it_belongs,
                a_forgotten_key_opens_nothing, another_master_key_opens_nothing,
                the_first_secret_is_kept;
            walls: streams_and_feeds_are_the_tenants_own, documents_are_the_tenants_own,
                requests_are_the_tenants_own, secrets_are_the_tenants_own;
        }
    };
    (@cases $store:path => $($group:ident: $($case:ident),+;)+) => {
        $(mod $group {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    $crate::contract::$group::$case(&$store().await).await;
                }
            )+
        })+
    };
}
