//! A lesson in the page: its text in the reader's language is fetched, what is answered goes to the session, and how far
//! it has been gone is kept where the browser keeps things.

use session::visit::Visit;
use session::{Frame, LessonIntent};
use stage::LessonColumn;
use view::text::Language;
use yew::Context;

use super::{App, Msg};
use crate::intent::Panel;
use crate::{later, storage};

/// How names in the browser's storage begin.
const PROGRESS: &str = "lesson.";
/// The lesson that was looked at last.
const LAST: &str = "lesson-last";

/// Whether the column is to be seen.
pub(super) fn column(frame: &Frame, visit: &Visit) -> LessonColumn {
    let shown = frame.lesson.is_some() && !visit.hide.contains(&"lesson");
    if shown { LessonColumn::Shown } else { LessonColumn::Absent }
}

impl App {
    pub(super) fn learn(&mut self, learn: LessonIntent) {
        self.state.started = true;
        self.session.borrow_mut().learn(learn);
        self.keep_progress();
    }

    /// What has been answered last stays; nothing is kept of an embedded page.
    pub(super) fn keep_progress(&self) {
        if self.state.embed {
            return;
        }
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
        let wished = self.session.borrow().visit().clone();
        let (state, worn) = (&mut self.state, &mut self.options.visit);
        if *wished != *worn {
            if worn.row != wished.row {
                state.partition = wished.row.clone();
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
        let Some(id) = session.lesson_of_site().filter(|_| !session.lesson_speaks(language)) else { return };
        let heard = ctx.link().callback(move |text: Option<String>| Msg::LessonCame(text, language));
        later::document(&later::lesson_file(&id, language), move |text| heard.emit(text));
    }
}
