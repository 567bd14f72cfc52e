//! What each intent does.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use session::visit::AskError;
use session::visit::{Chore, Complaint, Turn};
use view::{Offset, Pointed, ProcessId, Thing, Tone};
use yew::prelude::*;

use super::doing::Doing;
use super::state::Toast;
use super::{App, Msg};
use crate::api::{self, Asked, Bare, Done, Request, Said, Stepped};
use crate::dialog::Copying;
use crate::intent::{Dialog, Intent, PageIntent, Panel};
use crate::options::THEMES;
use crate::{clock, rescue, storage};
use session::{Act, Playback, WayKind};
use session::{Frame, LineKind, Outcome, Session, TerminalLine};

const TOAST_MILLISECONDS: u32 = 5_000;
/// What went wrong is longer, and nobody waited for it.
const BAD_TOAST_MILLISECONDS: u32 = 12_000;
/// What requests of programs may take of a frame.
const MAIL_MILLISECONDS: f64 = 4.0;
/// How long they wait for a frame.
const MAIL_PATIENCE: u32 = 50;
/// A browser gets slow with more, and nobody scrolls so far.
const TERMINAL_LINES: usize = 500;

impl App {
    /// Does what a person wants.
    pub(super) fn intent(&mut self, ctx: &Context<App>, intent: Intent) {
        match intent {
            Intent::Playback(playback) => self.playback(ctx, playback),
            Intent::Act(act) => {
                self.state.menu = None;
                let outcome = self.act(ctx, &act);
                if let Outcome::Refused(error) = outcome {
                    self.toast(ctx, error.error.sentence, true);
                }
            }
            Intent::Line(line) => self.line(ctx, &line),
            Intent::Page(page) => self.page(ctx, page),
        }
    }

    fn playback(&mut self, ctx: &Context<App>, playback: Playback) {
        if matches!(playback, Playback::Fork | Playback::ForkAt(_)) && self.options.visit.no_fork {
            return;
        }
        // Whoever chooses one branch sees it alone.
        self.state.compares &= !matches!(playback, Playback::ShowBranch(_));
        let before = Doing::of(&self.session.borrow());
        self.session.borrow_mut().play(playback);
        // A fork whose instant cannot be reached, or whose branch there is no room for, is none.
        let forked = before.has_branched(&Doing::of(&self.session.borrow()));
        // Whoever leaves out one act may leave out another.
        if !matches!(playback, Playback::LeaveOut(_) | Playback::PutBack(_)) {
            self.state.menu = None;
        }
        self.state.started = true;
        match playback {
            Playback::Undo | Playback::Redo | Playback::Fork | Playback::ForkAt(_) => self.tell_doing(ctx, before),
            Playback::ShowBranch(_) => self.state.act_toast = None,
            _nothing_done => {}
        }
        self.refresh(ctx);
        let page = &self.state.language.text().page;
        let now = self.frame.timeline.now_text.clone();
        match playback {
            Playback::SetMark => self.toast(ctx, (page.mark_set)(&now), false),
            Playback::Step | Playback::StepBack => {
                self.emit("step", None, &Stepped { now: self.frame.timeline.now.0.to_string() });
            }
            Playback::Fork | Playback::ForkAt(_) if forked => {
                let shown = self.frame.timeline.branches.iter().find(|branch| branch.shown);
                let name = shown.map(|branch| branch.name.clone()).unwrap_or_default();
                self.toast(ctx, (page.forked_here)(&name, &now), false);
            }
            _silent => {}
        }
    }

    pub(super) fn act(&mut self, ctx: &Context<App>, act: &Act) -> Outcome {
        if !self.state.panel_chosen {
            self.state.panel = Panel::Story;
        }
        let line = act.line(&self.frame.choices);
        let language = self.state.language;
        let before = Doing::of(&self.session.borrow());
        let outcome = self.rescued(&line, |session| session.act(act, language));
        if !matches!(outcome, Outcome::Refused(_)) {
            self.leave_switch(act);
            self.tell_doing(ctx, before);
            self.emit("action", None, &Done { by: "user", text: &line });
        }
        outcome
    }

