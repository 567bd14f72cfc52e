//! What a person has just done to the cluster: lines that have their turn, the toast with the way back, and where the focus
//! goes.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use session::{Act, LineKind, Playback, Session, TerminalLine};
use yew::prelude::*;

use super::state::ActToast;
use super::{App, Msg};
use crate::clock;
use crate::focus;
use crate::intent::{Menu, Panel};

/// What lines of the terminal may take of one frame. One that was begun is finished.
const LINES_MILLISECONDS: f64 = 8.0;
/// So long an act can be taken back from its toast.
const ACT_TOAST_MILLISECONDS: u32 = 6_000;

/// What the reader has done on the shown branch, as far as a toast cares.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Doing {
    branch: usize,
    branches: usize,
    acts: u64,
    undone: u64,
}

impl Doing {
    /// Is there a branch now that was not there?
    pub(super) fn has_branched(&self, now: &Doing) -> bool {
        now.branches > self.branches
    }

    pub(super) fn of(session: &Session) -> Doing {
        let (branch, branches) = (session.branch_index(), session.branch_count());
        Doing { branch, branches, acts: session.changes_done(), undone: session.acts_undone() }
    }
}

impl App {
    /// A line of the terminal, or one of several that were pasted.
    pub(super) fn line(&mut self, ctx: &Context<App>, line: &str) {
        if !self.state.panel_chosen {
            self.state.panel = Panel::Story;
        }
        let entered = self.session.borrow_mut().enter(line, self.state.language);
        if let Err(refused) = entered {
            return self.print(vec![TerminalLine { kind: LineKind::Error, text: refused.error.sentence }]);
        }
        Rc::make_mut(&mut self.state.history).push(line.to_owned());
        self.run_lines(ctx);
    }

    /// Runs the lines whose turn it is, as far as one frame has time for them; a line that was run wants another frame.
    pub(super) fn run_lines(&mut self, ctx: &Context<App>) {
        let language = self.state.language;
        let end = clock::now() + LINES_MILLISECONDS;
        while clock::now() < end {
            let due = self.session.borrow_mut().due(language);
            // Nothing waits, or the one before is not answered.
            let Some(line) = due else { return };
            let before = Doing::of(&self.session.borrow());
            let printed = self.rescued(&line, |session| session.take_turn(language));
            self.print(printed);
            self.tell_doing(ctx, before);
        }
    }

    /// After something that may have changed what is done: the toast that says so, and offers the way back.
    pub(super) fn tell_doing(&mut self, ctx: &Context<App>, before: Doing) {
        let (session, language) = (self.session.borrow(), self.state.language);
        let (now, acts) = (Doing::of(&session), &language.text().acts);
        let (words, back) = if now.undone > before.undone {
            let words = session.last_undone(language).map(|(act, at)| (acts.undone)(&act, &at.to_string()));
            (words, Playback::Redo)
        } else if now.undone < before.undone && now.branch == before.branch {
            let words = session.last_done(language).map(|(act, at)| (acts.redone)(&act, &at.to_string()));
            (words, Playback::Undo)
        } else if now.acts > before.acts {
            (session.last_done(language).map(|(act, _)| act), Playback::Undo)
        } else {
            if now.branch != before.branch {
                self.state.act_toast = None;
            }
            if now.branches > before.branches {
                self.state.menu = Some(Menu::Ahead);
            }
            return;
        };
        drop(session);
        if now.branches > before.branches {
            // A new branch has what the old one had: what is to come can be left out of it.
            self.state.menu = Some(Menu::Ahead);
        }
        // What it did says itself.
        let Some(text) = words else { return };
        self.state.toast_count += 1;
        let number = self.state.toast_count;
        self.state.act_toast = Some(ActToast { number, text, back });
        let over = ctx.link().callback(Msg::ToastOver);
        self.timers.push(Timeout::new(ACT_TOAST_MILLISECONDS, move || over.emit(number)));
    }

    /// Whoever has pressed a switch by key does not press the opposite by pressing again.
    pub(super) fn leave_switch(&self, act: &Act) {
        if let Act::Kill(process)
        | Act::Stop(process)
        | Act::Start(process)
        | Act::Pause(process)
        | Act::Resume(process)
        | Act::PowerOff(process) = act
        {
            let name = self.frame.choices.nodes.iter().find(|node| node.process == *process);
            focus::switched(name.map_or("", |node| &node.name));
        }
    }
}
