//! The terminal: Kafka's own command lines and the playground's short ones, with history and completion.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::send;
use crate::icon::icon;
use crate::intent::{Intent, PageIntent};
use crate::later;
use crate::words::Words;
use session::{Completed, Foreground, LineKind, TerminalLine};

#[derive(Properties, PartialEq)]
pub struct TerminalProps {
    pub lines: Rc<Vec<TerminalLine>>,
    /// Why the next line waits.
    pub waiting: Option<String>,
    /// What has the terminal.
    pub foreground: Foreground,
    /// What was entered, oldest first.
    pub history: Rc<Vec<String>>,
    pub complete: Callback<String, Completed>,
    /// The reader opened it and is about to type; a text that opens it leaves the keyboard where it is.
    pub chosen: bool,
    pub words: Words,
    pub act: Callback<Intent>,
}

/// The panel.
#[component]
pub fn Terminal(props: &TerminalProps) -> Html {
    let input = use_node_ref();
    let output = use_node_ref();
    let back = use_mut_ref(|| 0_usize);
    {
        let output = output.clone();
        use_effect_with((props.lines.len(), props.waiting.is_some()), move |_| {
            if let Some(output) = output.cast::<HtmlElement>() {
                output.set_scroll_top(output.scroll_height());
            }
        });
    }
    {
        let input = input.clone();
        use_effect_with(props.chosen, move |chosen| {
            if let Some(input) = input.cast::<HtmlInputElement>().filter(|_| *chosen) {
                let _ = input.focus();
            }
        });
    }
    let onkeydown = {
        let (act, history, complete) = (props.act.clone(), props.history.clone(), props.complete.clone());
        let foreground = props.foreground;
        Callback::from(move |event: KeyboardEvent| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            // The key was pressed elsewhere.
            let Some(field) = field else { return };
            on_key(
                &event,
                &field,
                &Entry { act: &act, history: &history, complete: &complete, back: &back, foreground },
            );
        })
    };
    let onpaste = {
        let act = props.act.clone();
        Callback::from(move |event: Event| paste(&event, &act))
    };
    let words = props.words;
    html! {
        <section class="terminal" aria-label={words.page.terminal}>
            <div class="terminal-head">
                { icon("term") }<b>{ words.page.terminal }</b><span class="chip">{ "Kafka 4.3" }</span>
                <span class="muted">{ words.page.terminal_note }</span>
                <button class="btn icon quiet push" aria-label={words.page.close} onclick={send(&props.act, PageIntent::CloseTerminal)}>{ icon("x") }</button>
            </div>
            <div class="term" ref={output} role="log" tabindex="0" aria-label={words.page.terminal_output}>
                { for props.lines.iter().map(|shown| line(shown, &props.act)) }
                if let Some(waiting) = &props.waiting { <div class="c waits">{ waiting.clone() }</div> }
            </div>
            <div class="term-line"><span class="p" aria-hidden="true">{ if props.foreground == Foreground::Reads { ">" } else { "$" } }</span>
                <input ref={input} class="mono" aria-label={words.page.terminal_input} autocomplete="off" autocapitalize="off" spellcheck="false" {onkeydown} {onpaste} />
                { ending(props) }
            </div>
        </section>
    }
}

/// The key that ends what has the terminal, for whoever has no such key.
fn ending(props: &TerminalProps) -> Html {
    let (name, intent) = match props.foreground {
        Foreground::Shell => return Html::default(),
        Foreground::Reads => ("Ctrl+D", PageIntent::EndInput),
        Foreground::Prints => ("Ctrl+C", PageIntent::DropLines),
    };
    html! { <button class="chip" onclick={send(&props.act, intent)}>{ name }</button> }
}

fn line(line: &TerminalLine, act: &Callback<Intent>) -> Html {
    let class = match line.kind {
        LineKind::Prompt => "p",
        LineKind::Echo => "p echo",
        LineKind::Output => "",
        LineKind::Error => "e",
        LineKind::Comment => "c",
        LineKind::Offer => {
            let (act, text) = (act.clone(), line.text.clone());
            let onclick = Callback::from(move |_: MouseEvent| act.emit(Intent::Line(text.clone())));
            return html! { <div><button class="chip" {onclick}>{ line.text.clone() }</button></div> };
        }
        LineKind::Options => return html! { <OptionList tool={line.text.clone()} /> },
    };
    html! { <div {class}>{ line.text.clone() }</div> }
}

#[derive(Properties, PartialEq)]
struct OptionListProps {
    tool: String,
}

/// A tool's options as Kafka's own `--help` lists them; the text lies beside the page and is fetched when somebody wants it.
#[component]
fn OptionList(props: &OptionListProps) -> Html {
    let text = use_state_eq(|| AttrValue::from("…"));
    {
        let text = text.setter();
        use_effect_with(props.tool.clone(), move |tool| {
            later::document(&format!("tools/{tool}.txt"), move |came| {
                if let Some(came) = came {
                    text.set(came.into());
                }
            });
        });
    }
    html! { <div class="e">{ (*text).clone() }</div> }
}

struct Entry<'a> {
    act: &'a Callback<Intent>,
    history: &'a [String],
    complete: &'a Callback<String, Completed>,
    back: &'a std::cell::RefCell<usize>,
    foreground: Foreground,
}

/// Several lines are entered one by one; a part of a line goes into the field as ever.
fn paste(event: &Event, act: &Callback<Intent>) {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let pasted = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
    let pasted = pasted.and_then(|data| data.get_data("text").ok());
    // Nothing that is text was pasted.
    let (Some(field), Some(pasted)) = (field, pasted) else { return };
    if !pasted.trim_end().contains('\n') {
        return;
    }
    event.prevent_default();
    let lines = session::pasted(&(field.value() + &pasted));
    field.set_value("");
    lines.into_iter().for_each(|line| act.emit(Intent::Line(line)));
}

fn on_key(event: &KeyboardEvent, field: &HtmlInputElement, entry: &Entry<'_>) {
    let mut back = entry.back.borrow_mut();
    match event.key().as_str() {
        // An empty line is a record, too.
        "Enter" if entry.foreground == Foreground::Reads || !field.value().trim().is_empty() => {
            entry.act.emit(Intent::Line(field.value()));
            field.set_value("");
            *back = 0;
        }
        "ArrowUp" | "ArrowDown" => {
            let last = entry.history.len();
            *back = if event.key() == "ArrowUp" { (*back + 1).min(last) } else { back.saturating_sub(1) };
            field.set_value(entry.history.get(last - *back).map_or("", String::as_str));
            event.prevent_default();
        }
        "Tab" if !event.shift_key() && !field.value().is_empty() => {
            let completed = entry.complete.emit(field.value());
            field.set_value(&completed.text);
            if !completed.listed.is_empty() {
                entry.act.emit(PageIntent::ListOffers(completed).into());
            }
            event.prevent_default();
        }
        "d" if event.ctrl_key() && entry.foreground == Foreground::Reads => {
            entry.act.emit(PageIntent::EndInput.into());
            event.prevent_default();
        }
        // As in a shell; where something is selected it is copied.
        "c" if event.ctrl_key() && field.selection_start() == field.selection_end() => {
            field.set_value("");
            entry.act.emit(PageIntent::DropLines.into());
        }
        "Escape" => entry.act.emit(PageIntent::CloseTerminal.into()),
        _ => {}
    }
}
