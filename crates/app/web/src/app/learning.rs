//! A lesson in the page: its text in the reader's language is fetched, what is answered goes to the session, and how far
//! it has been gone is kept where the browser keeps things.

use session::visit::Visit;
use session::{Frame, Learned, LessonIntent, Session};
use stage::LessonColumn;
use view::text::Language;
use view::{InspectorTab, Thing};
use yew::Context;

use super::{App, Msg};
use crate::intent::Panel;
use crate::{api, later, storage};

/// How names in the browser's storage begin.
const PROGRESS: &str = "lesson.";
/// Where it was left.
const NOTES: &str = "notes.";
/// The lesson that was looked at last.
const LAST: &str = "lesson-last";

/// Whoever has left the lesson before is asked whether to go on; an address that says more says where to stand.
#[inline(never)]
pub(super) fn offer(session: &mut Session, visit: &Visit) {
    let id = session.lesson_of_site().filter(|_| visit.step.is_none() && visit.at.is_none() && !visit.embed);
    if let Some(notes) = id.and_then(|id| storage::get(&format!("{NOTES}{id}"))) {
        session.offer_notes(&notes);
    }
}

/// Whether the column is to be seen.
pub(super) fn column(frame: &Frame, visit: &Visit) -> LessonColumn {
    let shown = frame.lesson.is_some() && !visit.hide.contains(&"lesson");
    if shown { LessonColumn::Shown } else { LessonColumn::Absent }
}

impl App {
    /// What the reader does in a lesson, which the session judges.
    pub(super) fn learn(&mut self, learn: LessonIntent) {
        self.state.started = true;
        self.session.borrow_mut().learn(learn);
        self.keep_progress();
    }

    /// Programs hear what has come of a lesson's questions, under the lesson's id.
    #[inline(never)]
    pub(super) fn tell_learned(&self) {
        let learned = self.session.borrow_mut().learned();
        for (id, learned) in learned {
            let id = Some(api::Id::Text(id.to_string()));
            match learned {
                Learned::Answered { step, right } => {
                    self.emit("check", id, &api::Judged { step: step.name(), right });
                }
                Learned::Complete => self.emit("complete", id, &api::Bare {}),
            }
        }
    }

    /// What was clicked on the stage is the answer, where a name is asked for.
    pub(super) fn answer_by(&mut self, thing: &Thing) -> bool {
        let answers = self.frame.lesson.is_some() && self.session.borrow_mut().answer_by(thing);
        if answers {
            self.keep_progress();
        }
        answers
    }

    /// Where the lesson stands, so that whoever comes back can go on there.
    #[inline(never)]
    pub(super) fn keep_notes(&self) {
        if self.state.embed {
            return;
        }
        if let Some((id, notes)) = self.session.borrow().lesson_notes() {
            let name = format!("{NOTES}{id}");
            if storage::get(&name).as_deref() != Some(&*notes) {
                let _ = storage::set(&name, &notes);
            }
        }
    }

    /// What has been answered last stays; nothing is kept of an embedded page.
    pub(super) fn keep_progress(&self) {
        if self.state.embed {
            return;
        }
        self.keep_notes();
        if let Some((id, progress)) = self.session.borrow().lesson_progress() {
            let name = format!("{PROGRESS}{id}");
            // What was reached once stays reached.
            let rank = |step: &str| ["predict", "run", "check", "done"].iter().position(|known| *known == step);
            if storage::get(&name).is_none_or(|kept| rank(&kept) < rank(progress)) {
                let _ = storage::set(&name, progress);
            }
            let _ = storage::set(LAST, &id);
        }
    }

    /// What a lesson wishes to be seen and lets be done comes with it, and goes with it; its column comes to the front.
    #[inline(never)]
    pub(super) fn wear(&mut self, frame: &Frame) {
        let wished = self.session.borrow().wished().clone();
        let (state, worn) = (&mut self.state, &mut self.options.visit);
        if *wished != *worn {
            if worn.row != wished.row {
                state.partition = wished.row.clone();
            }
            if worn.select != wished.select {
                state.wished = wished.select.clone();
            }
            state.view = wished.view;
            *worn = (*wished).clone();
        }
        state.lesson = column(frame, worn);
        match (self.frame.lesson.is_some(), frame.lesson.is_some()) {
            (false, true) => {
                (state.panel, state.panel_chosen) = (Panel::Lesson, true);
                state.side_open = !state.embed;
            }
            (true, false) if state.panel == Panel::Lesson => state.panel = Panel::Story,
            (true, false) | (true, true) | (false, false) => {}
        }
    }

    /// Selects what an address or a lesson wishes, once it is there. The column stays what it is, because a lesson's words
    /// stand beside what it selects; only who asks for a record wants to read it.
    #[inline(never)]
    pub(super) fn select_wished(&mut self, frame: &Frame) {
        let Some(name) = &self.state.wished else { return };
        // It is not there yet, or nothing is called so.
        let Some(thing) = self.session.borrow().thing_named(name) else { return };
        let state = &mut self.state;
        if let Thing::Record { partition, .. } = &thing {
            (state.tab, state.partition) = (InspectorTab::Log, Some(partition.clone()));
            if frame.lesson.is_none() {
                (state.panel, state.panel_chosen, state.side_open) = (Panel::Inspector, true, !state.embed);
            }
        }
        (state.selection, state.details, state.wished) = (Some(thing), true, None);
    }

    /// All lessons, on a page that needs no program.
    pub(super) fn library(&self) {
        let page = self.state.language.text().lesson.library_page;
        if let Some(window) = web_sys::window() {
            let _ = window.location().set_href(page);
        }
    }

    /// The text of the lesson in another language, if it could be fetched.
    pub(super) fn lesson_came(&self, text: Option<&str>, language: Language) {
        if let Some(text) = text {
            self.session.borrow_mut().translate_lesson(text, language);
        }
    }

    /// The words of the lesson in the language that the reader has switched to.
    pub(super) fn translate(&self, ctx: &Context<App>) {
        let language = self.state.language;
        let session = self.session.borrow();
        // No lesson of the site, or it speaks the language already.
        let Some(id) = session.lesson_of_site().filter(|_| !session.lesson_speaks(language)) else { return };
        let heard = ctx.link().callback(move |text: Option<String>| Msg::LessonCame(text, language));
        later::document(&later::lesson_file(&id, language), move |text| heard.emit(text));
    }
}
