//! Forms that are sent, and the cluster's answers to them.

use std::rc::Rc;

use yew::prelude::*;

use super::App;
use crate::focus;
use crate::intent::Dialog;
use session::{Act, Asker, Frame, Outcome, printed};

impl App {
    /// A form is sent as one act; the cluster's answer comes later, when the form may be closed.
    pub(super) fn submit(&mut self, ctx: &Context<App>, act: &Act) {
        self.state.error = None;
        match self.act(ctx, act) {
            Outcome::Done => self.state.finish_form(),
            Outcome::Asked(number) => match act {
                Act::Send { key, value, .. } => {
                    self.state.send_message(number, key.clone(), value.clone());
                    focus::select_field();
                }
                _other => self.state.send_form(number),
            },
            Outcome::Refused(error) => self.state.error = Some(error),
        }
    }

    /// What the list is searched for may be on the stage only in part.
    pub(super) fn look_for(&mut self) {
        if self.state.dialog != Some(Dialog::List) || self.frame.stage.more == 0 {
            return;
        }
        let wanted = self.state.draft().get("find", "").to_ascii_lowercase();
        let found = if wanted.is_empty() { Vec::new() } else { self.session.borrow().partitions_named(&wanted) };
        self.state.found = Rc::new(found);
    }

    /// The cluster's answers to acts of a while ago.
    pub(super) fn answers(&mut self, ctx: &Context<App>, frame: &Frame) {
        for answer in &frame.answers {
            let seen = match &answer.asker {
                Asker::Page => false,
                Asker::Act(act) => {
                    self.state.answer_message(*act, &answer.outcome)
                        || self.state.answer_form(*act, answer.outcome.as_ref().err())
                }
                Asker::Line(line) => {
                    self.print(printed(line, answer));
                    self.state.terminal_open
                }
                Asker::Gesture => {
                    self.print(answer.tool.clone().unwrap_or_default());
                    true
                }
                Asker::Text => {
                    self.print(answer.tool.clone().unwrap_or_default());
                    self.state.show_terminal();
                    true
                }
            };
            match &answer.outcome {
                _ if seen => {}
                // What a tool goes on printing is in the terminal.
                Ok(said) if said.is_empty() => {}
                Ok(said) => self.toast(ctx, said.join(" "), false),
                Err(error) => self.toast(ctx, format!("{} {}", error.error.name, error.error.sentence), true),
            }
        }
    }
}
