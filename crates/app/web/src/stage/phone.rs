//! The stage for narrow screens: one partition at a time, its replicas below each other, who writes on the
//! left, who reads on the right.

use std::rc::Rc;

use view::{
    BrokerState, BrokerView, CellState, CellView, MemberView, Port, ProcessId, RowView, StageView, Thing,
    TopicPartition, WireState,
};
use yew::prelude::*;

use super::controllers::small;
use super::geometry::{Area, Num, Path, num, point};
use super::glyph::glyph;
use super::layout::{Card, Density, Frame, Lane, Layout};
use super::parts::{Press, hue, rect, text, tone_class};
use super::row::badge_class;
use crate::icon::stage_icon;
use crate::intent::{Intent, PageIntent};
use crate::words::Words;
use session::Act;

/// How much room one partition has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// A phone's screen, upright.
    Phone,
    /// A small frame in another page: wide and not high.
    Frame,
    /// The same, and too low for the controllers.
    Low,
}

/// Where things stand in one sort of room.
struct Plan {
    width: f64,
    /// The middle line of the controllers, where there is room for them.
    controllers: Option<f64>,
    /// The first broker's lane, and from one lane to the next.
    lane: Area,
    step: f64,
    /// A cell's place under its lane's top, its size, and from one to the next.
    top: f64,
    cell: (f64, f64),
    apart: f64,
    cells: usize,
    /// The offset's line under the lane's top.
    offset: f64,
    /// The first line of text in a lane, and the left edge of its switch.
    name: f64,
    switch: f64,
    /// The first writer's and the first reader's card, and from one card to the next.
    writer: Area,
    reader: Area,
    cards: f64,
}

const PHONE: Plan = Plan {
    width: 360.0,
    controllers: None,
    lane: Area { x: 76.0, y: 30.0, width: 212.0, height: 90.0 },
    step: 100.0,
    top: 46.0,
    cell: (26.0, 26.0),
    apart: 29.0,
    cells: 6,
    offset: 82.0,
    name: 21.0,
    switch: 157.0,
    writer: Area { x: 4.0, y: 36.0, width: 52.0, height: 72.0 },
    reader: Area { x: 300.0, y: 36.0, width: 58.0, height: 72.0 },
    cards: 96.0,
};

const FRAME: Plan = Plan {
    controllers: Some(18.0),
    lane: Area { x: 108.0, y: 36.0, width: 264.0, height: 64.0 },
    writer: Area { x: 10.0, y: 36.0, width: 74.0, height: 60.0 },
    reader: Area { x: 396.0, y: 36.0, width: 74.0, height: 60.0 },
    ..LOW
};

const LOW: Plan = Plan {
    width: 480.0,
    controllers: None,
    lane: Area { x: 108.0, y: 8.0, width: 264.0, height: 64.0 },
    step: 72.0,
    top: 28.0,
    cell: (25.0, 22.0),
    apart: 27.0,
    cells: 7,
    offset: 60.0,
    name: 19.0,
    switch: 212.0,
    writer: Area { x: 10.0, y: 8.0, width: 74.0, height: 60.0 },
    reader: Area { x: 396.0, y: 8.0, width: 74.0, height: 60.0 },
    cards: 72.0,
};

impl Room {
    fn plan(self) -> &'static Plan {
        match self {
            Room::Phone => &PHONE,
            Room::Frame => &FRAME,
            Room::Low => &LOW,
        }
    }
}

/// Places of the narrow stage for one partition.
pub fn layout(stage: &StageView, partition: &TopicPartition, room: Room) -> Layout {
    let plan = room.plan();
    let holders = stage.brokers.iter().filter(|broker| row_of(broker, partition).is_some() || broker.rows.is_empty());
    let lane = |(index, broker): (usize, &Rc<BrokerView>)| {
        let area = below(plan.lane, plan.step * index as f64);
        let middle = area.y + plan.top + plan.cell.1 / 2.0;
        let rows = vec![(partition.clone(), point(area.x + 10.0, middle))];
        Lane { process: broker.process, area, density: Density::Full, rows }
    };
    let lanes: Vec<Lane> = holders.enumerate().map(lane).collect();
    let card = |(index, process): (usize, &ProcessId)| Card {
        process: *process,
        area: below(plan.writer, plan.cards * index as f64),
        slots: Vec::new(),
    };
    let producers: Vec<Card> = writers(stage, partition).iter().enumerate().map(card).collect();
    let reader = |(index, member): (usize, Rc<MemberView>)| {
        let area = below(plan.reader, plan.cards * index as f64);
        let slot = Area::new(area.x, area.y + 33.0, area.width, 22.0);
        Card { process: member.process, area, slots: vec![(partition.clone(), slot)] }
    };
    let members: Vec<Card> = readers(stage, partition).into_iter().enumerate().map(reader).collect();
    let cards = producers.len().max(members.len()) as f64;
    let bottom = plan.lane.y + plan.step * lanes.len().max(1) as f64;
    let height = (bottom + 4.0).max(plan.writer.y + plan.cards * cards);
    let frame = Area::new(plan.reader.x, plan.lane.y, plan.reader.width, height - plan.lane.y);
    let groups = vec![Frame { area: frame, members }];
    let all = stage.controllers.controllers.iter().enumerate();
    let place = |y: f64| all.map(|(index, one)| (one.process, point(122.0 + 30.0 * index as f64, y))).collect();
    let controllers = plan.controllers.map(place).unwrap_or_default();
    Layout { width: plan.width, height, controllers, producers, lanes, groups, phone: true }
}

