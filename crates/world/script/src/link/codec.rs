//! A command in a few bytes. Numbers of commands are part of the format: never used again, only
//! added.

use super::bytes::{ReadError, Reader, Writer};
use crate::limits::{COPIES, LISTED, SETTINGS};
use sim::{Command, Election};

pub(crate) fn write(writer: &mut Writer, command: &Command) {
    match command {
        Command::CreateTopic { .. }
        | Command::DeleteTopic { .. }
        | Command::AddPartitions { .. }
        | Command::AlterTopicConfig { .. }
        | Command::ElectLeaders { .. }
        | Command::Read { .. }
        | Command::ListTopics => write_admin(writer, command),
        Command::AddBroker { .. }
        | Command::AddProducer { .. }
        | Command::AddConsumer { .. }
        | Command::Send { .. }
        | Command::SetInterval { .. } => write_client(writer, command),
        Command::Kill { name } => named(writer, 20, &[name]),
        Command::Stop { name } => named(writer, 21, &[name]),
        Command::Start { name } => named(writer, 22, &[name]),
        Command::Pause { name } => named(writer, 23, &[name]),
        Command::Resume { name } => named(writer, 24, &[name]),
        Command::PowerOff { name } => named(writer, 25, &[name]),
        Command::Cut { a, b } => named(writer, 26, &[a, b]),
        Command::CutOneWay { from, to } => named(writer, 27, &[from, to]),
        Command::Delay { a, b, by } => {
            named(writer, 28, &[a, b]);
            writer.number(*by);
        }
        Command::Stall { a, b, time } => {
            named(writer, 29, &[a, b]);
            writer.number(*time);
        }
        Command::Reset { a, b } => named(writer, 30, &[a, b]),
        Command::Heal { a, b } => named(writer, 31, &[a, b]),
        Command::HealAll => writer.byte(32),
        Command::Leave { name } => named(writer, 33, &[name]),
        Command::Hold { from, to, api } => named(writer, 34, &[from, to, api]),
        Command::Lose { from, to, api, count } => {
            named(writer, 35, &[from, to, api]);
            writer.number(u64::from(*count));
        }
    }
}

fn named(writer: &mut Writer, opcode: u8, names: &[&base::Str]) {
    writer.byte(opcode);
    names.iter().for_each(|name| writer.name(name));
}

fn write_admin(writer: &mut Writer, command: &Command) {
    match command {
        Command::CreateTopic { name, partitions, replication_factor, assignments, configs, timeout_ms } => {
            named(writer, 0, &[name]);
            writer.optional_signed(partitions.map(i64::from));
            writer.optional_signed(replication_factor.map(i64::from));
            placement(writer, assignments);
            writer.settings(configs);
            writer.optional_number(timeout_ms.map(u64::from));
        }
        Command::DeleteTopic { name } => named(writer, 1, &[name]),
        Command::AddPartitions { topic, total, assignments } => {
            named(writer, 2, &[topic]);
            writer.signed(i64::from(*total));
            placement(writer, assignments);
        }
        Command::AlterTopicConfig { topic, set, delete } => {
            named(writer, 3, &[topic]);
            writer.settings(set);
            writer.list(delete, |writer, name| writer.name(name));
        }
        Command::ElectLeaders { election, partitions } => {
            writer.byte(match election {
                Election::Preferred => 4,
                Election::Unclean => 5,
            });
            writer.list(partitions, |writer, name| writer.name(name));
        }
        Command::Read { topic, partition, from } => {
            named(writer, 6, &[topic]);
            writer.signed(i64::from(*partition));
            writer.signed(*from);
        }
        _list_topics => writer.byte(7),
    }
}

fn placement(writer: &mut Writer, assignments: &[Vec<i32>]) {
    writer.list(assignments, |writer, ids| writer.list(ids, |writer, id| writer.signed(i64::from(*id))));
}

fn write_client(writer: &mut Writer, command: &Command) {
    match command {
        Command::AddProducer { name, topic, keys, random_keys, interval, value_size, limit, configs } => {
            named(writer, 11, &[name, topic]);
            writer.list(keys, |writer, key| writer.name(key));
            writer.optional_number(random_keys.map(u64::from));
            writer.optional_number(*interval);
            writer.number(u64::from(*value_size));
            writer.optional_number(*limit);
            writer.settings(configs);
        }
        Command::AddConsumer { name, group, topics, processing, configs } => {
            named(writer, 12, &[name, group]);
            writer.list(topics, |writer, topic| writer.name(topic));
            writer.number(*processing);
            writer.settings(configs);
        }
        Command::Send { producer, topic, partition, key, value } => {
            named(writer, 13, &[producer]);
            writer.optional(topic.as_ref());
            writer.optional_signed(partition.map(i64::from));
            writer.optional(key.as_ref());
            writer.optional(value.as_ref());
        }
        Command::SetInterval { producer, interval } => {
            named(writer, 14, &[producer]);
            writer.optional_number(*interval);
        }
        Command::AddBroker { node, rack } => {
            writer.byte(10);
            writer.signed(i64::from(*node));
            writer.optional(rack.as_ref());
        }
        _written_elsewhere => {}
    }
}

pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Command, ReadError> {
    let opcode = reader.byte()?;
    if opcode < 20 {
        return read_large(reader, opcode);
    }
    if opcode == 32 {
        return Ok(Command::HealAll);
    }
    let name = reader.name()?;
    let one = match opcode {
        20 => Command::Kill { name },
        21 => Command::Stop { name },
        22 => Command::Start { name },
        23 => Command::Pause { name },
        24 => Command::Resume { name },
        25 => Command::PowerOff { name },
        26 => Command::Cut { a: name, b: reader.name()? },
        27 => Command::CutOneWay { from: name, to: reader.name()? },
        28 => Command::Delay { a: name, b: reader.name()?, by: reader.number()? },
        29 => Command::Stall { a: name, b: reader.name()?, time: reader.number()? },
        30 => Command::Reset { a: name, b: reader.name()? },
        31 => Command::Heal { a: name, b: reader.name()? },
        33 => Command::Leave { name },
        34 => Command::Hold { from: name, to: reader.name()?, api: reader.name()? },
        35 => Command::Lose {
            from: name,
            to: reader.name()?,
            api: reader.name()?,
            count: u32::try_from(reader.number()?).map_err(|_| ReadError::Nonsense)?,
        },
        _unknown => return Err(ReadError::Nonsense),
    };
    Ok(one)
}

fn read_large(reader: &mut Reader<'_>, opcode: u8) -> Result<Command, ReadError> {
    Ok(match opcode {
        0 => Command::CreateTopic {
            name: reader.name()?,
            partitions: reader.optional_signed()?,
            replication_factor: reader.optional_signed()?,
            assignments: read_placement(reader)?,
            configs: reader.settings()?,
            timeout_ms: reader.optional_number()?,
        },
        1 => Command::DeleteTopic { name: reader.name()? },
        2 => Command::AddPartitions {
            topic: reader.name()?,
            total: reader.signed()?,
            assignments: read_placement(reader)?,
        },
        3 => Command::AlterTopicConfig {
            topic: reader.name()?,
            set: reader.settings()?,
            delete: reader.list(SETTINGS, Reader::name)?,
        },
        4 | 5 => Command::ElectLeaders {
            election: if opcode == 4 { Election::Preferred } else { Election::Unclean },
            partitions: reader.list(LISTED, Reader::name)?,
        },
        6 => Command::Read { topic: reader.name()?, partition: reader.signed()?, from: reader.signed()? },
        7 => Command::ListTopics,
        _of_clients => return read_client(reader, opcode),
    })
}

fn read_client(reader: &mut Reader<'_>, opcode: u8) -> Result<Command, ReadError> {
    Ok(match opcode {
        10 => Command::AddBroker { node: reader.signed()?, rack: reader.optional()? },
        11 => Command::AddProducer {
            name: reader.name()?,
            topic: reader.name()?,
            keys: reader.list(LISTED, Reader::name)?,
            random_keys: reader.optional_number()?,
            interval: reader.optional_number()?,
            value_size: reader.small()?,
            limit: reader.optional_number()?,
            configs: reader.settings()?,
        },
        12 => Command::AddConsumer {
            name: reader.name()?,
            group: reader.name()?,
            topics: reader.list(LISTED, Reader::name)?,
            processing: reader.number()?,
            configs: reader.settings()?,
        },
        13 => Command::Send {
            producer: reader.name()?,
            topic: reader.optional()?,
            partition: reader.optional_signed()?,
            key: reader.optional()?,
            value: reader.optional()?,
        },
        14 => Command::SetInterval { producer: reader.name()?, interval: reader.optional_number()? },
        _unknown => return Err(ReadError::Nonsense),
    })
}

fn read_placement(reader: &mut Reader<'_>) -> Result<Vec<Vec<i32>>, ReadError> {
    reader.list(LISTED, |reader| reader.list(COPIES, Reader::signed))
}
