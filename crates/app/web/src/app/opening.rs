//! What there is before anything is drawn: options and the session, and then its first picture. Each is a task of its
//! own, so that the browser can answer between them and before the first drawing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use session::visit::Complaint;
use session::{Frame, Session, Surroundings};
use yew::Properties;

use super::learning;
use super::state::PageState;
use crate::clock;
use crate::intent::Panel;
use crate::keeping;
use crate::options::{self, Options};
use crate::rescue;

/// A session that is open and has not been looked at.
pub struct Opened {
    options: Options,
    session: Session,
    state: PageState,
    offered: Option<String>,
}

/// A session that is open, and how the page looks at it.
pub struct Opening {
    pub options: Options,
    pub session: Rc<RefCell<Session>>,
    pub state: PageState,
    pub frame: Frame,
    /// The kept experiment that is offered.
    pub offered: Option<String>,
    pub complaints: Vec<Complaint>,
}

impl Opened {
    /// Opens what the address asks for, with the text of the scenario that it names.
    pub fn new(mut options: Options, text: Option<String>) -> Opened {
        rescue::speak(options.language, options.visit.api.as_ref());
        options::apply(options.theme, options.language);
        let around = Surroundings { clock: clock::now, address: options::address() };
        let asks_lesson = text.is_some() && options.fragment.is_empty();
        let mut session = Session::open(&options.start(text), around);
        if asks_lesson {
            learning::offer(&mut session, &options.visit);
        }
        // With what a lesson wishes.
        options.visit = (**session.wished()).clone();
        let state = PageState::new(&options);
        if !options.visit.embed {
            keeping::adopt(state.language.text().page.opening_title);
        }
        let asks = options.visit.embed || !options.fragment.is_empty();
        let offered = if asks { None } else { keeping::offered() };
        if offered.is_some() {
            session.offer_kept();
        }
        Opened { options, session, state, offered }
    }

    /// Looks at it.
    pub fn pictured(self) -> Opening {
        let Opened { options, mut session, mut state, offered } = self;
        let complaints = session.complaints();
        let frame = session.frame(&state.view_options(&options));
        state.side_open = (frame.notice.is_some() || frame.lesson.is_some()) && !state.embed;
        if frame.lesson.is_some() {
            (state.panel, state.panel_chosen) = (Panel::Lesson, true);
            state.lesson = learning::column(&frame, &options.visit);
        }
        Opening { options, session: Rc::new(RefCell::new(session)), state, frame, offered, complaints }
    }
}

/// Hands an opening over to the application, once.
#[derive(Properties, Clone)]
pub struct AppProps {
    pub opening: Rc<Cell<Option<Opening>>>,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &AppProps) -> bool {
        Rc::ptr_eq(&self.opening, &other.opening)
    }
}

impl From<Opening> for AppProps {
    fn from(opening: Opening) -> AppProps {
        AppProps { opening: Rc::new(Cell::new(Some(opening))) }
    }
}