    /// Does something to the experiment while its link and what is being done lie where a rescue finds them.
    pub(super) fn rescued<T>(&self, line: &str, work: impl FnOnce(&mut Session) -> T) -> T {
        rescue::about(&self.session.borrow_mut().newest_link(), line);
        let outcome = work(&mut self.session.borrow_mut());
        self.keep_for_rescue();
        rescue::settled();
        outcome
    }

    pub(super) fn print(&mut self, lines: Vec<TerminalLine>) {
        let terminal = Rc::make_mut(&mut self.state.terminal);
        terminal.extend(lines);
        let old = terminal.len().saturating_sub(TERMINAL_LINES);
        terminal.drain(..old);
    }

    fn page(&mut self, ctx: &Context<App>, intent: PageIntent) {
        let state = &mut self.state;
        match intent {
            PageIntent::Open(dialog) => self.open(dialog),
            PageIntent::Close => self.close(),
            PageIntent::ToggleMenu(menu) => state.menu = (state.menu != Some(menu)).then_some(menu),
            PageIntent::Show(panel) => self.show(panel),
            PageIntent::ToggleCompare => self.toggle_compare(ctx),
            PageIntent::InBranch(branch, intent) => self.in_branch(ctx, branch, *intent),
            PageIntent::ToggleSide => state.side_open = !state.side_open,
            PageIntent::Select(thing) => self.select(thing),
            PageIntent::Inspect => self.show(Panel::Inspector),
            PageIntent::Tab(tab) => state.tab = tab,
            PageIntent::AlongKeys(steps) => self.along_keys(steps),
            PageIntent::PointAtNothing => drop(self.point_at_nothing()),
            PageIntent::Spacetime(intent) => state.in_spacetime(intent),
            PageIntent::Meters(intent) => self.in_meters(ctx, intent),
            PageIntent::ToggleDetails => state.toggle_details(),
            PageIntent::ToggleInternal => state.toggle_internal(),
            PageIntent::ToggleTerminal => self.toggle_terminal(),
            PageIntent::ListOffers(completed) => self.print(completed.lines()),
            PageIntent::CloseTerminal => (state.terminal_open, state.terminal_chosen) = (false, true),
            PageIntent::DropLines => self.drop_lines(),
            PageIntent::EndInput => self.end_input(),
            PageIntent::Theme(theme) => self.theme(theme),
            PageIntent::SwitchLanguage => {
                self.switch_language();
                self.translate(ctx);
            }
            PageIntent::Partition(partition) => state.partition = Some(partition),
            PageIntent::ShowCluster(cluster) => self.show_cluster(cluster),
            PageIntent::Type(field, text) => {
                state.type_into(field, text);
                self.look_for();
            }
            PageIntent::Submit(Ok(act)) => self.submit(ctx, &act),
            PageIntent::Submit(Err(error)) => state.error = Some(error),
            PageIntent::LookAt(at) => self.session.borrow_mut().look_at(at),
            PageIntent::ReturnBack => self.session.borrow_mut().return_back(),
            PageIntent::OpenLane(broker) => state.open_lane(broker),
            PageIntent::Zoom(steps) => state.zoom_by(steps),
            PageIntent::CopyLink => self.copy_link(ctx),
            PageIntent::Share(intent) => self.share(ctx, intent),
            PageIntent::Copy(text) => self.copy(ctx, &text),
            PageIntent::StopOpening => {
                // A part of an experiment is not kept in place of the whole.
                if self.session.borrow().is_opening() {
                    self.keeper.start_anew();
                }
                self.session.borrow_mut().stop_way();
            }
            PageIntent::OpenFull => self.open_full(ctx),
            PageIntent::OpenLink(text) => self.open_link(ctx, &text),
            PageIntent::Notice(action) => self.notice(ctx, action),
            PageIntent::Remedy(remedy) => self.session.borrow_mut().remedy(&remedy),
            PageIntent::Kept(intent) => self.kept(ctx, intent),
            PageIntent::Learn(learn) => self.learn(learn),
            PageIntent::Library => self.library(),
            PageIntent::DismissToast(number) => drop(state.drop_toast(number)),
            PageIntent::Walk(rows, cells) => self.walk(rows, cells),
            PageIntent::SwitchSelection => self.switch_selection(ctx),
            PageIntent::ToggleSingleKeys => {
                state.single_keys = !state.single_keys;
                let _ = storage::set("keys", if state.single_keys { "on" } else { "off" });
            }
        }
    }

