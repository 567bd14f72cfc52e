//! `kafka-groups`: groups of all kinds in one list (`GroupsCommand`).

use super::after::After;
use super::java::hashed;
use super::looked::Looked;
use super::options::Options;
use super::output::Output;
use super::{Begun, Fault, Refusal, admin, usage};
use port::{Ask, GroupListed};

/// `kafka-groups.sh`.
pub(crate) const ALL: &str = "bootstrap-server= command-config= consumer group-type= list protocol= share streams";

/// What is shown of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    All,
    /// `--group-type` and `--protocol`, each where it is given.
    Of {
        kind: Option<&'static str>,
        protocol: Option<String>,
    },
    /// `--consumer`: simple groups among them.
    Consumers,
    /// `--share`, `--streams`.
    Kind(&'static str),
}

/// `GroupType`: as `--group-type` takes it, and as it is printed.
const KINDS: [&str; 4] = ["Classic", "Consumer", "Share", "Streams"];

pub(crate) fn groups(options: &Options) -> Result<Begun, Refusal> {
    if !options.has("bootstrap-server") {
        return usage("Missing required option(s) [bootstrap-server]");
    }
    if !options.has("list") {
        return usage("Command must include exactly one action: --list.");
    }
    let given = options.value("group-type")?;
    let kind = given.and_then(|text| KINDS.into_iter().find(|kind| kind.eq_ignore_ascii_case(text)));
    if given.is_some() && kind.is_none() {
        return Err(Refusal::Value(Fault::argument("--group-type must be a valid group type.")));
    }
    options.exclude("consumer", &["group-type", "protocol", "share", "streams"])?;
    options.exclude("share", &["consumer", "group-type", "protocol", "streams"])?;
    options.exclude("streams", &["consumer", "group-type", "protocol", "share"])?;
    admin::connect(options).map_err(|refusal| match refusal {
        Refusal::Unconnected(printed) => unconnected(printed),
        other => other,
    })?;
    let shown = if options.has("consumer") {
        Shown::Consumers
    } else if options.has("share") {
        Shown::Kind("Share")
    } else if options.has("streams") {
        Shown::Kind("Streams")
    } else if kind.is_some() || options.has("protocol") {
        Shown::Of { kind, protocol: options.value("protocol")?.map(str::to_owned) }
    } else {
        Shown::All
    };
    let ask = Ask::ListGroups { states: Vec::new(), types: Vec::new() };
    Ok(Begun::asking(ask, After::Looked(Looked::AllGroups(shown))))
}

/// It logs what it has caught, without the message in front.
fn unconnected(caught: Output) -> Refusal {
    let words = "Failed to create new KafkaAdminClient";
    let mut printed = Output::default();
    printed.out(format!("Error while executing groups command : {words}"));
    let lines = caught.lines.len().saturating_sub(1);
    printed.lines.extend(caught.lines.into_iter().take(lines).skip(1));
    printed.err(" (org.apache.kafka.tools.GroupsCommand)").exit(1);
    Refusal::Said(words.to_owned(), printed)
}

impl Shown {
    /// `combinedFilter`.
    fn takes(&self, group: &GroupListed) -> bool {
        let (kind, protocol) = (&*group.group_type, &*group.protocol_type);
        match self {
            Shown::All => true,
            Shown::Of { kind: wanted, protocol: named } => {
                wanted.is_none_or(|wanted| kind.eq_ignore_ascii_case(wanted))
                    && named.as_ref().is_none_or(|named| *named == protocol)
            }
            Shown::Consumers => ["", "consumer"].contains(&protocol) || kind.eq_ignore_ascii_case("consumer"),
            Shown::Kind(wanted) => kind.eq_ignore_ascii_case(wanted),
        }
    }

    /// `printGroupDetails`.
    pub(crate) fn print(&self, output: &mut Output, groups: &[GroupListed]) {
        let all = hashed(groups, None, |group| &group.group);
        let shown: Vec<[&str; 3]> = all
            .into_iter()
            .filter(|group| self.takes(group))
            .map(|group| [&*group.group, &*group.group_type, &*group.protocol_type])
            .collect();
        let width = shown.iter().flatten().map(|cell| cell.chars().count()).max().unwrap_or(0).max(20);
        output.out(format!("{:width$} {:width$} {:width$}", "GROUP", "TYPE", "PROTOCOL"));
        for [group, kind, protocol] in shown {
            output.out(format!("{group:width$} {kind:width$} {protocol:width$} "));
        }
    }
}
