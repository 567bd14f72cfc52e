//! What becomes of a setting here: it is honoured, refused in words, or taken without effect. Kafka's own complaint about
//! a value goes first ([`crate::validate_all`]); this is about values that Kafka takes and the model has nothing for.
//!
//! The last two columns of `table/*.txt` say it by name and value. `docs/fidelity.md` has a row per [`Lack`] and lists
//! every name that is taken without effect; `tests/honest.rs` holds table, readers and that page together.

use crate::values::Overrides;
use crate::{ConfigKey, Parsed, Preset, Scope, key};
use base::Str;
use std::fmt;

/// What the model does with a setting that Kafka takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Support {
    /// It is obeyed, whatever its value.
    Honoured,
    /// It is obeyed, but there is nothing that these values ask for: they are refused.
    HonouredBut { lack: Lack, values: Vec<&'static str> },
    /// Only the default is taken, and these values, which come to the same.
    Refused { lack: Lack, unless: Vec<&'static str> },
    /// It is taken, and nothing depends on it: what it is about is not in the model.
    WithoutEffect,
}

/// Declares [`Lack`] with its word in the tables and its sentence.
macro_rules! lacks {
    ($($(#[$about:meta])* $name:ident $word:literal $sentence:literal,)*) => {
        /// What is missing for a value that Kafka would take.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Lack {
            $($(#[$about])* $name,)*
        }

        impl Lack {
            /// All of them.
            pub const ALL: &'static [Lack] = &[$(Lack::$name,)*];

            /// Its name in the tables and in the first column of `docs/fidelity.md`.
            pub const fn word(self) -> &'static str {
                match self { $(Lack::$name => $word,)* }
            }

            /// What is so instead, as a sentence for readers of English.
            pub const fn sentence(self) -> &'static str {
                match self { $(Lack::$name => $sentence,)* }
            }
        }
    };
}

lacks! {
    Transactions "transactions" "There are no transactions here yet.",
    GroupProtocol "new group protocol" "Only the classic group protocol runs here.",
    Assignors "assignors" "Only the range assignor runs here.",
    /// Values are what a person types.
    Serializers "serializers" "Keys and values here are texts and their bytes.",
    Compaction "compaction" "Logs here are not compacted, only cut off at their old end.",
    TopicCodec "compression of topics" "Brokers here keep the producer's codec.",
    /// This build has no such codec.
    Codec "compression" "This codec cannot be written here; gzip, snappy and lz4 can.",
    Flushing "flushing" "Logs here are flushed only when a segment closes.",
    OffsetExpiry "offset expiry" "Committed offsets never expire here.",
    /// Each node has its own, so one text for all of them cannot say it.
    Plan "cluster's plan" "The cluster's plan says that, node by node.",
    /// The command's first words are the client's id and the group.
    Names "names" "The names at the start of the command say that.",
    Security "security" "Connections here are neither encrypted nor checked.",
    PlugIns "plug-ins" "Code from outside cannot be loaded here.",
    TieredStorage "tiered storage" "There is no remote storage here.",
    ClosestReplica "reading from followers" "Consumers here read from leaders only.",
    LogDirs "log directories" "Each broker here has one log directory.",
    Voters "quorum changes" "Voters can neither join nor leave here.",
    IdleConnections "idle connections" "Connections here are never closed for being idle.",
    /// What Kafka does by default is all that is built.
    Fixed "fixed settings" "Only Kafka's default is built in.",
}

impl Lack {
    /// The one with that word.
    pub fn from_word(word: &str) -> Option<Lack> {
        Lack::ALL.iter().copied().find(|lack| lack.word() == word)
    }

    /// The one whose sentence a message ends with: how a controller's refusal is recognised by whoever puts it into
    /// another language.
    pub fn in_message(message: &str) -> Option<Lack> {
        Lack::ALL.iter().copied().find(|lack| message.ends_with(lack.sentence()))
    }
}

/// A value that Kafka takes and the model refuses. Displays as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NotModelled {
    pub name: Str,
    pub value: Str,
    pub lack: Lack,
}

impl fmt::Display for NotModelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={} is not taken: {}", self.name, self.value, self.lack.sentence())
    }
}

impl std::error::Error for NotModelled {}

/// The first setting, by name, that Kafka takes and the model refuses. What Kafka refuses is none of them.
pub fn not_modelled(scope: Scope, overrides: &Overrides) -> Option<NotModelled> {
    overrides.iter().find_map(|(name, value)| {
        let lack = key(scope, name)?.lack(value)?;
        Some(NotModelled { name: name.clone(), value: value.clone(), lack })
    })
}

