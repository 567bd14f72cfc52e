//! What survives a coordinator, what a refused or slow write does, and who is fenced
//! (semantics §12.4, §12.5, §15; invariants G2, G3, G10, G12).

use crate::harness;

use base::{ErrorCode, Offset, Span, TopicId};
use coordinator::GroupRequest;
use coordinator::runtime::Led;
use harness::{GROUP, Harness, ORDERS, Writes};
use port::GroupState;

#[test]
fn a_new_coordinator_continues_from_the_log() {
    let mut old = Harness::new(Harness::config());
    let member_id = old.lonely_member();
    assert_eq!(old.commit_offset(&member_id, 1, 42), ErrorCode::None);

    let mut new = Harness::with_log(Harness::config(), old.log.clone(), 2);
    let group = new.coordinator.group(GROUP).expect("the group is in the log").clone();
    assert_eq!((group.state(), group.generation()), (GroupState::Stable, 1));
    assert_eq!(group.leader(), Some(&member_id));
    assert_eq!(group.members()[&member_id].assignment, "all");
    assert_eq!(new.stored(), Some(Offset(42)));
    assert_eq!(new.coordinator.session_deadline(&GROUP.into(), &member_id), Some(new.now + Span::from_secs(10)));
    assert_eq!(new.heartbeat(&member_id, None, 1), ErrorCode::None);

    // The next round continues the count.
    new.join_as(9, &member_id, None);
    assert_eq!(new.joined(9).generation, 2);
}

#[test]
fn a_member_of_an_unfinished_round_is_unknown_to_the_next_coordinator() {
    let mut old = Harness::new(Harness::config());
    old.join_as(1, "", None);
    let member_id = old.joined(1).member_id;
    old.join_as(2, &member_id, None);
    old.advance(Span::from_secs(3));
    assert_eq!(old.joined(2).generation, 1);

    let mut new = Harness::with_log(Harness::config(), old.log.clone(), 2);
    assert_eq!(new.coordinator.group(GROUP).map(|group| group.state()), Some(GroupState::Empty));
    assert_eq!(new.heartbeat(&member_id, None, 1), ErrorCode::UnknownMemberId);
}

#[test]
fn committed_offsets_go_with_their_topic() {
    let mut old = Harness::new(Harness::config());
    assert_eq!(old.commit_offset("", -1, 42), ErrorCode::None);
    old.act(|coordinator, cx| coordinator.on_topics_deleted(cx, &[("orders".into(), TopicId(8))]));
    assert_eq!(old.stored(), Some(Offset(42)), "an older topic of that name");
    old.act(|coordinator, cx| coordinator.on_topics_deleted(cx, &[("orders".into(), ORDERS)]));
    assert_eq!(old.stored(), None);
    let new = Harness::with_log(Harness::config(), old.log.clone(), 2);
    assert_eq!(new.stored(), None, "the log says so too");
}

#[test]
fn only_the_current_generation_commits() {
    let mut harness = Harness::new(Harness::config());
    assert_eq!(harness.commit_offset("nobody", 3, 1), ErrorCode::GroupIdNotFound);
    let member_id = harness.lonely_member();
    assert_eq!(harness.commit_offset(&member_id, 0, 1), ErrorCode::IllegalGeneration);
    assert_eq!(harness.commit_offset("nobody", 1, 1), ErrorCode::UnknownMemberId);
    assert_eq!(harness.commit_offset("", -1, 1), ErrorCode::UnknownMemberId);
    assert_eq!(harness.stored(), None);
    assert_eq!(harness.commit_offset(&member_id, 1, 1), ErrorCode::None);

    // In the join phase the old generation may still commit; before the assignment nobody may.
    harness.join_as(5, "", None);
    let other = harness.joined(5).member_id;
    harness.join_as(6, &other, None);
    assert_eq!(harness.heartbeat(&member_id, None, 1), ErrorCode::RebalanceInProgress);
    assert_eq!(harness.commit_offset(&member_id, 1, 2), ErrorCode::None);
    harness.join_as(7, &member_id, None);
    assert_eq!(harness.joined(7).generation, 2);
    assert_eq!(harness.commit_offset(&member_id, 2, 3), ErrorCode::RebalanceInProgress);
    assert_eq!(harness.stored(), Some(Offset(2)));
}

