//! The application: one session, one frame, and the page's own small state (what is open, what is selected).

mod ab;
mod beside;
mod clusters;
mod doing;
mod drawing;
mod forms;
mod frames;
mod learning;
mod meters;
mod opening;
mod own;
mod pointer;
mod sharing;
mod shell;
mod state;
mod update;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::{Interval, Timeout};
use session::visit::AskError;
use view::text::Language;
use view::{MotionView, Tone};
use web_sys::{HtmlCanvasElement, KeyboardEvent};
use yew::prelude::*;

use crate::api::{self, Asked, Ear};
use crate::clock::{Clock, Listener};
use crate::dialog::{Copying, Foresee};
use crate::files::{self, Bytes};
use crate::focus;
use crate::intent::{Dialog, Intent};
use crate::keeping::Keeper;
use crate::keys;
use crate::options::{self, Options};
use crate::stage::canvas::Overlay;
use crate::stage::palette::Palette;
pub use opening::{AppProps, Opened, Opening};
use session::kept::Keepsake;
use session::{Completed, Frame, Preview, Session, WayKind};
pub use sharing::Sharing;
use state::PageState;

/// How often the experiment is kept in the browser.
const AUTOSAVE_MILLISECONDS: u32 = 4_000;

/// Everything that can happen to the application.
pub enum Msg {
    Tick(f64),
    Intent(Intent),
    Key(KeyboardEvent),
    Pointer(pointer::News),
    Resized,
    SchemeChanged,
    ToastOver(u32),
    Save,
    /// The browser has copied the link, or has not.
    Copied(Copying),
    /// The bytes of the drawn stage.
    Picture(Bytes),
    /// The bytes of a file that was chosen or dropped.
    File(Bytes),
    Asked(Asked),
    /// A request waits, and none did before.
    MailCame,
    /// No frame has come for a while.
    Mail,
    /// A lesson's text in the language that the reader has switched to.
    LessonCame(Option<String>, Language),
    /// The text of a lesson that something names which was done in it.
    NamedCame(Option<String>, Box<own::Awaited>),
    /// Somebody has put another link into the address.
    AddressChanged,
}

/// The root component.
pub struct App {
    options: Options,
    /// Requests of programs, until there is time for them.
    inbox: Rc<RefCell<api::Inbox>>,
    mail_timer: Option<Timeout>,
    session: Rc<RefCell<Session>>,
    state: PageState,
    frame: Frame,
    scene: Rc<stage::Scene>,
    /// The other branch's, while two are beside each other.
    other: ab::Other,
    palette: Palette,
    canvas: NodeRef,
    overlay: Option<(HtmlCanvasElement, Overlay)>,
    /// What moved when it was drawn last.
    motion: MotionView,
    pointer: pointer::Pointer,
    last_tick: Option<f64>,
    timers: Vec<Timeout>,
    /// What the browser keeps.
    saved: Keepsake,
    keeper: Keeper,
    /// The kept experiment that was offered at the start.
    offered: Option<String>,
    /// The browser is copying: who hears what comes of it.
    copying: Option<(own::Settled, own::Settled)>,
    /// That nothing is kept has been said.
    unkept: bool,
    /// The link that a rescue would show.
    handed: RefCell<String>,
    /// Who awaits the end of a load.
    loading: Option<api::Id>,
    /// The reader's language, for those who are called from outside.
    spoken: api::Spoken,
    act: Callback<Intent>,
    complete: Callback<String, Completed>,
    foresee: Foresee,
    opened_file: Callback<Bytes>,
    clock: Clock,
    /// Milliseconds since something has changed.
    calm: f64,
    /// The engine took so long that what came of it is drawn with the next frame.
    late: bool,
    _keep: Keep,
}

/// What only has to stay alive.
struct Keep {
    _keys: Option<Listener<KeyboardEvent>>,
    _released: Option<Listener<web_sys::Event>>,
    _resize: Option<Listener<web_sys::Event>>,
    _scheme: Option<Listener<web_sys::Event>>,
    _messages: Option<Listener<web_sys::MessageEvent>>,
    _address: Option<Listener<web_sys::Event>>,
    _functions: Option<api::Functions>,
    _autosave: Interval,
    _hidden: Option<Listener<web_sys::Event>>,
    _pointer: pointer::Ears,
    _dropped: Option<own::Settled>,
}

