//! The stage: structure as SVG that can be focused, read aloud and pressed, with one canvas above it for what
//! moves. Components place the values of `view`; they derive nothing but coordinates.

mod broker;
pub mod canvas;
mod clients;
mod controllers;
pub mod geometry;
pub mod glyph;
pub mod layout;
pub mod palette;
pub mod parts;
pub mod phone;
pub mod pointing;
mod row;
mod wires;

use std::rc::Rc;

use view::StageView;
use yew::prelude::*;

use crate::intent::Intent;
use crate::words::Words;
use broker::BrokerLane;
use clients::{GroupFrame, ProducerCard, slot_names};
use controllers::Controllers;
use geometry::{Num, num};
use layout::Layout;
use parts::text;

#[derive(Properties, PartialEq)]
pub struct StageProps {
    pub view: Rc<StageView>,
    pub layout: Rc<Layout>,
    pub words: Words,
    pub scale: f64,
    pub canvas: NodeRef,
    pub act: Callback<Intent>,
}

/// The stage for wide screens.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let (view, layout) = (&props.view, &props.layout);
    let (width, height) = (layout.width * props.scale, layout.height * props.scale);
    // The headline stands in the stage's empty top; when it needs two lines it pushes the stage down.
    let style = format!("width:{}px;height:{}px;margin-top:{}px", Num(width), Num(height), Num(-56.0 * props.scale));
    let places: Vec<(f64, f64)> = layout.controllers.iter().map(|(_, at)| (at.x, at.y)).collect();
    html! {
        <div class="boards" {style}>
            <svg width={num(width)} height={num(height)} viewBox={format!("0 0 {} {}", Num(layout.width), Num(layout.height))}
                role="group" aria-label={view.label.clone()}>
                <Controllers view={view.controllers.clone()} {places} act={props.act.clone()} />
                { wires::wires(view, layout) }
                { producers(props) }
                { brokers(props) }
                { wires::copies(view, layout) }
                { wires::decisions(view, layout) }
                { groups(props) }
                <g class="under-pointer">
                    { wires::ribbons(view, layout) }
                    { for view.groups.iter().zip(&layout.groups).map(|(group, frame)| slot_names(group, frame)) }
                    { wires::callouts(view, layout) }
                </g>
                { bottom_line(props) }
                { waiting(view, layout) }
            </svg>
            <canvas ref={props.canvas.clone()} aria-hidden="true"></canvas>
        </div>
    }
}

fn producers(props: &StageProps) -> Html {
    let cards = props.view.producers.iter().zip(&props.layout.producers);
    let card = |(view, card): (&Rc<view::ProducerView>, &layout::Card)| {
        html! { <ProducerCard key={view.process.0} view={view.clone()} card={card.clone()} act={props.act.clone()} /> }
    };
    cards.map(card).collect()
}

fn brokers(props: &StageProps) -> Html {
    let lanes = props.view.brokers.iter().zip(&props.layout.lanes);
    let lane = |(view, lane): (&Rc<view::BrokerView>, &layout::Lane)| {
        html! { <BrokerLane key={view.process.0} view={view.clone()} lane={lane.clone()} act={props.act.clone()} /> }
    };
    lanes.map(lane).collect()
}

fn groups(props: &StageProps) -> Html {
    let frames = props.view.groups.iter().zip(&props.layout.groups);
    let frame = |(view, frame): (&Rc<view::GroupView>, &layout::Frame)| {
        html! { <GroupFrame key={view.name.to_string()} view={view.clone()} frame={frame.clone()} act={props.act.clone()} /> }
    };
    frames.map(frame).collect()
}

fn bottom_line(props: &StageProps) -> Html {
    let y = props.layout.height - 18.0;
    html! {
        <>
            <g style="color:var(--ink-3)" transform={format!("translate(0 {})", Num(y - 738.0))}>
                <path class="ico" d="M296 738h22m-5-5 5 5-5 5m-12-10-5 5 5 5" />
                <path class="ico" d="M496 729v19m-5-5 5 5 5-5m-10-9 5-5 5 5" />
            </g>
            { text(328.0, y + 4.0, "s i3", props.words.stage.left_right) }
            { text(510.0, y + 4.0, "s i3", props.words.stage.up_down) }
        </>
    }
}

fn waiting(view: &StageView, layout: &Layout) -> Html {
    let Some(words) = &view.waiting else {
        return Html::default();
    };
    let area = geometry::Area::new(416.0, layout.height - 39.0, 284.0, 34.0);
    html! {
        <g class="pill">
            { parts::rect(area, 17.0, "") }
            { text(area.middle().x, area.middle().y + 4.5, "", words.clone()) }
        </g>
    }
}