fn below(area: Area, by: f64) -> Area {
    Area::new(area.x, area.y + by, area.width, area.height)
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
    pub room: Room,
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
            if props.room == Room::Phone { { choice(props) } }
            <div class="boards" style={format!("width:{}px;height:{}px", Num(width), Num(height))}>
                <svg width={num(width)} height={num(height)} viewBox={format!("0 0 {} {}", Num(layout.width), Num(layout.height))}
                    role="group" aria-label={view.label.clone()}>
                    if props.room == Room::Phone { { text(8.0, 16.0, "x i3", (props.words.page.rows_of)(here, total)) } }
                    { small(&view.controllers, &layout.controllers, &props.act) }
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
    let plan = props.room.plan();
    let name = plan.name;
    html! {
        <g key={broker.process.0} role="group" aria-label={broker.name.clone()}>
            { rect(area, 9.0, if stopped { "lane stopped" } else { "lane" }) }
            <Press label={broker.label.clone()} {onpress} area={Area::new(area.x + 4.0, area.y + 4.0, 150.0, 28.0)}>
                { text(area.x + 10.0, area.y + name, if stopped { "lab f-off" } else { "lab" }, broker.name.clone()) }
                if let Some(row) = row { { role(row, below(area, name - 21.0), stopped, props.words) } }
            </Press>
            { switch(broker, area, props) }
            if let Some(row) = row { { strip(row, area, stopped, plan) } }
        </g>
    }
}

fn role(row: &RowView, area: Area, stopped: bool, words: Words) -> Html {
    let (class, letter) = (badge_class(row.badge), row.badge.letter());
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
    let hit = Area::new(area.x + props.room.plan().switch, area.y, 44.0, 44.0);
    html! {
        <Press label={broker.switch_label.clone()} {onpress} area={hit} class="switch">
            { rect(Area::new(hit.x + 7.0, hit.y + 5.0, 30.0, 30.0), 6.0, if broker.tried { "try" } else { "hitbox" }) }
            { stage_icon(name, hit.x + 14.0, hit.y + 12.0, 16.0, color) }
        </Press>
    }
}

fn strip(row: &RowView, area: Area, stopped: bool, plan: &Plan) -> Html {
    let cells = &row.cells[row.cells.len().saturating_sub(plan.cells)..];
    let (wide, high) = plan.cell;
    let cell = |(index, cell): (usize, &CellView)| {
        let x = area.x + 10.0 + plan.apart * index as f64;
        let class = match cell.state {
            CellState::Leader => "cell lead",
            CellState::Follower | CellState::Stored => "cell copy",
            CellState::Open => "cell open",
            CellState::Gone => "cell gone",
        };
        html! {
            <>
                <g class={classes!(class, hue(row.hue))}>
                    { rect(Area::new(x, area.y + plan.top, wide, high), 4.0, "") }
                    { glyph(cell.glyph, x + wide / 2.0 - 9.0, area.y + plan.top + high / 2.0 - 9.0, 18.0) }
                </g>
                if row.leads() && !stopped { { text(x + wide / 2.0, area.y + plan.offset, "x n mid i3", cell.offset.to_string()) } }
            </>
        }
    };
    let first = cells.first().map_or(row.log_end, |cell| cell.offset);
    let steps = row.high_watermark.since(first).clamp(0, cells.len() as i64) as f64;
    let x = area.x + 8.5 + plan.apart * steps - if steps > 0.0 { 0.0 } else { 1.5 };
    html! {
        <>
            { for cells.iter().enumerate().map(cell) }
            if !stopped && !cells.is_empty() {
                <path class="mark" d={format!("M{} {}v{}", Num(x), Num(area.y + plan.top - 5.0), Num(high + 10.0))} />
                if row.leads() { { text(x - 3.5, area.y + plan.top - 2.0, "x b end", "HW") } }
            }
        </>
    }
}

fn wires(props: &PhoneProps) -> Html {
    let wire = |wire: &view::WireView| {
        if wire.partition.as_ref() != Some(&props.partition) {
            return None;
        }
        let to = Port::RowIn(wire.broker, props.partition.clone());
        let path: Path = props.layout.path(&Port::Producer(wire.producer), &to)?;
        let class = match wire.state {
            WireState::Idle => "wire",
            WireState::Live => "wire live",
            WireState::New => "wire new",
            WireState::Stale => "wire wait",
            WireState::Closed => "wire cut",
        };
        Some(html! { <g class={hue(wire.hue)}><path {class} d={path.svg()} /></g> })
    };
    props.view.wires.iter().filter_map(wire).collect()
}

fn ribbons(props: &PhoneProps) -> Html {
    let ribbon = |ribbon: &view::RibbonView| {
        let view::RibbonState::Owned { broker, member } = ribbon.state else { return None };
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
