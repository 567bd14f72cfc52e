//! A command in a few bytes. Numbers of commands are part of the format: never used again, only
//! added.

use super::bytes::{ReadError, Reader, Writer};
use crate::limits::{COPIES, LISTED, SETTINGS};
use crate::world_rows::{self, Form, Number, Parts};
use base::{Seldom, Timestamp};
use config::application::Named;
use sim::{ClusterPlan, Command, Election, KafkaCommand, WorldCommand};

/// A consumer leaves its group.
const LEAVE: u8 = 33;
/// A question to the admin client, as its words.
const ASK: u8 = 41;
/// What a consumer's application is told, as its words.
const CALL: u8 = 42;
/// A record with headers.
const SEND_WITH_HEADERS: u8 = 15;
/// A record with a timestamp of somebody's choice, and perhaps headers.
const SEND_AT: u8 = 43;
/// Servers, and what an admin client is asked that begins there.
const VIA: u8 = 44;
/// A cluster's name and a command for it follow.
const IN_CLUSTER: u8 = 40;
/// No command that a link can hold.
const OF_OTHERS: u8 = u8::MAX;

/// The opcode, then what the command holds, in the order of its fields.
pub(crate) fn write(writer: &mut Writer, command: &Command) {
    match command {
        Command::World(command) => write_of_world(writer, command),
        Command::Kafka(cluster, command) => {
            cluster.iter().for_each(|cluster| named(writer, IN_CLUSTER, &[cluster]));
            write_of_kafka(writer, command);
        }
        // `limits::check` keeps it out of whatever is handed on; a reader would refuse it.
        Command::Other(_) => writer.byte(OF_OTHERS),
    }
}

/// By the table of rows, which both directions share.
fn write_of_world(writer: &mut Writer, command: &WorldCommand) {
    let Parts { row, names, number } = world_rows::parts(command);
    named(writer, row.number, &names);
    match number {
        Number::None => {}
        Number::Time(time) => writer.number(time),
        Number::Count(count) => writer.number(u64::from(count)),
    }
}

/// Two halves, because a function has its limits; opcodes are one list.
fn write_of_kafka(writer: &mut Writer, command: &KafkaCommand) {
    match command {
        KafkaCommand::CreateTopic { .. }
        | KafkaCommand::DeleteTopic { .. }
        | KafkaCommand::AddPartitions { .. }
        | KafkaCommand::AlterTopicConfig { .. }
        | KafkaCommand::ElectLeaders { .. }
        | KafkaCommand::Read { .. }
        | KafkaCommand::ListTopics => write_admin(writer, command),
        KafkaCommand::AddBroker { .. }
        | KafkaCommand::AddProducer { .. }
        | KafkaCommand::AddConsumer { .. }
        | KafkaCommand::Send { .. }
        | KafkaCommand::SetInterval { .. } => write_client(writer, command),
        KafkaCommand::Leave { name } => named(writer, LEAVE, &[name]),
        KafkaCommand::Call { name, call } => {
            let (verb, words) = crate::call::write(call);
            named(writer, CALL, &[name, &verb.into()]);
            writer.list(&words, |writer, word| writer.name(word));
        }
        KafkaCommand::Via { servers, command } => {
            named(writer, VIA, &[servers]);
            write_of_kafka(writer, command);
        }
        KafkaCommand::Ask(ask) => {
            writer.byte(ASK);
            writer.list(&crate::ask::write(ask), |writer, word| writer.name(word));
        }
    }
}

/// An opcode and the names that follow it.
fn named(writer: &mut Writer, opcode: u8, names: &[&base::Str]) {
    writer.byte(opcode);
    names.iter().for_each(|name| writer.name(name));
}

/// What operators ask of a cluster: 0 to 7.
fn write_admin(writer: &mut Writer, command: &KafkaCommand) {
    match command {
        KafkaCommand::CreateTopic { name, partitions, replication_factor, assignments, configs, timeout_ms } => {
            named(writer, 0, &[name]);
            writer.optional_signed(partitions.map(i64::from));
            writer.optional_signed(replication_factor.map(i64::from));
            placement(writer, assignments);
            writer.settings(configs);
            writer.optional_number(timeout_ms.map(u64::from));
        }
        KafkaCommand::DeleteTopic { name } => named(writer, 1, &[name]),
        KafkaCommand::AddPartitions { topic, total, assignments } => {
            named(writer, 2, &[topic]);
            writer.signed(i64::from(*total));
            placement(writer, assignments);
        }
        KafkaCommand::AlterTopicConfig { topic, set, delete } => {
            named(writer, 3, &[topic]);
            writer.settings(set);
            writer.list(delete, |writer, name| writer.name(name));
        }
        KafkaCommand::ElectLeaders { election, partitions } => {
            writer.byte(match election {
                Election::Preferred => 4,
                Election::Unclean => 5,
            });
            writer.list(partitions, |writer, name| writer.name(name));
        }
        KafkaCommand::Read { topic, partition, from } => {
            named(writer, 6, &[topic]);
            writer.signed(i64::from(*partition));
            writer.signed(*from);
        }
        KafkaCommand::ListTopics => writer.byte(7),
        KafkaCommand::AddBroker { .. } | KafkaCommand::AddProducer { .. } | KafkaCommand::Ask(_) => elsewhere(command),
        KafkaCommand::AddConsumer { .. } | KafkaCommand::Send { .. } => elsewhere(command),
        KafkaCommand::SetInterval { .. } | KafkaCommand::Leave { .. } | KafkaCommand::Call { .. } => elsewhere(command),
        KafkaCommand::Via { .. } => elsewhere(command),
    }
}

