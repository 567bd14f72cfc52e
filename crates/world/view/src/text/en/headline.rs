//! English: the headline.

use super::{list, plural};
use crate::text::headline::{duration, of_end};
use crate::text::{HeadlineText, thousands};
use crate::{End, Gone, Headline, Heirs, Informed, Missing, Names, NoCoordinator, Notice, Several, Unread};
use base::{BrokerId, TopicPartition};
use port::CrashAt;

pub(super) const HEADLINE: HeadlineText =
    HeadlineText { say, try_before: "Try:", try_stop: "on a broker", try_start: "to start it again" };

fn say(headline: &Headline) -> String {
    match headline {
        Headline::Lost { records, partition } => {
            format!("{} lost, most recently from {partition}.", acknowledged(*records))
        }
        Headline::StillLost { records } => format!("Nothing is wrong now, but {} lost.", acknowledged(*records)),
        Headline::Behind { broker, partitions } => match partitions.more {
            0 => format!("Broker {broker} is behind on {}: it is not in the ISR.", partitions.first),
            more => format!("Broker {broker} is behind on {} partitions: it is not in their ISR.", more + 1),
        },
        Headline::MinIsr { partitions, have, need } => {
            let verb = if partitions.more > 0 { "refuse" } else { "refuses" };
            format!("{} {verb} acks=all: {have} in sync, {need} needed.", several(partitions))
        }
        Headline::NewTopic { topic, partitions, copies } => {
            let copies = plural(*copies, "copy", "copies");
            format!("Topic {topic} is new: {}, {copies} each.", plural(*partitions, "partition", "partitions"))
        }
        Headline::Empty => "Nothing here yet. Add a broker, a topic, a producer.".into(),
        Headline::Flow => "Messages flow left to right; each broker keeps copies.".into(),
        Headline::Fine => "All is well: your topics have their leaders and all their copies.".into(),
        of_a_process => of_nodes(of_a_process)
            .or_else(|| of_clients(of_a_process))
            .or_else(|| of_programs(of_a_process))
            .unwrap_or_default(),
    }
}

fn of_nodes(headline: &Headline) -> Option<String> {
    Some(match headline {
        Headline::NoBroker { all: 1 } => "The only broker is down: no partition has a leader.".into(),
        Headline::NoBroker { all } => format!("All {all} brokers are down: no partition has a leader."),
        Headline::Died { missing, notice } => died(missing, *notice),
        Headline::Silent { missing, controller, timeout } => {
            let Missing { broker, end, .. } = missing;
            let how = of_end(*end, ["", "", "", ", which hangs", ", which is cut off"]);
            let timeout = duration(*timeout);
            let waits =
                format!("Controller {controller} waits: after {timeout} of silence it gives up broker {broker}{how}.");
            with_orphans(waits, missing)
        }
        Headline::Chosen { orphans, controller, leader, silence: Some((broker, silence)) } => format!(
            "Broker {broker} was silent for {}: controller {controller} has decided that broker {leader} leads {}.",
            duration(*silence),
            several(orphans)
        ),
        Headline::Chosen { orphans, controller, leader, silence: None } => format!(
            "Controller {controller} has decided that broker {leader} leads {}. It reads the decision.",
            several(orphans)
        ),
        other => return of_leaderless(other).or_else(|| of_the_rest(other)),
    })
}

fn of_leaderless(headline: &Headline) -> Option<String> {
    Some(match headline {
        Headline::Undelivered { orphans, controller, leader, why } => {
            undelivered((orphans, controller.as_deref()), *leader, *why)
        }
        Headline::OldSession { broker, controller, until, orphans } => {
            let session = match until {
                Some(until) => format!("controller {controller} keeps its old session until {until}."),
                None => format!("its old session is over, controller {controller} is about to act."),
            };
            let left =
                orphans.as_ref().map_or(String::new(), |all| format!(" {} {} no leader.", several(all), have(all)));
            format!("Broker {broker} has started anew; {session}{left}")
        }
        Headline::NobodyLetsIn { orphans, leader } => format!(
            "{} {} no leader: broker {leader} has started anew, and no controller is in charge.",
            several(orphans),
            have(orphans)
        ),
        Headline::NobodyChooses { orphans, leader } => format!(
            "{} lost its leader, broker {leader}, and no controller is in charge to choose another.",
            several(orphans)
        ),
        Headline::Offline { orphans, candidates, torn } => {
            format!("{} {} no leader. {}", several(orphans), have(orphans), only(candidates, *torn, &orphans.first))
        }
        Headline::LastLeader { orphans, broker } => {
            let last = broker.map_or(String::new(), |broker| format!(" Broker {broker} led it last."));
            format!("{} {} no leader, and no copy is surely complete.{last}", several(orphans), have(orphans))
        }
        _another => return None,
    })
}

