//! Messages in flight as tags: what they are, what they carry, where they go.

use api::{Body, Message, Request, Response};
use base::{ErrorCode, PartitionId, ProcessId, Time, TopicId, TopicIdPartition, TopicPartition};
use port::{Fact, KafkaSetup, Listener, ProcessConfig, WorldFact};
use records::Batch;
use sim::{Connection, InFlight, World};

use super::cluster::Cluster;
use super::{Look, pull};
use crate::{Glyph, PacketFate, PacketKind, PacketView, Port};

/// More tags than these cover each other; the newest are dropped.
const PACKETS_MAX: usize = 120;

/// Every message in flight that is worth a tag.
pub(super) fn packets(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<PacketView> {
    let mut packets = lost(look, cluster);
    packets.extend(parked(look, cluster));
    for (id, connection) in look.world.network().connections() {
        // Both ends are of one cluster: nobody else was told of its nodes.
        if !look.has(connection.ends[0].process) {
            continue;
        }
        for lane in 0..2_u8 {
            let (from, to) = connection.direction(lane);
            let held = connection.lanes[usize::from(lane)].held;
            for (index, flight) in connection.lanes[usize::from(lane)].in_flight.iter().enumerate() {
                let number = u64::from(id) << 20 | u64::from(lane) << 19 | index as u64;
                let letter = Letter { connection, flight, from, to, held, number };
                packets.extend(packet(look, cluster, &letter));
            }
            if packets.len() > PACKETS_MAX {
                return packets;
            }
        }
    }
    packets
}

/// Readers' fetches that wait at brokers, where they are looked at: each stands at the end of its way.
fn parked(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<PacketView> {
    let mut packets: Vec<PacketView> = Vec::new();
    if look.selection.is_none() {
        return packets;
    }
    for waits in pull::parked(look, cluster, |ends| look.has(ends.0) && pull::is_watched(look, ends)) {
        let reader = waits.reader;
        let (from, to) = match &waits.about {
            Some(name) => (Port::Slot(reader, name.clone()), Port::RowOut(waits.broker, name.clone())),
            None => (Port::Member(reader), Port::Broker(waits.broker)),
        };
        let before = packets.iter().filter(|packet| packet.to == to).count();
        let since = look.now().since(waits.since);
        packets.push(PacketView {
            number: 1 << 62 | u64::from(reader.0) << 16 | u64::from(waits.broker.0) & 0xffff,
            from,
            to,
            kind: PacketKind::Fetch,
            fate: PacketFate::Parked,
            hue: waits.about.as_ref().map_or(0, |partition| look.hue(&partition.topic)),
            glyphs: Vec::new(),
            text: look.text.stage.fetch.to_owned(),
            remark: (look.text.stage.fetch_waits)(since, waits.min_bytes),
            // Those that wait for the same partition stand behind each other.
            progress: (1.0 - PARKED_APART * before as f32).max(0.0),
            fallen: 0.0,
        });
    }
    packets
}

/// How far those stand from each other that wait at one row, as a share of their ways.
const PARKED_APART: f32 = 0.16;

/// A lost message falls for so long, in milliseconds of presentation; with reduced motion it stays a second.
const FALL: f32 = 320.0;
/// At most so many of one direction are drawn.
const LOST_MAX: usize = 3;
/// Facts older than this belong to the past even with reduced motion.
const FALL_SHOWN: f32 = 1_000.0;

/// Messages that were on a connection when it closed: each falls from where it was.
fn lost(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<PacketView> {
    let mut packets: Vec<PacketView> = Vec::new();
    let mut seen: Vec<(ProcessId, ProcessId)> = Vec::new();
    let mut of_instant = (Time::ZERO, 0);
    for recent in look.recent {
        let Fact::World(WorldFact::MessageLost { from, to, about, sent, arrives }) = recent.fact else { continue };
        of_instant = (recent.at, if of_instant.0 == recent.at { of_instant.1 + 1 } else { 0 });
        let about = about.and_then(|about| cluster.image()?.named(about));
        let hidden = !look.internal && is_internal(about.as_ref());
        let known = seen.iter().filter(|pair| **pair == (from, to)).count();
        if recent.age > FALL_SHOWN || hidden || known >= LOST_MAX {
            continue;
        }
        // One of its ends is not on the picture.
        let Some((here, there)) = lost_ports(look, cluster, (from, to), about.as_ref()) else { continue };
        seen.push((from, to));
        let answers = matches!(there, Port::Producer(_));
        packets.push(PacketView {
            number: number_of_lost(of_instant),
            from: here,
            to: there,
            kind: match (&about, answers) {
                (Some(_), true) => PacketKind::Acknowledgement,
                (Some(_), false) => PacketKind::Data,
                (None, _) => PacketKind::Control,
            },
            fate: PacketFate::Lost,
            hue: about.as_ref().map_or(0, |partition| look.hue(&partition.topic)),
            glyphs: Vec::new(),
            text: String::new(),
            remark: String::new(),
            progress: share(recent.at, sent, arrives),
            fallen: (recent.age / FALL).clamp(0.0, 1.0),
        });
    }
    packets
}

/// The same in every picture that shows it, and no number of a message that still travels: its instant, and which one of
/// that instant it is.
fn number_of_lost((at, place): (Time, u64)) -> u64 {
    1 << 63 | at.0 << 8 | place & 255
}

/// From where to where a lost message was going.
fn lost_ports(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    (from, to): (ProcessId, ProcessId),
    about: Option<&TopicPartition>,
) -> Option<(Port, Port)> {
    let (here, there) = (stand_of(look, cluster, from)?, stand_of(look, cluster, to)?);
    let fine = |end: Port, other: &Port| match (&end, other, about) {
        (Port::Broker(process), Port::Producer(_), Some(name)) => Port::RowIn(*process, name.clone()),
        (Port::Broker(process), Port::Member(_), Some(name)) => Port::RowOut(*process, name.clone()),
        (Port::Broker(process), Port::Broker(_), Some(name)) => Port::RowCopy(*process, name.clone()),
        (Port::Member(process), _, Some(name)) => Port::Slot(*process, name.clone()),
        (Port::Broker(process), Port::Controller(_), _) => Port::Lane(*process),
        _as_it_is => end,
    };
    Some((fine(here.clone(), &there), fine(there, &here)))
}

/// Where an end of a closed connection stands.
fn stand_of(look: &Look<'_>, cluster: &Cluster<'_>, process: ProcessId) -> Option<Port> {
    match &look.world.slot(process)?.config {
        ProcessConfig::Kafka(KafkaSetup::Producer(..)) => Some(Port::Producer(process)),
        ProcessConfig::Kafka(KafkaSetup::Consumer(..)) => Some(Port::Member(process)),
        ProcessConfig::Kafka(KafkaSetup::Node(_)) if cluster.brokers().any(|(_, slot)| slot.id == process) => {
            Some(Port::Broker(process))
        }
        ProcessConfig::Kafka(KafkaSetup::Node(_)) => Some(Port::Controller(process)),
        ProcessConfig::Kafka(KafkaSetup::Admin(..)) | ProcessConfig::Other(_) => None,
    }
}

/// A message under way, and between which ports it flies.
struct Letter<'a> {
    connection: &'a Connection,
    flight: &'a InFlight,
    from: ProcessId,
    to: ProcessId,
    held: bool,
    number: u64,
}

/// What a message shows: its kind, the partition that it is about, and what it carries.
struct Content {
    kind: PacketKind,
    about: Option<TopicPartition>,
    glyphs: Vec<Glyph>,
    text: String,
    remark: String,
}

impl Content {
    fn plain(kind: PacketKind) -> Content {
        Content { kind, about: None, glyphs: Vec::new(), text: String::new(), remark: String::new() }
    }
}

fn packet(look: &Look<'_>, cluster: &Cluster<'_>, letter: &Letter<'_>) -> Option<PacketView> {
    let Message::Kafka(message) = &*letter.flight.message else { return None };
    let content = match &message.body {
        Body::Request(Request::Fetch(fetch)) => fetch_content(look, cluster, (letter, fetch))?,
        Body::Request(request) => request_content(look, cluster, request)?,
        Body::Response(Response::Fetch(fetch)) if is_empty(fetch) => empty_answer(look, cluster, (letter, fetch))?,
        Body::Response(response) => response_content(look, cluster, response)?,
    };
    let (from, to) = ports(look.world, letter, content.about.as_ref())?;
    let hue = content.about.as_ref().map_or(0, |partition| look.hue(&partition.topic));
    Some(PacketView {
        number: letter.number,
        from,
        to,
        kind: content.kind,
        fate: if letter.held { PacketFate::Held } else { PacketFate::Arrives },
        hue,
        glyphs: content.glyphs,
        text: content.text,
        remark: content.remark,
        progress: progress(look.world.now(), letter.flight),
        fallen: 0.0,
    })
}

/// A reader's question, where it is looked at.
fn fetch_content(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    (letter, fetch): (&Letter<'_>, &api::FetchRequest),
) -> Option<Content> {
    pull::is_watched(look, (letter.from, letter.to)).then(|| Content {
        about: pull::about(look, cluster, (letter.to, fetch)),
        text: look.text.stage.fetch.to_owned(),
        ..Content::plain(PacketKind::Fetch)
    })
}

fn is_empty(fetch: &api::FetchResponse) -> bool {
    fetch.partitions.iter().all(|part| part.records.is_empty())
}

/// An answer without records. Where it is looked at it says so, or with which error.
fn empty_answer(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    (letter, fetch): (&Letter<'_>, &api::FetchResponse),
) -> Option<Content> {
    if !pull::is_watched(look, (letter.from, letter.to)) {
        return None;
    }
    let part = fetch.partitions.first();
    let error = if fetch.error.is_error() { Some(fetch.error) } else { part.map(|part| part.error) };
    let refused = error.filter(|error| error.is_error());
    Some(Content {
        about: part.and_then(|part| named(cluster, part.topic, part.partition)),
        text: look.text.stage.fetch_empty.to_owned(),
        remark: refused.map_or_else(String::new, |error| error.name().to_owned()),
        ..Content::plain(if refused.is_some() { PacketKind::Refusal } else { PacketKind::Fetch })
    })
}

/// How far it is, by the world's clock.
fn progress(now: Time, flight: &InFlight) -> f32 {
    share(now, flight.sent, flight.arrives)
}

/// How much of its way a message has behind it at an instant.
fn share(now: Time, sent: Time, arrives: Time) -> f32 {
    let all = arrives.since(sent).0.max(1) as f32;
    (now.since(sent).0 as f32 / all).clamp(0.0, 1.0)
}

fn named(cluster: &Cluster<'_>, topic: TopicId, partition: PartitionId) -> Option<TopicPartition> {
    cluster.image()?.named(TopicIdPartition { topic, partition })
}

fn is_internal(partition: Option<&TopicPartition>) -> bool {
    partition.is_some_and(|partition| metadata::topic_name::is_internal(&partition.topic))
}

fn glyphs(look: &Look<'_>, batches: &[&Batch]) -> Vec<Glyph> {
    let mut glyphs = Vec::new();
    for batch in batches {
        for record in batch.records().unwrap_or_default() {
            glyphs.push(look.glyph_of(record.key.as_deref()));
            if glyphs.len() == 3 {
                return glyphs;
            }
        }
    }
    glyphs
}

/// What a request is worth showing for: records, or what it asks.
fn request_content(look: &Look<'_>, cluster: &Cluster<'_>, request: &Request) -> Option<Content> {
    let words = &look.text.stage;
    let content = match request {
        Request::Produce(produce) => {
            let first = produce.partitions.first()?;
            let batches: Vec<&Batch> = produce.partitions.iter().map(|part| &part.batch).collect();
            let about = named(cluster, first.topic, first.partition);
            Content { about, glyphs: glyphs(look, &batches), ..Content::plain(PacketKind::Data) }
        }
        // Followers' are everywhere and say nothing by themselves; readers' are looked at before.
        Request::Fetch(_) => return None,
        Request::BrokerHeartbeat(beat) if look.details => {
            Content { remark: (words.heartbeat)(beat.broker.0), ..Content::plain(PacketKind::Metadata) }
        }
        Request::Vote(_) => Content { text: words.vote.to_owned(), ..Content::plain(PacketKind::Metadata) },
        Request::BeginQuorumEpoch(begin) => {
            Content { text: format!("e{}", begin.leader_epoch), ..Content::plain(PacketKind::Metadata) }
        }
        Request::AlterPartition(_)
        | Request::BrokerRegistration(_)
        | Request::EndQuorumEpoch(_)
        | Request::Envelope(_) => Content::plain(PacketKind::Metadata),
        Request::Heartbeat(_) | Request::BrokerHeartbeat(_) => return None,
        Request::JoinGroup(_) => named_request("join"),
        Request::SyncGroup(_) => named_request("sync"),
        Request::LeaveGroup(_) => named_request("leave"),
        Request::Metadata(_) => named_request("?"),
        Request::ApiVersions(_) | Request::AllocateProducerIds(_) => Content::plain(PacketKind::Control),
        Request::DescribeConfigs(_) | Request::DescribeCluster(_) => Content::plain(PacketKind::Control),
        api::for_brokers!() | api::for_forwarding!() => Content::plain(PacketKind::Control),
    };
    (look.internal || !is_internal(content.about.as_ref())).then_some(content)
}

fn named_request(text: &str) -> Content {
    Content { text: text.to_owned(), ..Content::plain(PacketKind::Control) }
}

fn answer(error: ErrorCode) -> Content {
    if error == ErrorCode::None {
        Content::plain(PacketKind::Acknowledgement)
    } else {
        Content::plain(PacketKind::Refusal)
    }
}

/// What an answer is worth showing for: records, an error, a vote.
fn response_content(look: &Look<'_>, cluster: &Cluster<'_>, response: &Response) -> Option<Content> {
    let content = match response {
        Response::Produce(produce) => {
            let first = produce.partitions.first()?;
            Content { about: named(cluster, first.topic, first.partition), ..answer(first.error) }
        }
        Response::Fetch(fetch) => {
            let full = fetch.partitions.iter().find(|part| !part.records.is_empty())?;
            let about = named(cluster, full.topic, full.partition);
            let batches: Vec<&Batch> = full.records.iter().collect();
            if about.is_none() {
                // The metadata log: decisions on their way to brokers and standby controllers.
                let count: i32 = batches.iter().map(|batch| batch.record_count()).sum();
                let quiet = count <= 1 && !look.details;
                return (!quiet).then(|| Content { text: count.to_string(), ..Content::plain(PacketKind::Metadata) });
            }
            Content { about, glyphs: glyphs(look, &batches), ..Content::plain(PacketKind::Data) }
        }
        Response::Vote(vote) if vote.vote_granted => {
            Content { text: look.text.stage.yes.to_owned(), ..Content::plain(PacketKind::Acknowledgement) }
        }
        Response::Vote(_) => Content::plain(PacketKind::Refusal),
        Response::Heartbeat(_) | Response::BrokerHeartbeat(_) => return None,
        Response::AlterPartition(_) | Response::BrokerRegistration(_) => Content::plain(PacketKind::Metadata),
        Response::JoinGroup(join) => answer(join.error),
        Response::SyncGroup(sync) => answer(sync.error),
        Response::Metadata(_) => Content::plain(PacketKind::Acknowledgement),
        Response::ListOffsets(_)
        | Response::OffsetCommit(_)
        | Response::OffsetFetch(_)
        | Response::FindCoordinator(_)
        | Response::LeaveGroup(_)
        | Response::DescribeGroups(_)
        | Response::CreateTopics(_)
        | Response::DeleteTopics(_)
        | Response::InitProducerId(_)
        | Response::OffsetForLeaderEpoch(_)
        | Response::CreatePartitions(_)
        | Response::ElectLeaders(_)
        | Response::IncrementalAlterConfigs(_)
        | Response::BeginQuorumEpoch(_)
        | Response::EndQuorumEpoch(_)
        | Response::AllocateProducerIds(_)
        | Response::ApiVersions(_)
        | Response::Envelope(_) => Content::plain(PacketKind::Control),
        Response::ListGroups(_)
        | Response::DeleteRecords(_)
        | Response::DescribeConfigs(_)
        | Response::DescribeLogDirs(_)
        | Response::DeleteGroups(_)
        | Response::OffsetDelete(_)
        | Response::DescribeQuorum(_)
        | Response::DescribeCluster(_)
        | Response::UnregisterBroker(_)
        | Response::DescribeTopicPartitions(_) => Content::plain(PacketKind::Control),
    };
    (look.internal || !is_internal(content.about.as_ref())).then_some(content)
}

/// What stands at an end of a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    Controller,
    Broker,
    Producer,
    Consumer,
    Offstage,
}

fn stand(world: &World, process: ProcessId, port: Listener) -> Stand {
    match world.slot(process).map(|slot| &slot.config) {
        Some(ProcessConfig::Kafka(KafkaSetup::Node(setup))) => match (setup.roles, port) {
            (port::Roles::Broker, _) | (port::Roles::Combined, Listener::Broker(_)) => Stand::Broker,
            (port::Roles::Controller, _) | (port::Roles::Combined, Listener::Controller) => Stand::Controller,
            (port::Roles::Combined, Listener::Other) => Stand::Offstage,
        },
        Some(ProcessConfig::Kafka(KafkaSetup::Producer(..))) => Stand::Producer,
        Some(ProcessConfig::Kafka(KafkaSetup::Consumer(..))) => Stand::Consumer,
        Some(ProcessConfig::Kafka(KafkaSetup::Admin(..)) | ProcessConfig::Other(_)) | None => Stand::Offstage,
    }
}

/// From where to where a tag travels.
fn ports(world: &World, letter: &Letter<'_>, about: Option<&TopicPartition>) -> Option<(Port, Port)> {
    let listener = letter.connection.listener();
    let (from, to) = (letter.from, letter.to);
    let acceptor = letter.connection.ends[1].process;
    // The opener of a connection to a controller may itself be a broker (an observer) or a controller.
    let side = |process: ProcessId| {
        let own = if process == acceptor { listener } else { Listener::FIRST };
        match (stand(world, process, own), listener) {
            (Stand::Broker, Listener::Controller) if process != acceptor && is_voter(world, process) => {
                Stand::Controller
            }
            (other, _) => other,
        }
    };
    let place = |process: ProcessId, here: Stand, there: Stand| match (here, there, about) {
        (Stand::Producer, ..) => Some(Port::Producer(process)),
        (Stand::Broker, Stand::Producer, Some(name)) => Some(Port::RowIn(process, name.clone())),
        (Stand::Broker, Stand::Producer, None) => Some(Port::Broker(process)),
        (Stand::Broker, Stand::Consumer, Some(name)) => Some(Port::RowOut(process, name.clone())),
        (Stand::Consumer, Stand::Broker, Some(name)) => Some(Port::Slot(process, name.clone())),
        (Stand::Consumer, ..) => Some(Port::Member(process)),
        (Stand::Broker, Stand::Broker, Some(name)) => Some(Port::RowCopy(process, name.clone())),
        (Stand::Broker, ..) => Some(Port::Lane(process)),
        (Stand::Controller, ..) => Some(Port::Controller(process)),
        (Stand::Offstage, ..) => None,
    };
    let (here, there) = (side(from), side(to));
    Some((place(from, here, there)?, place(to, there, here)?))
}

/// Its messages fly between controllers.
fn is_voter(world: &World, process: ProcessId) -> bool {
    match world.slot(process).map(|slot| &slot.config) {
        Some(ProcessConfig::Kafka(KafkaSetup::Node(setup))) => setup.roles.is_controller(),
        Some(
            ProcessConfig::Kafka(KafkaSetup::Producer(..) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
            | ProcessConfig::Other(_),
        )
        | None => false,
    }
}