/// `write_of_kafka` says which half writes what.
fn elsewhere(command: &KafkaCommand) -> ! {
    unreachable!("another half writes {command:?}")
}

/// Broker ids by partition.
fn placement(writer: &mut Writer, assignments: &[Vec<i32>]) {
    writer.list(assignments, |writer, ids| writer.list(ids, |writer, id| writer.signed(i64::from(*id))));
}

/// Processes and what they do: 10 to 15.
fn write_client(writer: &mut Writer, command: &KafkaCommand) {
    match command {
        KafkaCommand::AddProducer { name, topic, keys, random_keys, interval, value_size, limit, configs } => {
            named(writer, 11, &[name, topic]);
            writer.list(keys, |writer, key| writer.name(key));
            writer.optional_number(random_keys.map(u64::from));
            writer.optional_number(*interval);
            writer.number(u64::from(*value_size));
            writer.optional_number(*limit);
            writer.settings(configs);
        }
        KafkaCommand::AddConsumer { name, group, topics, processing, configs } => {
            named(writer, 12, &[name, group]);
            writer.list(topics, |writer, topic| writer.name(topic));
            writer.number(*processing);
            writer.settings(configs);
        }
        KafkaCommand::Send { producer, topic, partition, key, value, headers, timestamp } => {
            let opcode = match (timestamp.0, headers.is_empty()) {
                (Some(_), _) => SEND_AT,
                (None, false) => SEND_WITH_HEADERS,
                (None, true) => 13,
            };
            named(writer, opcode, &[producer]);
            writer.optional(topic.as_ref());
            writer.optional_signed(partition.map(i64::from));
            writer.optional(key.as_ref());
            writer.optional(value.as_ref());
            if opcode != 13 {
                writer.list(headers, |writer, (name, value)| {
                    writer.name(name);
                    writer.optional(value.as_ref());
                });
            }
            // What is before 1970 is no record's, and refused before it is written.
            timestamp.iter().for_each(|at| writer.number(at.0.unsigned_abs()));
        }
        KafkaCommand::SetInterval { producer, interval } => {
            named(writer, 14, &[producer]);
            writer.optional_number(*interval);
        }
        KafkaCommand::AddBroker { node, rack } => {
            writer.byte(10);
            writer.signed(i64::from(*node));
            writer.optional(rack.as_ref());
        }
        KafkaCommand::CreateTopic { .. } | KafkaCommand::DeleteTopic { .. } => elsewhere(command),
        KafkaCommand::AddPartitions { .. } | KafkaCommand::AlterTopicConfig { .. } => elsewhere(command),
        KafkaCommand::ElectLeaders { .. } | KafkaCommand::Read { .. } => elsewhere(command),
        KafkaCommand::ListTopics | KafkaCommand::Leave { .. } | KafkaCommand::Ask(_) => elsewhere(command),
        KafkaCommand::Call { .. } | KafkaCommand::Via { .. } => elsewhere(command),
    }
}

/// An opcode that this version does not know makes the link one of a later version: it is damaged from there on.
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Command, ReadError> {
    let opcode = reader.byte()?;
    if opcode == IN_CLUSTER {
        let (cluster, opcode) = (reader.name()?, reader.byte()?);
        if !ClusterPlan::is_name(&cluster) {
            return Err(ReadError::Nonsense);
        }
        return Ok(Command::Kafka(Some(cluster), read_of_kafka(reader, opcode)?));
    }
    if opcode < 20 || [LEAVE, ASK, CALL, SEND_AT, VIA].contains(&opcode) {
        return Ok(Command::Kafka(None, read_of_kafka(reader, opcode)?));
    }
    let row = world_rows::by_number(opcode).ok_or(ReadError::Nonsense)?;
    Ok(Command::World(match row.form {
        Form::Nothing(make) => make(),
        Form::Process(make) | Form::Store(make) => make(reader.name()?),
        Form::StoreTimed(make) => make(reader.name()?, reader.number()?),
        Form::Link(make) => make(reader.name()?, reader.name()?),
        Form::Timed(make) => make(reader.name()?, reader.name()?, reader.number()?),
        Form::Chosen(make) => make(reader.name()?, reader.name()?, reader.name()?),
        Form::Counted(make) => {
            let (from, to, api) = (reader.name()?, reader.name()?, reader.name()?);
            make(from, to, api, u32::try_from(reader.number()?).map_err(|_| ReadError::Nonsense)?)
        }
    }))
}

