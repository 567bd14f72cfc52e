//! A shell script that repeats a run on a real Kafka: nodes are containers of the compose file, clients are containers of
//! their own, called as they are here.

use super::{Exported, IMAGE, host, inner_port};
use base::{FlatMap, Str};
use script::cli::{BOOTSTRAP, print};
use script::{PlacedCommand, print as line_of};
use shell_words::quote;
use sim::{ClusterPlan, Command, KafkaCommand, NodePlan, WorldCommand};
use std::fmt::Write as _;

/// What every script begins with.
const HEAD: &str = "\
#!/bin/sh
# Repeats the run on a real Kafka. Needs docker; docker-compose.yaml stands beside it.
# The clock there is the wall's: what depends on milliseconds comes out otherwise.
set -u
docker compose up -d --wait 2>/dev/null || docker compose up -d
";

/// The option that all tools have.
const SERVER: &str = "--bootstrap-server";
/// What the console's producer is told to take for no value.
const TOMBSTONE: &str = "no-value";

/// The script of these commands.
pub fn script(cluster: &ClusterPlan, commands: &[PlacedCommand]) -> Exported {
    let mut text = HEAD.to_owned();
    // All of them: any one may be down when a line comes.
    let brokers = cluster.nodes.iter().filter(|plan| plan.roles.is_broker());
    let servers: Vec<String> = brokers.map(|plan| format!("{}:{}", host(plan), inner_port(cluster, plan))).collect();
    let servers = servers.join(",");
    let server = if servers.is_empty() { BOOTSTRAP } else { &servers };
    let _cannot_fail = write!(
        text,
        "tool() {{ docker run --rm -i --network blumfeld {IMAGE} /opt/kafka/bin/\"$@\"; }}\nclient() {{ name=$1; shift; docker run -d --rm --name \"$name\" --network blumfeld {IMAGE} \"$@\"; }}\n\n"
    );
    let mut now = 0;
    for placed in commands {
        let pause = placed.after.0.saturating_sub(now) / 1_000_000;
        if pause > 0 {
            let _cannot_fail = writeln!(text, "sleep {}.{:03}", pause / 1_000, pause % 1_000);
        }
        now = placed.after.0;
        let line = match sent(commands, &placed.command) {
            Some(line) => line,
            None => line(cluster, &placed.command),
        };
        text.push_str(&line.replace(&format!("{SERVER} {BOOTSTRAP}"), &format!("{SERVER} {server}")));
        text.push('\n');
    }
    Exported { name: "repeat.sh".to_owned(), text }
}

/// What the console's clients are given as settings: ours are the program's around them.
fn kafkas(configs: &FlatMap<Str, Str>) -> impl Iterator<Item = (&Str, &Str)> {
    configs.iter().filter(|(name, _)| !name.starts_with("app."))
}

/// What of our settings the console's consumer has options for.
fn bounds(configs: &FlatMap<Str, Str>) -> String {
    let most = configs.get("app.max.messages").map(|most| format!(" --max-messages {}", quote(most)));
    let assigned = configs.get("app.assign").and_then(|assigned| {
        let (at, offset) = assigned.split_once('@').map_or((&**assigned, None), |(at, offset)| (at, Some(offset)));
        let (_, partition) = at.rsplit_once('-').filter(|_| !assigned.contains(','))?;
        let offset = offset.map_or_else(String::new, |offset| format!(" --offset {}", quote(offset)));
        Some(format!(" --partition {}{offset}", quote(partition)))
    });
    [most, assigned].into_iter().flatten().collect()
}

/// The container of a process.
fn container(cluster: &ClusterPlan, name: &str) -> String {
    let node = cluster.nodes.iter().find(|plan: &&NodePlan| &*plan.name == name);
    quote(&node.map_or_else(|| name.to_owned(), host)).into_owned()
}

fn line(cluster: &ClusterPlan, command: &Command) -> String {
    let docker = |verb: &str, name: &str| format!("docker {verb} {}", container(cluster, name));
    match command {
        Command::World(WorldCommand::Kill { name } | WorldCommand::PowerOff { name }) => docker("kill", name),
        Command::World(WorldCommand::Stop { name }) => docker("stop", name),
        Command::World(WorldCommand::Start { name }) => docker("start", name),
        Command::World(WorldCommand::Pause { name }) => docker("pause", name),
        Command::World(WorldCommand::Resume { name }) => docker("unpause", name),
        Command::Kafka(_, KafkaCommand::Leave { name }) => docker("stop", name),
        Command::Kafka(_, KafkaCommand::AddProducer { .. }) => producer(command),
        Command::Kafka(_, KafkaCommand::AddConsumer { .. }) => consumer(command),
        Command::World(_) | Command::Kafka(..) | Command::Other(_) => match tool(command) {
            Some(line) => line,
            None => format!("# not repeated: {}", line_of(command).replace('\n', " ")),
        },
    }
}

