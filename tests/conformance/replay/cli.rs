//! Kafka's own tools, through the path of the page's terminal: a line is read, its command carried out, and what the tool
//! prints of the answer is compared, up to ids, times, host names and the frames of Java's stack traces.

use super::player::{Player, live_brokers};
use super::{Trouble, value};
use base::{Span, Str};
use port::OperatorAnswer;
use script::cli::{self, CliError, Consumed, Ending, FRAMES, Known, Output, Printed};
use serde_json::Value;
use sim::{Command, KafkaCommand};
use view::picture::ConsoleEnd;

/// A setting that is not modelled, of a topic that many steps are about.
const COMPACTED: &str = " --config cleanup.policy=compact";

/// Files that the recorder wrote beside its lines, whose rows the tools say again. An option's file is its text here.
const FILES: &[(&str, &str)] = &[
    ("@reset.csv", "o,0,7\no,1,2"),
    (
        "@delete2.json",
        r#"{"partitions": [{"topic": "my.topic", "partition": 0, "offset": 0}, {"topic": "my.topic", "partition": 1, "offset": 100}]}"#,
    ),
];

/// What a tool has printed, as the recorder kept it.
struct Recorded {
    stdout: String,
    stderr: String,
    exit: u8,
}

impl Player {
    /// # Errors
    /// See [`Trouble`].
    pub fn cli(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["tool", "args", "stdin", "stdout", "stderr", "exit"])?;
        let line = self.line(step)?;
        if self.is_about_missing(step) {
            return Err(Trouble::NotBuilt("cli about something that is not built".to_owned()));
        }
        let ran = match step["stdin"].as_str() {
            Some(input) if line.contains("--sync") => return Err(Trouble::NotBuilt(format!("--sync ({input:?})"))),
            Some(input) => self.console_producer(&line, input),
            None => self.run_tool(&line),
        };
        let output = match ran {
            // The topic is there all the same, so that later steps can be played.
            Err(Trouble::NotBuilt(what)) if line.contains(COMPACTED) => {
                self.run_tool(&line.replace(COMPACTED, ""))?;
                return Err(Trouble::NotBuilt(what));
            }
            other => other?,
        };
        if step.to_string().contains("cleanup.policy=compact") {
            return Err(Trouble::NotBuilt("setting cleanup.policy=compact".to_owned()));
        }
        compare(step, &recorded(&output))
    }

    /// Does the record speak of what is not there, or not told, because it is not built?
    fn is_about_missing(&self, step: &Value) -> bool {
        let text = step["stdout"].to_string();
        let is_named = |name: &String| {
            let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
            name.len() > 1 && text.replace("\\n", " ").split(|letter| !is_letter(letter)).any(|word| word == *name)
        };
        text.contains("<directory-id>") || self.tainted.iter().any(is_named)
    }

    /// The line as it is typed.
    fn line(&self, step: &Value) -> Result<String, Trouble> {
        let servers: Vec<String> =
            live_brokers(&self.stage).map(|broker| format!("broker-{}:9092", broker.id())).collect();
        let args = step["args"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let words = args.map(|word| if word == "<bootstrap>" { servers.join(",") } else { word.to_owned() });
        let given =
            |word: String| FILES.iter().find(|(name, _)| *name == word).map_or(word, |(_, text)| (*text).to_owned());
        let words = words.map(given);
        let words: Vec<String> = std::iter::once(value::text(step, "tool")?.to_owned()).chain(words).collect();
        // Of a node's disk this tool reads itself.
        let reads = words[0] == "kafka-dump-log";
        let file = words.iter().find(|word| word.starts_with('@') || word.contains('<') && !reads);
        if let Some(file) = file {
            return Err(Trouble::NotBuilt(format!("{} with a file ({file})", words[0])));
        }
        let line = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        Ok(line)
    }

    fn run_tool(&mut self, line: &str) -> Result<Output, Trouble> {
        let run = match cli::run(line) {
            Ok(run) => run,
            Err(CliError::Files(dump)) => return Ok(dump.print(&self.stage.world.first_cluster())),
            Err(CliError::NotHere { tool, what, .. }) => return Err(Trouble::NotBuilt(format!("{tool} {what}"))),
            Err(error) => {
                let differs = || Trouble::Differs(format!("refused: {error}"));
                return error.printed().cloned().ok_or_else(differs);
            }
        };
        let tool = line.split(' ').next().unwrap_or_default();
        let mut output = run.before.clone();
        if run.printer.is_some() {
            return self.console_consumer(run, output);
        }
        if run.perf.is_some() {
            return self.perf_test(run, output);
        }
        let mut next = Some(run);
        while let Some(run) = next {
            let ticket = self.act(&run.command)?;
            let Some(ticket) = ticket else {
                return Err(Trouble::NotBuilt(format!("{tool} that runs on")));
            };
            let answer = self.answer_in_time(ticket)?;
            if let OperatorAnswer::Failed { message, .. } = &answer
                && let Some(trouble) = super::player::not_modelled(message)
            {
                return Err(trouble);
            }
            let after = run.answered(&answer, self.stage.world.wall()).unwrap_or_default();
            output.lines.extend(after.lines);
            output.exit = after.exit;
            next = run.next(&answer);
        }
        Ok(output)
    }

    /// A consumer of its own, which prints until it has printed enough or has waited long enough.
    fn console_consumer(&mut self, mut run: cli::Run, mut output: Output) -> Result<Output, Trouble> {
        // Whoever assigns itself a partition is in no group that anybody sees.
        let is_member = !matches!(&run.command, Command::Kafka(_, KafkaCommand::AddConsumer { configs, .. })
            if configs.contains_key("app.assign"));
        self.clients += u32::from(is_member);
        // Kafka draws the number, by which a group falls on its coordinator: these fall as the recorded ones did.
        let drawn = if is_member { 10_005 + self.clients } else { 20_000 };
        let name: Str = format!("console-consumer-{drawn}").into();
        let (Some(mut printer), Command::Kafka(_, KafkaCommand::AddConsumer { name: own, group, .. })) =
            (run.printer.take(), &mut run.command)
        else {
            return Err(Trouble::Differs("no consumer".into()));
        };
        *own = name.clone();
        if **group == *"console-consumer" {
            *group = name.clone();
        }
        self.act(&run.command)?;
        let (mut looked, end) = (self.stage.facts.len(), self.stage.now() + Span::from_secs(120));
        let ending = loop {
            self.stage.pass(Span::from_millis(10));
            let new = &self.stage.facts[looked..];
            let new: Vec<lab::Happening> = new
                .iter()
                .map(|(at, process, fact)| lab::Happening { at: *at, process: *process, fact: fact.clone(), by: None })
                .collect();
            looked = self.stage.facts.len();
            let given = view::picture::delivered(&self.stage.world, &name, new.iter(), base::Time::ZERO);
            for one in &given {
                let Some(kept) = &one.kept else { continue };
                let (partition, record) = (&one.partition, &kept.record);
                printer.print(&Consumed { partition, record, broker: kept.broker, stamp: kept.stamp }, &mut output);
            }
            match view::picture::console_end(&self.stage.world, &name) {
                Some(ConsoleEnd::Silence) => break Ending::TimedOut,
                Some(ConsoleEnd::Other) => break Ending::Done,
                Some(ConsoleEnd::Failed(failure)) => {
                    break Ending::failed(&failure.name, failure.error, &failure.message);
                }
                None if self.stage.now() > end => return Err(Trouble::Differs("it does not end".into())),
                None => {}
            }
        };
        printer.end(&ending, &mut output);
        Ok(output)
    }

    /// A producer that is measured until all of its records are answered.
    fn perf_test(&mut self, mut run: cli::Run, mut output: Output) -> Result<Output, Trouble> {
        let (Some(mut perf), Command::Kafka(_, KafkaCommand::AddProducer { name, .. })) =
            (run.perf.take(), &run.command)
        else {
            return Err(Trouble::Differs("no producer".into()));
        };
        let name = name.clone();
        perf.begin(self.stage.world.wall().0);
        self.act(&run.command)?;
        let (from, end) = (self.stage.facts.len(), self.stage.now() + Span::from_secs(60));
        self.stage.wait(Span::from_secs(60), |stage| {
            stage.world.find(&name).and_then(|slot| slot.process.as_ref()?.producer()).is_none_or(|producer| {
                let counts = producer.counts();
                counts.sent > 0 && counts.sent == counts.acked + counts.failed
            })
        });
        let new = &self.stage.facts[from..];
        let new: Vec<lab::Happening> = new
            .iter()
            .map(|(at, process, fact)| lab::Happening { at: *at, process: *process, fact: fact.clone(), by: None })
            .collect();
        for answered in view::picture::answered_records(&self.stage.world, &name, new.iter(), base::Time::ZERO) {
            let at = sim::wall(answered.at).0;
            perf.record(at, answered.latency.unwrap_or_default(), &mut output);
        }
        if !perf.is_done() || self.stage.now() > end {
            return Err(Trouble::Differs("its records are not answered".into()));
        }
        Ok(output)
    }

    /// A producer of its own, which sends a record for each line.
    fn console_producer(&mut self, line: &str, input: &str) -> Result<Output, Trouble> {
        let mut run = match cli::run(&format!("{line} <<< {}", quoted(input.trim_end_matches('\n')))) {
            Ok(run) => run,
            Err(error) => return error.printed().cloned().ok_or_else(|| Trouble::Differs(error.to_string())),
        };
        let world = &self.stage.world;
        run.name_at(self.stage.now(), |known| match known {
            Known::Client(name) | Known::Other { name, .. } => world.find(name).is_some(),
            Known::Group(_) => known.is_in(world),
        });
        let mut told = run.before.clone();
        let client = run.producer().map(|(_, add)| add);
        client.map_or(Ok(None), |add| self.act(&add))?;
        let (more, end) = run.input.clone().map(|input| input.rest()).unwrap_or_default();
        let mut sent = Vec::new();
        for run in std::iter::once(run).chain(more) {
            let ticket = self.act(&run.command)?.ok_or_else(|| Trouble::Differs("no ticket".into()))?;
            sent.push((run, ticket));
        }
        // It reads on while its records are under way.
        for (run, ticket) in sent {
            let answer = self.answer_in_time(ticket)?;
            told.lines.extend(run.answered(&answer, self.stage.world.wall()).unwrap_or_default().lines);
        }
        if let Some(end) = end {
            told.lines.extend(end.lines);
            told.exit = end.exit;
        }
        Ok(told)
    }

    fn answer_in_time(&mut self, ticket: u64) -> Result<OperatorAnswer, Trouble> {
        let patience = super::player::PATIENCE;
        self.stage.wait(patience + patience, |stage| stage.answer(ticket).is_some());
        self.stage.answer(ticket).cloned().ok_or_else(|| Trouble::Differs("no answer".into()))
    }
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._:/,=".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Does a tool that was not played leave the cluster as it was?
pub fn changes_nothing(step: &Value) -> bool {
    const READS: [&str; 6] = ["--describe", "--list", "--verify", "--generate", "--dry-run", "describe"];
    const READERS: [&str; 9] = [
        "kafka-get-offsets",
        "kafka-metadata-quorum",
        "kafka-cluster",
        "kafka-log-dirs",
        "kafka-storage",
        "kafka-acls",
        "kafka-transactions",
        "kafka-dump-log",
        "kafka-features",
    ];
    let args = step["args"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let is_reading = args.clone().any(|arg| READS.contains(&arg));
    let tool = step["tool"].as_str().unwrap_or_default();
    let is_kept = args.clone().any(|arg| arg == "cleanup.policy=compact");
    let is_refused = step["stdout"].as_str().is_some_and(|text| text.contains("PolicyViolationException"));
    is_reading
        || is_kept
        || is_refused
        || READERS.contains(&tool)
        || tool == "kafka-console-consumer"
        || step["exit"] != 0
}

/// The topics and groups that a line names.
pub fn subjects(step: &Value) -> Vec<String> {
    const NAMING: [&str; 4] = ["--topic", "--entity-name", "--group", "--topic-list"];
    let args: Vec<&str> = step["args"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let pairs = args.windows(2).filter(|pair| NAMING.contains(&pair[0]));
    let named: Vec<String> = pairs.map(|pair| pair[1].split(':').next().unwrap_or_default().to_owned()).collect();
    // What a line changes that names nothing is its tool's.
    if named.is_empty() { step["tool"].as_str().map(ToOwned::to_owned).into_iter().collect() } else { named }
}

/// As two streams.
fn recorded(output: &Output) -> Recorded {
    let (mut stdout, mut stderr) = (String::new(), String::new());
    for line in &output.lines {
        match line {
            Printed::Out(text) => stdout += &format!("{text}\n"),
            Printed::Err(text) if text == FRAMES => stderr += "\t<stack>\n",
            Printed::Err(text) => stderr += &format!("{text}\n"),
            Printed::Log(text) => stderr += &format!("[<time>] {text}\n"),
            Printed::Options(_) => stderr += "<options>",
        }
    }
    Recorded { stdout, stderr, exit: output.exit }
}

fn compare(step: &Value, actual: &Recorded) -> Result<(), Trouble> {
    let streams = [("stdout", &actual.stdout), ("stderr", &actual.stderr)];
    for (name, actual) in streams {
        if !choices(&step[name]).any(|wanted| is_same(wanted, actual)) {
            return Err(Trouble::Differs(format!("{name}: recorded {}, here {actual:?}", step[name])));
        }
    }
    value::compare("exit", &step["exit"], &Value::from(actual.exit))
}

/// `{"anyOf": [...]}` stands for each.
fn choices(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.get("anyOf").and_then(Value::as_array).map_or(std::slice::from_ref(value), Vec::as_slice);
    list.iter().filter_map(Value::as_str)
}

/// Hosts are called as they are here; where one is named, columns have other widths.
fn is_same(wanted: &str, actual: &str) -> bool {
    let hosts = |text: &str| {
        let mut text = text.replace("<usage>", "<options>");
        // Which broker a producer has its id from is chance; each gives from a block of its own.
        for block in 0..=9 {
            text = text.replace(&format!("producerId: {} ", block * 1_000), "producerId: <producer-id> ");
        }
        for node in 1..=9 {
            // Every node has a disk of its own here, on which its logs are called alike.
            text = text.replace(&format!("<data-dir>{node}"), "<data-dir>");
            text = text.replace(&format!("127.0.0.1 1909{node}"), &format!("broker-{node} 9092"));
            text = text.replace(&format!("127.0.0.1:1909{node}"), &format!("broker-{node}:9092"));
            text = text.replace(
                &format!("CONTROLLER://127.0.0.1:1919{node}"),
                &format!("CONTROLLER://controller-{node}:9093"),
            );
        }
        text
    };
    let plain = |text: &str| text.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let (wanted, actual) = (hosts(wanted), hosts(&as_recorded(actual)));
    fits(wanted.as_bytes(), actual.as_bytes())
        || (wanted.contains("broker-") && fits(plain(&wanted).as_bytes(), plain(&actual).as_bytes()))
}

/// Ids as the recorder kept them: members' are zeros, groups of console consumers have one number, clients have no number of
/// their own, and the cluster has its id.
fn as_recorded(actual: &str) -> String {
    const ZEROS: &str = "00000000-0000-4000-8000-000000000000";
    let mut text = actual.replace("Cluster ID: blumfeld", "Cluster ID: Qmx1bWZlbGQtVHJhY2UtMQ");
    for (member, number) in (1..=3).flat_map(|member| (1..=9).map(move |number| (member, number))) {
        let (own, kept) = (format!("m{member}.{number}"), format!("m{member}"));
        text =
            text.replace(&format!("{own}\n"), &format!("{kept}\n")).replace(&format!("{own} "), &format!("{kept}   "));
    }
    let is_id = |part: &[u8]| {
        part.len() == ZEROS.len()
            && part
                .iter()
                .zip(ZEROS.bytes())
                .all(|(byte, zero)| (zero == b'-') == (*byte == b'-') && byte.is_ascii_graphic())
    };
    let mut from = 0;
    while let Some(at) = (from..text.len().saturating_sub(ZEROS.len() - 1))
        .find(|at| text.as_bytes().get(*at..at + ZEROS.len()).is_some_and(is_id))
    {
        text.replace_range(at..at + ZEROS.len(), ZEROS);
        from = at + ZEROS.len();
    }
    let named = "console-consumer-1";
    while let Some(at) = text.find(named) {
        text.replace_range(at..at + named.len() + 4, "console-consumer-00000");
    }
    text
}

/// `<time>` and the like stand for whatever has no white space, or is a time; zeros for an id of the same length.
fn fits(wanted: &[u8], actual: &[u8]) -> bool {
    let Some((&first, rest)) = wanted.split_first() else { return actual.is_empty() };
    if first == b'<'
        && let Some(end) = wanted.iter().position(|byte| *byte == b'>')
        && wanted[1..end].iter().all(|byte| byte.is_ascii_lowercase() || b"- ".contains(byte))
    {
        // Itself, where both have it.
        if actual.starts_with(&wanted[..=end]) && fits(&wanted[end + 1..], &actual[end + 1..]) {
            return true;
        }
        let most = actual.iter().position(|byte| byte.is_ascii_whitespace()).unwrap_or(actual.len());
        return (1..=most).any(|taken| fits(&wanted[end + 1..], &actual[taken..]));
    }
    actual.first() == Some(&first) && fits(rest, &actual[1..])
}
