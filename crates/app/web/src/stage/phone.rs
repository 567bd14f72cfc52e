//! The stage for narrow screens: one partition at a time, its replicas below each other, who writes on the
//! left, who reads on the right.

use std::rc::Rc;

use lab::view::{
    BadgeView, BrokerState, BrokerView, CellState, CellView, MemberView, Port, ProcessId, RowView, StageView, Thing,
    TopicPartition,
};
use yew::prelude::*;

use super::geometry::{Area, Num, Path, num, point};
use super::glyph::glyph;
use super::layout::{Card, Density, Frame, Lane, Layout};
use super::parts::{Press, hue, rect, text, tone_class};
use crate::icon::stage_icon;
use crate::intent::{Act, Intent, PageIntent};
use crate::words::Words;

const WIDTH: f64 = 360.0;
const CELLS: usize = 6;

/// Places of the narrow stage for one partition.
pub fn layout(stage: &StageView, partition: &TopicPartition) -> Layout {
    let holders = stage.brokers.iter().filter(|broker| row_of(broker, partition).is_some() || broker.rows.is_empty());
    let lane = |(index, broker): (usize, &Rc<BrokerView>)| {
        let area = Area::new(76.0, 30.0 + 100.0 * index as f64, 212.0, 90.0);
        Lane {
            process: broker.process,
            area,
            density: Density::Full,
            rows: vec![(partition.clone(), point(area.x + 10.0, area.y + 59.0))],
        }
    };
    let lanes: Vec<Lane> = holders.enumerate().map(lane).collect();
    let writers = writers(stage, partition);
    let card = |index: usize, process| Card {
        process,
        area: Area::new(4.0, 36.0 + 96.0 * index as f64, 52.0, 72.0),
        slots: Vec::new(),
    };
    let producers: Vec<Card> = writers.iter().enumerate().map(|(index, process)| card(index, *process)).collect();
    let reader = |(index, member): (usize, Rc<MemberView>)| {
        let area = Area::new(300.0, 36.0 + 96.0 * index as f64, 58.0, 72.0);
        Card {
            process: member.process,
            area,
            slots: vec![(partition.clone(), Area::new(300.0, area.y + 33.0, 58.0, 22.0))],
        }
    };
    let members: Vec<Card> = readers(stage, partition).into_iter().enumerate().map(reader).collect();
    let rows = lanes.len().max(1) as f64;
    let height = (44.0 + 100.0 * rows).max(60.0 + 96.0 * producers.len().max(members.len()) as f64);
    let groups = vec![Frame { area: Area::new(300.0, 30.0, 58.0, height - 40.0), members }];
    Layout { width: WIDTH, height, controllers: Vec::new(), producers, lanes, groups, phone: true }
}

fn row_of<'a>(broker: &'a BrokerView, partition: &TopicPartition) -> Option<&'a Rc<RowView>> {
    broker.rows.iter().find(|row| row.partition == *partition)
}

fn writers(stage: &StageView, partition: &TopicPartition) -> Vec<ProcessId> {
    let mut writers: Vec<ProcessId> = Vec::new();
    for wire in &stage.wires {
        if wire.partition.as_ref() == Some(partition) && !writers.contains(&wire.producer) {
            writers.push(wire.producer);
        }
    }
    writers
}

fn readers(stage: &StageView, partition: &TopicPartition) -> Vec<Rc<MemberView>> {
    let members = stage.groups.iter().flat_map(|group| &group.members);
    members.filter(|member| member.owned.iter().any(|owned| owned.partition == *partition)).cloned().collect()
}

#[derive(Properties, PartialEq)]
pub struct PhoneProps {
    pub view: Rc<StageView>,
    pub layout: Rc<Layout>,
    pub partition: TopicPartition,
    pub words: Words,
    pub scale: f64,
    pub canvas: NodeRef,
    pub act: Callback<Intent>,
}

