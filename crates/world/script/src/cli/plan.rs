//! The CSV of `kafka-consumer-groups --export` and `--from-file`, as Jackson writes and reads it (`CsvUtils`,
//! `OffsetsUtils.parseResetPlan`): rows `topic,partition,offset`, with the group in front where several are asked for. It knows
//! rows, not clusters.

use super::options::Options;
use super::output::{FRAMES, Output};
use super::{Fault, Refusal};
use base::{FlatMap, Offset, Str, TopicPartition};
use port::ResetTold;

/// Where each partition of a group goes.
pub(crate) type Plan = Vec<(TopicPartition, Offset)>;

/// One of Jackson's classes for a row: how it is called, and the columns that are texts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    NoGroup,
    WithGroup,
}

/// Rows that are read from one file.
const MOST: usize = 10_000;
/// Jackson quotes whatever is longer without a look (`DEFAULT_MAX_QUOTE_CHECK`).
const LONG: usize = 24;

/// What `--from-file` names: `/dev/stdin` is what the line pipes in; there are no other files here, so that the file's text may
/// stand in its place.
///
/// # Errors
/// As `Utils.readFileAsString` where it is neither.
pub(crate) fn file(options: &Options) -> Result<Option<String>, Refusal> {
    let Some(named) = options.all("from-file").first().copied() else { return Ok(None) };
    if named == "/dev/stdin" {
        return Ok(Some(options.input.clone().unwrap_or_default()));
    }
    if named.contains(',') {
        return Ok(Some(named.to_owned()));
    }
    let words = format!("java.io.IOException: Unable to read file {named}");
    let mut printed = Output::default();
    printed.group(&Fault::new("java.lang.RuntimeException", &*words)).err(format!("Caused by: {words}")).err(FRAMES);
    printed.err(format!("Caused by: java.nio.file.NoSuchFileException: {named}")).err(FRAMES);
    Err(Refusal::Said(words, printed))
}

/// The plan of each group that the file names, in its order; a later row of a partition holds. `only`: the one group that is asked
/// for, whose name rows may leave out.
///
/// # Errors
/// Jackson's complaint about the first row that cannot be read. What it has printed before is added to `before`.
pub(crate) fn read(text: &str, only: Option<&Str>, before: &mut Output) -> Result<Vec<(Str, Plan)>, Refusal> {
    // `String.split` forgets empty ends.
    let mut lines: Vec<&str> = text.split('\n').collect();
    while lines.len() > 1 && lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    let is_old = match cells(lines[0], Row::NoGroup) {
        Ok(_) => true,
        // The tool reads the file twice, and says so each time.
        Err(fault) => {
            (0..2).for_each(|_| _ = before.err(fault.to_string()).err(FRAMES));
            false
        }
    };
    let row = if only.is_some() && is_old { Row::NoGroup } else { Row::WithGroup };
    let left_out = lines.len().saturating_sub(MOST);
    if left_out > 0 {
        before.err(format!("blumfeld: of this file the first {MOST} rows are read; {left_out} are left out."));
    }
    let mut plans = Plans::default();
    for line in lines.into_iter().take(MOST) {
        let (group, partition, offset) = cells(line, row).map_err(|fault| {
            let mut printed = Output::default();
            let outer = Fault::new("java.lang.RuntimeException", fault.to_string());
            printed.group(&outer).err(format!("Caused by: {fault}")).err(FRAMES);
            Refusal::Said(fault.words.clone(), printed)
        })?;
        let group = only.filter(|_| row == Row::NoGroup).cloned().unwrap_or(group);
        plans.add(group, partition, offset);
    }
    Ok(plans.in_order())
}

/// Of one group; none where a later row stands for it.
type Rows = Vec<Option<(TopicPartition, Offset)>>;

