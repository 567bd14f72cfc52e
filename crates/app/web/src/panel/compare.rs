//! Two branches' ledgers beside each other, with what was done in each.

use std::rc::Rc;

use view::{CompareRow, CompareSide, CompareView, Tone};
use yew::prelude::*;

use crate::words::Words;

#[derive(Properties, PartialEq)]
pub struct CompareProps {
    /// `None` while there is one branch only.
    pub view: Option<Rc<CompareView>>,
    pub words: Words,
}

/// The comparison.
#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let Some(view) = &props.view else {
        return html! { <p class="muted">{ props.words.compare.only_one }</p> };
    };
    html! {
        <>
            <h2>{ view.title.clone() }</h2>
            <p class="muted">{ view.parted.clone() }</p>
            <dl class="sides">{ for view.sides.iter().map(side) }</dl>
            { table(view) }
            { for view.verdicts.iter().map(verdict) }
        </>
    }
}

fn side(side: &CompareSide) -> Html {
    html! {
        <>
            <dt class={side.shown.then_some("on")}>{ side.name.clone() }</dt>
            <dd>{ for side.acts.iter().map(|act| html! { <div class="mono">{ act.clone() }</div> }) }</dd>
        </>
    }
}

fn table(view: &CompareView) -> Html {
    let [first, second] = &view.sides;
    let row = |row: &CompareRow| {
        let class = match row.tone {
            Tone::Bad => "differs bad",
            Tone::Warning => "differs",
            Tone::Plain | Tone::Quiet | Tone::Good | Tone::Metadata => "",
        };
        html! {
            <tr {class} title={row.meaning}>
                <th scope="row">{ row.name }</th>
                <td class="n">{ row.first.clone() }</td>
                <td class="n">{ row.second.clone() }</td>
                <td class="n">{ row.difference.clone() }</td>
            </tr>
        }
    };
    html! {
        <table class="plain both">
            <thead><tr>
                <td></td>
                <th scope="col" class="n">{ first.name.clone() }</th>
                <th scope="col" class="n">{ second.name.clone() }</th>
                <th scope="col" class="n">{ view.difference.clone() }</th>
            </tr></thead>
            <tbody>{ for view.rows.iter().map(row) }</tbody>
        </table>
    }
}

fn verdict((tone, sentence): &(Tone, String)) -> Html {
    let class = match tone {
        Tone::Bad => "note bad",
        Tone::Good => "note ok",
        Tone::Warning => "note warn",
        Tone::Plain | Tone::Quiet | Tone::Metadata => "note plain",
    };
    html! { <p {class}>{ sentence.clone() }</p> }
}
