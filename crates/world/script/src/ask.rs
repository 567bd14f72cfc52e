//! A question to the admin client as words, and back: what stands behind `ask` in a line and what a link holds. Kafka's
//! tools have a line of their own for most of them; these words are for runs that are handed on, and say all that a
//! question has.

use api::{AlterConfig, AlterConfigOp, ConfigResource, OffsetSpec};
use base::{BrokerId, Offset, Span, Str, Timestamp, TopicPartition};
use port::{Act, Ask, ConfigsOf, GroupDetail, NewOffset, Part, ReadFrom, ResetTo, Which};

/// The words of a question.
pub(crate) fn write(ask: &Ask) -> Vec<Str> {
    let mut words = Words::default();
    match ask {
        Ask::DescribeTopics(None) => _ = words.add("describe-all-topics"),
        Ask::DescribeTopics(Some(topics)) => _ = words.add("describe-topics").all(topics),
        Ask::ListOffsets { of, spec } => words.add("list-offsets").spec(*spec).which(of),
        Ask::DescribeConfigs(of) => words.add("describe-configs").configs_of(of),
        Ask::AlterConfigs { resource, changes } => words.add("alter-configs").resource(resource).changes(changes),
        Ask::ListGroups { states, types } => {
            words.add("list-groups").number(states.len()).all(states).all(types);
        }
        Ask::DescribeGroups { groups: None, detail } => _ = words.add("describe-all-groups").add(detail_name(*detail)),
        Ask::DescribeGroups { groups: Some(groups), detail } => {
            words.add("describe-groups").add(detail_name(*detail)).all(groups);
        }
        Ask::CommitOffsets { group, offsets } => {
            words.add("commit-offsets").add(group);
            for each in offsets {
                words.partition(&each.partition).number(each.offset.0).add(&each.metadata);
            }
        }
        Ask::ResetOffsets { group, of, to, act } => {
            let act = if *act == Act::Execute { "execute" } else { "dry-run" };
            words.add("reset-offsets").add(group).add(act).reset(to).which(of);
        }
        Ask::DeleteGroups(groups) => _ = words.add("delete-groups").all(groups),
        Ask::DeleteOffsets { group, of } => words.add("delete-offsets").add(group).parts(of),
        Ask::RemoveMembers { group, instances } => _ = words.add("remove-members").add(group).all(instances),
        Ask::DeleteRecords(before) => {
            words.add("delete-records");
            before.iter().for_each(|(partition, offset)| _ = words.partition(partition).number(offset.0));
        }
        Ask::DescribeLogDirs { brokers, topics } => words.add("describe-log-dirs").log_dirs(brokers, topics),
        Ask::DescribeCluster => _ = words.add("describe-cluster"),
        Ask::DescribeQuorum => _ = words.add("describe-quorum"),
        Ask::ApiVersions => _ = words.add("api-versions"),
        Ask::UnregisterBroker(broker) => _ = words.add("unregister-broker").number(broker.0),
        Ask::Read { partition, from, reset } => {
            words.add("read").partition(partition);
            match from {
                ReadFrom::Offset(offset) => words.add("at").number(offset.0),
                ReadFrom::Found(spec) => words.add("found").spec(*spec),
            };
            words.spec(*reset);
        }
    }
    words.0
}

fn detail_name(detail: GroupDetail) -> &'static str {
    match detail {
        GroupDetail::Members => "members",
        GroupDetail::Offsets => "offsets",
    }
}

/// Words in order.
#[derive(Default)]
struct Words(Vec<Str>);

impl Words {
    fn add(&mut self, word: &str) -> &mut Words {
        self.0.push(word.into());
        self
    }

    fn all(&mut self, words: &[Str]) -> &mut Words {
        self.0.extend(words.iter().cloned());
        self
    }

    fn number(&mut self, number: impl std::fmt::Display) -> &mut Words {
        self.add(&number.to_string())
    }

    fn partition(&mut self, partition: &TopicPartition) -> &mut Words {
        self.add(&partition.topic).number(partition.partition)
    }

    fn spec(&mut self, spec: OffsetSpec) -> &mut Words {
        match spec {
            OffsetSpec::Latest => self.add("latest"),
            OffsetSpec::Earliest => self.add("earliest"),
            OffsetSpec::MaxTimestamp => self.add("max-timestamp"),
            OffsetSpec::Timestamp(at) => self.add("time").number(at.0),
        }
    }

