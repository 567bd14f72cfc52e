//! How each tool prints what it has against a line. Kafka: the `main` of each class, `CommandLineUtils`.

use super::{CliError, Fault, Lack, Manner, Options, Output, Refusal, Tool, modern, output};

impl Tool {
    /// `CommandLineUtils.maybePrintHelpOrVersion`.
    pub(super) fn help(&self, options: &Options) -> Result<(), Refusal> {
        // Others read their options by themselves.
        let Some(about) = self.about else { return options.absent(&["help", "version"]) };
        let mut output = Output::default();
        // Two have words of their own for a line without options.
        let is_empty = options.line.is_empty() && !["kafka-topics", "kafka-groups"].contains(&self.name);
        if is_empty || options.has("help") {
            output.usage(about, self.name);
            return Err(Refusal::Told(output));
        }
        if options.has("version") {
            output.out("4.3.0");
            return Err(Refusal::Told(output));
        }
        Ok(())
    }

    /// The refusal as it is handed on; what came of it in today's words as well.
    pub(super) fn refuse(&self, refusal: Refusal, line: &[String]) -> CliError {
        let instead = modern(line);
        match refusal {
            Refusal::Parse(fault) => self.refused(self.unread, &fault, instead),
            Refusal::Thrown(fault) => {
                let manner = if self.wrong == Manner::Topic { Manner::Thrown } else { self.wrong };
                self.refused(manner, &fault, instead)
            }
            Refusal::Value(fault) => self.refused(self.wrong, &fault, instead),
            Refusal::Behind(before, refusal) => {
                let after = |printed: Output| {
                    let lines = before.lines.into_iter().chain(printed.lines).collect();
                    Output { lines, exit: printed.exit }
                };
                match self.refuse(*refusal, line) {
                    CliError::Refused { words, printed, instead } => {
                        CliError::Refused { words, printed: after(printed), instead }
                    }
                    CliError::Told(output) => CliError::Told(after(output)),
                    other => other,
                }
            }
            Refusal::Usage(words) => self.usage(words, instead),
            Refusal::Better(words, line) => self.usage(words, Some(line)),
            Refusal::Words(words) => {
                let mut printed = Output::default();
                printed.err(&*words).exit(1);
                CliError::Refused { words, printed, instead }
            }
            Refusal::Ends(fault) => {
                let mut printed = Output::default();
                printed.err(fault.to_string()).err(output::FRAMES).exit(1);
                CliError::Refused { words: fault.to_string(), printed, instead: None }
            }
            Refusal::Said(words, printed) => CliError::Refused { words, printed, instead },
            Refusal::Unconnected(printed) => {
                let words = "Failed to create new KafkaAdminClient".to_owned();
                CliError::Refused { words, printed, instead }
            }
            Refusal::Told(output) => CliError::Told(output),
            Refusal::Files(dump) => CliError::Files(Box::new(dump)),
            Refusal::NotHere(what) => CliError::NotHere { tool: self.name, what, lack: Lack::Nothing, instead: None },
            Refusal::Lacking(what, lack) => CliError::NotHere { tool: self.name, what, lack, instead: None },
        }
    }

    fn usage(&self, words: String, instead: Option<String>) -> CliError {
        let mut printed = Output::default();
        printed.usage(&words, self.name);
        CliError::Refused { words, printed, instead }
    }

    fn refused(&self, manner: Manner, fault: &Fault, instead: Option<String>) -> CliError {
        let mut printed = Output::default();
        let words = &*fault.words;
        match manner {
            Manner::Usage => _ = printed.usage(words, self.name),
            Manner::Words => _ = printed.err(words).exit(1),
            Manner::Thrown => _ = printed.thrown(fault),
            Manner::Main => {
                printed.err(format!("Exception in thread \"main\" {fault}")).err(output::FRAMES).exit(1);
            }
            Manner::Occurred => _ = printed.err(format!("Error occurred: {words}")).exit(1),
            Manner::Topic => _ = printed.topic(fault),
            Manner::Group => _ = printed.group(fault),
        }
        // An exception without a message is named by its class.
        let words = if fault.words.trim().is_empty() { fault.class.clone() } else { fault.words.clone() };
        CliError::Refused { words, printed, instead }
    }
}

impl Output {
    /// `TopicCommand.printException`.
    pub(crate) fn topic(&mut self, fault: &Fault) -> &mut Output {
        self.out(format!("Error while executing topic command : {}", fault.words)).log(format!("ERROR {fault}"));
        if fault.has_frames() {
            self.err(output::FRAMES);
        }
        self.err(" (org.apache.kafka.tools.TopicCommand)").exit(1)
    }

    /// `ConsumerGroupCommand.printError` of what ends a command; its exit code stays 0.
    pub(crate) fn group(&mut self, fault: &Fault) -> &mut Output {
        self.out("").out(format!("Error: Executing consumer group command failed due to {}", fault.words));
        self.err(fault.to_string());
        if fault.has_frames() {
            self.err(output::FRAMES);
        }
        self
    }

    /// What `Admin.create` throws for servers that are no addresses, printed with its cause.
    pub(crate) fn unconnected(&mut self, why: &str) -> &mut Output {
        let words = "Failed to create new KafkaAdminClient";
        self.err(words).err(format!("org.apache.kafka.common.KafkaException: {words}")).err(output::FRAMES);
        self.err(format!("Caused by: org.apache.kafka.common.config.ConfigException: {why}"));
        self.err(output::FRAMES).err("").exit(1)
    }
}