    pub(super) fn open(&mut self, dialog: Dialog) {
        if dialog == Dialog::Share {
            self.state.share =
                Rc::new(self.session.borrow_mut().share(view::share::Begins::Moment, self.state.language));
        }
        self.state.copy = Copying::Open;
        if dialog == Dialog::Message {
            self.state.messages = Rc::default();
        }
        if dialog == Dialog::Faults {
            self.state.links = Rc::new(self.frame.choices.faults.clone());
        }
        if dialog == Dialog::List {
            self.state.found = Rc::default();
        }
        if dialog == Dialog::Kept {
            self.save();
            self.list_kept(None);
        }
        self.state.menu = None;
        self.state.error = None;
        self.state.dialog = Some(dialog);
    }

    /// Escape: the innermost open thing closes; then a look at another moment ends; then the selection goes.
    fn close(&mut self) {
        self.point_at_nothing();
        let state = &mut self.state;
        if state.dialog.take().is_some() {
            state.error = None;
            return;
        }
        if self.frame.back.is_some() {
            return self.session.borrow_mut().return_back();
        }
        // Where the column is reserved there is no sheet that could close first.
        let sheet = std::mem::take(&mut state.side_open) && !state.page().has_column();
        if state.menu.take().is_none() && !sheet {
            state.selection = None;
            if state.panel == Panel::Inspector {
                state.panel = Panel::Story;
            }
        }
    }

    fn show(&mut self, panel: Panel) {
        let state = &mut self.state;
        state.panel = panel;
        state.panel_chosen = true;
        state.menu = None;
        state.dialog = None;
        state.side_open = true;
    }

    fn select(&mut self, thing: Option<Thing>) {
        if let Some(thing) = &thing {
            self.follow(thing);
        }
        if let Some(thing) = thing.as_ref().filter(|thing| self.answer_by(thing)) {
            self.state.selection = Some(thing.clone());
            return;
        }
        let state = &mut self.state;
        let again = thing.is_some() && thing == state.selection;
        state.dialog = None;
        if again {
            state.selection = None;
            state.panel = Panel::Story;
            return;
        }
        state.details |= thing.is_some();
        if let Some(Thing::Replica { partition, .. } | Thing::Record { partition, .. }) = &thing
            && *partition.topic != *view::METADATA_LOG
        {
            state.partition = Some(partition.clone());
        }
        state.selection = thing;
        state.panel = if state.selection.is_some() { Panel::Inspector } else { Panel::Story };
        state.side_open = state.selection.is_some();
    }

    fn drop_lines(&self) {
        let mut session = self.session.borrow_mut();
        session.drop_lines();
        session.interrupt(self.state.language);
    }

    fn end_input(&mut self) {
        let lines = self.session.borrow_mut().end_input(self.state.language);
        self.print(lines);
    }

    fn toggle_terminal(&mut self) {
        let state = &mut self.state;
        state.terminal_open = !state.terminal_open;
        state.terminal_chosen = true;
        state.menu = None;
        if state.terminal.is_empty() {
            let text = state.language.text().page.terminal_hello.to_owned();
            Rc::make_mut(&mut state.terminal).push(TerminalLine { kind: LineKind::Comment, text });
        }
    }

    fn theme(&mut self, theme: usize) {
        self.state.theme = theme.min(THEMES.len() - 1);
        self.state.menu = None;
        let _ = storage::set("theme", THEMES[self.state.theme]);
        self.restyle();
    }

    fn switch_language(&mut self) {
        self.state.language = self.state.language.other();
        self.spoken.set(self.state.language);
        rescue::speak(self.state.language, self.options.visit.api.as_ref());
        let _ = storage::set("lang", self.state.language.text().tag);
        self.restyle();
    }

    pub(super) fn toast(&mut self, ctx: &Context<App>, text: String, bad: bool) {
        self.state.toast_count += 1;
        let number = self.state.toast_count;
        self.state.toasts.push(Toast { number, text, bad });
        let over = ctx.link().callback(Msg::ToastOver);
        let lasts = if bad { BAD_TOAST_MILLISECONDS } else { TOAST_MILLISECONDS };
        self.timers.push(Timeout::new(lasts, move || over.emit(number)));
        let old = self.timers.len().saturating_sub(8);
        self.timers.drain(..old);
        let old = self.state.toasts.len().saturating_sub(4);
        self.state.toasts.drain(..old);
    }