/// Plans in the making: where each group and each of its rows stands, so that a file takes time by its length only.
#[derive(Default)]
struct Plans {
    groups: Vec<(Str, Rows)>,
    group_at: FlatMap<Str, usize>,
    row_at: FlatMap<(usize, TopicPartition), usize>,
}

impl Plans {
    fn add(&mut self, group: Str, partition: TopicPartition, offset: Offset) {
        let groups = &mut self.groups;
        let at = *self.group_at.get_or_insert_with(group.clone(), || {
            groups.push((group, Vec::new()));
            groups.len() - 1
        });
        let rows = &mut self.groups[at].1;
        if let Some(before) = self.row_at.insert((at, partition.clone()), rows.len()) {
            rows[before] = None;
        }
        rows.push(Some((partition, offset)));
    }

    fn in_order(self) -> Vec<(Str, Plan)> {
        self.groups.into_iter().map(|(group, rows)| (group, rows.into_iter().flatten().collect())).collect()
    }
}

/// A group, empty where the row has none, a partition and its offset. What is missing at the end is 0.
fn cells(line: &str, row: Row) -> Result<(Str, TopicPartition, Offset), Fault> {
    if line.trim_end_matches('\r').is_empty() {
        let words =
            "No content to map due to end-of-input\n at [Source: (StringReader); line: UNKNOWN, column: UNKNOWN]";
        return Err(Fault::new("com.fasterxml.jackson.databind.exc.MismatchedInputException", words));
    }
    let (texts, fields) = match row {
        Row::NoGroup => (1, 3),
        Row::WithGroup => (2, 4),
    };
    let cells = split(line.trim_end_matches('\r'));
    let text = |at: usize| cells.get(at).map(|(_, cell)| Str::from(&**cell)).unwrap_or_default();
    let number = |behind: usize, kind: &str, field: &str| match cells.get(texts + behind) {
        None => Ok(0),
        Some((at, cell)) => number(cell, kind).map_err(|wrong| wrong.told((row, field), at + 1, line.len())),
    };
    let partition = number(0, "int", "partition")?;
    let offset = number(1, "long", "offset")?;
    if let Some((at, cell)) = cells.get(fields) {
        let count = cell.chars().count();
        let words = format!(
            "Too many entries: expected at most {fields} (value #{fields} ({count} chars) \"{cell}\")\n at [Source: \
             (StringReader); line: 1, column: {}]",
            at + 1
        );
        return Err(Fault::new("com.fasterxml.jackson.dataformat.csv.CsvReadException", words));
    }
    let group = if row == Row::WithGroup { text(0) } else { Str::from("") };
    let partition = i32::try_from(partition).unwrap_or_default();
    Ok((group, TopicPartition { topic: text(texts - 1), partition }, Offset(offset)))
}

/// Why a cell is no number.
enum Wrong {
    Text(String, String),
    Large(String, String),
}

/// Empty cells and `null` are 0.
fn number(cell: &str, kind: &str) -> Result<i64, Wrong> {
    let cell = cell.trim();
    if cell.is_empty() || cell == "null" {
        return Ok(0);
    }
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Wrong::Text(kind.to_owned(), cell.to_owned()));
    }
    let ranges = if kind == "int" { (i64::from(i32::MIN), i64::from(i32::MAX)) } else { (i64::MIN, i64::MAX) };
    let large = |what: String| Wrong::Large(cell.to_owned(), what);
    match cell.parse::<i64>() {
        Ok(number) if (ranges.0..=ranges.1).contains(&number) => Ok(number),
        Ok(_) => Err(large(kind.to_owned())),
        Err(_) => Err(large(format!("{kind} ({} - {})", ranges.0, ranges.1))),
    }
}

