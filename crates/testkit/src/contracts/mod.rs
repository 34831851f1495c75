//! What every adapter of a storage port owes, as claims that panic when they do not hold.
//!
//! [`every_claim!`](crate::every_claim) lists them all, so an adapter's tests cannot forget one.

pub mod browser_notes;
pub mod client_registry;
pub mod event_log;
pub mod familiar_networks;
pub mod registry;
pub mod resource_changes;
pub mod samples;
pub mod session_races;
pub mod session_search;
pub mod session_store;
pub mod signing_key_store;
pub mod throttle;
pub mod user_directory;

use std::sync::Arc;

use grantor_domain::clients::Client;
use grantor_domain::ports::{
    BrowserNotes, EventLog, FamiliarNetworks, PolicyStore, Registry, ResourceChanges, RoleStore,
    SessionStore, SigningKeyStore, Throttle, UserDirectory,
};

use crate::Memory;

/// The storage ports of one empty, migrated store.
#[derive(Clone)]
pub struct Stores {
    /// Its sessions.
    pub sessions: Arc<dyn SessionStore>,
    /// Its browsers' notes.
    pub notes: Arc<dyn BrowserNotes>,
    /// Its clients.
    pub clients: Arc<dyn Registry<Client>>,
    /// Its users.
    pub users: Arc<dyn UserDirectory>,
    /// Its roles.
    pub roles: Arc<dyn RoleStore>,
    /// Its access policies.
    pub policies: Arc<dyn PolicyStore>,
    /// Its bundles.
    pub resources: Arc<dyn ResourceChanges>,
    /// Its budgets.
    pub throttle: Arc<dyn Throttle>,
    /// Its familiar networks.
    pub familiar: Arc<dyn FamiliarNetworks>,
    /// Its events.
    pub events: Arc<dyn EventLog>,
    /// Its signing keys.
    pub signing_keys: Arc<dyn SigningKeyStore>,
}

impl Default for Stores {
    /// The reference adapters, in memory.
    fn default() -> Self {
        let memory = Arc::new(Memory::default());
        Self {
            sessions: memory.clone(),
            notes: memory.clone(),
            clients: memory.clone(),
            users: memory.clone(),
            roles: memory.clone(),
            policies: memory.clone(),
            resources: memory.clone(),
            throttle: memory.clone(),
            familiar: memory.clone(),
            events: memory.clone(),
            signing_keys: memory,
        }
    }
}

/// Calls `$claims!(port: claim, claim, …)` once a port, with every claim of its contract.
/// A claim is a function `grantor_testkit::contracts::<port>::<claim>(&Stores)`.
#[macro_export]
macro_rules! every_claim {
    ($claims:ident) => {
        $claims!(
            session_store: what_was_opened_is_found_by_each_of_its_keys,
            the_least_session_comes_back_whole,
            every_type_comes_back,
            an_unknown_key_finds_nothing,
            a_session_of_nobody_known_stands_on_nothing,
            a_commit_replaces_the_session_and_keeps_its_spent_tokens,
            a_stale_commit_changes_nothing,
            standing_follows_the_client,
            standing_follows_the_user,
            reaping_forgets_what_ended_and_its_tokens,
            reaping_takes_no_more_than_it_is_told,
            the_first_census_of_an_hour_is_kept
        );
        $claims!(
            session_races: only_one_of_many_commits_wins,
            refresh_against_close_leaves_nothing_alive
        );
        $claims!(
            browser_notes: notes_are_kept_replaced_and_forgotten,
            each_session_has_its_own,
            nobody_keeps_notes_for_a_session_that_is_not_there,
            notes_go_with_their_session
        );
        $claims!(
            session_search: a_user_reaches_only_its_own_sessions,
            active_is_what_liveness_says,
            lists_are_any_of_and_members_are_and,
            ranges_include_their_beginning_and_not_their_end,
            pages_follow_the_sort_and_break_ties_by_id,
            a_count_ignores_the_page,
            a_page_of_many_live_sessions_is_as_one_of_few
        );
        $claims!(
            client_registry: a_written_client_comes_back_whole,
            an_expectation_that_does_not_hold_is_stale,
            a_removed_client_is_absent_and_goes_on_counting,
            only_one_of_many_writers_wins
        );
        $claims!(
            user_directory: a_written_user_comes_back_whole,
            each_of_its_names_finds_the_user,
            an_expectation_that_does_not_hold_is_stale,
            a_name_of_another_user_is_taken,
            names_given_up_are_free,
            a_removed_user_is_absent_frees_its_names_and_goes_on_counting,
            only_one_of_many_users_gets_a_name
        );
        $claims!(
            resource_changes: all_changes_are_applied_in_order,
            a_stale_change_undoes_those_before_it,
            a_taken_name_undoes_those_before_it,
            a_name_can_move_within_a_bundle,
            every_type_is_written_and_removed,
            many_new_users_are_written_like_one,
            a_taken_name_is_found_among_many
        );
        $claims!(
            registry: many_are_found_at_once,
            a_search_finds_by_each_test,
            conditions_narrow_one_another,
            a_role_makes_its_user_found,
            pages_follow_the_sort,
            history_keeps_every_version_without_secrets,
            policies_come_back_whole,
            roles_come_back_whole
        );
        $crate::every_claim_of_a_throttle!($claims);
        $claims!(
            familiar_networks: a_success_is_remembered_where_it_was,
            the_latest_success_counts,
            an_account_has_so_many_networks_and_no_more,
            old_ones_are_forgotten,
            many_at_once_are_remembered
        );
        $claims!(
            event_log: events_of_every_shape_are_taken,
            events_come_back_whole,
            a_query_finds_what_it_matches,
            pages_follow_the_order_of_ids,
            events_are_counted_by_the_hour_linked_or_not,
            events_are_counted_once_while_they_are_linked,
            links_stand_beside_their_events,
            only_the_next_links_are_taken,
            writers_lose_no_event_to_sealers
        );
        $claims!(
            signing_key_store: keys_come_back_whole_and_oldest_first,
            a_known_key_is_replaced,
            a_removed_key_is_gone,
            seals_are_replaced_all_at_once,
            seals_of_keys_that_changed_meanwhile_stay,
            the_first_key_is_added_once_among_many
        );
    };
}

/// The claims of [`every_claim!`](crate::every_claim) on budgets, for stores that keep nothing else.
#[macro_export]
macro_rules! every_claim_of_a_throttle {
    ($claims:ident) => {
        $claims!(
            throttle: a_burst_is_granted_and_no_more,
            a_refusal_debits_nothing_and_says_when,
            a_refusal_says_when_every_budget_has_room_and_which_is_last,
            a_budget_fills_again_with_time,
            a_budget_of_a_day_fills_as_slowly,
            a_refund_gives_the_try_back,
            an_empty_budget_refuses_everything,
            many_threads_never_exceed_the_budget
        );
    };
}
