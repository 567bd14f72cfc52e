//! A producer that a line of the terminal measures (`kafka-producer-perf-test`): its tool prints what its records took, every few
//! seconds of Kafka and at the end, and closes it then.

use lab::Happening;
use script::cli::{Output, Perf, Printed, Run};
use script::shell::Pipe;
use script::{Command, KafkaCommand};
use view::text::Language;
use view::{Time, picture};

use crate::terminal::shown;
use crate::{Answer, Asker, Session};

/// One that is under way.
pub(super) struct Measuring {
    line: String,
    name: String,
    perf: Perf,
    pipe: Pipe,
    since: Time,
    until: Time,
}

impl Session {
    /// From now on the producer of a run is measured.
    pub(super) fn measure(&mut self, line: &str, run: &Run) {
        let (Some(perf), Command::Kafka(_, KafkaCommand::AddProducer { name, .. })) = (&run.perf, &run.command) else {
            return;
        };
        let now = self.lab.now();
        let (mut perf, pipe) = (perf.clone(), run.pipe.clone());
        perf.begin(sim::wall(now).0);
        self.measured.push(Measuring {
            line: line.to_owned(),
            name: name.to_string(),
            perf,
            pipe,
            since: now,
            until: now,
        });
    }

    /// Counts what was answered since the last look.
    pub(super) fn mind_the_measured(&mut self) {
        let Some(from) = self.measured.iter().map(|one| one.until).min() else { return };
        let facts: Vec<Happening> = self.lab.history().since(from).cloned().collect();
        let (now, world) = (self.lab.now(), &self.lab.run().world);
        self.measured.retain(|one| one.since <= now);
        let (mut told, mut ended) = (Vec::new(), Vec::new());
        for one in &mut self.measured {
            let mut output = Output::default();
            for answered in picture::answered_records(world, &one.name, facts.iter(), one.until) {
                let at = sim::wall(answered.at).0;
                match answered.latency {
                    Some(latency) => one.perf.record(at, latency, &mut output),
                    None => one.perf.fail(at, 1, &mut output),
                }
            }
            one.until = one.until.max(now);
            one.pipe.through(&mut output);
            let is_up = world.find(&one.name).is_some_and(|slot| slot.liveness.is_up());
            // Its producer closes when it has sent all.
            if !is_up {
                output.lines.extend(one.pipe.end().into_iter().map(Printed::Out));
                ended.push(one.name.clone());
            }
            if !output.lines.is_empty() {
                told.push((one.line.clone(), shown(&output, sim::wall(now))));
            }
        }
        self.measured.retain(|one| !ended.contains(&one.name));
        for (line, lines) in told {
            let (asker, outcome) = (Asker::Line(line), Ok(Vec::new()));
            self.answers.push(Answer { asker, at: now, outcome, tool: Some(lines) });
        }
    }

    /// Ctrl+C.
    pub(super) fn end_measured(&mut self, language: Language) {
        let names: Vec<String> = self.measured.iter().map(|one| one.name.clone()).collect();
        names.iter().for_each(|name| self.end_client(name, language));
    }
}