impl Wrong {
    /// `column`: where the cell begins, from 1; `length`: the line's.
    fn told(self, (row, field): (Row, &str), column: usize, length: usize) -> Fault {
        let class = match row {
            Row::NoGroup => "CsvRecordNoGroup",
            Row::WithGroup => "CsvRecordWithGroup",
        };
        let (exception, words, column) = match self {
            Wrong::Text(kind, cell) => {
                let words = format!(
                    "Cannot deserialize value of type `{kind}` from String \"{cell}\": not a valid `{kind}` value"
                );
                ("exc.InvalidFormatException", words, column)
            }
            Wrong::Large(cell, kind) => {
                let words = format!("Numeric value ({cell}) out of range of {kind}");
                let next = column + cell.len() + 1;
                // At the end Jackson counts the line twice.
                ("JsonMappingException", words, if next > length { 2 * length + 1 } else { next })
            }
        };
        Fault::new(
            &format!("com.fasterxml.jackson.databind.{exception}"),
            format!(
                "{words}\n at [Source: (StringReader); line: 1, column: {column}] (through reference chain: \
                 org.apache.kafka.tools.consumer.group.CsvUtils${class}[\"{field}\"])"
            ),
        )
    }
}

/// Cells between commas, each with where it begins; quotation marks hold what is between them together.
fn split(line: &str) -> Vec<(usize, String)> {
    let mut cells = Vec::new();
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let (cell, taken) = match rest.strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                (rest[..end].to_owned(), end)
            }
        };
        cells.push((at, cell));
        at += taken;
        if at >= line.len() {
            return cells;
        }
        at += 1;
        if at == line.len() {
            cells.push((at, String::new()));
            return cells;
        }
    }
}

/// What stands behind an opening mark, and how many bytes it takes up to the comma, the mark among them.
fn unquoted(text: &str) -> (String, usize) {
    let (mut cell, mut letters) = (String::new(), text.char_indices().peekable());
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' if letters.next_if(|(_, next)| *next == '"').is_some() => cell.push('"'),
            '"' => return (cell, at + 2 + text[at + 1..].find(',').unwrap_or(text.len() - at - 1)),
            plain => cell.push(plain),
        }
    }
    (cell, text.len() + 1)
}

/// `exportOffsetsToCsv`: rows, then the line that `println` ends them with. `named`: what stands in front of a row.
pub(crate) fn export(output: &mut Output, groups: &[(&str, &[ResetTold])], named: fn(&str) -> Option<&str>) {
    for (group, told) in groups {
        for row in *told {
            let group = named(group).map(|group| quoted(group) + ",").unwrap_or_default();
            let (topic, number) = (quoted(&row.partition.topic), row.partition.partition);
            output.out(format!("{group}{topic},{number},{}", row.offset));
        }
    }
    output.out("");
}