impl Component for App {
    type Message = Msg;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> App {
        let opening = ctx.props().opening.take().unwrap_or_else(|| Opened::new(Options::read(), None).pictured());
        let Opening { options, session, state, frame, offered, complaints } = opening;
        let scene = Rc::new(stage::scene(&frame.stage, &state.page().room(), None));
        let complete = {
            let session = session.clone();
            Callback::from(move |line: String| session.borrow().completed(&line))
        };
        let foresee = {
            let session = session.clone();
            Callback::from(move |(act, language)| match session.try_borrow_mut() {
                Ok(mut session) => session.foresee(&act, language),
                Err(_) => Preview::Nothing,
            })
        };
        let tick = ctx.link().callback(Msg::Tick);
        let opened_file = ctx.link().callback(Msg::File);
        // An embedded page is somebody else's.
        let dropped = (!options.visit.embed).then(|| files::listen(opened_file.clone()));
        let spoken = api::Spoken::new(Cell::new(state.language));
        let inbox = Rc::new(RefCell::new(api::Inbox::default()));
        let ear = Ear {
            host: options.visit.api.clone(),
            inbox: inbox.clone(),
            waiting: ctx.link().callback(|()| Msg::MailCame),
            spoken: spoken.clone(),
        };
        let mut app = App {
            inbox,
            mail_timer: None,
            palette: Palette::read(),
            act: ctx.link().callback(Msg::Intent),
            _keep: Keep { _dropped: dropped, ..keep_alive(ctx, &session, ear) },
            calm: 0.0,
            late: false,
            clock: Clock::start(move |stamp| tick.emit(stamp)),
            canvas: NodeRef::default(),
            overlay: None,
            motion: MotionView::default(),
            pointer: pointer::Pointer::default(),
            last_tick: None,
            timers: Vec::new(),
            saved: Keepsake::default(),
            keeper: Keeper::default(),
            offered,
            copying: None,
            unkept: false,
            handed: RefCell::default(),
            loading: None,
            spoken,
            options,
            session,
            state,
            frame,
            scene,
            other: ab::Other::default(),
            complete,
            foresee,
            opened_file,
        };
        app.complain(ctx, complaints);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        // Whatever happens may set something going; time that was slept through is nobody's.
        if !matches!(msg, Msg::Tick(_) | Msg::Save) {
            self.calm = 0.0;
            if self.clock.wake() {
                self.last_tick = None;
            }
        }
        self.hear(ctx, msg)
    }

    fn view(&self, _: &Context<Self>) -> Html {
        self.shell()
    }

    fn rendered(&mut self, _: &Context<Self>, first: bool) {
        if first {
            self.emit("ready", None, &api::Ready {});
        }
        if let Some(anchor) = self.state.anchor.take() {
            anchor.hold();
        }
        self.draw();
        self.place_card();
    }
}

fn keep_alive(ctx: &Context<App>, session: &Rc<RefCell<Session>>, ear: Ear) -> Keep {
    let spoken = ear.spoken.clone();
    let window = web_sys::window();
    let document = window.as_ref().and_then(web_sys::Window::document);
    let keys = ctx.link().callback(Msg::Key);
    let resized = ctx.link().callback(|_: web_sys::Event| Msg::Resized);
    let scheme = ctx.link().callback(|_: web_sys::Event| Msg::SchemeChanged);
    let media = window.as_ref().and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok()?);
    let save = ctx.link().callback(|()| Msg::Save);
    let hidden = save.clone();
    let ask = ctx.link().callback(|request| Msg::Asked(Asked { id: None, request }));
    let opened = ctx.link().callback(|_: web_sys::Event| Msg::AddressChanged);
    let page = api::Page {
        ask,
        judge: {
            let session = session.clone();
            Box::new(move |request| session.try_borrow().map_err(|_| AskError::Busy)?.judge(request))
        },
        state: {
            let (session, spoken) = (session.clone(), spoken.clone());
            Box::new(move || Some(session.try_borrow_mut().ok()?.state(spoken.get())))
        },
        spoken,
    };
    Keep {
        _keys: document.as_ref().map(|document| Listener::new(document, "keydown", move |event| keys.emit(event))),
        // After the press has given the focus, whatever pointed.
        _released: document.as_ref().map(|document| Listener::new(document, "mouseup", |_| focus::released())),
        _resize: window.as_ref().map(|window| Listener::new(window, "resize", move |event| resized.emit(event))),
        _scheme: media.map(|media| Listener::new(&media, "change", move |event| scheme.emit(event))),
        _messages: api::listen(ear),
        _address: window.as_ref().map(|window| Listener::new(window, "hashchange", move |event| opened.emit(event))),
        _functions: api::install(page),
        _hidden: document
            .as_ref()
            .map(|document| Listener::new(document, "visibilitychange", move |_| hidden.emit(()))),
        _pointer: pointer::listen(ctx),
        _dropped: None,
        _autosave: Interval::new(AUTOSAVE_MILLISECONDS, move || save.emit(())),
    }
}

