//! A broker's lane: head line, switch and rows.

use std::rc::Rc;

use view::{BrokerState, BrokerView, Thing, TopicPartition};
use yew::prelude::*;

use super::geometry::{Area, Num, num};
use super::layout::{Density, Lane};
use super::parts::{Press, rect, text, tone_class};
use super::row::Row;
use crate::icon::stage_icon;
use crate::intent::{Dialog, Intent, PageIntent};
use session::Act;

#[derive(Properties, PartialEq)]
pub struct BrokerProps {
    pub view: Rc<BrokerView>,
    pub lane: Lane,
    pub act: Callback<Intent>,
}

/// A lane.
#[component]
pub fn BrokerLane(props: &BrokerProps) -> Html {
    let (view, lane) = (&props.view, &props.lane);
    let onselect = {
        let (act, process) = (props.act.clone(), view.process);
        use_callback(process, move |partition: TopicPartition, process| {
            let thing = Thing::Replica { process: *process, partition };
            act.emit(PageIntent::Select(Some(thing)).into());
        })
    };
    let rows = view.rows.iter().zip(&lane.rows).map(|(row, (_, at))| {
        html! {
            <Row key={row.partition.to_string()} view={row.clone()} at={(at.x, at.y)} density={lane.density}
                broker={view.state} onselect={onselect.clone()} />
        }
    });
    let class = match view.state {
        BrokerState::Stopped => "lane stopped",
        BrokerState::Paused => "lane hung",
        BrokerState::Running | BrokerState::Fenced | BrokerState::ShuttingDown => "lane",
    };
    html! {
        <g role="group" aria-label={view.name.clone()}>
            { rect(lane.area, 10.0, class) }
            if view.selected { { rect(lane.area, 10.0, "sel") } }
            { head(props) }
            { details(view, lane) }
            { switch(props) }
            { for rows }
            { more(props) }
            { stamp(view, lane) }
        </g>
    }
}

fn head(props: &BrokerProps) -> Html {
    let (view, area) = (&props.view, props.lane.area);
    let onpress = {
        let (act, process) = (props.act.clone(), view.process);
        Callback::from(move |()| act.emit(PageIntent::Select(Some(Thing::Process(process))).into()))
    };
    let down = view.state == BrokerState::Stopped;
    let box_width = 76.0 + 7.0 * view.line.chars().count() as f64;
    let hit = Area::new(area.x + 8.0, area.y + 6.0, box_width.min(230.0), 28.0);
    let line_class = if down { "s f-bad b".to_owned() } else { format!("s {}", tone_class(view.line_tone)) };
    html! {
        <Press label={view.label.clone()} {onpress} area={hit} pressed={view.selected} name={format!("broker-{}", view.id)}>
            { text(area.x + 14.0, area.y + 23.0, if down { "lab f-off" } else { "lab" }, view.name.clone()) }
            { text(area.x + 90.0, area.y + 23.0, line_class, view.line.clone()) }
        </Press>
    }
}

/// What is not drawn, and the way to a list in which it can be found.
fn more(props: &BrokerProps) -> Html {
    let (view, area) = (&props.view, props.lane.area);
    if view.more.is_empty() {
        return Html::default();
    }
    let act = props.act.clone();
    let onpress = Callback::from(move |()| act.emit(PageIntent::Open(Dialog::List).into()));
    let hit = Area::new(area.x + 8.0, area.bottom() - 27.0, 320.0, 24.0);
    html! {
        <Press label={format!("{}: {}", view.name, view.more)} {onpress} area={hit} name={format!("more-{}", view.id)}>
            { text(hit.x + 6.0, hit.y + 16.0, "s i2", view.more.clone()) }
        </Press>
    }
}

fn details(view: &BrokerView, lane: &Lane) -> Html {
    let (x, y) = (lane.area.x, lane.area.y);
    html! {
        <>
            if !view.metadata_offset.is_empty() {
                { text(x + 448.0, y + 23.0, "x n end i3", view.metadata_offset.clone()) }
            }
            if !view.parked.is_empty() {
                { text(x + 368.0, y + 23.0, "x end i2", view.parked.clone()) }
                { stage_icon("wait", x + 303.8, y + 12.0, 13.0, "ink-3") }
            }
            if !view.coordinates.is_empty() {
                <use href="#i-flag" x={num(x + 256.0)} y={num(y + 12.0)} width="12" height="13" />
                { text(x + 271.0, y + 23.0, "x i2", view.coordinates.clone()) }
            }
        </>
    }
}

fn switch(props: &BrokerProps) -> Html {
    let (view, area) = (&props.view, props.lane.area);
    let starts = match view.state {
        BrokerState::Stopped | BrokerState::Paused => true,
        BrokerState::Running | BrokerState::Fenced | BrokerState::ShuttingDown => false,
    };
    let act = match view.state {
        BrokerState::Stopped => Act::Start(view.process),
        BrokerState::Paused => Act::Resume(view.process),
        BrokerState::Running | BrokerState::Fenced | BrokerState::ShuttingDown => Act::Kill(view.process),
    };
    let onpress = {
        let emit = props.act.clone();
        Callback::from(move |()| emit.emit(act.clone().into()))
    };
    let hit = Area::new(area.x + 456.0, area.y + 6.0, 28.0, 28.0);
    let (name, color) = if starts { ("again", "accent") } else { ("x", if view.tried { "bad" } else { "ink-2" }) };
    let class = if view.tried { "try" } else { "hitbox" };
    html! {
        <Press label={view.switch_label.clone()} {onpress} area={hit} name={format!("switch-{}", view.id)}>
            { rect(hit, 6.0, class) }
            { stage_icon(name, hit.x + 6.0, hit.y + 6.0, 16.0, color) }
        </Press>
    }
}

fn stamp(view: &BrokerView, lane: &Lane) -> Html {
    if view.stamp.is_empty() || lane.density == Density::Bars {
        return Html::default();
    }
    let (x, y) = (lane.area.right() - 74.0, lane.area.middle().y + 8.0);
    html! {
        <g class="stamp" transform={format!("rotate(-6 {} {})", Num(x), Num(y))}>
            { rect(Area::new(x - 60.0, y - 17.0, 120.0, 34.0), 6.0, "") }
            { text(x, y + 5.5, "", view.stamp.clone()) }
        </g>
    }
}