#[test]
fn a_commit_without_a_group_needs_no_membership() {
    let mut harness = Harness::new(Harness::config());
    harness.send_fetch(1);
    assert_eq!(harness.fetched(1), Some((ErrorCode::None, Some(Offset::UNDEFINED))));
    assert_eq!(harness.commit_offset("", -1, 7), ErrorCode::None);
    harness.send_fetch(2);
    assert_eq!(harness.fetched(2), Some((ErrorCode::None, Some(Offset(7)))));
}

#[test]
fn a_commit_becomes_visible_when_its_write_is_committed() {
    let mut harness = Harness::new(Harness::config());
    let member_id = harness.lonely_member();
    harness.writes = Writes::Hold;
    harness.send_commit(4, &member_id, 1, 5);
    harness.send_fetch(5);
    assert_eq!((harness.stored(), harness.committed_answer(4), harness.fetched(5)), (None, None, None));
    harness.release();
    assert_eq!(harness.committed_answer(4), Some(ErrorCode::None));
    assert_eq!(harness.fetched(5), Some((ErrorCode::None, Some(Offset(5)))));

    harness.writes = Writes::Refuse(ErrorCode::NotEnoughReplicas);
    assert_eq!(harness.commit_offset(&member_id, 1, 6), ErrorCode::CoordinatorNotAvailable);
    assert_eq!(harness.stored(), Some(Offset(5)));
}

/// A write counts as committed with its last record, whether it is one or many
/// (`CoordinatorRuntime.HighWatermarkListener` compares with the offset after it).
#[test]
fn a_write_of_two_records_is_committed_with_the_second() {
    let mut harness = Harness::new(Harness::config());
    let member_id = harness.lonely_member();
    harness.writes = Writes::Hold;
    let before = harness.end();
    harness.send_commits(4, (&member_id, 1), &[5, 6]);
    assert_eq!(harness.end(), before.plus(2));
    harness.commit_to(before.plus(1));
    assert_eq!((harness.stored(), harness.committed_answer(4)), (None, None));
    harness.commit_to(before.plus(2));
    assert_eq!((harness.stored(), harness.committed_answer(4)), (Some(Offset(5)), Some(ErrorCode::None)));
}

#[test]
fn a_slow_write_is_answered_after_the_commit_timeout_and_may_still_count() {
    let mut harness = Harness::new(Harness::config());
    let member_id = harness.lonely_member();
    harness.writes = Writes::Hold;
    harness.send_commit(4, &member_id, 1, 5);
    harness.advance(Span::from_millis(4_999));
    assert_eq!(harness.committed_answer(4), None);
    harness.advance(Span::from_millis(1));
    assert_eq!(harness.committed_answer(4), Some(ErrorCode::CoordinatorNotAvailable));
    harness.release();
    assert_eq!(harness.stored(), Some(Offset(5)));
}

#[test]
fn an_assignment_that_cannot_be_written_starts_the_round_again() {
    let mut harness = Harness::new(Harness::config());
    harness.join_as(1, "", None);
    let member_id = harness.joined(1).member_id;
    harness.join_as(2, &member_id, None);
    harness.advance(Span::from_secs(3));
    harness.writes = Writes::Refuse(ErrorCode::NotEnoughReplicas);
    harness.sync_alone(3, &member_id, None, 1);
    assert_eq!(harness.synced(3).error, ErrorCode::CoordinatorNotAvailable);
    assert_eq!(harness.coordinator.group(GROUP).map(|group| group.state()), Some(GroupState::PreparingRebalance));
}

#[test]
fn a_group_whose_first_record_is_refused_does_not_exist() {
    let mut harness = Harness::new(Harness::config());
    harness.writes = Writes::Refuse(ErrorCode::NotLeaderOrFollower);
    harness.join_as(1, "", None);
    let member_id = harness.joined(1).member_id;
    assert!(harness.coordinator.group(GROUP).is_none());
    harness.join_as(2, &member_id, None);
    assert_eq!(harness.joined(2).error, ErrorCode::UnknownMemberId);
    assert_eq!(harness.coordinator.runtime().next_deadline(), None);
}

