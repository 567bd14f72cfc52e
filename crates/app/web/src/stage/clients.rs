//! Producers' cards on the left, groups with their members' cards on the right.

use std::rc::Rc;

use view::{GroupState, GroupView, MemberState, MemberView, OwnedView, ProducerView, StatusLine, Thing, short_name};
use yew::prelude::*;

use super::geometry::Area;
use super::glyph::glyph;
use super::layout::{Card, Frame};
use super::parts::{Press, hue, rect, text, tone_class};
use crate::icon::stage_icon;
use crate::intent::{Intent, PageIntent};
use session::Act;

#[derive(Properties, PartialEq)]
pub struct ProducerProps {
    pub view: Rc<ProducerView>,
    pub card: Card,
    pub act: Callback<Intent>,
}

fn select(act: &Callback<Intent>, thing: Thing) -> Callback<()> {
    let act = act.clone();
    Callback::from(move |()| act.emit(PageIntent::Select(Some(thing.clone())).into()))
}

fn card_class(selected: bool, idle: bool) -> &'static str {
    match (selected, idle) {
        (true, _) => "card sel",
        (false, true) => "card idle",
        (false, false) => "card",
    }
}

/// A producer.
#[component]
pub fn ProducerCard(props: &ProducerProps) -> Html {
    let (view, area) = (&props.view, props.card.area);
    let onpress = select(&props.act, Thing::Process(view.process));
    let shown = view.keys.len().min(3);
    let keys = view.keys[..shown].iter().enumerate();
    let keys = keys.map(|(index, key)| glyph(*key, area.x + 58.0 + 24.0 * index as f64, area.y + 34.0, 20.0));
    let line = |(index, line): (usize, &StatusLine)| {
        let class = format!("x {}{}", tone_class(line.tone), if line.strong { " b" } else { "" });
        text(area.x + 14.0, area.y + 72.0 + 20.0 * index as f64, class, line.text.clone())
    };
    html! {
        <Press label={view.label.clone()} {onpress} {area} pressed={view.selected} name={format!("producer-{}", view.name)}>
            { rect(area, 10.0, card_class(view.selected, view.stopped)) }
            { text(area.x + 14.0, area.y + 25.0, if view.stopped { "lab f-off" } else { "lab" }, view.name.clone()) }
            { text(area.x + 118.0, area.y + 25.0, "x end i3 n", view.acks.clone()) }
            { text(area.x + 14.0, area.y + 48.0, "s i2", view.sends.clone()) }
            { for keys }
            if view.keys.len() > shown { { text(area.x + 118.0, area.y + 48.0, "x end i3", "…") } }
            { for view.lines.iter().take(2).enumerate().map(line) }
        </Press>
    }
}

#[derive(Properties, PartialEq)]
pub struct GroupProps {
    pub view: Rc<GroupView>,
    pub frame: Frame,
    pub act: Callback<Intent>,
}

/// A group's frame.
#[component]
pub fn GroupFrame(props: &GroupProps) -> Html {
    let (view, area) = (&props.view, props.frame.area);
    let onpress = select(&props.act, Thing::Group(view.name.clone()));
    let members = view.members.iter().zip(&props.frame.members);
    let members = members.map(|(member, card)| {
        html! { <Member key={member.process.0} view={member.clone()} card={card.clone()} act={props.act.clone()} /> }
    });
    let tone = match view.state {
        GroupState::Stable => "f-ok",
        GroupState::PreparingRebalance | GroupState::CompletingRebalance => "f-warn b",
        GroupState::Empty => "i3",
        GroupState::Dead | GroupState::Unknown => "f-bad",
    };
    let title_class = if view.state_text.is_empty() { "s b i2" } else { "s b" };
    html! {
        <g role="group" aria-label={view.title.clone()}>
            { rect(area, 12.0, if view.state.is_busy() { "group busy" } else { "group" }) }
            if view.selected { { rect(area, 12.0, "sel") } }
            <Press label={view.label.clone()} {onpress} area={Area::new(area.x + 6.0, area.y + 5.0, 164.0, 24.0)}
                pressed={view.selected} name={format!("group-{}", view.name)}>
                { text(area.x + 14.0, area.y + 21.0, title_class, view.title.clone()) }
                { text(area.x + 162.0, area.y + 21.0, format!("x end {tone}"), view.state_text.clone()) }
            </Press>
            { for members }
        </g>
    }
}

