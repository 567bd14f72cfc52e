//! Kafka's own tools, through the path of the page's terminal: a line is read, its command carried out, and what the tool
//! prints of the answer is compared, up to ids, times, host names and the frames of Java's stack traces.

use super::player::{Player, live_brokers};
use super::{Trouble, value};
use port::OperatorAnswer;
use script::cli::{self, CliError, FRAMES, Output, Printed};
use serde_json::Value;

/// A setting that is not modelled, of a topic that many steps are about.
const COMPACTED: &str = " --config cleanup.policy=compact";

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
        let output = match self.run_tool(&line) {
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

    /// The line as it is typed.
    fn line(&self, step: &Value) -> Result<String, Trouble> {
        let servers: Vec<String> =
            live_brokers(&self.stage).map(|broker| format!("broker-{}:9092", broker.id())).collect();
        let args = step["args"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let words = args.map(|word| if word == "<bootstrap>" { servers.join(",") } else { word.to_owned() });
        let words: Vec<String> = std::iter::once(value::text(step, "tool")?.to_owned()).chain(words).collect();
        let file = words.iter().find(|word| word.starts_with('@') || word.contains('<'));
        if let Some(file) = file {
            return Err(Trouble::NotBuilt(format!("{} with a file ({file})", words[0])));
        }
        let mut line = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        if let Some(input) = step["stdin"].as_str() {
            line += &format!(" <<< {}", quoted(input.trim_end_matches('\n')));
        }
        Ok(line)
    }

    fn run_tool(&mut self, line: &str) -> Result<Output, Trouble> {
        let run = match cli::run(line) {
            Ok(run) => run,
            Err(CliError::NotHere { tool, what, .. }) => return Err(Trouble::NotBuilt(format!("{tool} {what}"))),
            Err(error) => {
                let differs = || Trouble::Differs(format!("refused: {error}"));
                return error.printed().cloned().ok_or_else(differs);
            }
        };
        let tool = line.split(' ').next().unwrap_or_default();
        if tool.starts_with("kafka-console") {
            return Err(Trouble::NotBuilt(format!("{tool} that runs on")));
        }
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
        let mut output = run.before.clone();
        let after = run.answered(&answer).unwrap_or_default();
        output.lines.extend(after.lines);
        output.exit = after.exit;
        Ok(output)
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
    is_reading || is_kept || READERS.contains(&tool) || tool == "kafka-console-consumer" || step["exit"] != 0
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
        let mut text = text.to_owned();
        for node in 1..=9 {
            text = text.replace(&format!("127.0.0.1:1909{node}"), &format!("broker-{node}:9092"));
            text = text.replace(
                &format!("CONTROLLER://127.0.0.1:1919{node}"),
                &format!("CONTROLLER://controller-{node}:9093"),
            );
        }
        text
    };
    let plain = |text: &str| text.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let (wanted, actual) = (hosts(wanted), hosts(actual));
    fits(wanted.as_bytes(), actual.as_bytes())
        || (wanted.contains("broker-") && fits(plain(&wanted).as_bytes(), plain(&actual).as_bytes()))
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
