//! What a claim speaks about, looked up in the world: each subject gives a few words.

use crate::instead::{Kind, Unseen};
use crate::sight::Sight;
use crate::{facts, opened, pulled, see};
use base::{BrokerId, TopicIdPartition, TopicPartition};
use broker::{Broker, Partition};
use coordinator::GroupCoordinator;
use metadata::Image;
use process::Node;
use script::claim::ClaimProblem;
use sim::Slot;
use sim::meters::Asked;

/// The words that describe the subject now.
///
/// # Errors
/// When there is no such thing.
pub fn value(sight: &Sight<'_>, words: &[&str]) -> Result<String, Unseen> {
    let (sight, words) = whose(*sight, words)?;
    let sight = &sight;
    match words {
        ["leader" | "isr" | "elr" | "replicas", name, rest @ ..] => registration(sight, words[0], name, rest),
        ["hw" | "log-end" | "log-start" | "epochs" | "role" | "proposed-isr", name, "on", node] => {
            replica(sight, words[0], name, node)
        }
        ["answer"] => match sight.refusal {
            Some(words) => Ok(format!("refused {words}")),
            None => Ok(answer(sight, sight.last_ticket)),
        },
        ["answer", ticket] => Ok(answer(sight, number(ticket)?)),
        ["meter", asked @ ..] => meter(sight, asked),
        ["count", pattern @ ..] => see::count(sight, pattern).map(|count| count.to_string()),
        ["group", group] => group_state(sight, group),
        ["coordinator", group] => Ok(coordinator(sight, group).map_or_else(|| "none".into(), |(name, _)| name)),
        ["offset", group, name] => committed(sight, group, name),
        ["owner", name] => owner(sight, name),
        ["position", consumer, name] => position(sight, consumer, name),
        ["lag", group, name] => lag(sight, group, name),
        ["store", name, what] => store(sight, name, what),
        ["assignment", consumer] => assignment(sight, consumer),
        ["topics", rest @ ..] => Ok(topics(image(sight, rest)?)),
        ["quorum", what, rest @ ..] => quorum(sight, what, rest),
        ["controller", name] => Ok(if is_active(sight, name)? { "active" } else { "standby" }.into()),
        ["took" | "packed" | "blocked", name] => course(sight, words[0], name),
        ["process", name] => Ok(format!("{:?}", slot(sight, name)?.liveness)),
        ["state", name] => Ok(format!("{:?}", broker(sight, name)?.state())),
        ["fenced", name, rest @ ..] => fenced(sight, name, rest),
        ["requests", name, kind] => pulled::requests(slot(sight, name)?, kind),
        ["empty-fetches", name] => pulled::empty_fetches(slot(sight, name)?),
        ["parked-fetches", name] => Ok(pulled::parked(broker(sight, name)?).to_string()),
        ["record", name, offset, "on", node] => opened::record(sight, (name, offset), node),
        ["look-up", name, offset, "on", node] => opened::look_up(sight, (name, offset), node),
        ["flushed", name, "on", node] => opened::flushed(sight, name, node),
        ["pushed", name] => pulled::pushed(sight, name, slot(sight, name)?),
        ["inversions", name] => pulled::inversions(sight, slot(sight, name)?),
        [what] if count(sight, what).is_some() => Ok(count(sight, what).unwrap_or_default().to_string()),
        _unknown => Err(Unseen::Claim(ClaimProblem::NoSubject(words.join(" ")))),
    }
}

/// What a meter reads, with what stands in thousandths at most; spans of time in milliseconds.
fn meter(sight: &Sight<'_>, words: &[&str]) -> Result<String, Unseen> {
    let asked =
        Asked::read(words, script::parse_span).map_err(|_| Unseen::Claim(ClaimProblem::NoMeter(words.join(" "))))?;
    let meters = sight.meters.ok_or(Unseen::NotKept)?;
    let read = meters.answer(&asked, sight.world, (meters.until(), sight.cluster));
    Ok(read.map_or_else(|| "none".into(), |number| base::plain_double((number * 1e3).round() / 1e3)))
}

/// The cluster that a subject is of: the one that it names (`leader orders-0 in west`), or that of the node it names.
fn whose<'a, 'w>(sight: Sight<'a>, words: &'w [&'w str]) -> Result<(Sight<'a>, &'w [&'w str]), Unseen> {
    match words {
        [rest @ .., "in", name] => {
            let cluster = sight.named(name)?;
            Ok((sight.at(cluster), rest))
        }
        [.., "on" | "of", name] | ["fenced", name] => {
            let slot = sight.world.find(name);
            Ok((slot.map_or(sight, |slot| sight.at(slot.cluster)), words))
        }
        words => Ok((sight, words)),
    }
}