/// See `write_of_kafka`.
fn read_of_kafka(reader: &mut Reader<'_>, opcode: u8) -> Result<KafkaCommand, ReadError> {
    Ok(match opcode {
        LEAVE => KafkaCommand::Leave { name: reader.name()? },
        CALL => {
            let (name, verb) = (reader.name()?, reader.name()?);
            let words = reader.list(LISTED, Reader::name)?;
            let Some(Ok(call)) = crate::call::read(&verb, &words) else { return Err(ReadError::Nonsense) };
            KafkaCommand::Call { name, call }
        }
        VIA => {
            let (servers, opcode) = (reader.name()?, reader.byte()?);
            if opcode == VIA {
                return Err(ReadError::Nonsense);
            }
            let command = Box::new(read_of_kafka(reader, opcode)?);
            if !command.is_for_admin() {
                return Err(ReadError::Nonsense);
            }
            KafkaCommand::Via { servers, command }
        }
        ASK => {
            let words = reader.list(LISTED, Reader::name)?;
            KafkaCommand::Ask(Box::new(crate::ask::read(&words).ok_or(ReadError::Nonsense)?))
        }
        0 => KafkaCommand::CreateTopic {
            name: reader.name()?,
            partitions: reader.optional_signed()?,
            replication_factor: reader.optional_signed()?,
            assignments: read_placement(reader)?,
            configs: reader.settings()?,
            timeout_ms: reader.optional_number()?,
        },
        1 => KafkaCommand::DeleteTopic { name: reader.name()? },
        2 => KafkaCommand::AddPartitions {
            topic: reader.name()?,
            total: reader.signed()?,
            assignments: read_placement(reader)?,
        },
        3 => KafkaCommand::AlterTopicConfig {
            topic: reader.name()?,
            set: reader.settings()?,
            delete: reader.list(SETTINGS, Reader::name)?,
        },
        4 | 5 => KafkaCommand::ElectLeaders {
            election: if opcode == 4 { Election::Preferred } else { Election::Unclean },
            partitions: reader.list(LISTED, Reader::name)?,
        },
        6 => KafkaCommand::Read { topic: reader.name()?, partition: reader.signed()?, from: reader.signed()? },
        7 => KafkaCommand::ListTopics,
        _of_clients => return read_client(reader, opcode),
    })
}

/// See `write_client`.
fn read_client(reader: &mut Reader<'_>, opcode: u8) -> Result<KafkaCommand, ReadError> {
    Ok(match opcode {
        10 => KafkaCommand::AddBroker { node: reader.signed()?, rack: reader.optional()? },
        11 => KafkaCommand::AddProducer {
            name: reader.name()?,
            topic: reader.name()?,
            keys: reader.list(LISTED, Reader::name)?,
            random_keys: reader.optional_number()?,
            interval: reader.optional_number()?,
            value_size: reader.small()?,
            limit: reader.optional_number()?,
            configs: reader.settings()?,
        },
        12 => KafkaCommand::AddConsumer {
            name: reader.name()?,
            group: reader.name()?,
            topics: reader.list(LISTED, Reader::name)?,
            processing: reader.number()?,
            configs: reader.settings()?,
        },
        13 | SEND_WITH_HEADERS | SEND_AT => KafkaCommand::Send {
            producer: reader.name()?,
            topic: reader.optional()?,
            partition: reader.optional_signed()?,
            key: reader.optional()?,
            value: reader.optional()?,
            headers: Seldom(if opcode == 13 { Vec::new() } else { read_headers(reader, opcode)? }),
            timestamp: Seldom(if opcode == SEND_AT { Some(read_time(reader)?) } else { None }),
        },
        14 => KafkaCommand::SetInterval { producer: reader.name()?, interval: reader.optional_number()? },
        _unknown => return Err(ReadError::Nonsense),
    })
}

/// Milliseconds since 1970.
fn read_time(reader: &mut Reader<'_>) -> Result<Timestamp, ReadError> {
    i64::try_from(reader.number()?).map(Timestamp).map_err(|_| ReadError::Nonsense)
}

/// At least one, where nothing else is held, and each has a name: otherwise a link would have two spellings, or none as a line.
fn read_headers(reader: &mut Reader<'_>, opcode: u8) -> Result<Vec<Named>, ReadError> {
    let headers = reader.list(SETTINGS, |reader| Ok((reader.name()?, reader.optional()?)))?;
    let named = (opcode == SEND_AT || !headers.is_empty()) && headers.iter().all(|(name, _)| !name.is_empty());
    if named { Ok(headers) } else { Err(ReadError::Nonsense) }
}

/// Bounded, as all lists.
fn read_placement(reader: &mut Reader<'_>) -> Result<Vec<Vec<i32>>, ReadError> {
    reader.list(LISTED, |reader| reader.list(COPIES, Reader::signed))
}
