//! In what two branches differ: the setting, or the act that only one of them has.

use base::{FlatMap, Str};
use script::PlacedCommand;
use sim::{Command, KafkaCommand};

use super::Side;
use crate::CompareSide;
use crate::text::Text;

/// Acts of a branch that are listed.
const ACTS: usize = 4;

pub(super) fn sides(both: &[Side<'_>; 2], text: &Text) -> [CompareSide; 2] {
    let commands = both.each_ref().map(|side| side.branch.commands());
    let own = own(commands);
    [0, 1].map(|place| {
        let (title, note) = title(&both[place], (own[place].first(), own[1 - place].first()), text);
        CompareSide {
            name: both[place].branch.name.to_string(),
            title,
            note,
            acts: acts(&own[place], text),
            shown: both[place].shown,
        }
    })
}

/// What is done in each and not in the other. The same act at another instant is no other act, as long as there is one.
fn own(commands: [&[PlacedCommand]; 2]) -> [Vec<&PlacedCommand>; 2] {
    let alike = commands[0].iter().zip(commands[1]).take_while(|(one, other)| one == other).count();
    let rest = commands.map(|commands| &commands[alike..]);
    let only = |is_same: fn(&PlacedCommand, &PlacedCommand) -> bool| {
        [(rest[0], rest[1]), (rest[1], rest[0])].map(|(own, other)| {
            let is_own = |act: &&PlacedCommand| !other.iter().any(|known| is_same(act, known));
            own.iter().filter(is_own).collect::<Vec<_>>()
        })
    };
    let sorts = only(|act, known| act.command == known.command);
    if sorts.iter().any(|acts| !acts.is_empty()) { sorts } else { only(|act, known| act == known) }
}

/// The act that a branch has and the other has not, or the other way round.
fn title(side: &Side<'_>, acts: (Option<&&PlacedCommand>, Option<&&PlacedCommand>), text: &Text) -> (String, String) {
    let words = &text.compare;
    let acted = |act: &PlacedCommand| super::super::acted(side.world(), &act.command, text);
    match acts {
        (Some(own), Some(other)) => {
            let title = apart(&own.command, &other.command, text).unwrap_or_else(|| acted(own));
            (title, (words.done_at)(&own.at().to_string()))
        }
        (Some(own), None) => (acted(own), (words.done_at)(&own.at().to_string())),
        (None, Some(other)) => ((words.without)(&acted(other)), (words.not_done)(&other.at().to_string())),
        (None, None) => (words.as_it_was.to_owned(), words.nothing_done.to_owned()),
    }
}

/// The settings in which one act differs from another of the same sort: `acks=1`.
fn apart(own: &Command, other: &Command, text: &Text) -> Option<String> {
    let (own, other) = (settings(own)?, settings(other)?);
    if own.0 != other.0 {
        return None;
    }
    let line = |key: &Str, value: &str| format!("{key}={value}");
    let changed = own.1.iter().filter(|(key, value)| other.1.get(*key) != Some(*value));
    let mut apart: Vec<String> = changed.map(|(key, value)| line(key, value)).collect();
    // What only the other sets has its default here.
    for (key, value) in other.1.iter().filter(|(key, _)| own.1.get(*key).is_none()) {
        let default = default_of(own.0.0, key).map(|default| line(key, &default));
        apart.push(default.unwrap_or_else(|| (text.compare.without)(&line(key, value))));
    }
    (!apart.is_empty()).then(|| apart.join(text.compare.comma))
}

/// Whose they are, and which.
type Settings<'a> = ((Sort, &'a Str), &'a FlatMap<Str, Str>);

/// Whose settings a command makes: what sort of thing, its name, and the settings.
fn settings(command: &Command) -> Option<Settings<'_>> {
    Some(match command {
        Command::Kafka(_, KafkaCommand::AddProducer { name, configs, .. }) => ((Sort::Producer, name), configs),
        Command::Kafka(_, KafkaCommand::AddConsumer { name, configs, .. }) => ((Sort::Consumer, name), configs),
        Command::Kafka(_, KafkaCommand::CreateTopic { name, configs, .. }) => ((Sort::Topic, name), configs),
        Command::Kafka(_, KafkaCommand::AlterTopicConfig { topic, set, .. }) => ((Sort::Topic, topic), set),
        _without_settings => return None,
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Producer,
    Consumer,
    Topic,
}

/// Kafka's default of a client's setting. A topic's comes from its brokers.
fn default_of(sort: Sort, key: &str) -> Option<String> {
    let scope = match sort {
        Sort::Producer => config::Scope::Producer,
        Sort::Consumer => config::Scope::Consumer,
        Sort::Topic => return None,
    };
    Some(config::key(scope, key)?.default_value()?.shown())
}

/// Command lines with their instants, or one sentence that there are none.
fn acts(own: &[&PlacedCommand], text: &Text) -> Vec<String> {
    if own.is_empty() {
        return vec![text.compare.nothing_done.to_owned()];
    }
    let line = |placed: &&PlacedCommand| format!("{}  {}", placed.at(), script::print(&placed.command));
    let mut lines: Vec<String> = own.iter().take(ACTS).map(line).collect();
    if own.len() > ACTS {
        lines.push("…".to_owned());
    }
    lines
}
