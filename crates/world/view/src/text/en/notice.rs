//! English: the cards about links, and one plain sentence for what was refused.

use base::ErrorCode;
use script::cli::CliError;
use sim::CommandError;

use crate::text::{NoticeText, RefusalText};

fn steps(count: u64) -> String {
    if count == 1 { "one step".to_owned() } else { format!("{count} steps") }
}

fn playable(readable: u64, total: Option<u64>) -> String {
    match (readable, total) {
        (0, _) => "None of its steps can be played.".to_owned(),
        (_, Some(total)) => format!("{readable} of {} can be played.", steps(total)),
        (_, None) => format!("{} can be played.", capital(&steps(readable))),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect()).unwrap_or_default()
}

pub(super) const NOTICE: NoticeText = NoticeText {
    foreign: ("This is not a link of Blumfeld", "The address holds something else. Here is the opening scene."),
    future: |version| {
        ("This link is newer than the page".to_owned(), format!("It has format {version}; this page reads format 1."))
    },
    other_rules: |semantics| {
        let text =
            format!("It was made with engine rules {semantics}. The steps can be played; the outcome may differ.");
        ("This link was made by another version".to_owned(), text)
    },
    truncated: |readable, total| ("This link is cut off".to_owned(), playable(readable, total)),
    damaged: |after, readable, total| {
        (format!("This link is damaged after {after} characters"), playable(readable, total))
    },
    too_large: |what, limit| {
        ("This link asks for too much".to_owned(), format!("The page plays at most {limit} {what}. Nothing was run."))
    },
    unknown_scenario: |id| {
        ("This scenario is not here".to_owned(), format!("The page has no scenario “{id}”. Here is the opening scene."))
    },
    matches: |events, hash| {
        ("The state matches".to_owned(), format!("Replayed {events} events; the state is {hash}, as it was shared."))
    },
    differs: |expected, got| {
        let text = format!("The link says {expected}, this page reached {got}. The run went otherwise.");
        ("The state differs".to_owned(), text)
    },
    stopped: |at, end| {
        ("Stopped on the way".to_owned(), format!("Replayed up to {at} of {end}; hashes were not compared."))
    },
    unchecked: |events| {
        ("Played what could be read".to_owned(), format!("Replayed {events} events; there was no hash to compare."))
    },
    unhashed: |events| {
        ("Opened".to_owned(), format!("Replayed {events} events; this link carries no hash to compare with."))
    },
    not_shared: |what, limit| {
        let text = format!(
            "A link holds at most {limit} {what}. The experiment itself goes on; its commands can be copied below."
        );
        ("This experiment does not fit into a link".to_owned(), text)
    },
    leave_out: |verb, times, bytes| format!("{times} × {verb}: {bytes} bytes"),
    saved: ("Your last experiment is kept", "This browser kept it; nothing was sent anywhere."),
    play_readable: |count| format!("Play {}", steps(count)),
    open_saved: "Open it",
    list_kept: "All kept ones",
    paste_again: "Paste the link again",
    share_link: "Copy its link",
    keep_scene: "Stay here",
    understood: "Close",
};

pub(super) const REFUSAL: RefusalText = RefusalText {
    of_kafka: |error| match error {
        ErrorCode::InvalidReplicationFactor => "Each copy needs its own broker.",
        ErrorCode::InvalidPartitions => "A topic has at least one partition.",
        ErrorCode::TopicAlreadyExists => "A topic of this name is there already.",
        ErrorCode::InvalidTopicException => "Letters, digits, dot, underscore and hyphen; 249 at most.",
        ErrorCode::UnknownTopicOrPartition => "There is no such topic or partition.",
        ErrorCode::InvalidConfig => "The setting does not take this value.",
        ErrorCode::InvalidReplicaAssignment => "The placement names a broker twice or one that is not there.",
        ErrorCode::NotController => "Nobody is in charge at present.",
        ErrorCode::RequestTimedOut => "Nobody answered in time.",
        ErrorCode::NotEnoughReplicas | ErrorCode::NotEnoughReplicasAfterAppend => {
            "The ISR has fewer members than min.insync.replicas."
        }
        ErrorCode::ElectionNotNeeded => "The leader is the right one already.",
        ErrorCode::PreferredLeaderNotAvailable => "The preferred replica is not alive or not in the ISR.",
        ErrorCode::EligibleLeadersNotAvailable => "No replica that may lead is alive.",
        ErrorCode::MessageTooLarge => "The message is larger than the broker takes.",
        ErrorCode::RecordListTooLarge => "All of it together is larger than one batch of the log.",
        ErrorCode::PolicyViolation => "The cluster would grow too large.",
        _any_other => "The cluster refused it.",
    },
    of_world: |error| match error {
        CommandError::NoSuchStore(name) => format!("No program here writes to a store {name}."),
        CommandError::NoSuchCluster(name) => format!("There is no cluster {name}."),
        CommandError::OfAnotherCluster { name, cluster } => format!("{name} is no client of cluster {cluster}."),
        CommandError::NoSuchProcess(name) => format!("Nobody here is called {name}."),
        CommandError::NameTaken(name) => format!("The name {name} is taken."),
        CommandError::WrongKind { name, wanted } => format!("{name} is not a {wanted}."),
        CommandError::NotRunning(name) => format!("{name} is not running."),
        CommandError::AlreadyRunning(name) => format!("{name} runs already."),
        CommandError::Config { name, message } => format!("{name}: {message}"),
        CommandError::NotModelled(lacking) => (super::settings::SETTINGS.not_modelled)(lacking),
        CommandError::Malformed { what, value } => format!("“{value}” is not a {what}."),
        CommandError::TooMuch { what, limit } => format!("At most {limit} {what} fit into one tab."),
        CommandError::Unstartable(why) => format!("The cluster cannot start: {why}."),
        CommandError::SameEnds(name) => format!("A link has two different ends, not {name} twice."),
    },
    beyond: |what, limit| match what {
        "steps" => format!("An experiment takes at most {limit} acts. Share it and begin a new one."),
        _ => format!("One command takes at most {limit} {what}: no link could hold more."),
    },
    the_end: "No run lasts longer than a week. Go back, or begin a new one.",
    of_shell: ToString::to_string,
    no_text: |path| {
        format!("{path} is no text: kafka-dump-log.sh --print-data-log --files {path} reads logs and indexes")
    },
    not_here: |tool, what, lack| {
        let error =
            CliError::NotHere { tool: "", what: format!("{tool} {what}").trim().to_owned(), lack, instead: None };
        error.to_string()
    },
    instead: |line| format!("Today it is written: {line}"),
    sent: |partition, offset| match offset {
        0.. => format!("Written to {partition} at offset {offset}."),
        _ => format!("Sent to {partition}; with acks=0 nobody says where it is."),
    },
    done: "Done.",
    later: "Asked. The answer comes when time goes on.",
    unseen: |count| match count {
        1 => "1 record more was given to it: counted, not shown.".to_owned(),
        count => format!("{count} records more were given to it: counted, not shown."),
    },
};
