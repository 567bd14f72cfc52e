//! What a claim speaks about, looked up in the world: each subject gives a few words.

use crate::player::Player;
use crate::{facts, see};
use base::{BrokerId, TopicIdPartition, TopicPartition};
use broker::{Broker, Partition};
use coordinator::GroupCoordinator;
use metadata::Image;
use process::Node;
use sim::Slot;

/// The words that describe the subject now.
///
/// # Errors
/// When there is no such thing.
pub fn value(player: &Player, words: &[&str]) -> Result<String, String> {
    match words {
        ["leader" | "isr" | "elr" | "replicas", name, rest @ ..] => registration(player, words[0], name, rest),
        ["hw" | "log-end" | "epochs" | "role" | "proposed-isr", name, "on", node] => {
            replica(player, words[0], name, node)
        }
        ["answer"] => match &player.refusal {
            Some(words) => Ok(format!("refused {words}")),
            None => Ok(answer(player, player.last_ticket)),
        },
        ["answer", ticket] => Ok(answer(player, number(ticket)?)),
        ["count", pattern @ ..] => see::count(player, pattern).map(|count| count.to_string()),
        ["group", group] => group_state(player, group),
        ["coordinator", group] => Ok(coordinator(player, group).map_or_else(|| "none".into(), |(name, _)| name)),
        ["offset", group, name] => committed(player, group, name),
        ["owner", name] => owner(player, name),
        ["assignment", consumer] => assignment(player, consumer),
        ["topics", rest @ ..] => Ok(topics(image(player, rest)?)),
        ["quorum", what, rest @ ..] => quorum(player, what, rest),
        ["controller", name] => Ok(if is_active(player, name)? { "active" } else { "standby" }.into()),
        ["process", name] => Ok(format!("{:?}", slot(player, name)?.liveness)),
        ["state", name] => Ok(format!("{:?}", broker(player, name)?.state())),
        ["fenced", name, rest @ ..] => fenced(player, name, rest),
        [what] if count(player, what).is_some() => Ok(count(player, what).unwrap_or_default().to_string()),
        _unknown => Err(format!("'{}' is nothing that can be seen", words.join(" "))),
    }
}

fn slot<'a>(player: &'a Player, name: &str) -> Result<&'a Slot, String> {
    player.world.find(name).ok_or_else(|| format!("there is no '{name}'"))
}

fn node<'a>(player: &'a Player, name: &str) -> Result<&'a Node, String> {
    let running = slot(player, name)?.process.as_ref();
    running.and_then(process::Process::node).ok_or_else(|| format!("'{name}' is no node"))
}

fn broker<'a>(player: &'a Player, name: &str) -> Result<&'a Broker, String> {
    node(player, name)?.broker().ok_or_else(|| format!("'{name}' is no broker"))
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("'{text}' is no number"))
}

/// `orders-1`.
fn partition_name(text: &str) -> Result<TopicPartition, String> {
    let parts = text.rsplit_once('-').and_then(|(topic, number)| Some((topic, number.parse().ok()?)));
    parts.map(|(topic, number)| TopicPartition::new(topic, number)).ok_or_else(|| format!("'{text}' is no partition"))
}

/// Nodes whose process exists.
fn up(player: &Player) -> impl Iterator<Item = (&Slot, &Node)> {
    let slots = player.world.slots().filter(|slot| slot.liveness.is_up());
    slots.filter_map(|slot| Some((slot, slot.process.as_ref()?.node()?)))
}

/// What the cluster has agreed on, as far as any live controller knows; or what one broker has replayed.
fn image<'a>(player: &'a Player, rest: &[&str]) -> Result<&'a Image, String> {
    match rest {
        [] => {
            let images = up(player).filter_map(|(_, node)| Some(node.controller()?.committed_image()));
            images.max_by_key(|image| image.last_applied()).ok_or_else(|| "no controller lives".into())
        }
        ["on", name] => broker(player, name).map(Broker::image),
        _more => Err(format!("'{}' is too much", rest.join(" "))),
    }
}

/// Topics that are not Kafka's own, by name.
fn topics(image: &Image) -> String {
    let mut names: Vec<String> =
        image.topics().map(|topic| topic.name.to_string()).filter(|name| !name.starts_with("__")).collect();
    names.sort();
    facts::join(names.into_iter())
}

fn find(image: &Image, name: &TopicPartition) -> Option<TopicIdPartition> {
    Some(TopicIdPartition { topic: image.topic_id(&name.topic)?, partition: name.partition })
}

fn registration(player: &Player, what: &str, name: &str, rest: &[&str]) -> Result<String, String> {
    let image = image(player, rest)?;
    let partition = find(image, &partition_name(name)?).and_then(|id| image.partition(id));
    let partition = partition.ok_or_else(|| format!("nobody knows {name}"))?;
    Ok(match what {
        "isr" => facts::brokers(player, &partition.isr),
        "elr" => facts::brokers(player, &partition.elr),
        "replicas" => facts::brokers(player, &partition.replicas),
        _leader => format!("{} epoch {}", facts::broker(player, partition.leader), partition.leader_epoch),
    })
}

