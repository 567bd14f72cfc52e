//! What happens to processes and to the links between them.

use base::{ProcessId, Time};
use lab::Happening;
use port::{CutWay, Fact, KafkaFact, WorldFact};

use super::past::Key;
use super::told::{Crowd, Told};
use super::{Narrator, actor};
use crate::text::{Disk, Said};
use crate::{Actor, StoryKind, Thing};

impl Narrator<'_> {
    pub(super) fn of_process(&self, happening: &Happening) -> Option<Told> {
        let story = &self.text.story;
        let (process, actor) = (happening.process, actor(happening));
        let name = || self.name(process);
        let asked = || self.past.get(&Key::AskedToStop(process));
        let told = match &happening.fact {
            Fact::World(WorldFact::StopRequested) => Told::new(StoryKind::Act, (story.asked_to_stop)(actor, &name())),
            Fact::World(WorldFact::ProcessStopped { clean: false }) => self.killed(happening),
            Fact::World(WorldFact::ProcessStopped { clean: true }) => self.ended(happening)?,
            Fact::Kafka(KafkaFact::ControlledShutdownStarted) => {
                Told::new(StoryKind::Note, (story.shuts_down)(&name())).because(asked())
            }
            Fact::World(WorldFact::ProcessPaused) => Told::new(StoryKind::Act, (story.paused)(actor, &name())),
            Fact::World(WorldFact::ProcessResumed) => Told::brief(StoryKind::Act, (story.resumed)(actor, &name())),
            Fact::World(WorldFact::ProcessStarted) if happening.at > Time::ZERO => {
                let strong = (story.started)(actor, &name());
                Told::new(StoryKind::Act, (strong, self.on_disk(process).to_owned()))
            }
            Fact::World(WorldFact::ConnectionClosed { peer, lost_messages }) if *lost_messages > 0 => {
                self.closed(happening, *peer, *lost_messages as usize)
            }
            Fact::World(WorldFact::LinkCut { peer, way: CutWay::Both }) => {
                self.of_link(happening, *peer, story.link_cut)
            }
            Fact::World(WorldFact::LinkCut { peer, way: CutWay::Onward }) => {
                self.of_link(happening, *peer, story.link_cut_one_way)
            }
            Fact::World(WorldFact::LinkReset { peer }) => self.of_link(happening, *peer, story.link_reset),
            Fact::World(WorldFact::MessagesHeld { peer, api }) => {
                let ends = self.ends(happening, *peer);
                let said = (story.messages_held)(actor, [&ends[0], &ends[1]], api.name());
                Told::new(StoryKind::Act, said)
            }
            Fact::World(WorldFact::MessagesToBeLost { peer, api, left }) => {
                let ends = self.ends(happening, *peer);
                let said = (story.messages_to_be_lost)(actor, [&ends[0], &ends[1]], (api.name(), *left));
                Told::new(StoryKind::Act, said)
            }
            Fact::World(WorldFact::ChosenMessageLost { peer, api }) => {
                let ends = self.ends(happening, *peer);
                Told::new(StoryKind::Loss, (story.chosen_message_lost)([&ends[0], &ends[1]], api.name()))
            }
            Fact::World(WorldFact::StoreChanged { store, condition }) => {
                Told::new(StoryKind::Act, (story.store_changed)(actor, store, *condition))
            }
            Fact::World(WorldFact::LinkHealed { peer }) => self.of_link(happening, *peer, story.link_healed),
            _of_something_else => return None,
        };
        Some(told.about(Thing::Process(process)))
    }

    fn ends(&self, happening: &Happening, peer: ProcessId) -> [String; 2] {
        [happening.process, peer].map(|process| self.name(process).to_string())
    }

    fn of_link(&self, happening: &Happening, peer: ProcessId, words: fn(Actor, &str, &str) -> Said) -> Told {
        let said = words(actor(happening), &self.name(happening.process), &self.name(peer));
        Told::new(StoryKind::Act, said)
    }

    /// Which of the two it was matters: with the power goes what was not flushed.
    fn killed(&self, happening: &Happening) -> Told {
        let (story, process) = (&self.text.story, happening.process);
        // It did so itself, as it had been told to.
        let crashed = self.past.get(&Key::Crashed(process)).filter(|crashed| crashed.at == happening.at);
        if let Some(Fact::Kafka(KafkaFact::Crashed { at, .. })) = crashed.map(|crashed| &crashed.fact) {
            let said = ((story.crashed)(&self.name(process), *at), self.left_behind(process));
            return Told::new(StoryKind::Act, said);
        }
        let powerless = self.past.get(&Key::PowerLost(process)).is_some_and(|lost| lost.at == happening.at);
        let words = if powerless { story.power_cut } else { story.killed };
        Told::new(StoryKind::Act, (words(actor(happening), &self.name(process)), self.left_behind(process)))
    }

    /// It ended in order: as it was asked to, or by itself.
    fn ended(&self, happening: &Happening) -> Option<Told> {
        let (story, process) = (&self.text.story, happening.process);
        let name = self.name(process);
        let ended = self.past.get(&Key::Ended(process));
        let asked = self.past.get(&Key::AskedToStop(process));
        let (strong, rest) = match (ended.map(|ended| &ended.fact), asked) {
            // The error has been told.
            (Some(Fact::Kafka(KafkaFact::ClientFailed { .. })), _) => return None,
            (_, Some(asked)) => ((story.stopped_as_asked)(actor(asked), &name), self.left_behind(process)),
            (Some(_), None) => ((story.stopped_by_itself)(&name), story.registration_gave_up.to_owned()),
            (None, None) => ((story.stopped_by_itself)(&name), self.left_behind(process)),
        };
        Some(Told::new(StoryKind::Effect, (strong, rest)).because(asked.or(ended)))
    }

    /// What it led or read.
    fn left_behind(&self, process: ProcessId) -> String {
        let story = &self.text.story;
        match (self.listed(self.past.led_by(process)), self.listed(self.past.read_by(process))) {
            (led, _) if !led.is_empty() => (story.it_led)(&led),
            (_, read) if !read.is_empty() => (story.it_read)(&read),
            (_, _) => String::new(),
        }
    }

    /// What a node that runs again finds.
    fn on_disk(&self, process: ProcessId) -> &'static str {
        let ran = self.past.get(&Key::Silent(process)).is_some();
        let is_node = self.cluster.brokers().chain(self.cluster.controllers()).any(|(_, slot)| slot.id == process);
        match self.past.get(&Key::PowerLost(process)) {
            _ if !(ran && is_node) => "",
            Some(_) => (self.text.story.found_on_disk)(Disk::Flushed),
            None => (self.text.story.found_on_disk)(Disk::Whole),
        }
    }

    fn closed(&self, happening: &Happening, peer: ProcessId, lost: usize) -> Told {
        let process = happening.process;
        let silent = |end: ProcessId| self.past.get(&Key::Silent(end));
        let reset = |one, other| self.past.get(&Key::Reset(one, other));
        let (gone, cause) = match (silent(process), silent(peer)) {
            (Some(own), _) => (process, Some(own)),
            (None, other) => (peer, other.or_else(|| reset(process, peer)).or_else(|| reset(peer, process))),
        };
        let said = (self.text.story.connections_closed)(&self.name(gone), lost);
        Told::new(StoryKind::Loss, said).because(cause).among(Crowd::Closed, 0)
    }
}
