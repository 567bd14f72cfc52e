//! Where the reader goes: everything that changes the playhead or the pace, never the world.

use crate::Session;
use crate::visit::Place;
use lab::{ActId, FutureAct, Intent, Tempo};
use script::PlacedCommand;
use view::Time;
use view::picture;
use view::text::Language;

/// Paces of the slower and faster buttons.
const PACES: [f64; 3] = [1.0, 2.0, 5.0];

/// What changes the playhead or the pace, never the world. Not recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Playback {
    Toggle,
    Step,
    StepBack,
    NextVisible,
    PreviousVisible,
    NextMark,
    /// Where two branches differ first, while they are compared.
    FirstDifference,
    PreviousMark,
    Start,
    Latest,
    Seek(Time),
    /// A place on the track, in thousandths.
    Scrub(u16),
    Slower,
    Faster,
    Auto,
    SetMark,
    Fork,
    /// Goes there and forks.
    ForkAt(Time),
    ShowBranch(usize),
    Undo,
    Redo,
    /// An act of the shown branch does not happen, or does again.
    LeaveOut(ActId),
    PutBack(ActId),
}

impl Session {
    /// Applies what changes the playhead.
    pub fn play(&mut self, playback: Playback) {
        if self.is_gated() && self.goes_on(playback) && !self.may_time_pass() {
            return;
        }
        match playback {
            Playback::Toggle => {
                if self.lab.playback().playing || self.may_time_pass() {
                    self.send(Intent::TogglePlay);
                }
            }
            Playback::Step => self.still(Intent::Step),
            Playback::StepBack => self.still(Intent::StepBack),
            Playback::NextVisible => self.still(Intent::NextVisible),
            Playback::PreviousVisible => self.still(Intent::PreviousVisible),
            Playback::FirstDifference => self.go_to_difference(),
            Playback::NextMark => self.move_to_mark(|mark, now| mark > now),
            Playback::PreviousMark => self.move_to_earlier_mark(),
            Playback::Start => self.send(Intent::SeekStart),
            Playback::Latest => self.send(Intent::SeekEnd),
            Playback::Seek(time) => self.go_to(&Place::At(time)),
            Playback::Scrub(place) => self.go_to(&Place::At(picture::timeline::instant(&self.lab, place))),
            Playback::Slower => self.pace(-1),
            Playback::Faster => self.pace(1),
            Playback::Auto => self.send(Intent::Tempo(Tempo::Auto)),
            Playback::SetMark => {
                let count = self.lab.history().branch().own_marks.len() + 1;
                self.send(Intent::Mark(format!("M{count}").as_str().into()));
            }
            Playback::Fork => self.send(Intent::Fork),
            Playback::ForkAt(time) => {
                // At once: the fork must be there and nowhere else.
                let _ = self.lab.set_about(Intent::Pause);
                match self.lab.dispatch(Intent::Seek(time)) {
                    Ok(_) => self.send(Intent::Fork),
                    Err(error) => self.refusal = Some(error),
                }
            }
            Playback::ShowBranch(index) => self.send(Intent::SwitchBranch(index)),
            Playback::Undo | Playback::Redo | Playback::LeaveOut(_) | Playback::PutBack(_) => self.change(playback),
        }
    }

    /// Does it lead to what has not been seen?
    fn goes_on(&self, playback: Playback) -> bool {
        match playback {
            Playback::Step | Playback::NextVisible | Playback::NextMark | Playback::Latest | Playback::Scrub(_) => true,
            Playback::Seek(to) | Playback::ForkAt(to) => to > self.lab.now(),
            Playback::Toggle
            | Playback::StepBack
            | Playback::FirstDifference
            | Playback::PreviousMark
            | Playback::PreviousVisible
            | Playback::Start
            | Playback::Slower
            | Playback::Faster
            | Playback::Auto
            | Playback::SetMark
            | Playback::Fork
            | Playback::ShowBranch(_)
            | Playback::Undo
            | Playback::Redo
            | Playback::LeaveOut(_)
            | Playback::PutBack(_) => false,
        }
    }