/// The narrow stage.
#[component]
pub fn Phone(props: &PhoneProps) -> Html {
    let (view, layout) = (&props.view, &props.layout);
    let (width, height) = (layout.width * props.scale, layout.height * props.scale);
    let total = view.partitions.len();
    let here = view.partitions.iter().position(|(name, _)| *name == props.partition).map_or(0, |index| index + 1);
    let lanes = layout.lanes.iter().filter_map(|lane| {
        let broker = view.brokers.iter().find(|broker| broker.process == lane.process)?;
        Some(one_lane(broker, lane, props))
    });
    html! {
        <>
            { choice(props) }
            <div class="boards" style={format!("width:{}px;height:{}px", Num(width), Num(height))}>
                <svg width={num(width)} height={num(height)} viewBox={format!("0 0 {} {}", Num(WIDTH), Num(layout.height))}
                    role="group" aria-label={view.label.clone()}>
                    { text(8.0, 16.0, "x i3", (props.words.page.rows_of)(here, total)) }
                    { wires(props) }
                    { for layout.producers.iter().map(|card| writer(card, props)) }
                    { for lanes }
                    <g class="under-pointer">{ ribbons(props) }</g>
                    { for layout.groups.iter().flat_map(|frame| &frame.members).map(|card| reader(card, props)) }
                </svg>
                <canvas ref={props.canvas.clone()} aria-hidden="true"></canvas>
            </div>
        </>
    }
}

fn choice(props: &PhoneProps) -> Html {
    let option = |(partition, _): &(TopicPartition, u8)| {
        let on = *partition == props.partition;
        let onclick = {
            let (act, partition) = (props.act.clone(), partition.clone());
            Callback::from(move |_: MouseEvent| act.emit(PageIntent::Partition(partition.clone()).into()))
        };
        html! {
            <button class={classes!("mono", on.then_some("on"))} aria-pressed={on.to_string()} {onclick}>{ partition.to_string() }</button>
        }
    };
    html! { <div class="seg partitions">{ for props.view.partitions.iter().map(option) }</div> }
}

fn one_lane(broker: &Rc<BrokerView>, lane: &Lane, props: &PhoneProps) -> Html {
    let area = lane.area;
    let stopped = broker.state == BrokerState::Stopped;
    let onpress = {
        let (act, process) = (props.act.clone(), broker.process);
        Callback::from(move |()| act.emit(PageIntent::Select(Some(Thing::Process(process))).into()))
    };
    let row = row_of(broker, &props.partition);
    html! {
        <g key={broker.process.0} role="group" aria-label={broker.name.clone()}>
            { rect(area, 9.0, if stopped { "lane stopped" } else { "lane" }) }
            <Press label={broker.label.clone()} {onpress} area={Area::new(area.x + 4.0, area.y + 4.0, 150.0, 28.0)}>
                { text(area.x + 10.0, area.y + 21.0, if stopped { "lab f-off" } else { "lab" }, broker.name.clone()) }
                if let Some(row) = row { { role(row, area, stopped, props.words) } }
            </Press>
            { switch(broker, area, props) }
            if let Some(row) = row { { strip(row, area, stopped) } }
        </g>
    }
}

fn role(row: &RowView, area: Area, stopped: bool, words: Words) -> Html {
    let (class, letter) = match row.badge {
        BadgeView::Leader => ("badge lead", "L"),
        BadgeView::Follower => ("badge copy", "F"),
        BadgeView::Arriving => ("badge ghost", "L"),
        BadgeView::GoneLeader => ("badge gone", "L"),
        BadgeView::GoneFollower => ("badge gone", "F"),
    };
    let (tone, note) = if stopped {
        ("x f-bad b".to_owned(), words.stage.member_stopped.to_owned())
    } else if row.leads() {
        ("x b".to_owned(), words.stage.leads_word.to_owned())
    } else {
        (format!("x {}", tone_class(row.note_tone)), row.note.clone())
    };
    html! {
        <>
            <g class={classes!(class, hue(row.hue))}>
                { rect(Area::new(area.x + 82.0, area.y + 7.0, 20.0, 20.0), 4.0, "") }
                { text(area.x + 92.0, area.y + 21.3, "", letter) }
            </g>
            { text(area.x + 108.0, area.y + 21.0, tone, note) }
        </>
    }
}

fn switch(broker: &BrokerView, area: Area, props: &PhoneProps) -> Html {
    let (act, name, color) = match broker.state {
        BrokerState::Stopped => (Act::Start(broker.process), "again", "accent"),
        BrokerState::Paused => (Act::Resume(broker.process), "again", "accent"),
        BrokerState::Running | BrokerState::Fenced | BrokerState::ShuttingDown => {
            (Act::Kill(broker.process), "x", if broker.tried { "bad" } else { "ink-2" })
        }
    };
    let onpress = {
        let emit = props.act.clone();
        Callback::from(move |()| emit.emit(act.clone().into()))
    };
    let hit = Area::new(area.x + 157.0, area.y, 44.0, 44.0);
    html! {
        <Press label={broker.switch_label.clone()} {onpress} area={hit}>
            { rect(Area::new(hit.x + 7.0, hit.y + 5.0, 30.0, 30.0), 6.0, if broker.tried { "try" } else { "hitbox" }) }
            { stage_icon(name, hit.x + 14.0, hit.y + 12.0, 16.0, color) }
        </Press>
    }
}