    fn which(&mut self, which: &Which) {
        match which {
            Which::All => _ = self.add("all"),
            Which::These(parts) => self.add("these").parts(parts),
        }
    }

    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Topic(topic) => self.add("topic").add(topic),
                Part::Partition(partition) => self.add("partition").partition(partition),
                Part::Existing(topic, from, until) => self.add("existing").add(topic).number(from).number(until),
            };
        }
    }

    fn configs_of(&mut self, of: &ConfigsOf) {
        match of {
            ConfigsOf::Topics => _ = self.add("topics"),
            ConfigsOf::Brokers => _ = self.add("brokers"),
            ConfigsOf::One(resource) => _ = self.resource(resource),
        }
    }

    fn resource(&mut self, resource: &ConfigResource) -> &mut Words {
        match resource {
            ConfigResource::Topic(topic) => self.add("topic").add(topic),
            ConfigResource::Broker(Some(broker)) => self.add("broker").number(broker.0),
            ConfigResource::Broker(None) => self.add("all-brokers"),
        }
    }

    fn changes(&mut self, changes: &[AlterConfig]) {
        for change in changes {
            self.add(op_name(change.op)).add(&change.name);
            if let Some(value) = &change.value {
                self.add("to").add(value);
            }
        }
    }

    fn reset(&mut self, to: &ResetTo) -> &mut Words {
        match to {
            ResetTo::Earliest => self.add("earliest"),
            ResetTo::Latest => self.add("latest"),
            ResetTo::Current => self.add("current"),
            ResetTo::Offset(offset) => self.add("offset").number(offset.0),
            ResetTo::ShiftBy(by) => self.add("shift").number(by),
            ResetTo::Timestamp(at) => self.add("time").number(at.0),
            ResetTo::Duration(span) => self.add("ago").number(span.0),
            ResetTo::Exactly(offsets) => {
                self.add("exactly").number(offsets.len());
                offsets.iter().for_each(|(partition, offset)| _ = self.partition(partition).number(offset.0));
                self
            }
        }
    }

    fn log_dirs(&mut self, brokers: &Option<Vec<BrokerId>>, topics: &Option<Vec<Str>>) {
        if let Some(brokers) = brokers {
            self.add("brokers").number(brokers.len());
            brokers.iter().for_each(|broker| _ = self.number(broker.0));
        }
        if let Some(topics) = topics {
            self.add("topics").all(topics);
        }
    }
}

fn op_name(op: AlterConfigOp) -> &'static str {
    match op {
        AlterConfigOp::Set => "set",
        AlterConfigOp::Delete => "delete",
        AlterConfigOp::Append => "append",
        AlterConfigOp::Subtract => "subtract",
    }
}

/// The question that the words spell. `None`: they spell none, or something is left over.
pub(crate) fn read(words: &[Str]) -> Option<Ask> {
    let mut left = Left(words);
    let ask = ask(&mut left)?;
    left.0.is_empty().then_some(ask)
}

fn ask(left: &mut Left<'_>) -> Option<Ask> {
    Some(match &*left.word()? {
        "describe-all-topics" => Ask::DescribeTopics(None),
        "describe-topics" => Ask::DescribeTopics(Some(left.rest())),
        "list-offsets" => {
            let spec = left.spec()?;
            Ask::ListOffsets { spec, of: left.which()? }
        }
        "describe-configs" => Ask::DescribeConfigs(left.configs_of()?),
        "alter-configs" => Ask::AlterConfigs { resource: left.resource()?, changes: left.changes()? },
        "list-groups" => {
            let count = left.count()?;
            Ask::ListGroups { states: left.words(count)?, types: left.rest() }
        }
        "describe-all-groups" => Ask::DescribeGroups { detail: left.detail()?, groups: None },
        "describe-groups" => {
            let detail = left.detail()?;
            Ask::DescribeGroups { detail, groups: Some(left.rest()) }
        }
        "commit-offsets" => {
            let group = left.word()?;
            Ask::CommitOffsets { group, offsets: left.many(Left::new_offset)? }
        }
        "reset-offsets" => left.reset_offsets()?,
        "delete-groups" => Ask::DeleteGroups(left.rest()),
        "delete-offsets" => {
            let group = left.word()?;
            Ask::DeleteOffsets { group, of: left.many(Left::part)? }
        }
        "remove-members" => {
            let group = left.word()?;
            Ask::RemoveMembers { group, instances: left.rest() }
        }
        "delete-records" => Ask::DeleteRecords(left.many(Left::offset_of)?),
        "describe-log-dirs" => left.log_dirs()?,
        "describe-cluster" => Ask::DescribeCluster,
        "describe-quorum" => Ask::DescribeQuorum,
        "api-versions" => Ask::ApiVersions,
        "read" => {
            let partition = left.partition()?;
            let from = match &*left.word()? {
                "at" => ReadFrom::Offset(Offset(left.number()?)),
                "found" => ReadFrom::Found(left.spec()?),
                _neither => return None,
            };
            Ask::Read { partition, from, reset: left.spec()? }
        }
        "unregister-broker" => Ask::UnregisterBroker(BrokerId(left.number()?)),
        _nothing => return None,
    })
}