/// Who may lead it, and what is on their disks.
fn only(candidates: &[BrokerId], torn: Option<BrokerId>, partition: &TopicPartition) -> String {
    let names: Vec<String> = candidates.iter().map(ToString::to_string).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let brokers = match names.as_slice() {
        [one] => format!("Only broker {one}"),
        _several => format!("Only brokers {}", list(&names)),
    };
    match torn {
        Some(_) if names.len() == 1 => format!("{brokers} may lead; what it had not flushed may be missing."),
        Some(torn) => format!("{brokers} may lead; what {torn} had not flushed may be missing."),
        None => format!("{brokers} {} all of {partition}.", if names.len() == 1 { "has" } else { "have" }),
    }
}

fn undelivered((orphans, controller): (&Several, Option<&str>), leader: BrokerId, why: Unread) -> String {
    let orphans = several(orphans);
    let decided = match controller {
        Some(name) => format!("{name} has decided that broker {leader} leads {orphans}"),
        None => format!("Broker {leader} is to lead {orphans}"),
    };
    let why = match why {
        Unread::CutOff => "its link is cut",
        Unread::NobodyInCharge => "no controller is in charge",
    };
    format!("{decided}. It cannot read the decision: {why}.")
}

fn of_the_rest(headline: &Headline) -> Option<String> {
    Some(match headline {
        Headline::NoMajority { running, all } => {
            format!("No controller can be elected: {running} of {all} {}. Brokers go on as they are.", answer(*running))
        }
        Headline::Split { running, all } => {
            format!("No controller can be elected: {running} of {all} run, but cut links part them.")
        }
        Headline::Votes { candidate, have, all } => {
            format!("Nobody is in charge. {candidate} asks for votes: {have} of {all}, {} needed.", all / 2 + 1)
        }
        Headline::TakesCharge { name } => format!("{name} has won the election and is about to take charge."),
        Headline::PreVote { name } => format!("Nobody is in charge. {name} asks whether the others would elect it."),
        Headline::ElectionDue { name, at } => {
            format!("Nobody is in charge. {name} asks for votes at {at} if it hears of no leader.")
        }
        Headline::Over(sums) => (super::pace::PACE.sums)(sums),
        Headline::NobodyInCharge => "Nobody is in charge, and no controller stands for election yet.".into(),
        Headline::Gone(gone) => self::gone(gone),
        Headline::Starts(broker) => format!("Broker {broker} is starting. The controller has not let it in yet."),
        Headline::Fenced(broker) => format!("Broker {broker} runs, but the controller keeps it out: it is fenced."),
        Headline::Leaves { broker, leads: 0 } => format!("Broker {broker} shuts down. It leads nothing any more."),
        Headline::Leaves { broker, leads } => {
            format!("Broker {broker} shuts down. It hands over {} first.", plural(*leads, "partition", "partitions"))
        }
        Headline::Cut { a, b, others } => {
            format!("Nothing passes between {} and {}{}.", place(a), place(b), more_links(*others))
        }
        Headline::CutOneWay { from, to, others } => {
            format!("Nothing passes from {} to {}{}.", place(from), place(to), more_links(*others))
        }
        Headline::ControllerGone { name, end, active } => {
            let how = of_end(*end, ["was killed", "lost its power", "has stopped", "hangs", "is cut off"]);
            format!("Controller {name} {how}. {active} is in charge.")
        }
        Headline::ControllerStale { name, active } => {
            format!("{active} is in charge. {name} still takes itself for the controller and can decide nothing.")
        }
        _another => return None,
    })
}