fn strip(row: &RowView, area: Area, stopped: bool) -> Html {
    let cells = &row.cells[row.cells.len().saturating_sub(CELLS)..];
    let cell = |(index, cell): (usize, &CellView)| {
        let x = area.x + 10.0 + 29.0 * index as f64;
        let class = match cell.state {
            CellState::Leader => "cell lead",
            CellState::Follower => "cell copy",
            CellState::Open => "cell open",
            CellState::Gone => "cell gone",
        };
        html! {
            <>
                <g class={classes!(class, hue(row.hue))}>
                    { rect(Area::new(x, area.y + 46.0, 26.0, 26.0), 4.0, "") }
                    { glyph(cell.glyph, x + 4.0, area.y + 50.0, 18.0) }
                </g>
                if row.leads() && !stopped { { text(x + 13.0, area.y + 82.0, "x n mid i3", cell.offset.to_string()) } }
            </>
        }
    };
    let first = cells.first().map_or(row.log_end, |cell| cell.offset);
    let steps = row.high_watermark.since(first).clamp(0, cells.len() as i64) as f64;
    let x = area.x + 8.5 + 29.0 * steps - if steps > 0.0 { 0.0 } else { 1.5 };
    html! {
        <>
            { for cells.iter().enumerate().map(cell) }
            if !stopped && !cells.is_empty() {
                <path class="mark" d={format!("M{} {}v36", Num(x), Num(area.y + 41.0))} />
                if row.leads() { { text(x - 3.5, area.y + 44.0, "x b end", "HW") } }
            }
        </>
    }
}

fn wires(props: &PhoneProps) -> Html {
    let wire = |wire: &lab::view::WireView| {
        if wire.partition.as_ref() != Some(&props.partition) {
            return None;
        }
        let to = Port::RowIn(wire.broker, props.partition.clone());
        let path: Path = props.layout.path(&Port::Producer(wire.producer), &to)?;
        Some(html! { <g class={hue(wire.hue)}><path class="wire" d={path.svg()} /></g> })
    };
    props.view.wires.iter().filter_map(wire).collect()
}

fn ribbons(props: &PhoneProps) -> Html {
    let ribbon = |ribbon: &lab::view::RibbonView| {
        let lab::view::RibbonState::Owned { broker, member } = ribbon.state else { return None };
        if ribbon.partition != props.partition {
            return None;
        }
        let d = props.layout.ribbon(broker, member, &props.partition)?.svg();
        Some(html! {
            <g class={hue(ribbon.hue)}><path class="ribbon-e" d={d.clone()} /><path class="ribbon" {d} /></g>
        })
    };
    props.view.ribbons.iter().filter_map(ribbon).collect()
}

fn client(process: ProcessId, label: String, area: Area, props: &PhoneProps, body: Html) -> Html {
    let onpress = {
        let act = props.act.clone();
        Callback::from(move |()| act.emit(PageIntent::Select(Some(Thing::Process(process))).into()))
    };
    html! { <Press key={process.0} {label} {onpress} {area}>{ rect(area, 8.0, "card") }{ body }</Press> }
}

fn writer(card: &Card, props: &PhoneProps) -> Html {
    let Some(view) = props.view.producers.iter().find(|view| view.process == card.process) else {
        return Html::default();
    };
    let area = card.area;
    let keys = view.keys.iter().take(2).enumerate();
    let body = html! {
        <>
            { text(area.x + 8.0, area.y + 20.0, "s b", view.name.clone()) }
            { for keys.map(|(index, key)| glyph(*key, area.x + 8.0 + 20.0 * index as f64, area.y + 32.0, 18.0)) }
        </>
    };
    client(card.process, view.label.clone(), area, props, body)
}

fn reader(card: &Card, props: &PhoneProps) -> Html {
    let members = props.view.groups.iter().flat_map(|group| &group.members);
    let Some(view) = members.into_iter().find(|member| member.process == card.process) else {
        return Html::default();
    };
    let area = card.area;
    let note = view.owned.iter().find(|owned| owned.partition == props.partition).map_or("", |owned| &owned.note);
    let body = html! {
        <>
            { text(area.x + 4.0, area.y + 20.0, "x b", view.name.clone()) }
            { text(area.x + 4.0, area.y + 38.0, "x i2", view.position.clone()) }
            { text(area.x + 4.0, area.y + 56.0, "x i2", note.to_owned()) }
        </>
    };
    client(card.process, view.label.clone(), area, props, body)
}
