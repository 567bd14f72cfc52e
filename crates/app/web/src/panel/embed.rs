//! What an embedded page has around its stage: a title bar that says what this is and leads to a tab of its own, and
//! the ledger as one line beside the transport.

use std::rc::Rc;

use view::{LedgerView, NoticeView, StageView, Tone, TopicPartition};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::icon::icon;
use crate::intent::{Intent, PageIntent};
use crate::words::Words;

#[derive(Properties, PartialEq)]
pub struct TitleBarProps {
    pub title: String,
    /// What is to say about the experiment in the address.
    pub notice: Option<Rc<NoticeView>>,
    pub stage: Rc<StageView>,
    /// The partition that is shown alone.
    pub shown: Option<TopicPartition>,
    pub links: bool,
    pub words: Words,
    pub act: Callback<Intent>,
}

/// The title bar.
#[component]
pub fn TitleBar(props: &TitleBarProps) -> Html {
    let words = &props.words.embed;
    let onclick = {
        let act = props.act.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            act.emit(PageIntent::OpenFull.into());
        })
    };
    html! {
        <header class="title-bar">
            <svg aria-hidden="true"><use href="#i-ball" /></svg>
            <b title={props.words.page.product}>{ props.title.clone() }</b>
            { mark(props) }
            { partitions(props) }
            if props.links {
                <a class="btn quiet push" href="./" target="_blank" rel="noopener" aria-label={(words.open_full_label)(&props.title)} {onclick}>{ words.open_full }</a>
            }
        </header>
    }
}

/// One quiet sign that the run is the one that was shared, or that there is nothing to compare it with. What is wrong is
/// said aloud.
fn mark(props: &TitleBarProps) -> Html {
    // There is nothing to say.
    let Some(notice) = &props.notice else { return Html::default() };
    let (class, sign) = match notice.tone {
        Tone::Good => ("mark ok", "check"),
        Tone::Plain | Tone::Quiet => ("mark", "flag"),
        Tone::Warning | Tone::Bad => ("mark bad", "warn"),
        Tone::Metadata => return Html::default(),
    };
    let words = format!("{}. {}", notice.title, notice.text);
    html! { <span {class} role="img" title={words.clone()} aria-label={words}>{ icon(sign) }</span> }
}

/// Which partition is shown; only where there is a choice.
fn partitions(props: &TitleBarProps) -> Html {
    let all: Vec<TopicPartition> = props.stage.partitions.iter().map(|(name, _)| name.clone()).collect();
    // There is no choice.
    let Some(shown) = props.shown.as_ref().filter(|_| all.len() > 1) else {
        return Html::default();
    };
    let option = |name: &TopicPartition| {
        html! { <option value={name.to_string()} selected={name == shown}>{ name.to_string() }</option> }
    };
    let options: Html = all.iter().map(option).collect();
    let onchange = {
        let act = props.act.clone();
        Callback::from(move |event: Event| {
            let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
            let chosen = select.and_then(|select| all.get(usize::try_from(select.selected_index()).ok()?).cloned());
            if let Some(partition) = chosen {
                act.emit(PageIntent::Partition(partition).into());
            }
        })
    };
    html! { <select class="mono" aria-label={props.words.embed.choose_partition} {onchange}>{ options }</select> }
}

#[derive(Properties, PartialEq)]
pub struct LedgerLineProps {
    pub view: Rc<LedgerView>,
    pub words: Words,
}

/// Sent, delivered, lost.
#[component]
pub fn LedgerLine(props: &LedgerLineProps) -> Html {
    let row = |row: &view::LedgerRow| {
        let class = if row.tone == Tone::Bad { "hot" } else { "" };
        html! { <span {class}>{ row.name }{ " " }<b>{ row.text.clone() }</b></span> }
    };
    html! {
        <section class="ledger-line" aria-label={props.words.embed.ledger_label}>{ for props.view.brief.iter().map(row) }</section>
    }
}