    /// Takes acts away or brings them back, where the reader may do such acts at all.
    fn change(&mut self, playback: Playback) {
        let acts = &self.lab.history().branch().acts;
        let (intent, act) = match playback {
            Playback::Undo => (Intent::Undo, acts.last_done()),
            Playback::Redo => (Intent::Redo, acts.last_undone()),
            Playback::LeaveOut(id) => (Intent::LeaveOut(id), acts.act(id)),
            Playback::PutBack(id) => (Intent::PutBack(id), acts.act(id)),
            Playback::Toggle
            | Playback::Step
            | Playback::StepBack
            | Playback::NextVisible
            | Playback::PreviousVisible
            | Playback::NextMark
            | Playback::FirstDifference
            | Playback::PreviousMark
            | Playback::Start
            | Playback::Latest
            | Playback::Seek(_)
            | Playback::Scrub(_)
            | Playback::Slower
            | Playback::Faster
            | Playback::Auto
            | Playback::SetMark
            | Playback::Fork
            | Playback::ForkAt(_)
            | Playback::ShowBranch(_) => return,
        };
        if act.is_some_and(|act| self.allow.permits(&act.command)) {
            self.touched = true;
            self.send(intent);
        }
    }

    /// What the reader did last on the shown branch, in a few words, and when.
    pub fn last_done(&self, language: Language) -> Option<(String, Time)> {
        self.told(self.lab.history().branch().acts.last_done(), language)
    }

    /// What redoing would bring back.
    pub fn last_undone(&self, language: Language) -> Option<(String, Time)> {
        self.told(self.lab.history().branch().acts.last_undone(), language)
    }

    /// What an act did, in words.
    fn told(&self, act: Option<&PlacedCommand>, language: Language) -> Option<(String, Time)> {
        let act = act?;
        Some((picture::acted(&self.lab.run().world, &act.command, language.text()), act.at()))
    }

    /// Up to so many acts after the reader's instant, left out ones too: which, when, whose, and their lines.
    pub fn future_acts(&self, most: usize) -> Vec<FutureAct> {
        self.lab.history().branch().acts.future(self.lab.now(), most)
    }

    /// A step also stops time: whoever steps wants to look.
    fn still(&mut self, intent: Intent) {
        self.send(Intent::Pause);
        self.send(intent);
    }

    /// To the next of them, if there is one as far as is known.
    fn move_to_mark(&mut self, after: impl Fn(Time, Time) -> bool) {
        let now = self.lab.now();
        let marks = picture::timeline::marks(&self.lab, self.shown, Language::English.text());
        match marks.into_iter().map(|(at, ..)| at).find(|at| after(*at, now)) {
            Some(at) => self.send(Intent::Seek(at)),
            None => self.send(Intent::SeekEnd),
        }
    }

    /// To the one before.
    fn move_to_earlier_mark(&mut self) {
        let now = self.lab.now();
        let marks = picture::timeline::marks(&self.lab, self.shown, Language::English.text());
        match marks.into_iter().map(|(at, ..)| at).rfind(|at| *at < now) {
            Some(at) => self.send(Intent::Seek(at)),
            None => self.send(Intent::SeekStart),
        }
    }

    /// To the next pace of 1, 2, 5, 10, …
    fn pace(&mut self, by: i32) {
        let rate = self.lab.frame(lab::RECENT).tempo.rate.max(1e-4);
        let ladder: Vec<f64> = (-4..=3).flat_map(|power| PACES.map(|pace| pace * 10_f64.powi(power))).collect();
        let next = if by > 0 {
            ladder.iter().find(|pace| **pace > rate * 1.01)
        } else {
            ladder.iter().rev().find(|pace| **pace < rate * 0.99)
        };
        if let Some(next) = next {
            self.send(Intent::Tempo(Tempo::manual(*next)));
        }
    }
}
