//! How to read the stage: what the side column holds at rest.

use stage::geometry::Area;
use view::Glyph;
use yew::prelude::*;

use super::send;
use crate::intent::{Dialog, Intent, PageIntent};
use crate::stage::mark::{self, line, rect};
use crate::words::Words;

#[derive(Properties, PartialEq)]
pub struct LegendProps {
    pub words: Words,
    pub details: bool,
    /// Brokers are one line each.
    pub dense: bool,
    pub act: Callback<Intent>,
}

fn key(index: u32, x: f64, y: f64, size: f64) -> Html {
    mark::key(Glyph::of_key(index), Area::new(x, y, size, size))
}

fn cell(class: &'static str, index: u32, x: f64) -> Html {
    html! {
        <g class={classes!("cell", class, "t0")}>{ rect(Area::new(x, 5.0, 23.0, 24.0), 4.0, "") }{ key(index, x + 2.5, 8.0, 18.0) }</g>
    }
}

fn badge(class: &'static str, letter: &'static str) -> Html {
    html! {
        <g class={classes!("badge", class, "t0")}>{ rect(Area::new(2.0, 7.0, 20.0, 20.0), 4.0, "") }{ line((12.0, 21.3), "", letter) }</g>
    }
}

fn pictures() -> [Html; 6] {
    [
        html! { <><g class="packet t0"><path d="M13 10q0-4 4-4H36L45 17L36 28H17q-4 0-4-4z" /></g>{ key(0, 18.0, 9.0, 16.0) }</> },
        html! { <>{ cell("lead", 0, 2.0) }{ cell("lead", 5, 29.0) }</> },
        html! { <>{ badge("lead", "L") }{ cell("lead", 1, 29.0) }</> },
        html! { <>{ badge("copy", "F") }{ cell("copy", 1, 29.0) }</> },
        html! { <>{ cell("lead", 1, 2.0) }<path class="mark" d="M28 0V34" />{ cell("open", 2, 31.0) }</> },
        html! { <g class="t0"><path class="ribbon-e" d="M0 17H60" /><path class="ribbon" d="M0 17H60" /></g> },
    ]
}

fn detail_pictures() -> [Html; 7] {
    [
        html! { <g class="dot"><circle cx="12" cy="17" r="7.6" />{ line((12.0, 20.8), "", "1") }<circle cx="31" cy="17" r="7.6" />{ line((31.0, 20.8), "", "3") }</g> },
        html! { <><circle class="ring0" cx="22" cy="17" r="12" /><circle class="ring" cx="22" cy="17" r="12" stroke-dasharray="52 75.4" transform="rotate(-90 22 17)" /></> },
        html! { <><g class="mcell">{ rect(Area::new(2.0, 6.0, 24.0, 22.0), 4.0, "") }</g><g class="mcell open">{ rect(Area::new(30.0, 6.0, 24.0, 22.0), 4.0, "") }</g></> },
        html! { <use href="#i-crown" x="12" y="10" width="20" height="15" /> },
        html! { <><use href="#i-star" x="4" y="9" width="16" height="16" /><use href="#i-star0" x="28" y="9" width="16" height="16" /></> },
        html! { <g class="t0"><path class="tick" d="M12 8v18" />{ line((16.0, 20.0), "tickl", "e5") }</g> },
        html! { <path class="wire wait" d="M0 17H60" /> },
    ]
}

fn dense_pictures() -> [Html; 4] {
    [
        html! { <g class="t0">{ rect(Area::new(8.0, 12.0, 16.0, 10.0), 1.5, "mk lead") }{ rect(Area::new(32.0, 12.0, 16.0, 10.0), 1.5, "mk copy") }</g> },
        html! { <g class="t0">{ rect(Area::new(8.0, 12.0, 16.0, 10.0), 1.5, "mk miss") }<path class="mk-slash" d="M9 21 23 13" />{ rect(Area::new(32.0, 12.0, 16.0, 10.0), 1.5, "mk miss") }<path class="mk-cross" d="M33 21 47 13M33 13 47 21" /></g> },
        html! { { rect(Area::new(6.0, 12.0, 50.0, 10.0), 2.0, "line-stopped") } },
        html! { <g class="t0"><path class="flow" d="M2 13H60V21H2z" /></g> },
    ]
}

fn entries(words: &[(&'static str, &'static str)], pictures: impl IntoIterator<Item = Html>) -> Html {
    let entry = |((strong, rest), picture): (&(&'static str, &'static str), Html)| {
        html! {
            <>
                <svg width="64" height="34" viewBox="0 0 64 34" aria-hidden="true">{ picture }</svg>
                <div><b>{ *strong }</b>{ *rest }</div>
            </>
        }
    };
    html! { <div class="legend">{ for words.iter().zip(pictures).map(entry) }</div> }
}

/// The legend.
#[component]
pub fn Legend(props: &LegendProps) -> Html {
    let words = props.words;
    html! {
        <>
            <h2>{ words.legend.title }</h2>
            if props.dense {
                { entries(&words.legend.dense, dense_pictures()) }
                <p class="note plain">{ words.legend.dense_note }</p>
            } else {
                { entries(&words.legend.entries, pictures()) }
            }
            if props.details {
                <h3>{ words.legend.details_title }</h3>
                { entries(&words.legend.details, detail_pictures()) }
            }
            <p class="muted bottom">
                { words.page.not_scripted }{ " " }
                <button class="link" onclick={send(&props.act, PageIntent::Open(Dialog::NotModelled))}>{ words.page.not_modelled_link }</button>
            </p>
            <p class="muted">
                <kbd>{ "?" }</kbd>{ " " }{ words.page.keys_word }{ " \u{2002}" }
                <kbd>{ words.page.space_key }</kbd>{ " " }{ words.page.play_word }{ " \u{2002}" }
                <kbd>{ "→" }</kbd>{ " " }{ words.page.step_word }
            </p>
        </>
    }
}