#[test]
fn a_static_member_that_restarts_keeps_its_place_and_fences_its_former_self() {
    let mut harness = Harness::new(Harness::config());
    harness.join_as(1, "", Some("i1"));
    harness.advance(Span::from_secs(3));
    let first = harness.joined(1).member_id;
    harness.sync_alone(2, &first, Some("i1"), 1);
    assert_eq!(harness.synced(2).assignment, "all");

    harness.join_as(3, "", Some("i1"));
    let again = harness.joined(3);
    assert_eq!((again.generation, again.skip_assignment), (1, true));
    assert_ne!(again.member_id, first);
    assert_eq!(harness.heartbeat(&first, Some("i1"), 1), ErrorCode::FencedInstanceId);
    harness.sync_alone(4, &again.member_id, Some("i1"), 1);
    assert_eq!(harness.synced(4).assignment, "all");

    // And so after a failover.
    let mut new = Harness::with_log(Harness::config(), harness.log.clone(), 2);
    assert_eq!(new.heartbeat(&first, Some("i1"), 1), ErrorCode::FencedInstanceId);
    assert_eq!(new.heartbeat(&again.member_id, Some("i1"), 1), ErrorCode::None);
}

#[test]
fn a_static_replacement_that_cannot_be_written_is_undone() {
    let mut harness = Harness::new(Harness::config());
    harness.join_as(1, "", Some("i1"));
    harness.advance(Span::from_secs(3));
    let first = harness.joined(1).member_id;
    harness.sync_alone(2, &first, Some("i1"), 1);
    harness.writes = Writes::Refuse(ErrorCode::NotEnoughReplicas);
    harness.join_as(3, "", Some("i1"));
    assert_eq!(harness.joined(3).error, ErrorCode::CoordinatorNotAvailable);
    assert_eq!(harness.heartbeat(&first, Some("i1"), 1), ErrorCode::None);
}

#[test]
fn who_waits_when_leadership_goes_is_sent_away() {
    let mut harness = Harness::new(Harness::config());
    let member_id = harness.lonely_member();
    harness.join_as(5, "", None);
    let other = harness.joined(5).member_id;
    harness.join_as(6, &other, None);
    harness.writes = Writes::Hold;
    harness.send_commit(7, &member_id, 1, 9);
    let partition = harness.coordinator.partition_of(GROUP);
    harness.act(|coordinator, cx| coordinator.unload(cx, partition));
    assert_eq!(harness.joined(6).error, ErrorCode::NotCoordinator);
    assert_eq!(harness.committed_answer(7), Some(ErrorCode::NotCoordinator));
    assert_eq!(harness.heartbeat(&member_id, None, 1), ErrorCode::NotCoordinator);
    assert_eq!((harness.coordinator.runtime().next_deadline(), harness.coordinator.parked()), (None, 0));
    harness.release();
    assert!(!harness.coordinator.owns(GROUP));
}

#[test]
fn while_the_log_is_read_heartbeats_are_welcome_and_the_rest_waits() {
    let mut harness = Harness::new(Harness::config());
    let partition = harness.coordinator.partition_of(GROUP);
    harness.act(|coordinator, cx| coordinator.unload(cx, partition));
    harness.act(|coordinator, _| coordinator.runtime_mut().start_loading(partition, base::LeaderEpoch(3)));
    assert!(harness.coordinator.owns(GROUP));
    assert_eq!(harness.heartbeat("somebody", None, 1), ErrorCode::None);
    assert_eq!(harness.commit_offset("somebody", 1, 1), ErrorCode::CoordinatorLoadInProgress);
    let led = Led { partition, epoch: base::LeaderEpoch(3), high_watermark: Offset::ZERO };
    harness.act(|coordinator, cx| coordinator.runtime_mut().load(cx, led, &mut std::iter::empty()));
    assert_eq!(harness.heartbeat("somebody", None, 1), ErrorCode::UnknownMemberId);
}

