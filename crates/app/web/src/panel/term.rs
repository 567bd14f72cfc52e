//! A lesson's terms and the card that explains one of them. What it says comes from `view::explained`; here is only which card is
//! open. The card stands in the column below the terms, so that it covers nothing.

use view::text::Language;
use view::{TermView, explained};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::icon::icon;
use crate::later;
use crate::words::Words;

#[derive(Properties, PartialEq)]
pub struct TermsProps {
    pub terms: Vec<TermView>,
    pub words: Words,
}

/// The glossary in the reader's language, as far as it is there.
#[derive(Clone, PartialEq)]
enum Text {
    Asked,
    Here(Option<AttrValue>),
}

/// Where the glossary of a language lies beside the page.
fn file(language: Language) -> &'static str {
    match language {
        Language::English => "glossary/en.txt",
        Language::Chinese => "glossary/zh.txt",
    }
}

/// The column is scrolled until the whole card is in it; nothing around the column moves.
fn show(card: &Element) {
    // The card stands by itself and needs no scrolling.
    let Ok(Some(column)) = card.closest(".side-body") else { return };
    let below = card.get_bounding_client_rect().bottom() - column.get_bounding_client_rect().bottom();
    if below > 0.0 {
        column.set_scroll_top(column.scroll_top() + below.ceil() as i32 + 2);
    }
}

/// Whoever opens a card finds the focus on it.
#[hook]
fn use_focus(card: &NodeRef, open: Option<usize>) {
    let card = card.clone();
    use_effect_with(open, move |open| {
        if let (Some(_), Some(card)) = (open, card.cast::<HtmlElement>()) {
            let _ = card.focus();
        }
    });
}

/// Closes the card; the focus goes back to its term.
fn closing(open: &UseStateHandle<Option<usize>>, list: &NodeRef) -> Callback<()> {
    let (open, list) = (open.setter(), list.clone());
    Callback::from(move |()| {
        let term = list.cast::<HtmlElement>().and_then(|list| list.query_selector("[aria-expanded=true]").ok()?);
        if let Some(term) = term.and_then(|term| term.dyn_into::<HtmlElement>().ok()) {
            let _ = term.focus();
        }
        open.set(None);
    })
}

fn term((index, term): (usize, &TermView), open: &UseStateHandle<Option<usize>>) -> Html {
    let (is_open, toggle) = (**open == Some(index), open.setter());
    let onclick = Callback::from(move |_: MouseEvent| toggle.set((!is_open).then_some(index)));
    html! {
        <li><button class="gloss" aria-expanded={is_open.to_string()} aria-controls="gloss-card" {onclick}>{ term.name.clone() }</button></li>
    }
}

/// What a lesson names, each with its card.
#[component]
pub fn Terms(props: &TermsProps) -> Html {
    let words = props.words;
    let open = use_state_eq(|| None::<usize>);
    let (card, list) = (use_node_ref(), use_node_ref());
    {
        // Another lesson or language has other words.
        let open = open.setter();
        use_effect_with(props.terms.clone(), move |_| open.set(None));
    }
    use_focus(&card, *open);
    let close = closing(&open, &list);
    let onkeydown = {
        let (is_open, close) = (open.is_some(), close.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && is_open {
                event.stop_propagation();
                close.emit(());
            }
        })
    };
    let shown = open.and_then(|index| props.terms.get(index));
    html! {
        <div class="terms" {onkeydown}>
            <div class="terms-row">
                <span class="muted" id="terms-name">{ words.lesson.terms }</span>
                <ul ref={list} aria-labelledby="terms-name">{ for props.terms.iter().enumerate().map(|one| term(one, &open)) }</ul>
            </div>
            <div id="gloss-card">
                if let Some(term) = shown { <Card name={term.name.clone()} {words} region={card} close={close.reform(|_: MouseEvent| ())} /> }
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct CardProps {
    name: String,
    words: Words,
    region: NodeRef,
    close: Callback<MouseEvent>,
}

/// One term; the glossary is fetched with the first card, because most visits never open one.
#[component]
fn Card(props: &CardProps) -> Html {
    let words = props.words;
    let text = use_state_eq(|| Text::Asked);
    {
        let text = text.setter();
        use_effect_with(words.language, move |language| {
            later::document(file(*language), move |came| text.set(Text::Here(came.map(AttrValue::from))));
        });
    }
    {
        // It has grown since it was opened.
        let (region, is_here) = (props.region.clone(), *text != Text::Asked);
        use_effect_with(is_here, move |_| {
            if let Some(card) = region.cast::<Element>() {
                show(&card);
            }
        });
    }
    let view = match &*text {
        Text::Asked => {
            TermView { name: props.name.clone(), says: words.lesson.term_fetching.to_owned(), ..TermView::default() }
        }
        Text::Here(came) => explained(&props.name, came.as_deref(), &words),
    };
    html! {
        <section class="gloss-card" ref={props.region.clone()} tabindex="-1" aria-label={view.name.clone()}>
            <h3>{ view.name }</h3>
            <button class="btn icon quiet" aria-label={words.page.close} onclick={props.close.clone()}>{ icon("x") }</button>
            if !view.also.is_empty() { <p class="muted">{ view.also }</p> }
            <p role="status">{ view.says }</p>
            if !view.source.is_empty() { <p class="muted">{ view.source }</p> }
        </section>
    }
}