#[derive(Properties, PartialEq)]
struct MemberProps {
    view: Rc<MemberView>,
    card: Card,
    act: Callback<Intent>,
}

#[component]
fn Member(props: &MemberProps) -> Html {
    let (view, area) = (&props.view, props.card.area);
    let onpress = select(&props.act, Thing::Process(view.process));
    let resting = view.state != MemberState::Reading;
    let slots = view.owned.iter().zip(&props.card.slots).map(|(owned, (_, slot))| slot_box(owned, *slot));
    let y = area.bottom() - 20.0;
    let read = view.read.iter().enumerate().map(|(index, (key, lit))| {
        let class = if *lit == Some(false) { "cell dim" } else { "cell" };
        html! { <g {class}>{ glyph(*key, area.x + 46.0 + 20.0 * index as f64, y - 12.0, 16.0) }</g> }
    });
    html! {
        <g>
            <Press label={view.label.clone()} {onpress} {area} pressed={view.selected} name={format!("member-{}", view.name)}>
                { rect(area, 10.0, card_class(view.selected, resting)) }
                { text(area.x + 12.0, area.y + 24.0, if resting { "lab f-off" } else { "lab" }, view.name.clone()) }
                if view.is_new { { text(area.x + 144.0, area.y + 24.0, "x end f-acc b", view.new_text.clone()) } }
                else { { text(area.x + 144.0, area.y + 24.0, "x n end i3", view.position.clone()) } }
                { for slots }
                if view.owned.is_empty() || resting { { text(area.x + 12.0, area.y + 49.0, "x i3", if view.owned.is_empty() { view.state_text.clone() } else { String::new() }) } }
                { text(area.x + 12.0, y - 22.0, "x i3", view.more.clone()) }
                { text(area.x + 12.0, y, "x i3", view.read_title.clone()) }
                { for read }
            </Press>
            { switch(props) }
        </g>
    }
}

fn slot_box(owned: &OwnedView, slot: Area) -> Html {
    html! {
        <g class={classes!("slot", hue(owned.hue), owned.cut_off.then_some("off"))}>
            { rect(slot, 5.0, "") }
            { text(slot.right() - 6.0, slot.y + 15.0, "x end i2", owned.note.clone()) }
        </g>
    }
}

/// The slot's name is drawn above the ribbon that ends in it.
pub fn slot_names(view: &GroupView, frame: &Frame) -> Html {
    let names = view.members.iter().zip(&frame.members).flat_map(|(member, card)| {
        member.owned.iter().zip(&card.slots).map(|(owned, (_, slot))| {
            let class = if owned.cut_off { "x n b f-off" } else { "x n b" };
            text(slot.x + 8.0, slot.y + 15.0, class, short_name(&owned.partition, 13))
        })
    });
    names.collect()
}

fn switch(props: &MemberProps) -> Html {
    let (view, area) = (&props.view, props.card.area);
    let (act, name) = match view.state {
        MemberState::Stopped => (Act::Start(view.process), "again"),
        MemberState::Hung => (Act::Resume(view.process), "again"),
        MemberState::Reading | MemberState::Idle | MemberState::Paused | MemberState::Waiting => {
            (Act::Kill(view.process), "x")
        }
    };
    let onpress = {
        let emit = props.act.clone();
        Callback::from(move |()| emit.emit(act.clone().into()))
    };
    let hit = Area::new(area.right() - 30.0, area.bottom() - 37.0, 26.0, 26.0);
    html! {
        <Press label={view.switch_label.clone()} {onpress} area={hit} class="quiet-switch" name={format!("switch-{}", view.name)}>
            { rect(hit, 6.0, "hitbox") }
            { stage_icon(name, hit.x + 6.0, hit.y + 6.0, 14.0, "ink-2") }
        </Press>
    }
}