/// Words that were not read yet.
struct Left<'a>(&'a [Str]);

impl Left<'_> {
    fn word(&mut self) -> Option<Str> {
        let (word, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(word.clone())
    }

    fn rest(&mut self) -> Vec<Str> {
        std::mem::take(&mut self.0).to_vec()
    }

    fn number<T: std::str::FromStr>(&mut self) -> Option<T> {
        self.word()?.parse().ok()
    }

    /// How many words follow; never more than there are.
    fn count(&mut self) -> Option<usize> {
        self.number().filter(|count| *count <= self.0.len())
    }

    fn words(&mut self, count: usize) -> Option<Vec<Str>> {
        let (words, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(words.to_vec())
    }

    /// Until nothing is left.
    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut all = Vec::new();
        while !self.0.is_empty() {
            all.push(one(self)?);
        }
        Some(all)
    }

    fn partition(&mut self) -> Option<TopicPartition> {
        let topic = self.word()?;
        Some(TopicPartition { topic, partition: self.number()? })
    }

    fn offset_of(&mut self) -> Option<(TopicPartition, Offset)> {
        Some((self.partition()?, Offset(self.number()?)))
    }

    fn new_offset(&mut self) -> Option<NewOffset> {
        let (partition, offset) = self.offset_of()?;
        Some(NewOffset { partition, offset, metadata: self.word()? })
    }

    fn part(&mut self) -> Option<Part> {
        Some(match &*self.word()? {
            "topic" => Part::Topic(self.word()?),
            "partition" => Part::Partition(self.partition()?),
            "existing" => {
                let TopicPartition { topic, partition: from } = self.partition()?;
                Part::Existing(topic, from, self.number()?)
            }
            _neither => return None,
        })
    }

    fn spec(&mut self) -> Option<OffsetSpec> {
        Some(match &*self.word()? {
            "latest" => OffsetSpec::Latest,
            "earliest" => OffsetSpec::Earliest,
            "max-timestamp" => OffsetSpec::MaxTimestamp,
            "time" => OffsetSpec::Timestamp(Timestamp(self.number()?)),
            _none => return None,
        })
    }

    fn which(&mut self) -> Option<Which> {
        Some(match &*self.word()? {
            "all" => Which::All,
            "these" => Which::These(self.many(Left::part)?),
            _neither => return None,
        })
    }

    fn configs_of(&mut self) -> Option<ConfigsOf> {
        Some(match self.0.first().map(|word| &**word)? {
            "topics" => self.word().map(|_| ConfigsOf::Topics)?,
            "brokers" => self.word().map(|_| ConfigsOf::Brokers)?,
            _one => ConfigsOf::One(self.resource()?),
        })
    }

    fn resource(&mut self) -> Option<ConfigResource> {
        Some(match &*self.word()? {
            "topic" => ConfigResource::Topic(self.word()?),
            "broker" => ConfigResource::Broker(Some(BrokerId(self.number()?))),
            "all-brokers" => ConfigResource::Broker(None),
            _none => return None,
        })
    }

    fn changes(&mut self) -> Option<Vec<AlterConfig>> {
        self.many(|left| {
            let op = left.op()?;
            let name = left.word()?;
            let is_given = left.0.first().is_some_and(|word| &**word == "to");
            let value = if is_given { left.word().and_then(|_| left.word()).map(Some)? } else { None };
            Some(AlterConfig { name, op, value })
        })
    }

    fn op(&mut self) -> Option<AlterConfigOp> {
        Some(match &*self.word()? {
            "set" => AlterConfigOp::Set,
            "delete" => AlterConfigOp::Delete,
            "append" => AlterConfigOp::Append,
            "subtract" => AlterConfigOp::Subtract,
            _none => return None,
        })
    }

    fn detail(&mut self) -> Option<GroupDetail> {
        Some(match &*self.word()? {
            "members" => GroupDetail::Members,
            "offsets" => GroupDetail::Offsets,
            _neither => return None,
        })
    }

    fn reset_offsets(&mut self) -> Option<Ask> {
        let group = self.word()?;
        let act = match &*self.word()? {
            "execute" => Act::Execute,
            "dry-run" => Act::DryRun,
            _neither => return None,
        };
        let to = match &*self.word()? {
            "earliest" => ResetTo::Earliest,
            "latest" => ResetTo::Latest,
            "current" => ResetTo::Current,
            "offset" => ResetTo::Offset(Offset(self.number()?)),
            "shift" => ResetTo::ShiftBy(self.number()?),
            "time" => ResetTo::Timestamp(Timestamp(self.number()?)),
            "ago" => ResetTo::Duration(Span(self.number()?)),
            "exactly" => {
                let count = self.count()?;
                ResetTo::Exactly((0..count).map(|_| self.offset_of()).collect::<Option<_>>()?)
            }
            _none => return None,
        };
        Some(Ask::ResetOffsets { group, act, to, of: self.which()? })
    }

    fn log_dirs(&mut self) -> Option<Ask> {
        let (mut brokers, mut topics) = (None, None);
        if self.0.first().is_some_and(|word| &**word == "brokers") {
            self.word();
            let count = self.count()?;
            brokers = Some((0..count).map(|_| self.number().map(BrokerId)).collect::<Option<_>>()?);
        }
        if self.0.first().is_some_and(|word| &**word == "topics") {
            self.word();
            topics = Some(self.rest());
        }
        Some(Ask::DescribeLogDirs { brokers, topics })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Vec<Str> {
        words.split_whitespace().map(Str::from).collect()
    }

    /// Of each kind, with and without what may be left out.
    const LINES: [&str; 41] = [
        "describe-all-topics",
        "describe-topics",
        "describe-topics t topic",
        "list-offsets latest all",
        "list-offsets earliest these",
        "list-offsets max-timestamp these topic t partition u 3",
        "list-offsets latest these existing t 0 3 existing u 5 2147483647",
        "list-offsets time -7 these partition all -1",
        "describe-configs topics",
        "describe-configs brokers",
        "describe-configs topic topics",
        "describe-configs broker 3",
        "describe-configs all-brokers",
        "alter-configs topic t set retention.ms to 1 delete a append cleanup.policy to compact subtract b to c",
        "alter-configs all-brokers set to set x to to",
        "alter-configs broker 1",
        "list-groups 0",
        "list-groups 1 Stable classic",
        "list-groups 2 Stable Empty",
        "describe-all-groups members",
        "describe-groups offsets g members",
        "describe-groups members",
        "commit-offsets g",
        "commit-offsets g t 0 5 m u 1 -1 m",
        "reset-offsets g dry-run earliest all",
        "reset-offsets g execute latest these topic t",
        "reset-offsets g execute current all",
        "reset-offsets g execute offset 5 these partition t 0",
        "reset-offsets g execute shift -3 all",
        "reset-offsets g execute time 1700000000000 all",
        "reset-offsets g execute ago 60000000000 all",
        "reset-offsets g execute exactly 2 t 0 5 u 1 6 all",
        "delete-groups g h",
        "delete-offsets g topic t partition u 1",
        "remove-members g m1",
        "delete-records t 0 5 u 1 -1",
        "describe-log-dirs",
        "describe-log-dirs brokers 2 1 2 topics t",
        "unregister-broker 7",
        "read t 0 at 5 latest",
        "read t 1 found earliest time 7",
    ];

    #[test]
    fn what_is_written_reads_back() {
        for line in LINES {
            let ask = read(&text(line)).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(write(&ask), text(line));
        }
        for ask in [Ask::DescribeCluster, Ask::DescribeQuorum, Ask::ApiVersions] {
            assert_eq!(read(&write(&ask)), Some(ask));
        }
        let changes = vec![AlterConfig { name: "a".into(), op: AlterConfigOp::Set, value: Some("".into()) }];
        let empty = Ask::AlterConfigs { resource: ConfigResource::Topic("".into()), changes };
        assert_eq!(read(&write(&empty)), Some(empty), "empty words are words");
    }

    #[test]
    fn what_is_cut_short_or_too_long_spells_nothing_wrong() {
        for line in LINES {
            let words = text(line);
            for length in 0..words.len() {
                if let Some(ask) = read(&words[..length]) {
                    assert_eq!(write(&ask), words[..length], "{line}");
                }
            }
            for place in 0..words.len() {
                let mut other = words.clone();
                other[place] = "99999999999999999999".into();
                if let Some(ask) = read(&other) {
                    assert_eq!(write(&ask), other, "{line}");
                }
            }
        }
        assert_eq!(read(&text("describe-cluster now")), None);
    }
}
