//! `kafka-consumer-groups`, with its checks in the order of `ConsumerGroupCommandOptions.checkArgs`.

use super::after::After;
use super::each::{EachGroup, Moves, What};
use super::groups_told::{Column, Columns, Detail, Form, GroupsShown};
use super::looked::{Looked, Named};
use super::options::Options;
use super::{Begun, Fault, Output, Refusal, admin, plan, re2, usage};
use base::{Offset, Span, Str, Timestamp, TopicPartition};
use port::{Act, Ask, GroupDetail, Part, ResetTo, Which};

/// `kafka-consumer-groups.sh`.
pub(crate) const GROUPS: &str = "all-groups all-topics bootstrap-server= by-duration= command-config= delete delete-offsets \
                                 describe dry-run execute export from-file= group= list members offsets \
                                 reset-offsets shift-by= state? timeout= to-current to-datetime= to-earliest to-latest \
                                 to-offset= topic= type? validate-regex= verbose";

const ACTIONS: [&str; 6] = ["list", "describe", "delete", "reset-offsets", "delete-offsets", "validate-regex"];
const SCENARIOS: [&str; 8] =
    ["to-offset", "shift-by", "to-datetime", "by-duration", "to-earliest", "to-latest", "to-current", "from-file"];

/// The same as a set of Java's once listed them, whose order is another one in each run.
const TOLD: [&str; 8] =
    ["to-latest", "to-current", "to-earliest", "to-offset", "shift-by", "from-file", "to-datetime", "by-duration"];

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
    let begun = begin(options, &mut before);
    begun
        .map(|begun| Begun { before: before.clone().and(&begun.before), ..begun })
        .map_err(|refusal| refusal.behind(&before))
}

fn begin(options: &Options, before: &mut Output) -> Result<Begun, Refusal> {
    check(options, before)?;
    if options.count(&ACTIONS) != 1 {
        let actions = ACTIONS.map(|action| format!("--{action}")).join(", ");
        return usage(format!("Command must include exactly one action: {actions}"));
    }
    if options.has("validate-regex") {
        return Err(Refusal::Told(validated(options.value("validate-regex")?.unwrap_or_default())));
    }
    admin::connect(options)?;
    action(options)
}

/// `validateRegex`.
fn validated(pattern: &str) -> Output {
    let mut output = Output::default();
    output.out(match re2::check(pattern) {
        Ok(()) => format!("The regular expression `{pattern}` is valid."),
        Err(why) => format!("The regular expression `{pattern}` is invalid: {why}."),
    });
    output
}

/// The one action that was found to be there.
fn action(options: &Options) -> Result<Begun, Refusal> {
    let groups: Vec<Str> = options.all("group").into_iter().map(Str::from).collect();
    if options.has("list") {
        return list(options);
    }
    if options.has("describe") {
        return Ok(describe(options, groups));
    }
    if options.has("delete") {
        if options.has("all-groups") {
            let (ask, after) = EachGroup::begin(What::Delete);
            return Ok(Begun::asking(ask, after));
        }
        return Ok(Begun::asking(Ask::DeleteGroups(groups), After::Looked(Looked::GroupsDeleted)));
    }
    if options.has("delete-offsets") {
        let group: Str = options.value("group")?.unwrap_or_default().into();
        let of = parts(options)?;
        let after = After::Looked(Looked::OffsetsDeleted(group.clone()));
        return Ok(Begun::asking(Ask::DeleteOffsets { group, of }, after));
    }
    reset(options, &groups)
}

/// `listGroups`.
fn list(options: &Options) -> Result<Begun, Refusal> {
    const STATES: [&str; 7] =
        ["PreparingRebalance", "CompletingRebalance", "Stable", "Dead", "Empty", "Assigning", "Reconciling"];
    let column = |name: &str| if options.has(name) { Column::Shown } else { Column::Hidden };
    let split = |text: Option<&str>| -> Vec<String> {
        text.into_iter().flat_map(|text| text.split(',')).map(|part| part.trim().to_owned()).collect()
    };
    let state = options.value("state")?;
    let known = |part: &String| STATES.iter().find(|known| known.eq_ignore_ascii_case(part)).copied();
    let Some(states) = split(state).iter().map(known).collect::<Option<Vec<&str>>>() else {
        return usage(format!(
            "Invalid state list '{}'. Valid states are: {}",
            state.unwrap_or_default(),
            STATES.join(", ")
        ));
    };
    let kind = options.value("type")?;
    let known = |part: &String| ["Classic", "Consumer"].into_iter().find(|known| known.eq_ignore_ascii_case(part));
    let Some(types) = split(kind).iter().map(known).collect::<Option<Vec<&str>>>() else {
        return usage(format!("Invalid types list '{}'. Valid types are: Consumer, Classic", kind.unwrap_or_default()));
    };
    let names = |list: Vec<&str>| list.into_iter().map(Str::from).collect();
    let columns = Columns { kind: column("type"), state: column("state") };
    let ask = Ask::ListGroups { states: names(states), types: names(types) };
    Ok(Begun::asking(ask, After::Looked(Looked::GroupList(columns))))
}

