//! The stage on the page: the scene's marks as SVG that can be focused, read aloud and pressed, with one canvas above
//! it for what moves. Nothing is placed or derived here.

pub mod canvas;
pub mod mark;
pub mod palette;
pub mod pointing;
pub mod zoom;

use std::rc::Rc;

use stage::Scene;
use stage::geometry::{Num, num};
use yew::prelude::*;

use crate::intent::Intent;
use mark::PartView;

#[derive(Properties, PartialEq)]
pub struct StageProps {
    pub scene: Rc<Scene>,
    /// What the stage is called.
    pub label: String,
    pub canvas: NodeRef,
    pub act: Callback<Intent>,
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let plan = &props.scene.plan;
    let (width, height) = (plan.width * plan.scale, plan.height * plan.scale);
    let style = format!("width:{}px;height:{}px", Num(width), Num(height));
    let parts = props.scene.parts.iter();
    let parts =
        parts.map(|part| html! { <PartView key={part.key.clone()} part={part.clone()} act={props.act.clone()} /> });
    html! {
        <div class="boards" {style}>
            <svg width={num(width)} height={num(height)} viewBox={format!("0 0 {} {}", Num(plan.width), Num(plan.height))}
                role="group" aria-label={props.label.clone()}>
                { for parts }
            </svg>
            <canvas ref={props.canvas.clone()} aria-hidden="true"></canvas>
        </div>
    }
}
