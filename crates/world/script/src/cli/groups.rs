//! `kafka-consumer-groups`, with its checks in the order of `ConsumerGroupCommandOptions.checkArgs`.

use super::options::Options;
use super::{Begun, Output, Refusal, usage};

/// `kafka-consumer-groups.sh`.
pub(crate) const GROUPS: &str = "all-groups all-topics bootstrap-server= by-duration= command-config= delete delete-offsets \
                                 describe dry-run execute export from-file= group= list members offsets \
                                 reset-offsets shift-by= state? timeout= to-current to-datetime= to-earliest to-latest \
                                 to-offset= topic= type? validate-regex= verbose";

const ACTIONS: [&str; 6] = ["list", "describe", "delete", "reset-offsets", "delete-offsets", "validate-regex"];
const SCENARIOS: [&str; 8] =
    ["to-offset", "shift-by", "to-datetime", "by-duration", "to-earliest", "to-latest", "to-current", "from-file"];

/// The choice of groups, in the words of all that need one.
const SCOPES: &str = "takes one of these options: [all-groups], [group]";

pub(crate) fn groups(options: &Options) -> Result<Begun, Refusal> {
    options.available(&[
        ("members", &["describe"]),
        ("verbose", &["describe"]),
        ("offsets", &["describe"]),
        ("state", &["describe", "list"]),
        ("type", &["list"]),
    ])?;
    let mut before = Output::default();
    check(options, &mut before)?;
    if options.count(&ACTIONS) != 1 {
        let actions = ACTIONS.map(|action| format!("--{action}")).join(", ");
        return usage(format!("Command must include exactly one action: {actions}"));
    }
    let action = ACTIONS.into_iter().find(|action| options.has(action)).unwrap_or_default();
    Err(Refusal::NotHere(format!("--{action}")))
}

fn check(options: &Options, before: &mut Output) -> Result<(), Refusal> {
    if !options.has("validate-regex") {
        options.require(&["bootstrap-server"])?;
    }
    let is_scoped = options.count(&["group", "all-groups"]) > 0;
    if options.has("describe") {
        if !is_scoped {
            return usage(format!("Option [describe] {SCOPES}"));
        }
        if options.count(&["members", "offsets", "state"]) > 1 {
            return usage("Option [describe] takes at most one of these options: [members], [offsets], [state]");
        }
        if options.value("state")?.is_some() {
            return usage("Option [describe] does not take a value for [state]");
        }
    }
    if options.has("delete") {
        if !is_scoped {
            return usage(format!("Option [delete] {SCOPES}"));
        }
        if options.has("topic") {
            return usage("The consumer does not support topic-specific offset deletion from a consumer group.");
        }
    }
    if options.has("delete-offsets") && options.count(&["group", "topic"]) < 2 {
        return usage("Option [delete-offsets] takes the following options: [topic], [group]");
    }
    if options.has("reset-offsets") {
        check_reset(options, before)?;
    }
    options.exclude("group", &["all-groups"])?;
    options.exclude("group", &["list"])?;
    options.exclude("topic", &["list", "describe"])
}

fn check_reset(options: &Options, before: &mut Output) -> Result<(), Refusal> {
    match options.count(&["dry-run", "execute"]) {
        2 => return usage("Option [reset-offsets] only accepts one of [execute] and [dry-run]"),
        0 => {
            before.err(
                "WARN: No action will be performed as the --execute option is missing. In version 5.0, this command will \
                 require either --dry-run or --execute to be specified. You should add the --dry-run option explicitly \
                 if you are scripting this command and want to keep the current default behavior without prompting.",
            );
        }
        _one => {}
    }
    if options.count(&["group", "all-groups"]) == 0 {
        return usage(format!("Option [reset-offsets] {SCOPES}"));
    }
    for scenario in SCENARIOS {
        let others: Vec<&str> = SCENARIOS.into_iter().filter(|other| *other != scenario).collect();
        options.exclude(scenario, &others)?;
    }
    Ok(())
}
