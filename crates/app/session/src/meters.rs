//! The meters of the shown branch: told by running it again, a slice in each frame and only what is new, while their room
//! is open (decision 047).

use lab::{Allowance, Intent, Metering};
use script::{Command, KafkaCommand, WorldCommand};
use sim::meters::Asked;
use view::meters::{MetersChoice, MetersView};
use view::picture::meters::{self, Seen};
use view::picture::timeline;
use view::text::Language;
use view::{Str, Time};

use crate::terminal::{TerminalLine, failed, output};
use crate::visit::Place;
use crate::{Answer, Asker, Session, ViewOptions};

/// What one frame may run again: events, and milliseconds while the reader's run goes on and while it stands.
const EVENTS: u64 = 20_000;
const PLAYING: f64 = 5.0;
const STANDING: f64 = 20.0;
/// What a line of the terminal may cost: about two seconds in a page.
const LINE_EVENTS: u64 = 1_000_000;

/// Of which branch, with which acts, of which edition of the shown run.
type Of = (usize, u32, u64);

/// What is told so far.
#[derive(Default)]
pub(super) struct Told {
    metering: Option<Metering>,
    of: Option<Of>,
    /// Does it stand before the reader's instant?
    is_behind: bool,
}

impl Told {
    pub(super) fn is_behind(&self) -> bool {
        self.is_behind
    }
}

impl Session {
    /// Goes on with the telling to the reader's instant, as far as one frame allows; whoever goes back reads what is
    /// told. Begins anew where what is told is of another run.
    pub(super) fn tell_meters(&mut self, options: &ViewOptions) {
        if options.meters.is_none() {
            self.meters = Told::default();
            return;
        }
        let limit = if self.lab.playback().playing { PLAYING } else { STANDING };
        let clock = self.around.clock;
        let end = clock() + limit;
        let mut may_go_on = || clock() < end;
        self.go_on_telling(&mut Allowance::clocked(&mut may_go_on).at_most(EVENTS));
        if self.meters.is_behind {
            self.version += 1;
        }
    }

    fn go_on_telling(&mut self, allowance: &mut Allowance<'_>) {
        let (history, now) = (self.lab.history(), self.lab.now());
        let branch = history.branch();
        let of = Some((history.current(), branch.acts.revision(), history.edition()));
        let kept = self.meters.metering.take().filter(|_| self.meters.of == of);
        let mut metering = kept.unwrap_or_else(|| Metering::of(branch, Time::ZERO));
        let is_there = metering.at() >= now || metering.go_on(branch, now, allowance);
        self.meters = Told { metering: Some(metering), of, is_behind: !is_there };
    }

    /// The room, of what is told.
    pub(super) fn meters(&self, options: &ViewOptions) -> Option<MetersView> {
        let text = options.language.text();
        let marks = timeline::marks(&self.lab, self.shown, text);
        let seen = self.seen_meters(&marks)?;
        Some(meters::meters(&seen, options.meters.as_ref()?, text))
    }

    fn seen_meters<'a>(&'a self, marks: &'a [(Time, view::MarkKind, String)]) -> Option<Seen<'a>> {
        Some(Seen {
            metering: self.meters.metering.as_ref()?,
            cluster: self.shown,
            now: self.lab.now(),
            end: timeline::end(&self.lab),
            marks,
        })
    }

    /// The chosen stretch as CSV, or everything that is told; `None` while the room is closed.
    pub fn meters_csv(&self, choice: &MetersChoice, language: Language) -> Option<String> {
        let stretch = choice.stretch.unwrap_or((Time::ZERO, self.lab.now()));
        Some(meters::csv(&self.seen_meters(&[])?, &choice.charts, stretch, language.text()))
    }

    /// Plays from one instant to another, once.
    pub fn play_stretch(&mut self, from: Time, until: Time) {
        self.send(Intent::Pause);
        self.go_to(&Place::At(from));
        if self.may_time_pass() {
            self.until = Some(Place::At(until));
            self.send(Intent::Play);
        }
    }

    /// Closes a producer and lets another go on in its place, with these settings. Its name, when the world takes both.
    pub fn retune(&mut self, name: &str, (linger, batch): (u32, u32), language: Language) -> Option<Str> {
        let acts = self.lab.history().branch().commands().iter().rev();
        let mut adding = acts.filter_map(|act| match &act.command {
            Command::Kafka(_, KafkaCommand::AddProducer { name: added, .. }) if **added == *name => {
                Some(act.command.clone())
            }
            Command::Kafka(..) | Command::World(_) | Command::Other(..) => None,
        });
        // It came by no act of this branch.
        let mut command = adding.next()?;
        let Command::Kafka(_, KafkaCommand::AddProducer { name: added, configs, .. }) = &mut command else {
            return None;
        };
        let stem =
            name.rsplit_once('-').filter(|(_, number)| number.parse::<u32>().is_ok()).map_or(name, |(stem, _)| stem);
        let world = &self.lab.run().world;
        let free = (2..).map(|number: u32| format!("{stem}-{number}")).find(|name| world.find(name).is_none())?;
        *added = free.as_str().into();
        configs.insert("linger.ms".into(), linger.to_string().as_str().into());
        configs.insert("batch.size".into(), batch.to_string().as_str().into());
        let next = added.clone();
        let stop = Command::World(WorldCommand::Stop { name: name.into() });
        for command in [stop, command] {
            if let Err(error) = self.command(&command, Asker::Page, language) {
                self.answers.push(Answer { asker: Asker::Page, at: self.lab.now(), outcome: Err(error), tool: None });
                return None;
            }
            self.echo(&command, language);
        }
        Some(next)
    }

    /// `meters`, `meters TotalTimeMs request=Produce p99 over=10s`: what they read where the reader stands.
    pub(super) fn about_meters(&mut self, line: &str, language: Language) -> Option<Vec<TerminalLine>> {
        let mut words = line.split_whitespace();
        words.next().filter(|first| *first == "meters")?;
        let (words, text): (Vec<&str>, _) = (words.collect(), language.text());
        let asked = match words.as_slice() {
            [] => None,
            words => match Asked::read(words, script::parse_span) {
                Ok(asked) => Some(asked),
                Err(wrong) => return Some(vec![failed(meters::misread(&wrong, text))]),
            },
        };
        self.go_on_telling(&mut Allowance::events(LINE_EVENTS));
        let (metering, now) = (self.meters.metering.as_ref()?, self.lab.now());
        if self.meters.is_behind {
            return Some(vec![failed((text.meters.behind)(&metering.meters().until().to_string()))]);
        }
        Some(meters::lines(metering, now, asked.as_ref(), text).into_iter().map(output).collect())
    }

    /// How the line goes on: names of meters, then what tells their numbers apart.
    pub(super) fn meter_words(head: &str, begun: &str) -> Vec<String> {
        let offers = view::meters::MeterKind::ALL.into_iter().map(view::meters::MeterKind::name);
        let offers = offers.filter(|name| name.starts_with(begun) && head.split_whitespace().count() == 1);
        offers.map(|name| format!("{head} {name}")).collect()
    }
}
