//! The line that does the same as a form: Kafka's own tool where there is one, the playground's short
//! command otherwise. Both can be typed into the terminal.

use lab::view::ProcessId;

use crate::intent::Act;
use crate::session::Choices;

/// The command line of an act.
pub fn line(act: &Act, choices: &Choices) -> String {
    let name = |process: ProcessId| {
        let node = choices.nodes.iter().find(|node| node.process == process);
        node.map_or_else(|| process.to_string(), |node| node.name.to_string())
    };
    match act {
        Act::CreateTopic { name, partitions, copies, min_isr } => {
            let config = min_isr.map_or_else(String::new, |min| format!(" --config min.insync.replicas={min}"));
            format!(
                "kafka-topics.sh --bootstrap-server broker-1:9092 --create --topic {} --partitions {partitions} \
                 --replication-factor {copies}{config}",
                quoted(name)
            )
        }
        Act::AddBroker => "add-broker".to_owned(),
        Act::AddProducer { name, topic, keys, rate, acks } => {
            let keys = if keys.is_empty() { String::new() } else { format!(" --keys {}", quoted(&keys.join(","))) };
            let acks = acks.as_str();
            format!("add-producer {} --topic {}{keys} --rate {rate} --acks {acks}", quoted(name), quoted(topic))
        }
        Act::AddConsumer { group, topic } => format!(
            "kafka-console-consumer.sh --bootstrap-server broker-1:9092 --topic {} --group {}",
            quoted(topic),
            quoted(group)
        ),
        Act::Send { producer, topic, key, value } => {
            let key = key.as_ref().map_or_else(String::new, |key| format!(" --key {}", quoted(key)));
            format!("send {} --topic {}{key} --value {}", quoted(producer), quoted(topic), quoted(value))
        }
        Act::Kill(process) => format!("kill {}", name(*process)),
        Act::Stop(process) => format!("stop {}", name(*process)),
        Act::Start(process) => format!("start {}", name(*process)),
        Act::Pause(process) => format!("pause {}", name(*process)),
        Act::Resume(process) => format!("resume {}", name(*process)),
        Act::PowerOff(process) => format!("power-off {}", name(*process)),
        Act::Cut(one, other) => format!("cut {} {}", name(*one), name(*other)),
        Act::Heal(one, other) => format!("heal {} {}", name(*one), name(*other)),
        Act::HealAll => "heal".to_owned(),
    }
}

/// A word as a shell would need it.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_.,:/{}=".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_form_is_kafka_s_own_command() {
        let act = Act::CreateTopic { name: "payments".to_owned(), partitions: 6, copies: 3, min_isr: Some(2) };
        assert_eq!(
            line(&act, &Choices::default()),
            "kafka-topics.sh --bootstrap-server broker-1:9092 --create --topic payments --partitions 6 \
             --replication-factor 3 --config min.insync.replicas=2"
        );
    }

    #[test]
    fn words_with_spaces_are_quoted() {
        assert_eq!(quoted("it's here"), r"'it'\''s here'");
    }
}