#[test]
fn a_closed_connection_does_not_end_a_membership() {
    let mut harness = Harness::new(Harness::config());
    harness.join_as(1, "", Some("i1"));
    harness.act(|coordinator, _| coordinator.runtime_mut().on_closed(base::ConnectionId(1)));
    harness.advance(Span::from_secs(3));
    assert!(harness.take(1).is_none());
    let group = harness.coordinator.group(GROUP).expect("the group stays");
    assert_eq!((group.state(), group.generation()), (GroupState::CompletingRebalance, 1));
}

#[test]
fn describing_shows_subscriptions_of_a_stable_group() {
    let mut harness = Harness::new(Harness::config());
    harness.lonely_member();
    let groups = vec![GROUP.into(), "elsewhere".into()];
    harness.request(9, GroupRequest::Describe(api::DescribeGroupsRequest { groups }));
    let Some(api::Response::DescribeGroups(response)) = harness.take(9) else { panic!("no answer") };
    let described = &response.groups[0];
    assert_eq!((&*described.state, &*described.protocol), ("Stable", "range"));
    assert_eq!(described.members[0].metadata, "meta");
    assert_eq!(response.groups[1].error, ErrorCode::NotCoordinator);
}

#[test]
fn who_asks_a_new_coordinator_waits_for_what_the_former_one_left_uncommitted() {
    let mut old = Harness::new(Harness::config());
    let member_id = old.lonely_member();
    old.writes = Writes::Hold;
    old.send_commit(4, &member_id, 1, 5);
    let committed = old.log[old.log.len() - 1].base_offset();

    let mut new = Harness::with_log_up_to(Harness::config(), old.log.clone(), committed, 2);
    assert_eq!((new.stored(), new.coordinator.runtime().pending_writes()), (None, 1));
    new.send_fetch(1);
    new.send_commit(2, &member_id, 0, 6);
    assert_eq!((new.fetched(1), new.committed_answer(2)), (None, None), "answers rest on what is written");
    new.release();
    assert_eq!(new.fetched(1), Some((ErrorCode::None, Some(Offset(5)))));
    assert_eq!(new.committed_answer(2), Some(ErrorCode::IllegalGeneration));
    assert_eq!(new.coordinator.runtime().next_deadline(), Some(new.now + Span::from_secs(10)), "only the session");
}

#[test]
fn an_administrator_does_not_see_a_group_before_it_is_committed() {
    let mut harness = Harness::new(Harness::config());
    harness.writes = Writes::Hold;
    harness.join_as(1, "", None);
    let error = |harness: &mut Harness| {
        let groups = vec![GROUP.into()];
        harness.request(9, GroupRequest::Describe(api::DescribeGroupsRequest { groups }));
        let Some(api::Response::DescribeGroups(response)) = harness.take(9) else { panic!("no answer") };
        response.groups[0].error
    };
    assert_eq!(error(&mut harness), ErrorCode::GroupIdNotFound);
    harness.release();
    assert_eq!(error(&mut harness), ErrorCode::None);
}

#[test]
fn a_group_that_only_a_refused_commit_knew_does_not_exist() {
    let mut harness = Harness::new(Harness::config());
    harness.writes = Writes::Refuse(ErrorCode::NotEnoughReplicas);
    assert_eq!(harness.commit_offset("", -1, 7), ErrorCode::CoordinatorNotAvailable);
    assert!(harness.coordinator.group(GROUP).is_none());
}

#[test]
fn offsets_under_way_go_with_their_topic() {
    let mut harness = Harness::new(Harness::config());
    harness.writes = Writes::Hold;
    harness.send_commit(1, "", -1, 7);
    harness.act(|coordinator, cx| coordinator.on_topics_deleted(cx, &[("orders".into(), ORDERS)]));
    harness.release();
    assert_eq!((harness.committed_answer(1), harness.stored()), (Some(ErrorCode::None), None));
}

/// The mutant that the fuzzer has to catch.
#[cfg(feature = "mutants")]
#[test]
fn the_mutant_commits_for_anybody() {
    let mut config = Harness::config();
    config.switches = port::TestSwitches::from_overrides(
        &[("blumfeld.mutant".into(), "commit-without-generation-check".into())].into(),
    );
    let mut harness = Harness::new(config);
    harness.lonely_member();
    assert_eq!(harness.commit_offset("nobody", 77, 3), ErrorCode::None);
}
