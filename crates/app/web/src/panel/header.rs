//! The top bar: what runs, the ledger, the menus, terminal, theme, language, share.

use std::rc::Rc;

use view::{LedgerRow, LedgerView, Tone};
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::send;
use crate::icon::icon;
use crate::intent::{Dialog, Intent, Menu, MetersIntent, PageIntent, Panel, SpacetimeIntent};
use crate::words::Words;
use session::Act;
use view::Choices;
use view::NodeChoice;

#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    pub title: String,
    pub subtitle: String,
    pub ledger: Rc<LedgerView>,
    pub choices: Rc<Choices>,
    pub menu: Option<Menu>,
    pub details: bool,
    pub internal: bool,
    /// "A | B", where there are two branches, and whether they are beside each other.
    pub both: Option<String>,
    pub compares: bool,
    /// One partition is shown at a time.
    pub partitions: bool,
    /// The space-time diagram is shown.
    pub spacetime: bool,
    pub meters: bool,
    pub theme: usize,
    pub words: Words,
    pub act: Callback<Intent>,
}

/// The header.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let words = props.words;
    let act = &props.act;
    html! {
        <header class="top">
            <a class="skip" href="#stage" onclick={Callback::from(to_stage)}>{ words.page.skip_to_stage }</a>
            <a class="brand" href={words.lesson.library_page} title={words.lesson.library}><svg aria-hidden="true"><use href="#i-ball" /></svg>{ "Blumfeld" }</a>
            <div class="what"><b>{ props.title.clone() }</b><small>{ props.subtitle.clone() }</small></div>
            <Ledger view={props.ledger.clone()} open={props.menu == Some(Menu::Ledger)} {words} act={act.clone()} />
            { menu(props, Menu::Add, html! { <>{ icon("plus") }<span>{ words.page.add }</span></> }, add_items(props)) }
            { menu(props, Menu::Faults, html! { <>{ icon("bolt") }<span>{ words.page.faults }</span></> }, fault_items(props)) }
            { menu(props, Menu::View, html! { <><span class="wide">{ view_name(props) }</span><span class="narrow">{ words.page.view }</span>{ icon("down") }</> }, view_items(props)) }
            <button class="btn icon term-button" aria-label={words.page.terminal} onclick={send(act, PageIntent::ToggleTerminal)}>{ icon("term") }</button>
            { menu(props, Menu::Theme, icon("theme"), theme_items(props)) }
            <button class="btn lang" lang={words.language.other().text().tag} aria-label={words.page.other_language_label}
                onclick={send(act, PageIntent::SwitchLanguage)}>{ words.page.other_language }</button>
            <button class="btn primary" onclick={send(act, PageIntent::Open(Dialog::Share))} aria-label={words.page.share}>
                { icon("share") }<span>{ words.page.share }</span>
            </button>
        </header>
    }
}

/// The fragment of the address is the experiment's: only the focus moves.
fn to_stage(event: MouseEvent) {
    event.prevent_default();
    let stage = web_sys::window().and_then(|window| window.document()?.get_element_by_id("stage"));
    if let Some(stage) = stage.and_then(|stage| stage.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = stage.focus();
    }
}

fn view_name(props: &HeaderProps) -> &'static str {
    match (props.spacetime, props.partitions) {
        (true, _) => props.words.spacetime.view,
        (false, true) => props.words.page.view_partitions,
        (false, false) => props.words.page.view_brokers,
    }
}

fn menu(props: &HeaderProps, which: Menu, label: Html, items: Html) -> Html {
    let open = props.menu == Some(which);
    let words = props.words;
    let name = match which {
        Menu::Add => words.page.add,
        Menu::Faults => words.page.faults,
        Menu::View => view_name(props),
        Menu::Theme => words.page.theme,
        Menu::Ledger | Menu::Tempo | Menu::Ahead => words.ledger.title,
    };
    let class = if which == Menu::Theme { "btn icon" } else { "btn" };
    html! {
        <div class={classes!("menu", format!("menu-{}", which.name()))}>
            <button {class} aria-expanded={open.to_string()} aria-label={name} onclick={send(&props.act, PageIntent::ToggleMenu(which))}>{ label }</button>
            if open { <ul class="sheet">{ items }</ul> }
        </div>
    }
}

/// One entry of a menu.
pub fn item(label: &str, key: &str, intent: impl Into<Intent>, act: &Callback<Intent>) -> Html {
    html! {
        <li><button onclick={send(act, intent)}><span>{ label.to_owned() }</span>if !key.is_empty() { <kbd>{ key.to_owned() }</kbd> }</button></li>
    }
}