    /// Arrow keys with a selection: along rows and cells.
    fn walk(&mut self, rows: i32, cells: i32) {
        // Nothing is selected that has neighbours.
        let Some((process, partition, offset)) = position(self.state.selection.as_ref()) else {
            return;
        };
        // It is not on the picture.
        let Some(broker) = self.frame.stage.brokers.iter().find(|broker| broker.process == process) else {
            return;
        };
        let here = broker.rows.iter().position(|row| Some(&row.partition) == partition.as_ref());
        let next = here.map_or(0, |here| here as i32 + rows);
        // The first or the last row was reached.
        let Some(row) = usize::try_from(next).ok().and_then(|next| broker.rows.get(next)) else {
            return;
        };
        let partition = row.partition.clone();
        let thing = if cells == 0 && offset.is_none() {
            Thing::Replica { process, partition }
        } else {
            let last = row.log_end.plus(-1);
            let wanted = offset.map_or(last, |offset| offset.plus(i64::from(cells)));
            Thing::Record { process, partition, offset: wanted.clamp(row.log_start, last.max(row.log_start)) }
        };
        self.state.selection = Some(thing.clone());
        if let Thing::Record { process, partition, offset } = thing {
            self.point_by_keys(Pointed::Record { process, partition, offset });
        }
    }

    /// Stops what runs and starts what does not.
    fn switch_selection(&mut self, ctx: &Context<App>) {
        // What else is selected cannot be switched.
        let Some(Thing::Process(process) | Thing::Replica { process, .. }) = self.state.selection else {
            return;
        };
        let running = self.frame.choices.nodes.iter().find(|node| node.process == process).map(|node| node.running);
        match running {
            Some(true) => drop(self.act(ctx, &Act::Kill(process))),
            Some(false) => drop(self.act(ctx, &Act::Start(process))),
            None => {}
        }
    }

    /// A program asks. What is wrong is answered before anything is done.
    pub(super) fn asked(&mut self, ctx: &Context<App>, asked: Asked) {
        let judged = self.session.borrow().judge(&asked.request);
        if let Err(error) = judged {
            return api::refuse(asked.id, &error, self.state.language, self.options.visit.api.as_ref());
        }
        let playing = self.frame.timeline.playing;
        match &asked.request {
            Request::Play if !playing => self.playback(ctx, Playback::Toggle),
            Request::Pause if playing => self.playback(ctx, Playback::Toggle),
            Request::GetState => return self.tell_state(asked.id),
            Request::Play | Request::Pause => {}
            Request::Step => self.playback(ctx, Playback::Step),
            Request::Back => self.playback(ctx, Playback::StepBack),
            Request::Seek { at } => {
                self.state.started = true;
                self.session.borrow_mut().go_to(at);
            }
            Request::Load { link } => {
                // It is answered when the run is done.
                if let Some(earlier) = self.loading.take() {
                    self.refuse_busy(Some(earlier));
                }
                self.loading = asked.id;
                self.load(ctx, link);
                return;
            }
        }
        self.refresh(ctx);
        self.tell_state(asked.id);
    }

    fn tell_state(&self, id: Option<api::Id>) {
        let state = self.session.borrow_mut().state(self.state.language);
        self.emit("state", id, &*state);
    }

    fn refuse_busy(&self, id: Option<api::Id>) {
        api::refuse(id, &AskError::Busy, self.state.language, self.options.visit.api.as_ref());
    }

    /// Works off as many waiting requests as a frame has room for; whether something may look different now.
    pub(super) fn mail(&mut self, ctx: &Context<App>) -> bool {
        let end = clock::now() + MAIL_MILLISECONDS;
        let mut changed = false;
        loop {
            let chore = self.inbox.borrow_mut().chore();
            match chore {
                Some(Chore::Read(message)) => {
                    let asked = api::read(&message, self.options.visit.api.as_ref(), self.state.language);
                    if let Some(Err(asked)) = asked.map(|asked| self.inbox.borrow_mut().put(asked)) {
                        self.refuse_busy(asked.id);
                    }
                }
                Some(Chore::Answer(Turn::Do(asked))) => {
                    changed |= asked.request != Request::GetState;
                    self.asked(ctx, asked);
                }
                Some(Chore::Answer(Turn::Superseded(asked))) => self.refuse_busy(asked.id),
                None => {
                    self.mail_timer = None;
                    return changed;
                }
            }
            if clock::now() >= end {
                self.await_mail(ctx);
                return changed;
            }
        }
    }