/// The first number in a subject's words: what a question that asks for a number compares with.
pub fn number_in(words: &str) -> Option<u64> {
    words.split_whitespace().find_map(|word| word.parse().ok())
}

/// By the name that the text uses.
pub(crate) fn slot<'a>(sight: &Sight<'a>, name: &str) -> Result<&'a Slot, Unseen> {
    sight.world.find(name).ok_or_else(|| Unseen::Nobody(name.to_owned()))
}

/// It is there, and something else than what was meant.
pub(crate) fn not_a(name: &str, kind: Kind) -> Unseen {
    Unseen::NotA { name: name.to_owned(), kind }
}

/// A process that must be a node and have been started.
fn node<'a>(sight: &Sight<'a>, name: &str) -> Result<&'a Node, Unseen> {
    let running = slot(sight, name)?.process.as_ref();
    running.and_then(process::Process::node).ok_or_else(|| not_a(name, Kind::Node))
}

/// A node that must be a broker.
pub(crate) fn broker<'a>(sight: &Sight<'a>, name: &str) -> Result<&'a Broker, Unseen> {
    node(sight, name)?.broker().ok_or_else(|| not_a(name, Kind::Broker))
}

pub(crate) fn number(text: &str) -> Result<u64, Unseen> {
    text.parse().map_err(|_| Unseen::NoNumber(text.to_owned()))
}

/// `orders-1`.
pub(crate) fn partition_name(text: &str) -> Result<TopicPartition, Unseen> {
    let parts = text.rsplit_once('-').and_then(|(topic, number)| Some((topic, number.parse().ok()?)));
    parts.map(|(topic, number)| TopicPartition::new(topic, number)).ok_or_else(|| Unseen::NoPartition(text.to_owned()))
}

/// Nodes whose process exists.
fn up<'a>(sight: &Sight<'a>) -> impl Iterator<Item = (&'a Slot, &'a Node)> + use<'a> {
    let slots = sight.cluster().slots().filter(|slot| slot.liveness.is_up());
    slots.filter_map(|slot| Some((slot, slot.process.as_ref()?.node()?)))
}

/// What the cluster has agreed on, as far as any live controller knows; or what one broker has replayed.
pub(crate) fn image<'a>(sight: &Sight<'a>, rest: &[&str]) -> Result<&'a Image, Unseen> {
    match rest {
        [] => {
            let images = up(sight).filter_map(|(_, node)| Some(node.controller()?.committed_image()));
            images.max_by_key(|image| image.last_applied()).ok_or(Unseen::NoController)
        }
        ["on", name] => broker(sight, name).map(Broker::image),
        _more => Err(Unseen::Claim(ClaimProblem::TooMuch(rest.join(" ")))),
    }
}

/// Topics that are not Kafka's own, by name.
fn topics(image: &Image) -> String {
    let mut names: Vec<String> =
        image.topics().map(|topic| topic.name.to_string()).filter(|name| !name.starts_with("__")).collect();
    base::sort(&mut names);
    facts::join(names.into_iter())
}

/// By name, as this image has it.
pub(crate) fn find(image: &Image, name: &TopicPartition) -> Option<TopicIdPartition> {
    Some(TopicIdPartition { topic: image.topic_id(&name.topic)?, partition: name.partition })
}

/// What the metadata says, in the eyes of whoever is named.
fn registration(sight: &Sight<'_>, what: &str, name: &str, rest: &[&str]) -> Result<String, Unseen> {
    let image = image(sight, rest)?;
    let partition = find(image, &partition_name(name)?).and_then(|id| image.partition(id));
    let partition = partition.ok_or_else(|| Unseen::Unknown(name.to_owned()))?;
    Ok(match what {
        "isr" => facts::brokers(sight, &partition.isr),
        "elr" => facts::brokers(sight, &partition.elr),
        "replicas" => facts::brokers(sight, &partition.replicas),
        _leader => format!("{} epoch {}", facts::broker(sight, partition.leader), partition.leader_epoch),
    })
}