/// `describeGroups`.
fn describe(options: &Options, groups: Vec<Str>) -> Begun {
    let groups = (!options.has("all-groups")).then_some(groups);
    let verbose = if options.has("verbose") { Detail::Verbose } else { Detail::Brief };
    let (shown, detail) = if options.has("members") {
        (GroupsShown::Members(verbose), GroupDetail::Members)
    } else if options.has("state") {
        (GroupsShown::State(verbose), GroupDetail::Members)
    } else {
        (GroupsShown::Offsets(verbose), GroupDetail::Offsets)
    };
    Begun::asking(Ask::DescribeGroups { groups, detail }, After::Looked(Looked::Groups(shown)))
}

/// `OffsetsUtils.parseTopicsWithPartitions`.
fn parts(options: &Options) -> Result<Vec<Part>, Refusal> {
    let mut parts = Vec::new();
    for text in options.all("topic") {
        if !text.contains(':') {
            parts.push(Part::Topic(text.into()));
            continue;
        }
        let mut split = text.trim_end_matches(':').split(':');
        let (Some(topic), Some(numbers), None) = (split.next(), split.next(), split.next()) else {
            return usage(format!("Invalid topic arg '{text}', expected topic name and partitions"));
        };
        for number in numbers.split(',') {
            let Ok(partition) = number.parse() else {
                return usage(format!("Invalid partition '{number}' specified in topic arg '{text}''"));
            };
            parts.push(Part::Partition(TopicPartition { topic: topic.into(), partition }));
        }
    }
    Ok(parts)
}

/// `resetOffsets`, `prepareOffsetsToReset`.
fn reset(options: &Options, groups: &[Str]) -> Result<Begun, Refusal> {
    let is_planned = options.has("from-file");
    let of = match (options.has("all-topics"), options.has("topic")) {
        (true, _) => Which::All,
        (false, true) => Which::These(parts(options)?),
        (false, false) if is_planned => Which::These(Vec::new()),
        (false, false) => return usage("One of the reset scopes should be defined: --all-topics, --topic."),
    };
    let mut before = Output::default();
    let to = if is_planned { planned(options, groups, &mut before)? } else { Moves::Same(target(options)?) };
    let act = if options.has("execute") { Act::Execute } else { Act::DryRun };
    let form = match (options.has("export"), groups.len()) {
        (false, _) => Form::Table,
        (true, 1) => Form::Csv,
        (true, _several) => Form::CsvOfAll,
    };
    let (ask, after) = match groups {
        [group] => {
            let named = if to.lacks(group) { Named::Nothing } else { Named::of(&of) };
            let after = After::Looked(Looked::Reset(group.clone(), named, form));
            (Ask::ResetOffsets { group: group.clone(), of, to: to.of(group), act }, after)
        }
        groups => {
            let what = What::Reset { of, to, act, form };
            EachGroup::of(groups, what.clone()).unwrap_or_else(|| EachGroup::begin(what))
        }
    };
    Ok(Begun { before, ..Begun::asking(ask, after) })
}

/// `resetPlanFromFile`.
fn planned(options: &Options, groups: &[Str], before: &mut Output) -> Result<Moves, Refusal> {
    let text = plan::file(options)?.unwrap_or_default();
    let only = if let [one] = groups { Some(one) } else { None };
    let plans = plan::read(&text, only, before).map_err(|refusal| refusal.behind(before))?;
    Ok(Moves::Planned(plans))
}

/// Where all that is moved goes.
fn target(options: &Options) -> Result<ResetTo, Refusal> {
    let offset: Option<i64> = options.number("to-offset")?;
    let shift: Option<i64> = options.number("shift-by")?;
    let time = |name: &str, class: &str, read: fn(&str) -> Result<ResetTo, String>| {
        let bad = |words: String| Refusal::Value(Fault::new(class, words));
        options.value(name)?.map(|text| read(text).map_err(bad)).transpose()
    };
    let flag = |name: &str, to: ResetTo| options.has(name).then_some(to);
    let to = offset
        .map(|offset| ResetTo::Offset(Offset(offset)))
        .or_else(|| flag("to-earliest", ResetTo::Earliest))
        .or_else(|| flag("to-latest", ResetTo::Latest))
        .or_else(|| shift.map(ResetTo::ShiftBy))
        .or(time("to-datetime", "java.lang.RuntimeException", date_time)?)
        .or(time("by-duration", "java.time.format.DateTimeParseException", duration)?)
        .or_else(|| flag("to-current", ResetTo::Current));
    to.ok_or_else(|| {
        let scenarios = TOLD.map(|scenario| format!("[{scenario}]")).join(", ");
        Refusal::Usage(format!("Option '[reset-offsets]' requires one of the following scenarios: [{scenarios}]"))
    })
}