fn replica(player: &Player, what: &str, name: &str, at: &str) -> Result<String, String> {
    let broker = broker(player, at)?;
    let partition = find(broker.image(), &partition_name(name)?).and_then(|id| broker.partition(id));
    let partition = partition.ok_or_else(|| format!("{at} has no {name}"))?;
    Ok(match what {
        "hw" => partition.high_watermark().to_string(),
        "log-end" => partition.log_end().to_string(),
        "epochs" => facts::join(
            partition.log().epochs().entries().iter().map(|entry| format!("{}@{}", entry.epoch, entry.start)),
        ),
        "proposed-isr" => proposed(player, partition),
        _role => {
            format!("{} epoch {}", if partition.is_leader() { "leader" } else { "follower" }, partition.leader_epoch())
        }
    })
}

/// The ISR that a leader has asked for and was not yet granted.
fn proposed(player: &Player, partition: &Partition) -> String {
    let proposed = partition.leader().and_then(|leader| leader.proposed());
    proposed.map_or_else(|| "none".into(), |proposed| facts::brokers(player, &proposed.isr))
}

fn answer(player: &Player, ticket: u64) -> String {
    player.answer(ticket).map_or_else(|| "none".into(), facts::answer_text)
}

/// A number of the ledger.
fn count(player: &Player, what: &str) -> Option<u64> {
    player.ledger.counts().named().into_iter().find(|(name, _)| *name == what).map(|(_, count)| count)
}

/// The live broker that answers for the group, with its name.
fn coordinator<'a>(player: &'a Player, group: &str) -> Option<(String, &'a GroupCoordinator)> {
    let coordinators =
        up(player).filter_map(|(slot, node)| Some((slot.name.to_string(), node.broker()?.coordinator())));
    coordinators.into_iter().find(|(_, coordinator)| coordinator.owns(group) && coordinator.group(group).is_some())
}

fn group_state(player: &Player, group: &str) -> Result<String, String> {
    let Some((_, coordinator)) = coordinator(player, group) else { return Ok("none".into()) };
    let group = coordinator.group(group).ok_or("no such group")?;
    Ok(format!("{:?} generation {} members {}", group.state(), group.generation(), group.members().len()))
}

fn committed(player: &Player, group: &str, name: &str) -> Result<String, String> {
    let name = partition_name(name)?;
    let found = coordinator(player, group).and_then(|(_, coordinator)| coordinator.committed(group, &name));
    Ok(found.map_or_else(|| "none".into(), |committed| committed.offset.to_string()))
}

/// The consumers that hold a partition.
fn owner(player: &Player, name: &str) -> Result<String, String> {
    let name = partition_name(name)?;
    let consumers = player.world.slots().filter(|slot| slot.liveness.is_up());
    let consumers = consumers.filter_map(|slot| Some((slot, slot.process.as_ref()?.consumer()?)));
    let holders = consumers.filter(|(_, consumer)| consumer.assignment().any(|partition| *partition == name));
    Ok(facts::join(holders.map(|(slot, _)| slot.name.to_string())))
}

fn assignment(player: &Player, name: &str) -> Result<String, String> {
    let consumer = slot(player, name)?.process.as_ref().and_then(process::Process::consumer);
    let consumer = consumer.ok_or_else(|| format!("'{name}' is no consumer"))?;
    Ok(facts::join(consumer.assignment().map(ToString::to_string)))
}

fn quorum(player: &Player, what: &str, rest: &[&str]) -> Result<String, String> {
    match (what, rest) {
        ("leader", []) => {
            let leaders = up(player).filter(|(_, node)| node.quorum().is_leader());
            let newest = leaders.max_by_key(|(_, node)| node.quorum().epoch());
            Ok(newest
                .map_or_else(|| "none".into(), |(slot, node)| format!("{} epoch {}", slot.name, node.quorum().epoch())))
        }
        ("epoch", ["of", name]) => Ok(node(player, name)?.quorum().epoch().to_string()),
        ("role", ["of", name]) => Ok(format!("{:?}", node(player, name)?.quorum().role().kind())),
        ("log-end", ["of", name]) => Ok(node(player, name)?.quorum().log_end().to_string()),
        _unknown => Err(format!("a quorum has no '{what} {}'", rest.join(" "))),
    }
}

fn is_active(player: &Player, name: &str) -> Result<bool, String> {
    let controller = node(player, name)?.controller().ok_or_else(|| format!("'{name}' is no controller"))?;
    Ok(controller.is_active())
}

fn fenced(player: &Player, name: &str, rest: &[&str]) -> Result<String, String> {
    let id: BrokerId = node(player, name)?.id();
    let registration = image(player, rest)?.broker(id).ok_or_else(|| format!("'{name}' is not registered"))?;
    Ok(if registration.fenced { "yes" } else { "no" }.into())
}