/// What one broker holds, which may be behind what the metadata says.
fn replica(sight: &Sight<'_>, what: &str, name: &str, at: &str) -> Result<String, Unseen> {
    let broker = broker(sight, at)?;
    let partition = find(broker.image(), &partition_name(name)?).and_then(|id| broker.partition(id));
    let partition = partition.ok_or_else(|| Unseen::NoReplica { node: at.to_owned(), partition: name.to_owned() })?;
    Ok(match what {
        "hw" => partition.high_watermark().to_string(),
        "log-end" => partition.log_end().to_string(),
        "log-start" => partition.log().log_start().to_string(),
        "epochs" => facts::join(
            partition.log().epochs().entries().iter().map(|entry| format!("{}@{}", entry.epoch, entry.start)),
        ),
        "proposed-isr" => proposed(sight, partition),
        _role => {
            format!("{} epoch {}", if partition.is_leader() { "leader" } else { "follower" }, partition.leader_epoch())
        }
    })
}

/// The ISR that a leader has asked for and was not yet granted.
fn proposed(sight: &Sight<'_>, partition: &Partition) -> String {
    let proposed = partition.leader().and_then(|leader| leader.proposed());
    proposed.map_or_else(|| "none".into(), |proposed| facts::brokers(sight, &proposed.isr))
}

/// `none` while it is not there.
fn answer(sight: &Sight<'_>, ticket: u64) -> String {
    sight.answer(ticket).map_or_else(|| "none".into(), facts::answer_text)
}

/// A number of the ledger.
fn count(sight: &Sight<'_>, what: &str) -> Option<u64> {
    let counts = match sight.cluster {
        Some(cluster) => sight.ledger.of(cluster).map(|ledger| ledger.counts()).unwrap_or_default(),
        None => sight.ledger.counts(),
    };
    counts.named().into_iter().find(|(name, _)| *name == what).map(|(_, count)| count)
}

/// The live broker that answers for the group, with its name.
fn coordinator<'a>(sight: &Sight<'a>, group: &str) -> Option<(String, &'a GroupCoordinator)> {
    let coordinators = up(sight).filter_map(|(slot, node)| Some((slot.name.to_string(), node.broker()?.coordinator())));
    coordinators.into_iter().find(|(_, coordinator)| coordinator.owns(group) && coordinator.group(group).is_some())
}

/// As the coordinator has it.
fn group_state(sight: &Sight<'_>, name: &str) -> Result<String, Unseen> {
    // No broker has loaded the partition that its offsets go to.
    let Some((_, coordinator)) = coordinator(sight, name) else { return Ok("none".into()) };
    // Whoever answers for it has it.
    let Some(group) = coordinator.group(name) else { return Ok("none".into()) };
    Ok(format!("{:?} generation {} members {}", group.state(), group.generation(), group.members().len()))
}

/// Where the group goes on, as far as it is committed.
fn committed(sight: &Sight<'_>, group: &str, name: &str) -> Result<String, Unseen> {
    let name = partition_name(name)?;
    let found = coordinator(sight, group).and_then(|(_, coordinator)| coordinator.committed(group, &name));
    Ok(found.map_or_else(|| "none".into(), |committed| committed.offset.to_string()))
}

/// Where a consumer reads next, as it knows itself.
fn position(sight: &Sight<'_>, name: &str, partition: &str) -> Result<String, Unseen> {
    let partition = partition_name(partition)?;
    let consumer = slot(sight, name)?.process.as_ref().and_then(process::Process::consumer);
    let consumer = consumer.ok_or_else(|| not_a(name, Kind::Consumer))?;
    Ok(consumer.position(&partition).map_or_else(|| "none".into(), |offset| offset.to_string()))
}

/// From what the group has committed to the end that readers see, as `kafka-consumer-groups.sh` counts it.
fn lag(sight: &Sight<'_>, group: &str, name: &str) -> Result<String, Unseen> {
    let partition = partition_name(name)?;
    let found = coordinator(sight, group).and_then(|(_, coordinator)| coordinator.committed(group, &partition));
    let ends = up(sight).filter_map(|(_, node)| {
        let broker = node.broker()?;
        let topic = broker.image().topic_id(&partition.topic)?;
        let replica = broker.partition(TopicIdPartition { topic, partition: partition.partition })?;
        replica.is_leader().then(|| (replica.leader_epoch(), replica.high_watermark()))
    });
    let end = ends.max_by_key(|(epoch, _)| *epoch);
    Ok(match (found, end) {
        (Some(committed), Some((_, end))) => end.since(committed.offset).max(0).to_string(),
        (_, _) => "none".into(),
    })
}