/// `2026-01-01T00:00:10.500`, with or without a zone (`Utils.getDateTime`): a strict `SimpleDateFormat`, which takes a number of
/// any length where it is in its range, and does not look at what stands behind the zone.
fn date_time(text: &str) -> Result<ResetTo, String> {
    let Some((date, time)) = text.split_once('T') else {
        let words = "Error parsing timestamp. It does not contain a 'T' according to ISO8601 format";
        return Err(format!("java.text.ParseException: {words}"));
    };
    let zone = if time.contains(['Z', '+', '-']) { "" } else { "Z" };
    let time = format!("{time}{zone}");
    let millis =
        instant(date, &time).ok_or_else(|| format!("java.text.ParseException: Unparseable date: \"{date}T{time}\""))?;
    Ok(ResetTo::Timestamp(Timestamp(millis)))
}

/// Milliseconds since 1970.
fn instant(date: &str, time: &str) -> Option<i64> {
    let number = |text: &str, most: i64| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|number| is_number && *number <= most)
    };
    let at = time.find(['Z', '+', '-'])?;
    let ((time, fraction), zone) = (time[..at].split_once('.')?, &time[at..]);
    let [year, month, day] = date.split('-').collect::<Vec<_>>().try_into().ok()?;
    let [hour, minute, second] = time.split(':').collect::<Vec<_>>().try_into().ok()?;
    let (year, month) = (number(year, 9_999)?, number(month, 12)?);
    let (hour, minute, second) = (number(hour, 23)?, number(minute, 59)?, number(second, 59)?);
    let day = number(day, days(year + month / 12, month % 12 + 1, 1) - days(year, month, 1))?;
    if year == 0 || month == 0 || day == 0 {
        return None;
    }
    let away = match zone.strip_prefix(['+', '-']) {
        None => 0,
        Some(away) => {
            let minutes = away.get(2..5).and_then(|minutes| number(minutes.strip_prefix(':')?, 59));
            number(away.get(..2)?, 23)? * 60 + minutes.unwrap_or(0)
        }
    };
    let away = if zone.starts_with('-') { -away } else { away };
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + (minute - away) * 60 + second;
    Some(seconds * 1_000 + number(fraction, 999)?)
}

/// Days since 1970 (Howard Hinnant, `days_from_civil`).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, in_year) = (year.div_euclid(400), (153 * ((month + 9) % 12) + 2) / 5 + day - 1);
    let of_era = year.rem_euclid(400);
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + in_year - 719_468
}

/// `PT1H30M5.5S`, `P2DT3H` (`java.time.Duration`).
fn duration(text: &str) -> Result<ResetTo, String> {
    span(text).map(ResetTo::Duration).ok_or_else(|| "Text cannot be parsed to a Duration".to_owned())
}

fn span(text: &str) -> Option<Span> {
    let rest = text.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').unwrap_or((rest, ""));
    let mut seconds = match days {
        "" => 0.0,
        days => base::parse_double(days.strip_suffix('D')?)? * 86_400.0,
    };
    let mut from = 0;
    for (at, letter) in time.char_indices().filter(|(_, letter)| letter.is_ascii_alphabetic()) {
        let number: f64 = base::parse_double(&time[from..at])?;
        seconds += number
            * match letter {
                'H' => 3_600.0,
                'M' => 60.0,
                'S' => 1.0,
                _other => return None,
            };
        from = at + 1;
    }
    let is_whole = from == time.len() && seconds.is_finite() && (0.0..1e9).contains(&seconds);
    is_whole.then(|| Span::from_millis((seconds * 1_000.0) as u64))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What a strict `SimpleDateFormat` takes, and where it says no.
    #[test]
    fn dates_are_read_as_strictly_as_kafka_reads_them() {
        for (text, millis) in [
            ("1970-01-01T00:00:10.500", 10_500),
            ("1970-01-01T00:00:00.5", 5),
            ("1970-01-02T00:00:00.000Z", 86_400_000),
            ("1970-01-01T02:30:00.000+02:30", 0),
            ("1970-01-01T00:00:00.000-01", 3_600_000),
            ("2024-02-29T00:00:00.000", 1_709_164_800_000),
        ] {
            assert_eq!(date_time(text), Ok(ResetTo::Timestamp(Timestamp(millis))), "{text}");
        }
        for text in [
            "2026-01-01T00:00:10",
            "2026-01-01T24:00:00.000",
            "2026-01-01T00:60:00.000",
            "2026-01-01T00:00:60.000",
            "2026-01-01T00:00:00.1000",
            "2026-02-29T00:00:00.000",
            "2026-04-31T00:00:00.000",
            "2026-00-01T00:00:00.000",
            "2026-13-01T00:00:00.000",
            "2026-01-+1T00:00:00.000",
            "2026-01-01T00:00:00.000+é",
            "T",
        ] {
            assert!(date_time(text).is_err_and(|words| words.contains("Unparseable date: ")), "{text}");
        }
        assert!(date_time("foo").is_err_and(|words| words.starts_with("java.text.ParseException: Error parsing")));
    }
}