    /// The next frame sees to it, or a timer where none is drawn: in a hidden tab, in a frame out of sight.
    pub(super) fn await_mail(&mut self, ctx: &Context<App>) {
        let look = ctx.link().callback(|()| Msg::Mail);
        self.mail_timer = Some(Timeout::new(MAIL_PATIENCE, move || look.emit(())));
    }

    /// Tells programs what has changed from the shown picture to the next.
    pub(super) fn tell_programs(&mut self, after: &Frame) {
        let before = &self.frame;
        match (before.timeline.playing, after.timeline.playing) {
            (false, true) => self.emit("play", None, &Bare {}),
            (true, false) => self.emit("pause", None, &Bare {}),
            (true, true) | (false, false) => {}
        }
        let notice = after.notice.as_ref().filter(|_| before.notice.is_none());
        if let Some(notice) = notice.filter(|notice| notice.tone == Tone::Warning) {
            self.emit("error", None, &Said { text: &format!("{}. {}", notice.title, notice.text) });
        }
        if after.lesson.is_some() {
            self.tell_learned();
        }
        // What was told up to the last picture has been sent; going back and other experiments tell nothing anew.
        let branch = |frame: &Frame| frame.timeline.branches.iter().position(|branch| branch.shown);
        let goes_on = before.way.is_none() && branch(before) == branch(after);
        let (from, to) = (before.timeline.now, after.timeline.now);
        let news = after.story.lines.iter().filter(|line| line.time > from && line.time <= to);
        for line in news.filter(|_| goes_on) {
            self.emit("event", None, &Said { text: &format!("{} {} {}", line.time_text, line.strong, line.rest) });
        }
        // The first scene is an experiment that has been loaded, too.
        let loads = before.way.as_ref().is_some_and(|way| way.kind != WayKind::Walk);
        if loads && after.way.as_ref().is_none_or(|way| way.kind == WayKind::Walk) {
            let text = notice.map(|notice| format!("{}. {}", notice.title, notice.text)).unwrap_or_default();
            let id = self.loading.take();
            self.emit("loaded", id, &Said { text: &text });
        }
    }

    /// What the address asks for in vain: said once, to reader and program.
    pub(super) fn complain(&mut self, ctx: &Context<App>, complaints: Vec<Complaint>) {
        for complaint in complaints {
            let sentence = session::visit::of_complaint(&complaint, self.state.language.text());
            self.emit("error", None, &Said { text: &sentence });
            self.toast(ctx, sentence, true);
        }
    }

    /// The same moment in a tab of its own. Where the frame forbids tabs, the link can be copied.
    fn open_full(&mut self, ctx: &Context<App>) {
        let link = self.session.borrow().link_at_once();
        let opened = web_sys::window().and_then(|window| window.open_with_url_and_target(&link, "_blank").ok()?);
        match opened {
            Some(tab) => {
                let _ = tab.set_opener(&wasm_bindgen::JsValue::NULL);
            }
            None => {
                self.toast(ctx, self.state.language.text().embed.no_new_tab.to_owned(), false);
                self.open(Dialog::Share);
            }
        }
    }

    pub(super) fn emit(&self, kind: &str, id: Option<api::Id>, payload: &dyn api::Payload) {
        api::emit(kind, id, payload, self.options.visit.api.as_ref());
    }
}

pub(super) type Position = (ProcessId, Option<view::TopicPartition>, Option<Offset>);

pub(super) fn position(thing: Option<&Thing>) -> Option<Position> {
    match thing? {
        Thing::Process(process) => Some((*process, None, None)),
        Thing::Replica { process, partition } => Some((*process, Some(partition.clone()), None)),
        Thing::Record { process, partition, offset } => Some((*process, Some(partition.clone()), Some(*offset))),
        Thing::Group(_) | Thing::Topic(_) | Thing::Packet(_) => None,
    }
}