/// What applications have written outside Kafka.
fn store(sight: &Sight<'_>, name: &str, what: &str) -> Result<String, Unseen> {
    let unknown = || Unseen::Claim(ClaimProblem::NoSubject(format!("store {name} {what}")));
    let ledger = sight.ledger.of(sight.cluster.unwrap_or_default());
    let done = |ledger| check::done(sight.cluster(), ledger, name, sight.world.sink(name));
    // Nothing has happened yet.
    let done = ledger.map_or_else(check::Done::default, done);
    let named = done.named().into_iter().find(|(known, _)| *known == what);
    named.map(|(_, count)| count.to_string()).ok_or_else(unknown)
}

/// The consumers that hold a partition.
fn owner(sight: &Sight<'_>, name: &str) -> Result<String, Unseen> {
    let name = partition_name(name)?;
    let consumers = sight.cluster().slots().filter(|slot| slot.liveness.is_up());
    let consumers = consumers.filter_map(|slot| Some((slot, slot.process.as_ref()?.consumer()?)));
    let holders = consumers.filter(|(_, consumer)| consumer.assignment().any(|partition| *partition == name));
    Ok(facts::join(holders.map(|(slot, _)| slot.name.to_string())))
}

/// As the member itself believes.
fn assignment(sight: &Sight<'_>, name: &str) -> Result<String, Unseen> {
    let consumer = slot(sight, name)?.process.as_ref().and_then(process::Process::consumer);
    let consumer = consumer.ok_or_else(|| not_a(name, Kind::Consumer))?;
    Ok(facts::join(consumer.assignment().map(ToString::to_string)))
}

/// What a producer has done so far: records that have ended and in what time; bytes before and after compression, with the
/// processor's time for it; calls of `send` that did not return at once, and the longest of them, or how long one has waited by now.
fn course(sight: &Sight<'_>, what: &str, name: &str) -> Result<String, Unseen> {
    let producer = slot(sight, name)?.process.as_ref().and_then(process::Process::producer);
    let producer = producer.ok_or_else(|| not_a(name, Kind::Producer))?;
    let course = producer.course();
    Ok(match what {
        "took" => {
            let took = course.took().unwrap_or_default();
            format!("{} in {} ms", course.acked + course.failed, took.as_millis())
        }
        "packed" => {
            let busy = sim::time_of_work(port::Work::Compress(producer.compression()), course.packed.plain);
            format!("{} to {} in {} us", course.packed.plain, course.packed.sent, busy.0 / 1_000)
        }
        _blocked => match producer.blocked_since() {
            Some(since) => format!("for {} ms", sight.world.now().since(since).as_millis()),
            None => format!("{} longest {} ms", course.blocked.calls, course.blocked.longest.as_millis()),
        },
    })
}

/// By what nodes believe: there may be two leaders for a moment, of different epochs.
fn quorum(sight: &Sight<'_>, what: &str, rest: &[&str]) -> Result<String, Unseen> {
    match (what, rest) {
        ("leader", []) => {
            let leaders = up(sight).filter(|(_, node)| node.quorum().is_leader());
            let newest = leaders.max_by_key(|(_, node)| node.quorum().epoch());
            Ok(newest
                .map_or_else(|| "none".into(), |(slot, node)| format!("{} epoch {}", slot.name, node.quorum().epoch())))
        }
        ("epoch", ["of", name]) => Ok(node(sight, name)?.quorum().epoch().to_string()),
        ("role", ["of", name]) => Ok(format!("{:?}", node(sight, name)?.quorum().role().kind())),
        ("log-end", ["of", name]) => Ok(node(sight, name)?.quorum().log_end().to_string()),
        _unknown => Err(Unseen::NoQuorum([&[what], rest].concat().join(" "))),
    }
}

/// Does that controller decide?
fn is_active(sight: &Sight<'_>, name: &str) -> Result<bool, Unseen> {
    let controller = node(sight, name)?.controller().ok_or_else(|| not_a(name, Kind::Controller))?;
    Ok(controller.is_active())
}

/// In whose eyes makes a difference: brokers learn of it one after the other.
fn fenced(sight: &Sight<'_>, name: &str, rest: &[&str]) -> Result<String, Unseen> {
    let id: BrokerId = node(sight, name)?.id();
    let registration = image(sight, rest)?.broker(id).ok_or_else(|| Unseen::Unregistered(name.to_owned()))?;
    Ok(if registration.fenced { "yes" } else { "no" }.into())
}