impl App {
    /// What a message does. By itself, and not a part of Yew's own loop: that would be cut off with what it calls.
    #[inline(never)]
    fn hear(&mut self, ctx: &Context<App>, msg: Msg) -> bool {
        match msg {
            Msg::Tick(stamp) => self.tick(ctx, stamp),
            Msg::Intent(intent) => {
                self.intent(ctx, intent);
                self.refresh(ctx);
                self.set_stage();
                true
            }
            Msg::Key(event) => match keys::intent(&event, self.state.key_state()) {
                Some(intent) => {
                    event.prevent_default();
                    ctx.link().send_message(Msg::Intent(intent));
                    false
                }
                None => false,
            },
            Msg::Pointer(news) => {
                if !self.pointer(news) {
                    return false;
                }
                self.refresh(ctx);
                true
            }
            Msg::Resized => {
                self.state.measure();
                self.point_at_nothing();
                self.refresh(ctx);
                self.set_stage();
                true
            }
            Msg::SchemeChanged => {
                self.restyle();
                true
            }
            Msg::ToastOver(number) => self.state.drop_toast(number),
            Msg::Save => {
                self.save();
                false
            }
            Msg::Copied(copy) => self.copied(copy),
            Msg::LessonCame(text, language) => {
                self.lesson_came(text.as_deref(), language);
                self.refresh(ctx)
            }
            Msg::NamedCame(text, awaited) => self.named_came(ctx, text.as_deref(), *awaited),
            Msg::Picture(bytes) => self.pictured(ctx, bytes),
            Msg::File(bytes) => self.open_file(ctx, bytes),
            Msg::AddressChanged => {
                let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
                let fragment = options::own_fragment(&hash);
                // An anchor of somebody else's page asks for nothing here.
                if !script::link::opens(&fragment) {
                    return false;
                }
                self.load(ctx, &fragment);
                self.refresh(ctx);
                true
            }
            Msg::Asked(asked) => {
                self.asked(ctx, asked);
                true
            }
            Msg::MailCame => {
                self.await_mail(ctx);
                false
            }
            Msg::Mail => self.mail(ctx),
        }
    }

    /// Takes the session's newest picture; whether it differs from the shown one.
    fn refresh(&mut self, ctx: &Context<App>) -> bool {
        let shared = self.session.borrow_mut().shared(self.state.language);
        let is_shared = shared.is_some();
        if let Some(shared) = shared {
            self.state.share = Rc::new(shared);
        }
        self.state.tabs = match self.session.borrow().has_several_clusters() {
            true => stage::ClusterTabs::Shown,
            false => stage::ClusterTabs::Absent,
        };
        let room = self.room();
        // While something is under way the picture stands still, and so does how much it holds.
        let stands = self.frame.way.as_ref().is_some_and(|way| way.kind != WayKind::Start);
        if !room.shows_one() && !stands {
            let shape = self.session.borrow_mut().shape(&self.state.view_options(&self.options));
            self.state.detail = stage::step(&shape, &room).detail();
        } else if room.shows_one() {
            self.state.detail = view::Detail::Cells;
        }
        let options = self.view_options();
        let frame = self.session.borrow_mut().frame(&options);
        if frame == self.frame {
            return is_shared;
        }
        self.answers(ctx, &frame);
        let complaints = self.session.borrow_mut().complaints();
        self.complain(ctx, complaints);
        self.tell_programs(&frame);
        self.keep_for_rescue();
        let here = |frame: &Frame| frame.safety.as_ref().is_some_and(|safety| safety.here);
        // In another page nothing opens by itself over the stage: what is well is a mark in the title bar.
        let embed = self.state.embed;
        self.state.side_open |= !embed && here(&frame) && !here(&self.frame);
        if let Some(notice) = frame.notice.as_ref().filter(|_| self.frame.notice.is_none()) {
            self.state.side_open |= !embed;
            if embed && matches!(notice.tone, Tone::Warning | Tone::Bad) {
                self.toast(ctx, format!("{}. {}", notice.title, notice.text), true);
            }
        }
        if let Some(budget) = frame.budget.as_ref().filter(|_| self.frame.budget.is_none()) {
            self.state.side_open |= !embed;
            if embed {
                self.toast(ctx, format!("{}. {} {}", budget.title, budget.text, budget.cause), true);
            }
        }
        if frame.lesson.is_some() || self.frame.lesson.is_some() {
            self.wear(&frame);
        }
        self.select_wished(&frame);
        self.frame = frame;
        self.set_stage();
        if self.state.dialog == Some(Dialog::Faults) {
            self.state.list_links(&self.frame.choices.faults);
        }
        self.pointer.outdated();
        true
    }

    /// Colours of the canvas come from the style sheet and change with the theme.
    fn restyle(&mut self) {
        options::apply(self.state.theme, self.state.language);
        self.palette = Palette::read();
    }

    /// Another experiment takes the place of this one, which is kept first.
    fn load(&mut self, ctx: &Context<App>, link: &str) {
        self.make_way();
        self.session.borrow_mut().load(link);
        self.came_by();
        self.refresh(ctx);
    }
}
