//! What a person takes along or finds again: the copied link, and the experiments that the browser keeps.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use script::file::of_fragment;
use view::NoticeAction;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{App, Msg};
use crate::dialog::{COMMAND, Copying, SNIPPET};
use crate::intent::{Dialog, KeptIntent, Shown};
use crate::{focus, keeping, later, rescue};
use session::Refusal;
use session::kept::{Keepsake, Kept};
use session::visit::Named;
use view::PosterView;

/// Hears what becomes of a promise.
pub(super) type Settled = Closure<dyn FnMut(JsValue)>;

/// Puts the focus on an element that is drawn.
fn focus_on(id: &str) {
    let element = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// A run that waits for the text of its lesson, and the kept experiment that it is.
pub struct Awaited {
    named: Named,
    kept: Option<(String, Kept)>,
}

impl App {
    /// Asks the browser to copy a text. What it answers is said when it has answered.
    pub(super) fn copy(&mut self, ctx: &Context<App>, text: &str) {
        self.state.copy = Copying::Open;
        let clipboard = web_sys::window().map(|window| window.navigator());
        let clipboard = clipboard.and_then(|navigator| js_sys::Reflect::get(&navigator, &"clipboard".into()).ok());
        let Some(clipboard) = clipboard.and_then(|clipboard| clipboard.dyn_into::<web_sys::Clipboard>().ok()) else {
            ctx.link().send_message(Msg::Copied(Copying::ByHand));
            return;
        };
        let settled = |copy| {
            let link = ctx.link().clone();
            Settled::once(move |_: JsValue| link.send_message(Msg::Copied(copy)))
        };
        let (done, refused) = (settled(Copying::Done), settled(Copying::ByHand));
        let _ = clipboard.write_text(text).then2(&done, &refused);
        self.copying = Some((done, refused));
    }

    /// The browser has answered. Where it forbids copying the text is selected, so that a key press is enough.
    pub(super) fn copied(&mut self, copy: Copying) -> bool {
        self.state.copy = copy;
        if copy == Copying::ByHand {
            let shared = self.state.dialog == Some(Dialog::Share);
            focus::select(match (shared, self.state.sharing.copied) {
                (true, Shown::Link) => "share-link",
                (true, Shown::Snippet) => SNIPPET,
                (false, _) => COMMAND,
            });
        }
        true
    }

    /// Opens a link that was pasted; anything else is left as it stands.
    pub(super) fn open_link(&mut self, ctx: &Context<App>, text: &str) {
        if let Some(named) = Named::read(text) {
            return self.fetch(ctx, Awaited { named, kept: None });
        }
        let fragment = text.find('#').map_or(text, |place| &text[place + 1..]).trim();
        if script::link::opens(fragment) {
            self.load(ctx, fragment);
        }
    }

    /// What is shown is kept, because something else takes its place.
    pub(super) fn make_way(&mut self) {
        self.save();
        self.put_branches_aside();
        self.keeper.start_anew();
        self.state.act_toast = None;
    }

    /// What was done in a lesson of this site comes once the lesson's text is there.
    #[inline(never)]
    fn fetch(&self, ctx: &Context<App>, awaited: Awaited) {
        let file = later::lesson_file(&awaited.named.id, self.state.language);
        let link = ctx.link().clone();
        later::document(&file, move |text| link.send_message(Msg::NamedCame(text, Box::new(awaited))));
    }

    /// It is there, or could not be had: then nothing is kept in place of what was.
    #[inline(never)]
    pub(super) fn named_came(&mut self, ctx: &Context<App>, text: Option<&str>, awaited: Awaited) -> bool {
        self.make_way();
        self.session.borrow_mut().open_named(&awaited.named, text);
        self.came_by();
        if let Some((id, kept)) = awaited.kept.filter(|_| text.is_some()) {
            self.keeper.go_on_with(id, kept);
        }
        self.refresh(ctx);
        true
    }

    /// Goes on from a card.
    pub(super) fn notice(&mut self, ctx: &Context<App>, action: NoticeAction) {
        self.session.borrow_mut().notice(action);
        match action {
            NoticeAction::OpenSaved => {
                if let Some(id) = self.offered.take() {
                    self.open_kept(ctx, id);
                }
            }
            NoticeAction::ListKept => self.open(Dialog::Kept),
            NoticeAction::ShareLink => self.open(Dialog::Share),
            NoticeAction::PlayReadable | NoticeAction::PasteLink | NoticeAction::Dismiss => {}
        }
    }

    pub(super) fn kept(&mut self, ctx: &Context<App>, intent: KeptIntent) {
        let deleted = self.state.kept.deleted.clone();
        match intent {
            KeptIntent::Open(id) => {
                self.state.dialog = None;
                self.open_kept(ctx, id);
            }
            KeptIntent::Rename(id, name) => {
                let refused = keeping::rename(&id, &name);
                self.tell(refused);
                self.list_kept(deleted);
            }
            KeptIntent::Delete(id) => {
                let gone = keeping::delete(&id).map(|(text, name)| (id, text, name));
                self.list_kept(gone.or(deleted));
                // The focus was on what is gone.
                self.timers.push(Timeout::new(0, || focus_on("kept-put-back")));
            }
            KeptIntent::PutBack => {
                let refused = deleted.map_or(Ok(()), |(id, text, _)| keeping::put_back(&id, &text));
                self.tell(refused);
                self.list_kept(None);
            }
        }
    }

    fn tell(&mut self, refused: Result<(), Refusal>) {
        if let Err(refusal) = refused {
            self.session.borrow_mut().tell_unkept(refusal);
        }
    }

    /// A kept experiment; what is done to it is kept in its place, unless only a part of it can be read.
    fn open_kept(&mut self, ctx: &Context<App>, id: String) {
        // Another tab has removed it.
        let Some(kept) = keeping::read(&id) else { return };
        let is_whole = of_fragment(&kept.of.link).is_ok();
        if let Some(named) = kept.of.named().filter(|_| is_whole) {
            return self.fetch(ctx, Awaited { named, kept: Some((id, kept)) });
        }
        self.load(ctx, &kept.of.link);
        self.session.borrow_mut().stand_where_left(&kept.of.left);
        if is_whole {
            self.keeper.go_on_with(id, kept);
        }
    }

    pub(super) fn list_kept(&mut self, deleted: Option<(String, String, String)>) {
        self.state.kept = Rc::new(self.keeper.list(deleted, self.state.language.text()));
    }

    /// The rescue knows the link that is being opened.
    pub(super) fn came_by(&self) {
        if let Some(link) = self.session.borrow_mut().came_by() {
            rescue::opened(&link);
        }
    }

    /// Whenever something was done, by whomever, its newest link is what a rescue would show.
    pub(super) fn keep_for_rescue(&self) {
        let mut session = self.session.borrow_mut();
        if !session.is_touched() {
            return;
        }
        let link = session.newest_link();
        if *self.handed.borrow() != link {
            let name = (self.state.language.text().page.branch)(&session.branch_name());
            rescue::keep(session.branch_index(), &name, &link);
            *self.handed.borrow_mut() = link;
        }
    }

    /// Keeps the experiment in the browser, once somebody has done something to it.
    pub(super) fn save(&mut self) {
        if self.frame.lesson.is_some() {
            self.keep_notes();
        }
        let mut session = self.session.borrow_mut();
        // What is answered in a kept lesson is kept as well.
        let goes_on = session.is_in_lesson() && self.keeper.holds(session.acts_done());
        if self.options.visit.embed || !(session.is_own_work() || goes_on) {
            return;
        }
        let of = session.keepsake();
        if self.saved == of {
            return;
        }
        let kept = Kept {
            saved: keeping::today(),
            acts: session.acts_done(),
            name: String::new(),
            title: self.frame.title.clone(),
            poster: PosterView::of(&self.frame.stage).write(),
            of: of.clone(),
        };
        match self.keeper.save(kept) {
            Ok(()) => (self.saved, self.unkept) = (of, false),
            Err(refusal) if !self.unkept => {
                self.unkept = true;
                session.tell_unkept(refusal);
            }
            Err(_) => {}
        }
    }

    /// The other branches of an experiment that is about to go; each is kept by itself.
    pub(super) fn put_branches_aside(&mut self) {
        if self.options.visit.embed {
            return;
        }
        let mut session = self.session.borrow_mut();
        let branch = self.state.language.text().page.branch;
        for other in session.other_branches() {
            let kept = Kept {
                saved: keeping::today(),
                acts: other.acts,
                name: format!("{} · {}", self.frame.title, branch(&other.name)),
                title: self.frame.title.clone(),
                poster: String::new(),
                of: Keepsake { link: other.link, ..Keepsake::default() },
            };
            if let Err(refusal) = self.keeper.put_aside(&kept) {
                return session.tell_unkept(refusal);
            }
        }
    }
}
