//! The few words of a shell that tutorials write between Kafka's lines: which processes run, ending one by its number, and the
//! files of a node.

use script::Command;
use script::logged::Logs;
use sim::{Cluster, Liveness, NodePlan, WorldCommand};

use crate::terminal::{failed, output};
use crate::{Session, TerminalLine};

/// The first process's number: none that a node could be called by.
const FIRST: u32 = 4_001;
/// Where Kafka stands in tutorials.
const CONFIG: &str = "config";
/// Where the nodes' disks are.
const DATA: &str = "data";
/// Where clients write their logs.
const LOGS: &str = "logs";

/// What a line of the shell does.
pub(super) enum Shell {
    Told(Vec<TerminalLine>),
    Does(Command),
}

impl Session {
    /// `None`: it is no line of a shell.
    pub(super) fn of_shell(&self, line: &str) -> Option<Shell> {
        let words = script::words(line).ok()?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["jps"] => Some(Shell::Told(self.processes(|pid, _| format!("{pid} Kafka")))),
            ["jps", "-l", ..] => Some(Shell::Told(self.processes(|pid, _| format!("{pid} kafka.Kafka")))),
            ["jps", ..] => {
                Some(Shell::Told(self.processes(|pid, plan| format!("{pid} Kafka {CONFIG}/{}", file_of(plan)))))
            }
            ["ps", ..] => Some(Shell::Told(
                self.processes(|pid, plan| format!("kafka {pid:>8} java … kafka.Kafka {CONFIG}/{}", file_of(plan))),
            )),
            ["kill", numbers @ ..] => self.kill(numbers),
            ["ls", flags @ ..] if flags.iter().all(|word| word.starts_with('-')) => {
                Some(Shell::Told(vec![output("bin  config  data  logs")]))
            }
            ["ls", rest @ ..] => self.list(rest.iter().rev().find(|word| !word.starts_with('-'))?),
            // What a filter does with it is its pipe's to say.
            [name @ ("cat" | "grep" | "head" | "tail" | "wc" | "sort" | "uniq"), file] => {
                Some(Shell::Told(self.file(name, file)))
            }
            // There is one folder.
            ["cd", ..] => Some(Shell::Told(Vec::new())),
            _other => None,
        }
    }

    /// Nodes of the shown cluster with the numbers of their processes.
    fn nodes(&self) -> Vec<(u32, &NodePlan, Liveness)> {
        let cluster = self.cluster();
        let plans = cluster.plan().nodes.iter();
        let found = plans.filter_map(|plan| {
            let slot = cluster.world().find(&plan.name)?;
            Some((slot.id.0 + FIRST, plan, slot.liveness))
        });
        found.collect()
    }

    fn processes(&self, shown: impl Fn(u32, &NodePlan) -> String) -> Vec<TerminalLine> {
        let nodes = self.nodes();
        nodes
            .iter()
            .filter(|(_, _, liveness)| liveness.is_up())
            .map(|(pid, plan, _)| output(shown(*pid, plan)))
            .collect()
    }

    /// `kill 4001` asks to end, `kill -9 4001` ends; a number that is a node's name is ours.
    fn kill(&self, words: &[&str]) -> Option<Shell> {
        let (signal, pid) = match words {
            ["-s", signal, pid] => (*signal, *pid),
            [signal, pid] if signal.starts_with('-') => (signal.trim_start_matches('-'), *pid),
            [pid] => ("TERM", *pid),
            _other => return None,
        };
        if self.cluster().world().find(pid).is_some() && words.len() == 1 {
            return None;
        }
        let number: u32 = pid.parse().ok()?;
        let nodes = self.nodes();
        let Some((_, plan, _)) = nodes.iter().find(|(known, _, liveness)| *known == number && liveness.is_up()) else {
            return Some(Shell::Told(vec![failed(format!("bash: kill: ({pid}) - No such process"))]));
        };
        let name = plan.name.clone();
        let command = match signal.trim_start_matches("SIG") {
            "9" | "KILL" => WorldCommand::Kill { name },
            "15" | "TERM" | "2" | "INT" => WorldCommand::Stop { name },
            "19" | "STOP" => WorldCommand::Pause { name },
            "18" | "CONT" => WorldCommand::Resume { name },
            other => {
                let words = format!("bash: kill: {other}: invalid signal specification");
                return Some(Shell::Told(vec![failed(words)]));
            }
        };
        Some(Shell::Does(Command::World(command)))
    }

    fn list(&self, folder: &str) -> Option<Shell> {
        Some(Shell::Told(match self.names_in(folder) {
            Some(names) => names.into_iter().map(output).collect(),
            None => vec![failed(missing("ls", folder))],
        }))
    }

    fn names_in(&self, folder: &str) -> Option<Vec<String>> {
        Some(match folder.trim_end_matches('/').rsplit('/').next()? {
            "bin" => script::cli::scripts().collect(),
            CONFIG => self.nodes().iter().map(|(_, plan, _)| file_of(plan)).collect(),
            DATA => self.nodes().iter().map(|(_, plan, _)| format!("kafka-logs-{}", plan.node)).collect(),
            LOGS => self.logs().into_iter().map(|(name, _)| name).collect(),
            _disk => return script::cli::listed(&self.cluster(), folder),
        })
    }

    /// What is there and no text: a folder, or what a tool of Kafka's reads.
    fn no_text(&self, path: &str) -> TerminalLine {
        let words = &self.language.text().refusal;
        match script::cli::listed(&self.cluster(), path) {
            Some(_) => failed(format!("cat: {path}: Is a directory")),
            None => failed((words.no_text)(path)),
        }
    }

    /// Files whose path begins so.
    pub(super) fn files(&self, begun: &str) -> Vec<String> {
        let (folder, name) = begun.rsplit_once('/').map_or(("", begun), |(folder, name)| (folder, name));
        let names = match folder {
            "" => {
                return ["bin/", "config/", "data/", "logs/"]
                    .into_iter()
                    .filter(|one| one.starts_with(name))
                    .map(str::to_owned)
                    .collect();
            }
            folder => self.names_in(folder).unwrap_or_default(),
        };
        names.into_iter().filter(|one| one.starts_with(name)).map(|one| format!("{folder}/{one}")).collect()
    }

    /// What clients of the shown cluster write, by file: `web.log`.
    fn logs(&self) -> Vec<(String, Logs<'_>)> {
        let files = self.cluster().slots().filter_map(|slot| Some((format!("{}.log", slot.name), Logs::of(slot)?)));
        files.collect()
    }

    /// `cat config/server-1.properties`: what the node was started with; `cat logs/web.log`: what the client has logged.
    fn file(&self, what: &str, path: &str) -> Vec<TerminalLine> {
        let name = path.rsplit('/').next().unwrap_or(path);
        if let Some((_, logs)) = self.logs().into_iter().find(|(file, _)| file == name) {
            return logs.file().map(output).collect();
        }
        if let Some(lines) = script::cli::contents(&self.cluster(), path) {
            return lines.into_iter().map(output).collect();
        }
        let is_there = |(folder, name): (&str, &str)| {
            script::cli::listed(&self.cluster(), folder).is_some_and(|names| names.iter().any(|known| known == name))
        };
        if path.rsplit_once('/').is_some_and(is_there) {
            return vec![self.no_text(path)];
        }
        let nodes = self.nodes();
        // A single node's file is called as in Kafka's own package.
        let only = (nodes.len() == 1 && name == "server.properties").then(|| nodes.first()).flatten();
        let Some((_, plan, _)) = nodes.iter().find(|(_, plan, _)| file_of(plan) == name).or(only) else {
            return vec![failed(missing(what, path))];
        };
        properties(&self.cluster(), plan).into_iter().map(output).collect()
    }
}

/// As each of them says it.
fn missing(what: &str, path: &str) -> String {
    match what {
        "head" | "tail" => format!("{what}: cannot open '{path}' for reading: No such file or directory"),
        "sort" => format!("sort: cannot read: {path}: No such file or directory"),
        "ls" => format!("ls: cannot access '{path}': No such file or directory"),
        other => format!("{other}: {path}: No such file or directory"),
    }
}

/// `server-1.properties`, `controller-101.properties`.
fn file_of(plan: &NodePlan) -> String {
    let kind = if plan.roles.is_broker() { "server" } else { "controller" };
    format!("{kind}-{}.properties", plan.node)
}

/// What says who it is, then its settings.
fn properties(cluster: &Cluster<'_>, plan: &NodePlan) -> Vec<String> {
    let setup = cluster.world().find(&plan.name).and_then(|slot| slot.node_setup());
    let identity = setup.map(|setup| setup.identity()).unwrap_or_default();
    let mut lines: Vec<String> = identity.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let settings = cluster.plan().overrides.iter().filter(|(name, _)| !plan.overrides.contains_key(*name));
    lines.extend(settings.chain(&plan.overrides).map(|(name, value)| format!("{name}={value}")));
    lines
}