/// Jackson's quick look at a text (`CsvEncoder.mayNeedQuotes`): long, or with a sign at or before the comma.
fn quoted(text: &str) -> String {
    if text.chars().count() > LONG || text.chars().any(|letter| letter <= ',') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Jackson of Kafka 4.3.0 read and wrote them.
    #[test]
    fn rows_are_read_as_jackson_reads_them() {
        let read = |line: &str, row| match cells(line, row) {
            Ok((group, at, offset)) => format!("{group}|{}|{}|{offset}", at.topic, at.partition),
            Err(fault) => fault.to_string(),
        };
        for (line, row, told) in [
            ("o,0,7", Row::NoGroup, "|o|0|7"),
            ("o,0,7\r", Row::NoGroup, "|o|0|7"),
            ("o, 0, 7", Row::NoGroup, "|o|0|7"),
            ("\"o\",0,7", Row::NoGroup, "|o|0|7"),
            ("o,0", Row::NoGroup, "|o|0|0"),
            ("o,,7", Row::NoGroup, "|o|0|7"),
            ("o,0,", Row::NoGroup, "|o|0|0"),
            ("o,-1,-5", Row::NoGroup, "|o|-1|-5"),
            ("o,\"0\",7", Row::NoGroup, "|o|0|7"),
            ("g,o,0,7", Row::WithGroup, "g|o|0|7"),
            ("\"a\"\"b,c\",o,0,7", Row::WithGroup, "a\"b,c|o|0|7"),
            (
                "",
                Row::NoGroup,
                "com.fasterxml.jackson.databind.exc.MismatchedInputException: No content to map due to end-of-input\n at \
                 [Source: (StringReader); line: UNKNOWN, column: UNKNOWN]",
            ),
            (
                "o,0,7,8",
                Row::NoGroup,
                "com.fasterxml.jackson.dataformat.csv.CsvReadException: Too many entries: expected at most 3 (value #3 (1 \
                 chars) \"8\")\n at [Source: (StringReader); line: 1, column: 7]",
            ),
            (
                "g,o,0,7",
                Row::NoGroup,
                "com.fasterxml.jackson.databind.exc.InvalidFormatException: Cannot deserialize value of type `int` from \
                 String \"o\": not a valid `int` value\n at [Source: (StringReader); line: 1, column: 3] (through reference \
                 chain: org.apache.kafka.tools.consumer.group.CsvUtils$CsvRecordNoGroup[\"partition\"])",
            ),
            (
                "o,99999999999,1",
                Row::NoGroup,
                "com.fasterxml.jackson.databind.JsonMappingException: Numeric value (99999999999) out of range of int\n at \
                 [Source: (StringReader); line: 1, column: 15] (through reference chain: \
                 org.apache.kafka.tools.consumer.group.CsvUtils$CsvRecordNoGroup[\"partition\"])",
            ),
            (
                "o,0,99999999999999999999",
                Row::NoGroup,
                "com.fasterxml.jackson.databind.JsonMappingException: Numeric value (99999999999999999999) out of range of \
                 long (-9223372036854775808 - 9223372036854775807)\n at [Source: (StringReader); line: 1, column: 49] \
                 (through reference chain: org.apache.kafka.tools.consumer.group.CsvUtils$CsvRecordNoGroup[\"offset\"])",
            ),
        ] {
            assert_eq!(read(line, row), told, "{line}");
        }
    }

    #[test]
    fn names_are_quoted_as_jackson_quotes_them() {
        for plain in ["g", "a-b.c_d", "abcdefghijklmnopqrstuvwx", "a:b", "ü"] {
            assert_eq!(quoted(plain), plain);
        }
        for (name, told) in
            [("my group", "\"my group\""), ("a\"b", "\"a\"\"b\""), ("(x)", "\"(x)\""), ("a+b", "\"a+b\"")]
        {
            assert_eq!(quoted(name), told);
        }
        assert_eq!(quoted("abcdefghijklmnopqrstuvwxy").len(), 27);
    }

    const RESET: &str = "kafka-consumer-groups.sh --bootstrap-server b:1 --reset-offsets --dry-run";

    fn asked(line: &str) -> String {
        crate::cli::run(line).map(|run| crate::print(&run.command)).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn a_file_is_what_is_piped_or_its_text() {
        let asks = "ask reset-offsets g dry-run exactly 2 o 0 7 o 1 2 these";
        for line in [
            format!("printf 'o,0,7\\no,1,2\\n' | {RESET} --group g --from-file /dev/stdin"),
            format!("{RESET} --group g --from-file 'o,0,7\no,1,2'"),
            format!("{RESET} --group g --from-file 'g,o,0,7\nh,o,0,1\ng,o,1,2'"),
            format!("{RESET} --group g --from-file 'o,0,3\no,0,7\no,1,2'"),
        ] {
            assert_eq!(asked(&line), asks, "{line}");
        }
        let refused = asked(&format!("{RESET} --group g --from-file reset.csv"));
        assert_eq!(refused, "java.io.IOException: Unable to read file reset.csv");
        assert!(
            asked(&format!("{RESET} --group g --from-file 'o,0,x'")).starts_with("Cannot deserialize value of type")
        );
        let both = asked(&format!("{RESET} --group g --from-file 'o,0,7' --to-earliest"));
        assert!(both.contains("can't be used with option"), "{both}");
    }

    /// Against a plain list: a later row of a partition takes the place of an earlier one, at the end.
    #[test]
    fn a_later_row_of_a_partition_holds_and_rows_beyond_the_most_are_told() {
        for seed in 0..50 {
            let mut dice = base::Rng::new(seed, 1);
            let mut die = |bound: u32| base::Draw::below(&mut dice, bound);
            let rows: Vec<(String, i32, i64)> =
                (0..die(40)).map(|at| (format!("g{}", die(3)), die(5) as i32, i64::from(at))).collect();
            let mut wanted: Vec<(String, Vec<(i32, i64)>)> = Vec::new();
            for (group, partition, offset) in &rows {
                if !wanted.iter().any(|(known, _)| known == group) {
                    wanted.push((group.clone(), Vec::new()));
                }
                let own = wanted.iter_mut().find(|(known, _)| known == group).expect("it was put there");
                own.1.retain(|(known, _)| known != partition);
                own.1.push((*partition, *offset));
            }
            let file = rows.iter().map(|(group, partition, offset)| format!("{group},o,{partition},{offset}\n"));
            let file = file.collect::<String>();
            // A file without a row is no file.
            if file.is_empty() {
                continue;
            }
            let mut before = Output::default();
            let read = super::read(&file, None, &mut before).unwrap_or_else(|_| panic!("seed {seed}: {file}"));
            let read = read.into_iter().map(|(group, plan)| {
                (group.to_string(), plan.into_iter().map(|(at, offset)| (at.partition, offset.0)).collect())
            });
            assert_eq!(read.collect::<Vec<(String, Vec<(i32, i64)>)>>(), wanted, "seed {seed}");
            assert!(!before.plain().iter().any(|line| line.contains("left out")));
        }
        let file = (0..MOST + 3).map(|at| format!("g,o,{at},0\n")).collect::<String>();
        let mut before = Output::default();
        let Ok(read) = super::read(&file, None, &mut before) else { panic!("it is a file") };
        assert_eq!(read[0].1.len(), MOST);
        assert!(before.plain().iter().any(|line| line.contains("3 are left out")), "{:?}", before.plain());
    }

    #[test]
    fn what_is_exported_can_be_read_again() {
        let row = |partition, offset| ResetTold {
            partition: TopicPartition::new("o", partition),
            offset: Offset(offset),
            note: None,
            refused: None,
        };
        let answer = port::OperatorAnswer::Told(Box::new(port::Told::Reset(vec![row(0, 7), row(1, 2)])));
        let printed = |line: &str| {
            let run = crate::cli::run(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            run.answered(&answer, base::Timestamp(0)).map(|output| output.plain()).unwrap_or_default()
        };
        let csv = printed(&format!("{RESET} --group g --topic o --to-latest --export"));
        assert_eq!(csv, ["o,0,7", "o,1,2", ""]);
        let again = asked(&format!("printf '{}' | {RESET} --group g --from-file /dev/stdin", csv.join("\\n")));
        assert_eq!(again, "ask reset-offsets g dry-run exactly 2 o 0 7 o 1 2 these");
        let unplanned = printed(&format!("{RESET} --group h --from-file 'g,o,0,7'"));
        assert_eq!(unplanned[..2], ["", "Error: No reset plan for group h found"]);
        let several = crate::cli::run(&format!("{RESET} --group g --group h --topic o --to-latest --export"));
        let several = several.expect("two groups");
        let last = several.next(&answer).expect("the second group");
        let output = last.answered(&answer, base::Timestamp(0)).expect("both").plain();
        assert_eq!(output.len(), 5, "{output:?}");
        assert!(output.contains(&"g,o,0,7".to_owned()) && output.contains(&"h,o,1,2".to_owned()), "{output:?}");
    }
}