fn of_clients(headline: &Headline) -> Option<String> {
    Some(match headline {
        Headline::NoCoordinator { group, why } => format!("Group {group} has no coordinator: {}.", self::why(why)),
        Headline::Joins { group, member } => format!("{member} has no place in group {group} yet."),
        Headline::Planned { group } => format!("Group {group} has a plan. It is on its way to the members."),
        Headline::Rebalances { group, joined, all } => {
            format!("Group {group} shares its partitions out: {joined} of {all} members have joined.")
        }
        Headline::Shares { group, leader } => format!("{leader} leads group {group} and shares the partitions out."),
        Headline::MemberSilent { member, coordinator, timeout, unread, .. } => {
            let timeout = duration(*timeout);
            let nobody = unread.as_ref().map_or(String::new(), |unread| format!(" Nobody reads {}.", several(unread)));
            format!("Broker {coordinator} waits up to {timeout} for a heartbeat of {member}.{nobody}")
        }
        Headline::Failed { client, error } => format!("{client} ended with {error}."),
        Headline::ClientGone { client, end, group } => {
            let how = of_end(*end, ["was killed", "lost its power", "has stopped", "hangs", "is cut off"]);
            let rest = group.as_ref().map_or(String::new(), |(group, heirs)| self::heirs(group, heirs));
            format!("{client} {how}.{rest}")
        }
        Headline::SendFailed { client, error } => format!("{client} could not write its last message: {error}."),
        Headline::SendWaits { client, over } => {
            format!("{client} has heard nothing of its messages for more than {}.", duration(*over))
        }
        Headline::NewMember { group, member, reads: Some(reads) } => {
            format!("{member} is new in group {group} and reads {}.", several(reads))
        }
        Headline::NewMember { group, member, reads: None } => {
            format!("{member} is new in group {group} and idle: it has no partition.")
        }
        _another => return None,
    })
}

fn of_programs(headline: &Headline) -> Option<String> {
    Some(match headline {
        Headline::Crashed { client, at, again, never } => crashed(client, *at, (*again, *never)),
        Headline::CommitThrew { client, error } => format!("{client} could not commit: {error}.{}", thrown(error)),
        Headline::Sought { client, partitions, to, again, skipped } => {
            let to = to.map_or_else(|| "another place in".to_owned(), |to| format!("offset {to} of"));
            format!("{client} goes to {to} {}{}.", several(partitions), sought(*again, *skipped))
        }
        Headline::Resumed { client, partitions } => format!("{client} reads {} again.", several(partitions)),
        Headline::Paused { client, partitions, waiting: 0 } => {
            format!("{client} has paused {}: its program wants it so.", several(partitions))
        }
        Headline::Paused { client, partitions, waiting } => format!(
            "{client} has paused {}: its program wants it so. Unread there: {}.",
            several(partitions),
            thousands(*waiting)
        ),
        Headline::StoreFails { store, client, more: 0 } => {
            format!("Store {store} is out of order: {client} writes again and again, and reads nothing meanwhile.")
        }
        Headline::StoreFails { store, client, more } => format!(
            "Store {store} is out of order: {client} and {} write again and again, and read nothing meanwhile.",
            plural(*more, "other", "others")
        ),
        Headline::Store { store, twice, never: 0 } => format!("Store {store} has {} more than once.", records(*twice)),
        Headline::Store { store, twice: 0, never } => {
            format!("Store {store} lacks {} that its group has committed.", records(*never))
        }
        Headline::Store { store, twice, never } => format!(
            "Store {store} has {} more than once, and lacks {} that its group has committed.",
            records(*twice),
            thousands(*never)
        ),
        _another => return None,
    })
}

fn records(count: u64) -> String {
    match count {
        1 => "1 record".to_owned(),
        _ => format!("{} records", thousands(count)),
    }
}

fn are(count: u64) -> String {
    format!("{} {}", records(count), if count == 1 { "is" } else { "are" })
}

fn will_be(count: u64) -> String {
    format!("{} will be", records(count))
}

fn crashed(client: &str, at: CrashAt, toll: (u64, u64)) -> String {
    let at = match at {
        CrashAt::BeforeCommit => "crashed right before its commit",
        CrashAt::AfterCommit => "crashed right after its commit",
        CrashAt::FailedWrite => "ended, because a write into its store failed",
    };
    let toll = match toll {
        (0, 0) => "nothing is done twice, nothing is left out".to_owned(),
        (again, 0) => format!("{} read again", will_be(again)),
        (0, never) => format!("{} committed, and nobody will work on them", are(never)),
        (again, never) => {
            format!("{} read again, {} committed and never worked on", will_be(again), are(never))
        }
    };
    format!("{client} {at}: {toll}.")
}

/// What an exception means.
fn thrown(error: &str) -> &'static str {
    match error {
        "CommitFailedException" => " Its group no longer counts it; what it did since may be read again.",
        "RebalanceInProgressException" => " Its group is sharing out anew.",
        "RetriableCommitFailedException" => " A later commit says the same and more.",
        _another => "",
    }
}

fn sought(again: u64, skipped: u64) -> String {
    match (again, skipped) {
        (0, 0) => String::new(),
        (again, 0) => format!(": it reads {} again", records(again)),
        (0, skipped) => format!(": it skips {}", records(skipped)),
        (again, skipped) => format!(": it reads {} again and skips {}", records(again), thousands(skipped)),
    }
}