fn add_items(props: &HeaderProps) -> Html {
    let (page, act) = (&props.words.page, &props.act);
    html! {
        <>
            { item(page.add_topic, "O", PageIntent::Open(Dialog::Topic), act) }
            { item(page.add_producer, "P", PageIntent::Open(Dialog::Producer), act) }
            { item(page.send_message, "", PageIntent::Open(Dialog::Message), act) }
            { item(page.add_consumer, "C", PageIntent::Open(Dialog::Consumer), act) }
            { item(page.add_broker, "B", PageIntent::Open(Dialog::Broker), act) }
        </>
    }
}

fn fault_items(props: &HeaderProps) -> Html {
    let (page, act) = (&props.words.page, &props.act);
    let node = |node: &NodeChoice| {
        let (verb, intent) = if node.running {
            (page.faults_stop, Act::Kill(node.process))
        } else {
            (page.faults_start, Act::Start(node.process))
        };
        item(&format!("{verb} {}", node.name), "", intent, act)
    };
    html! {
        <>
            { item(page.faults_cut, "N", PageIntent::Open(Dialog::Faults), act) }
            if !props.choices.faults.is_empty() { { item(page.faults_heal, "", Act::HealAll, act) } }
            { for props.choices.nodes.iter().map(node) }
        </>
    }
}

fn tick(on: bool, label: &str) -> String {
    format!("{} {label}", if on { "✓" } else { "\u{2003}" })
}

fn view_items(props: &HeaderProps) -> Html {
    let (page, act) = (&props.words.page, &props.act);
    html! {
        <>
            { item(&tick(props.spacetime, props.words.spacetime.view), "", PageIntent::Spacetime(SpacetimeIntent::Toggle), act) }
            { item(&tick(props.meters, props.words.meters.title), "G", PageIntent::Meters(MetersIntent::Toggle), act) }
            { item(&tick(props.details, page.view_details), "D", PageIntent::ToggleDetails, act) }
            { item(&tick(props.internal, page.view_internal), "", PageIntent::ToggleInternal, act) }
            if let Some(both) = &props.both { { item(&tick(props.compares, both), "3", PageIntent::ToggleCompare, act) } }
            { item(&tick(false, page.view_legend), "L", PageIntent::Show(Panel::Legend), act) }
            { item(&tick(false, page.view_story), "", PageIntent::Show(Panel::Story), act) }
            { item(&tick(false, page.view_list), "/", PageIntent::Open(Dialog::List), act) }
            { item(&tick(false, props.words.lesson.library), "", PageIntent::Library, act) }
            { item(&tick(false, page.terminal), "T", PageIntent::ToggleTerminal, act) }
            { item(&tick(false, props.words.kept.title), "", PageIntent::Open(Dialog::Kept), act) }
            { item(&tick(false, props.words.help.title), "?", PageIntent::Open(Dialog::Keys), act) }
        </>
    }
}

fn theme_items(props: &HeaderProps) -> Html {
    let theme = |(index, name): (usize, &&str)| {
        item(&tick(index == props.theme, name), "", PageIntent::Theme(index), &props.act)
    };
    props.words.page.theme_names.iter().enumerate().map(theme).collect()
}

#[derive(Properties, PartialEq)]
struct LedgerProps {
    view: Rc<LedgerView>,
    open: bool,
    words: Words,
    act: Callback<Intent>,
}

fn row_class(row: &LedgerRow) -> &'static str {
    match row.tone {
        Tone::Good => "good",
        Tone::Bad => "hot",
        Tone::Plain | Tone::Quiet | Tone::Warning | Tone::Metadata => "",
    }
}

/// The numbers that every claim has to answer to.
#[component]
fn Ledger(props: &LedgerProps) -> Html {
    let brief = props.view.brief.iter().map(|row| {
        html! { <span class={row_class(row)}><i>{ row.name }</i> <b>{ row.text.clone() }</b></span> }
    });
    let all = props.view.all.iter().map(|row| {
        html! { <tr class={row_class(row)}><th scope="row">{ row.name }</th><td class="n">{ row.text.clone() }</td><td>{ row.meaning }</td></tr> }
    });
    html! {
        <div class="menu push">
            <div class="ledger">
                { for brief }
                <button class="more" aria-expanded={props.open.to_string()} aria-label={props.words.page.more_numbers}
                    onclick={send(&props.act, PageIntent::ToggleMenu(Menu::Ledger))}>{ icon("down") }</button>
            </div>
            if props.open {
                <div class="sheet all-numbers"><table class="plain"><caption>{ props.words.ledger.title }</caption><tbody>{ for all }</tbody></table></div>
            }
        </div>
    }
}