/// A record by hand, by the console's producer; `None` where that cannot say it: it chooses no partition and no timestamp.
fn sent(commands: &[PlacedCommand], command: &Command) -> Option<String> {
    let Command::Kafka(_, KafkaCommand::Send { producer, topic, partition: None, key, value, headers, timestamp }) =
        command
    else {
        return None;
    };
    let of_producer = || {
        commands.iter().find_map(|placed| match &placed.command {
            Command::Kafka(_, KafkaCommand::AddProducer { name, topic, .. }) if name == producer => Some(topic),
            _other => None,
        })
    };
    let topic = topic.as_ref().or_else(of_producer)?;
    let texts = || key.iter().chain(value);
    if !headers.is_empty() || timestamp.is_some() || texts().any(|text| text.contains(['\n', '\t'])) {
        return None;
    }
    let is_tombstone = value.is_none();
    let value = value.as_deref().unwrap_or(TOMBSTONE);
    let (record, keyed) = match key {
        Some(key) => {
            (format!("printf '%s\\t%s\\n' {} {}", quote(key), quote(value)), " --reader-property parse.key=true")
        }
        None => (format!("printf '%s\\n' {}", quote(value)), ""),
    };
    let marker = if is_tombstone { format!(" --reader-property null.marker={TOMBSTONE}") } else { String::new() };
    let topic = quote(topic);
    Some(format!(
        "{record} | tool kafka-console-producer.sh --bootstrap-server {BOOTSTRAP} --topic {topic}{keyed}{marker}"
    ))
}

/// By one of Kafka's tools, which wait for the answer.
fn tool(command: &Command) -> Option<String> {
    if let Command::Kafka(None, KafkaCommand::AddPartitions { topic, total, assignments }) = command {
        let ids = |ids: &Vec<i32>| ids.iter().map(i32::to_string).collect::<Vec<_>>().join(":");
        let lists = assignments.iter().map(ids).collect::<Vec<_>>().join(",");
        let by_hand = if lists.is_empty() { String::new() } else { format!(" --replica-assignment {lists}") };
        return Some(format!(
            "tool kafka-topics.sh --bootstrap-server {BOOTSTRAP} --alter --topic {} --partitions {total}{by_hand}",
            quote(topic)
        ));
    }
    let elections = match command {
        Command::Kafka(None, KafkaCommand::ElectLeaders { election, partitions }) if partitions.len() > 1 => {
            let each = |partition: &base::Str| {
                let partitions = vec![partition.clone()];
                print(&Command::Kafka(None, KafkaCommand::ElectLeaders { election: *election, partitions }))
            };
            partitions.iter().map(each).collect::<Option<Vec<_>>>()?
        }
        other => vec![print(other)?],
    };
    Some(elections.iter().map(|line| format!("tool {line}")).collect::<Vec<_>>().join("\n"))
}

/// The console's producer, fed by a loop.
fn producer(command: &Command) -> String {
    let Command::Kafka(_, KafkaCommand::AddProducer { name, topic, keys, interval, limit, configs, .. }) = command
    else {
        return String::new();
    };
    let Some(interval) = interval else { return format!("# {} sends by hand only", quote(name)) };
    let seconds = format!("{}.{:03}", interval / 1_000_000_000, interval / 1_000_000 % 1_000);
    let keys: Vec<_> = keys.iter().map(|key| quote(key)).collect();
    let (each, keyed) = match keys.as_slice() {
        [] => ("-".to_owned(), ""),
        keys => (keys.join(" "), " --reader-property parse.key=true --reader-property key.separator=:"),
    };
    let text = if keyed.is_empty() { "$n" } else { "$k:$n" };
    let settings: String = kafkas(configs)
        .map(|(name, value)| format!(" --command-property {}", quote(&format!("{name}={value}"))))
        .collect();
    let limit = limit.map_or(String::new(), |limit| format!("[ $n -gt {limit} ] && exit; "));
    let lines = format!(
        "n=0; while :; do for k in {each}; do n=$((n+1)); {limit}echo \"{text}\"; sleep {seconds}; done; done | /opt/kafka/bin/kafka-console-producer.sh --bootstrap-server {BOOTSTRAP} --topic {}{keyed} --command-property {}{settings}",
        quote(topic),
        quote(&format!("client.id={name}"))
    );
    format!("client {} sh -c {}", quote(name), quote(&lines))
}

/// The console's consumer.
fn consumer(command: &Command) -> String {
    let Command::Kafka(_, KafkaCommand::AddConsumer { name, group, topics, processing, configs }) = command else {
        return String::new();
    };
    let option = |text: String| format!(" --command-property {}", quote(&text));
    let own = |name: &str| name == "max.poll.interval.ms" || name == "max.poll.records";
    let settings = kafkas(configs).filter(|(name, _)| *processing == 0 || !own(name));
    let settings: String = settings.map(|(name, value)| option(format!("{name}={value}"))).collect();
    let topics = match topics.as_slice() {
        [topic] => format!("--topic {}", quote(topic)),
        many => format!("--include {}", quote(&many.join("|"))),
    };
    let bounds = bounds(configs);
    let slow =
        if *processing > 0 { "# it would work long on each record; the console's consumer does not\n" } else { "" };
    format!(
        "{slow}client {} /opt/kafka/bin/kafka-console-consumer.sh --bootstrap-server {BOOTSTRAP} {topics}{bounds} --group {} --command-property {}{settings}",
        quote(name),
        quote(group),
        quote(&format!("client.id={name}"))
    )
}
