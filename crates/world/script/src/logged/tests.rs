//! Every kind of line beside what a client of 4.3.0 has written: recorded with `slf4j-simple` at INFO from the console tools, one
//! broker whose `advertised.listeners` was wrong, or which was killed. What was not recorded stands as its class's source has it.

use super::*;
use base::{BrokerId, Offset, Span, TopicPartition};

fn orders() -> TopicPartition {
    TopicPartition::new("orders", 0)
}

fn at(host: &str, port: u16) -> Endpoint {
    Endpoint { host: host.into(), port }
}

fn refusal(error: ErrorCode, message: Option<&str>) -> Box<Refusal> {
    let message = message.map(Into::into);
    Box::new(Refusal { correlation_id: 12, partition: orders(), left: 2, error, message })
}

fn placed(leader: Option<Endpoint>) -> Box<Placed> {
    let epoch = LeaderEpoch(if leader.is_some() { 0 } else { -1 });
    let leader = leader.map(|at| (BrokerId(1), at, None));
    let (offset, offset_epoch) = (Offset(0), LeaderEpoch::UNDEFINED);
    Box::new(Placed { partition: orders(), offset, offset_epoch, leader, epoch })
}

fn holds<T: Into<Said>>(lines: impl IntoIterator<Item = (T, LogLevel, &'static str)>) {
    for (said, grave, expected) in lines {
        let said = said.into();
        assert_eq!(words(&said).join("\n"), expected);
        assert_eq!(said.level(), grave, "{expected}");
    }
}

use LogLevel::{Error, Info, Warn};

#[test]
fn of_connections() {
    let (one, boot) = (Node::Broker(BrokerId(1)), Node::Bootstrap(0));
    let cancelled = Cancelled {
        node: one,
        api: ApiKey::Produce,
        correlation_id: 12,
        since: Span::from_millis(33),
        timeout: Span::from_secs(3),
    };
    holds([
        (OfConnection::Disconnected(one), Info, "Node 1 disconnected."),
        (
            OfConnection::NotEstablished(one, at("localhost", 19099)),
            Warn,
            "Connection to node 1 (localhost/127.0.0.1:19099) could not be established. Node may not be available.",
        ),
        (
            OfConnection::NotEstablished(Node::Coordinator(BrokerId(1)), at("localhost", 19099)),
            Warn,
            "Connection to node 2147483646 (localhost/127.0.0.1:19099) could not be established. Node may not be available.",
        ),
        (
            OfConnection::Unresolved(one, at("nowhere.invalid", 9092), None),
            Warn,
            "Error connecting to node nowhere.invalid:9092 (id: 1 rack: null isFenced: false)\n\
             java.net.UnknownHostException: nowhere.invalid",
        ),
        (
            OfConnection::BootstrapDisconnected(boot, at("localhost", 19092)),
            Warn,
            "Bootstrap broker localhost:19092 (id: -1 rack: null isFenced: false) disconnected",
        ),
        (
            OfConnection::SetupTimedOut(boot, Span::from_millis(9127)),
            Info,
            "Disconnecting from node -1 due to socket connection setup timeout. The timeout value is 9127 ms.",
        ),
        (OfConnection::RequestTimedOut(one), Info, "Disconnecting from node 1 due to request timeout."),
        (
            OfConnection::AskedToDisconnect(Node::Coordinator(BrokerId(1))),
            Info,
            "Client requested disconnect from node 2147483646",
        ),
        (
            OfConnection::Cancelled(Box::new(cancelled)),
            Info,
            "Cancelled in-flight PRODUCE request with correlation id 12 due to node 1 being disconnected (elapsed time since \
             creation: 33ms, elapsed time since send: 33ms, throttle time: 0ms, request timeout: 3000ms)",
        ),
    ]);
    assert_eq!(shouted(ApiKey::FindCoordinator), "FIND_COORDINATOR");
}

#[test]
fn of_metadata_and_batches() {
    holds([
        (
            OfMetadata::Issue(2, Named { first: vec![("orders".into(), ErrorCode::UnknownTopicOrPartition)], more: 0 }),
            Warn,
            "The metadata response from the cluster reported a recoverable issue with correlation id 2 : \
             {orders=UNKNOWN_TOPIC_OR_PARTITION}",
        ),
        (
            OfMetadata::NoListener(Named { first: vec![orders(), TopicPartition::new("orders", 2)], more: 9 }),
            Warn,
            "11 partitions have leader brokers without a matching listener, including [orders-0, orders-2]",
        ),
        (
            OfMetadata::InvalidTopics(Named { first: vec!["a b".into(), "..".into()], more: 3 }),
            Error,
            "Metadata response reported invalid topics [a b, .., … 3 more]",
        ),
        (
            OfMetadata::Rebootstrapping(vec![at("localhost", 19092)]),
            Info,
            "Rebootstrapping with [localhost/127.0.0.1:19092]",
        ),
        (OfMetadata::ClusterId("4L6g3nShT-eMCtK--X86sw".into()), Info, "Cluster ID: 4L6g3nShT-eMCtK--X86sw"),
    ]);
    let lost = Some("Disconnected from node 1");
    holds([
        (OfProducer::ProducerId(0, 1), Info, "ProducerId set to 0 with epoch 1"),
        (
            OfProducer::Retried(refusal(ErrorCode::NetworkException, lost)),
            Warn,
            "Got error produce response with correlation id 12 on topic-partition orders-0, retrying (2 attempts left). \
             Error: NETWORK_EXCEPTION. Error Message: Disconnected from node 1",
        ),
        (
            OfProducer::Stale(refusal(ErrorCode::NetworkException, lost)),
            Warn,
            "Received invalid metadata error in produce request on partition orders-0 due to \
             org.apache.kafka.common.errors.NetworkException: Disconnected from node 1 Going to request metadata update now",
        ),
        (
            OfProducer::Stale(refusal(ErrorCode::UnknownTopicOrPartition, None)),
            Warn,
            "Received unknown topic or partition error in produce request on partition orders-0. The topic-partition may \
             not exist or the user may not have Describe access to it",
        ),
        (
            OfProducer::Split(refusal(ErrorCode::MessageTooLarge, None)),
            Warn,
            "Got error produce response in correlation id 12 on topic-partition orders-0, splitting and retrying (2 \
             attempts left). Error: MESSAGE_TOO_LARGE",
        ),
    ]);
}

#[test]
fn of_groups() {
    let coordinator = || (BrokerId(1), at("localhost", 19092));
    let member = "r-8f6ee1b4-c220-4c8a-9424-205f44afd4dc";
    let generation = || Generation { number: 1, member_id: member.into(), protocol: Some("range".into()) };
    let named = || Named { first: vec![orders()], more: 0 };
    holds([
        (
            OfGroup::CoordinatorFound(coordinator()),
            Info,
            "Discovered group coordinator localhost:19092 (id: 2147483646 rack: null isFenced: false)",
        ),
        (
            OfGroup::CoordinatorLost(coordinator(), CoordinatorLoss::Broken),
            Info,
            "Group coordinator localhost:19092 (id: 2147483646 rack: null isFenced: false) is unavailable or invalid due to \
             cause: null. isDisconnected: true. Rediscovery will be attempted.",
        ),
        (
            OfGroup::CoordinatorLost(coordinator(), CoordinatorLoss::Answered(ErrorCode::NotCoordinator)),
            Info,
            "Group coordinator localhost:19092 (id: 2147483646 rack: null isFenced: false) is unavailable or invalid due to \
             cause: error response NOT_COORDINATOR. isDisconnected: false. Rediscovery will be attempted.\n\
             Requesting disconnect from last known coordinator localhost:19092 (id: 2147483646 rack: null isFenced: false)",
        ),
        (OfGroup::Joining, Info, "(Re-)joining group"),
        (
            OfGroup::Joined(generation()),
            Info,
            "Successfully joined group with generation Generation{generationId=1, \
             memberId='r-8f6ee1b4-c220-4c8a-9424-205f44afd4dc', protocol='range'}",
        ),
        (
            OfGroup::Synced(generation()),
            Info,
            "Successfully synced group in generation Generation{generationId=1, \
             memberId='r-8f6ee1b4-c220-4c8a-9424-205f44afd4dc', protocol='range'}",
        ),
        (OfGroup::Assigned(named()), Info, "Adding newly assigned partitions: [orders-0]"),
        (OfGroup::Revoked(named()), Info, "Revoke previously assigned partitions [orders-0]"),
        (OfGroup::Lost(named()), Info, "Lost previously assigned partitions [orders-0]"),
        (OfGroup::Rejoins, Info, "Request joining group due to: group is already rebalancing"),
        (
            OfGroup::MemberIdGiven(member.into()),
            Info,
            "Request joining group due to: need to re-join with the given member-id: \
             r-8f6ee1b4-c220-4c8a-9424-205f44afd4dc",
        ),
        (
            OfGroup::MembershipLost(ApiKey::Heartbeat, ErrorCode::UnknownMemberId),
            Info,
            "Resetting generation and member id due to: encountered UNKNOWN_MEMBER_ID from HEARTBEAT response\n\
             Request joining group due to: encountered UNKNOWN_MEMBER_ID from HEARTBEAT response",
        ),
        (
            OfGroup::Leaving("r-1".into(), coordinator(), "the consumer is being closed"),
            Info,
            "Member r-1 sending LeaveGroup request to coordinator localhost:19092 (id: 2147483646 rack: null isFenced: \
             false) due to the consumer is being closed\n\
             Resetting generation and member id due to: consumer pro-actively leaving the group\n\
             Request joining group due to: consumer pro-actively leaving the group",
        ),
    ]);
    assert!(words(&OfGroup::PollTimedOut.into())[0].starts_with("consumer poll timeout has expired. This means"));
    assert_eq!(Said::from(OfGroup::PollTimedOut).level(), Warn);
}

#[test]
fn of_positions() {
    let broker = || Some(at("localhost", 19092));
    holds([
        (
            OfPosition::CommitRefused(orders(), Offset(7), ErrorCode::RebalanceInProgress),
            Error,
            "Offset commit failed on partition orders-0 at offset 7: The group is rebalancing, so a rejoin is needed.",
        ),
        (
            OfPosition::CommitRefused(orders(), Offset(7), ErrorCode::NotCoordinator),
            Warn,
            "Offset commit failed on partition orders-0 at offset 7: This is not the correct coordinator.",
        ),
        (OfPosition::NothingCommitted(orders()), Info, "Found no committed offset for partition orders-0"),
        (
            OfPosition::Reset(placed(broker())),
            Info,
            "Resetting offset for partition orders-0 to position FetchPosition{offset=0, offsetEpoch=Optional.empty, \
             currentLeader=LeaderAndEpoch{leader=Optional[localhost:19092 (id: 1 rack: null isFenced: false)], epoch=0}}.",
        ),
        (
            OfPosition::OutOfRange(placed(None)),
            Info,
            "Fetch position FetchPosition{offset=0, offsetEpoch=Optional.empty, \
             currentLeader=LeaderAndEpoch{leader=Optional.empty, epoch=absent}} is out of range for partition orders-0, \
             resetting offset",
        ),
        (
            OfPosition::FetchRefused(orders(), ErrorCode::UnknownTopicId),
            Warn,
            "Received unknown topic ID error in fetch for partition orders-0",
        ),
    ]);
    let from = words(&OfPosition::FromCommitted(placed(broker())).into());
    assert!(
        from[0].starts_with("Setting offset for partition orders-0 to the committed offset FetchPosition{offset=0")
    );
}