fn heirs(group: &str, heirs: &Heirs) -> String {
    match heirs {
        Heirs::Nobody => format!(" Nobody else of group {group} runs."),
        Heirs::NoReader { topic } => format!(" Nobody else of group {group} reads {topic}."),
        Heirs::Share { others: 1, topics: Names { first, more: 0 } } => {
            format!(" 1 other of group {group} reads all of {first}.")
        }
        Heirs::Share { others: 1, .. } => format!(" 1 other of group {group} reads all its topics."),
        Heirs::Share { others, .. } => format!(" {others} others of group {group} share the partitions."),
        Heirs::Unsettled => String::new(),
    }
}

fn died(missing: &Missing, notice: Notice) -> String {
    let Missing { broker, end, .. } = missing;
    let how = of_end(*end, ["was killed", "lost its power", "has stopped", "hangs", "is cut off"]);
    let notice = match notice {
        Notice::Clients => "Its clients notice at once, the controller not yet.",
        Notice::NoClient => "The controller has not noticed yet.",
        Notice::Nobody => "Nobody notices yet.",
    };
    with_orphans(format!("Broker {broker} {how}. {notice}"), missing)
}

fn with_orphans(sentence: String, missing: &Missing) -> String {
    match &missing.orphans {
        Some(orphans) => format!("{sentence} {} {} no leader.", several(orphans), have(orphans)),
        None => sentence,
    }
}

fn gone(gone: &Gone) -> String {
    let Gone { broker, end, others, moved, clients, short } = gone;
    let subject = match others {
        0 => format!("Broker {broker}"),
        _ => format!("Broker {broker} and {}", plural(*others, "other", "others")),
    };
    let it = if *others == 0 { "it".to_owned() } else { format!("broker {broker}") };
    let state = match (others, end) {
        (0, End::Hangs) => "hangs",
        (0, End::CutOff) => "is cut off",
        (0, End::Killed | End::PoweredOff | End::Stopped) => "is down",
        (_, _) => "are out of reach",
    };
    let then = match (moved, clients) {
        // Their names would change too quickly to be read.
        (Some((partitions, leader)), Informed::Looking(_)) => {
            format!(" Broker {leader} took over {}; some clients still look for broker {broker}.", several(partitions))
        }
        (Some((partitions, leader)), Informed::Know) => {
            format!(" Broker {leader} leads {} now, and its clients know.", several(partitions))
        }
        (Some((partitions, leader)), Informed::Unsaid) => {
            format!(" Broker {leader} leads {} now.", several(partitions))
        }
        (None, Informed::Looking(_)) => format!(" Some clients still take {it} for a leader."),
        (None, Informed::Know | Informed::Unsaid) if short.is_some() => String::new(),
        (None, Informed::Know | Informed::Unsaid) => format!(" {}{} leads nothing.", it[..1].to_uppercase(), &it[1..]),
    };
    let refuses = short.as_ref().map_or(String::new(), |short| {
        let verb = if short.more > 0 { "refuse" } else { "refuses" };
        format!(" {} {verb} acks=all.", several(short))
    });
    format!("{subject} {state}.{then}{refuses}")
}

fn why(why: &NoCoordinator) -> String {
    match why {
        NoCoordinator::NoTopic => "the topic __consumer_offsets is not there yet".to_owned(),
        NoCoordinator::NoLeader(partition) => format!("{partition} has no leader"),
        NoCoordinator::Hangs(broker) => format!("broker {broker} hangs"),
        NoCoordinator::Loading(broker) => format!("broker {broker} is to be it and has not begun"),
    }
}

fn acknowledged(records: u64) -> String {
    match records {
        1 => "1 acknowledged message is".to_owned(),
        _ => format!("{} acknowledged messages are", thousands(records)),
    }
}

fn several(several: &Several) -> String {
    match several.more {
        0 => several.first.to_string(),
        more => format!("{} and {more} more", several.first),
    }
}

fn have(several: &Several) -> &'static str {
    if several.more > 0 { "have" } else { "has" }
}

fn answer(count: usize) -> &'static str {
    if count == 1 { "answers" } else { "answer" }
}

fn more_links(others: usize) -> String {
    if others > 0 { format!(", nor on {}", plural(others, "other link", "other links")) } else { String::new() }
}

/// Brokers are called by number.
fn place(name: &str) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("broker {name}") } else { name.to_owned() }
}