impl ConfigKey {
    /// What is missing for this value; `None` when the model can do as it says, or Kafka refuses it.
    pub fn lack(&self, text: &str) -> Option<Lack> {
        let parsed = self.parse_set(text).ok()?;
        match &self.support {
            Support::Honoured | Support::WithoutEffect => None,
            Support::HonouredBut { lack, values } => self.asks_for(&parsed, values).then_some(*lack),
            Support::Refused { lack, unless } => {
                let is_default = match self.default {
                    Preset::Required => false,
                    Preset::Null => matches!(&parsed, Parsed::Text(text) if text.is_empty()),
                    Preset::Text(_) => self.default_value() == Some(parsed.clone()),
                };
                (!is_default && !self.asks_for(&parsed, unless)).then_some(*lack)
            }
        }
    }

    /// Does a value name one of these? In a list of assignors the first is the one that is wanted.
    fn asks_for(&self, value: &Parsed, values: &[&str]) -> bool {
        let is_one = |text: &Str| {
            let text = text.strip_prefix("class ").unwrap_or(text);
            values.iter().any(|value| value.eq_ignore_ascii_case(text))
        };
        match value {
            Parsed::Text(text) => is_one(text),
            Parsed::List(items) if self.name == "partition.assignment.strategy" => items.first().is_some_and(is_one),
            Parsed::List(items) => items.iter().any(is_one),
            Parsed::Boolean(_) | Parsed::Number(_) | Parsed::Double(_) => false,
        }
    }
}

/// Reads the mark and the last column of a line of the tables.
pub(crate) fn read(mark: &str, lack: Option<&'static str>) -> Support {
    let split = lack.map(|text| text.split_once(':').unwrap_or((text, "")));
    let lack = |word: &str| Lack::from_word(word).expect("the tables name lacks by their words");
    let values = |text: &'static str| text.split('|').filter(|value| !value.is_empty()).collect();
    match (mark.contains('+'), mark.contains('-'), split) {
        (true, _, Some((word, refused))) => Support::HonouredBut { lack: lack(word), values: values(refused) },
        (true, _, None) => Support::Honoured,
        (false, true, Some((word, taken))) => Support::Refused { lack: lack(word), unless: values(taken) },
        (false, true, None) => panic!("a refused setting says why"),
        (false, false, _) => Support::WithoutEffect,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(scope: Scope, name: &str, value: &str) -> Option<Lack> {
        not_modelled(scope, &Overrides::from([(name.into(), value.into())])).map(|found| found.lack)
    }

    #[test]
    fn values_are_told_apart() {
        let consumers = "org.apache.kafka.clients.consumer";
        let serializers = "org.apache.kafka.common.serialization";
        let strategy = "partition.assignment.strategy";
        for (scope, name, value, lack) in [
            (Scope::Consumer, "isolation.level", "read_committed", Some(Lack::Transactions)),
            (Scope::Consumer, "isolation.level", "read_uncommitted", None),
            (Scope::Consumer, "isolation.level", "no_such_level", None),
            (Scope::Consumer, "group.protocol", "Consumer", Some(Lack::GroupProtocol)),
            (Scope::Consumer, "group.protocol", "CLASSIC", None),
            (Scope::Consumer, strategy, &format!("{consumers}.StickyAssignor"), Some(Lack::Assignors)),
            (Scope::Consumer, strategy, &format!("{consumers}.RangeAssignor,{consumers}.StickyAssignor"), None),
            (Scope::Producer, "transactional.id", "t1", Some(Lack::Transactions)),
            (Scope::Producer, "key.serializer", &format!("{serializers}.StringSerializer"), None),
            (Scope::Producer, "key.serializer", &format!("{serializers}.LongSerializer"), Some(Lack::Serializers)),
            (Scope::Producer, "security.protocol", "SSL", Some(Lack::Security)),
            (Scope::Producer, "connections.max.idle.ms", "540000", None),
            (Scope::Topic, "cleanup.policy", "delete,compact", Some(Lack::Compaction)),
            (Scope::Topic, "cleanup.policy", "delete", None),
            (Scope::Topic, "no.such", "1", None),
            (Scope::Broker, "broker.rack", "a", Some(Lack::Plan)),
            (Scope::Broker, "compression.type", "producer", None),
        ] {
            assert_eq!(refused(scope, name, value), lack, "{name}={value}");
        }
    }

    #[test]
    fn a_refusal_is_a_sentence_that_can_be_recognised() {
        let set = Overrides::from([("cleanup.policy".into(), "compact".into())]);
        let refused = not_modelled(Scope::Topic, &set).expect("refused").to_string();
        assert_eq!(
            refused,
            "cleanup.policy=compact is not taken: Logs here are not compacted, only cut off at their old end."
        );
        assert_eq!(Lack::in_message(&refused), Some(Lack::Compaction));
        assert_eq!(Lack::in_message("The policy of this cluster allows at most 7 partitions."), None);
        for lack in Lack::ALL {
            assert_eq!(Lack::from_word(lack.word()), Some(*lack));
            assert_eq!(Lack::in_message(lack.sentence()), Some(*lack), "sentences differ at their ends");
        }
    }
}
