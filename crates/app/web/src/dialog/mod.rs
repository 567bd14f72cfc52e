//! Dialogs. A form is a pure function of its draft, so what was typed is never lost: not by an error, not by
//! closing, not by switching the language.

mod application;
mod broker;
mod client;
mod faults;
mod field;
mod help;
mod kept;
mod list;
mod message;
mod settings;
mod share;
mod topic;

use std::rc::Rc;

pub use share::SNIPPET;

use view::text::Language;
use view::{FormError, LinkFault, StageView, Thing, WhereView};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use crate::app::Sharing;
use crate::files::Bytes;
use crate::focus;
use crate::icon::icon;
use crate::intent::{Dialog, Intent, PageIntent};
use crate::keeping::KeptList;
use crate::panel::send;
use crate::words::Words;
use session::ShareView;
use session::{Act, Draft, Form, Preview};
use view::Choices;

/// What became of the wish to copy the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Copying {
    /// Nobody has asked, or the browser has not answered.
    #[default]
    Open,
    Done,
    /// The browser forbids it: the link is selected.
    ByHand,
}

/// What is known beforehand of an act, in a language.
pub type Foresee = Callback<(Act, Language), Preview>;

/// A message that was sent from the form.
#[derive(Clone, Debug, PartialEq)]
pub struct SentMessage {
    /// The act's number.
    pub act: u64,
    pub key: Option<String>,
    pub value: String,
    /// Where it was written, or why not; `None` until the cluster has answered.
    pub answer: Option<Result<String, String>>,
}

#[derive(Properties, PartialEq)]
pub struct DialogProps {
    pub dialog: Dialog,
    pub draft: Rc<Draft>,
    pub error: Option<FormError>,
    pub choices: Rc<Choices>,
    pub stage: Rc<StageView>,
    pub share: Rc<ShareView>,
    pub sharing: Sharing,
    /// What the experiment is called.
    pub title: String,
    pub opened_file: Callback<Bytes>,
    pub copy: Copying,
    /// Links that had a fault since the dialog was opened.
    pub links: Rc<Vec<LinkFault>>,
    /// Messages that were sent from the open form, oldest first.
    pub sent: Rc<Vec<SentMessage>>,
    pub kept: Rc<KeptList>,
    /// The page keeps experiments; an embedded one does not.
    pub keeps: bool,
    pub found: Rc<Vec<(Thing, String)>>,
    /// Where the key in the message's form would go.
    pub goes_to: Option<Rc<WhereView>>,
    pub single_keys: bool,
    pub foresee: Foresee,
    pub words: Words,
    pub act: Callback<Intent>,
}

impl DialogProps {
    /// The form as it stands.
    fn form(&self) -> Form<'_> {
        Form { draft: &self.draft, choices: &self.choices, text: self.words.0 }
    }
}

/// The open dialog.
#[component]
pub fn DialogSheet(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>()
                && !dialog.open()
            {
                let _ = dialog.show_modal();
                focus::first_field(&dialog);
            }
        });
    }
    {
        let (node, about) = (node.clone(), props.error.as_ref().and_then(|error| error.field));
        // Who is refused finds the field that is meant under his fingers.
        use_effect_with((props.error.is_some(), about), move |(refused, _)| {
            let dialog = node.cast::<HtmlDialogElement>().filter(|_| *refused);
            let field = dialog.and_then(|dialog| dialog.query_selector("[aria-invalid]").ok()?);
            if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
                let _ = field.focus();
            }
        });
    }
    let oncancel = {
        let act = props.act.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            act.emit(PageIntent::Close.into());
        })
    };
    let (title, body) = content(props);
    html! {
        <dialog ref={node} class="sheet" tabindex="-1" aria-labelledby="dialog-title" {oncancel}>
            <div class="dialog-head">
                <h2 id="dialog-title">{ title }</h2>
                <button class="btn icon quiet push" aria-label={props.words.page.close} onclick={send(&props.act, PageIntent::Close)}>{ icon("x") }</button>
            </div>
            { body }
        </dialog>
    }
}

fn content(props: &DialogProps) -> (&'static str, Html) {
    let (form, page, help) = (&props.words.form, &props.words.page, &props.words.help);
    match props.dialog {
        Dialog::Topic => (form.topic_title, topic::topic(props)),
        Dialog::Producer => (form.producer_title, client::producer(props)),
        Dialog::Consumer => (form.consumer_title, client::consumer(props)),
        Dialog::Message => (form.message_title, message::message(props)),
        Dialog::Broker => (form.broker_title, broker::broker(props)),
        Dialog::Faults => (form.fault_title, faults::faults(props)),
        Dialog::Share => (page.share_title, share::share(props)),
        Dialog::Keys => (help.title, help::keys(props)),
        Dialog::NotModelled => (help.modelled_title, html! { <help::NotModelled words={props.words} /> }),
        Dialog::List => (page.list_title, list::list(props)),
        Dialog::Kept => (props.words.kept.title, kept::kept(props)),
    }
}

/// A form around `fields`, its buttons, and what is said about it.
fn form(props: &DialogProps, act: Result<Act, FormError>, fields: Html, submit: &'static str) -> Html {
    html! {
        <>
            { fields_and_buttons(props, &act, fields, submit) }
            { said(props, &act) }
        </>
    }
}

/// The form alone.
fn fields_and_buttons(props: &DialogProps, act: &Result<Act, FormError>, fields: Html, submit: &'static str) -> Html {
    let onsubmit = {
        let (emit, act) = (props.act.clone(), act.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            emit.emit(PageIntent::Submit(act.clone()).into());
        })
    };
    let words = &props.words.form;
    let is_refused = props.dialog == Dialog::Topic && matches!(foreseen(props, act), Preview::Refused(_));
    let note = if is_refused { words.topic_note } else { "" };
    html! {
        <form {onsubmit} novalidate=true>
            { fields }
            <div class="buttons form-end">
                <span class="muted">{ note }</span>
                <button type="button" class="btn push" onclick={send(&props.act, PageIntent::Close)}>{ words.cancel }</button>
                <button type="submit" class="btn primary">{ submit }</button>
            </div>
        </form>
    }
}

/// While somebody types, and only then: the answer to what is asked comes from the cluster.
fn foreseen(props: &DialogProps, act: &Result<Act, FormError>) -> Preview {
    let is_judged = matches!(props.dialog, Dialog::Topic | Dialog::Producer | Dialog::Consumer);
    let act = act.as_ref().ok().filter(|_| is_judged && props.error.is_none());
    act.map_or(Preview::Nothing, |act| props.foresee.emit((act.clone(), props.words.language)))
}

/// Command line, complaint, and what is known beforehand. They stand below everything else that can be pressed, the
/// command first: what comes and goes here moves nothing under a pointer.
fn said(props: &DialogProps, act: &Result<Act, FormError>) -> Html {
    html! {
        <div class="said">
            if let Ok(act) = act { { command(act, props) } }
            if let Some(error) = &props.error { { field::complaint(error) } }
            { preview(props, &foreseen(props, act)) }
        </div>
    }
}

/// Partitions of a topic whose placement is told one by one.
const PLACED: usize = 6;

/// What the act would do, before it is done.
fn preview(props: &DialogProps, preview: &Preview) -> Html {
    let words = &props.words.dialogs;
    match preview {
        Preview::Nothing => Html::default(),
        Preview::Refused(error) => field::hint(error),
        Preview::Later => html! { <p class="muted placed">{ words.placed_later }</p> },
        Preview::Placed(placed) => html! {
            <div class="placed">
                <div class="eyebrow">{ words.placed_title }</div>
                <ul>
                    { for placed.iter().take(PLACED).map(|one| html! { <li>{ one.text.clone() }</li> }) }
                    if placed.len() > PLACED { <li class="muted">{ (words.placed_more)(placed.len() - PLACED) }</li> }
                </ul>
            </div>
        },
    }
}

/// The document's name of the command, by which it can be selected.
pub const COMMAND: &str = "command-line";

/// The same act as a line of the terminal: what a form does can always be typed.
fn command(act: &Act, props: &DialogProps) -> Html {
    let (words, line) = (&props.words, act.line(&props.choices));
    let (said, class) = match props.copy {
        Copying::Open => ("", ""),
        Copying::Done => (words.dialogs.command_copied, ""),
        Copying::ByHand => (words.dialogs.command_by_hand, "c-warn"),
    };
    html! {
        <div class="command">
            <div class="command-head">
                <span class="eyebrow">{ words.form.same_as_command }</span>
                <small role="status" {class}>{ said }</small>
                <button type="button" class="btn quiet" onclick={send(&props.act, PageIntent::Copy(line.clone()))}>{ icon("copy") }{ words.page.copy }</button>
            </div>
            <div class="term" tabindex="0" role="group" aria-label={words.form.same_as_command}>
                <span class="p" aria-hidden="true">{ "$ " }</span><span id={COMMAND}>{ line }</span>
            </div>
        </div>
    }
}
