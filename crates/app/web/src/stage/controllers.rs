//! The metadata lane: circles with the crown, sessions as rings, the tail of the metadata log.

use std::rc::Rc;

use view::{
    ControllerRole, ControllerView, ControllersView, DecisionState, DecisionView, ProcessId, SessionView, Thing, Tone,
    VoteState,
};
use yew::prelude::*;

use super::geometry::{Area, Num, Point, num, round};
use super::parts::{Press, rect, text, tone_class};
use crate::intent::{Intent, PageIntent};

#[derive(Properties, PartialEq)]
pub struct ControllersProps {
    pub view: Rc<ControllersView>,
    pub places: Vec<(f64, f64)>,
    pub act: Callback<Intent>,
}

const RING: f64 = 94.2;

/// The whole lane.
#[component]
pub fn Controllers(props: &ControllersProps) -> Html {
    let view = &props.view;
    let circles = view.controllers.iter().zip(&props.places);
    let circles = circles.map(|(one, at)| controller(one, Point { x: at.0, y: at.1 }, &props.act));
    let first = props.places.len().saturating_sub(1).max(2) as f64;
    let x = 216.0 + 54.0 * first + 48.0;
    html! {
        <g role="group" aria-label={view.title.clone()}>
            { rect(Area::new(20.0, 58.0, 1080.0, 80.0), 10.0, "lane") }
            { text(36.0, 84.0, "lab", view.title.clone()) }
            { text(36.0, 104.0, "s i2", view.line.clone()) }
            { text(36.0, 122.0, "s i3", view.line_quiet.clone()) }
            { for circles }
            { lost_crown(view, &props.places) }
            { note(view, x) }
            { sessions(view, x) }
            { tally(view, x) }
            { log(view, if view.sessions.is_empty() { x + 148.0 } else { x + 20.0 + 58.0 * view.sessions.len() as f64 }) }
        </g>
    }
}

/// The lane in one line, for frames in which only one partition has room.
pub fn small(view: &ControllersView, places: &[(ProcessId, Point)], act: &Callback<Intent>) -> Html {
    let (Some((_, first)), Some((_, last))) = (places.first(), places.last()) else { return Html::default() };
    let one = |(one, (_, at)): (&ControllerView, &(ProcessId, Point))| {
        let class = class(one.role);
        let name = if class.ends_with("stopped") { "x b mid f-off" } else { "x b mid" };
        html! {
            <Press key={one.process.0} label={one.label.clone()} onpress={press(one.process, act)} area={Area::new(at.x - 14.0, at.y - 14.0, 28.0, 28.0)}>
                <circle {class} cx={num(at.x)} cy={num(at.y)} r="11" />
                { text(at.x, at.y + 3.8, name, one.name.clone()) }
                if one.role == ControllerRole::Active {
                    <use href="#i-crown" x={num(at.x - 6.0)} y={num(at.y - 18.0)} width="12" height="9" />
                }
            </Press>
        }
    };
    let someone = view.controllers.iter().any(|one| one.role == ControllerRole::Active);
    html! {
        <g role="group" aria-label={view.title.clone()}>
            { text(10.0, first.y + 4.0, "x b", view.title.clone()) }
            { for view.controllers.iter().zip(places).map(one) }
            { text(last.x + 22.0, first.y + 4.0, "x i2", if someone { &view.line } else { &view.nobody_text }.clone()) }
        </g>
    }
}

fn class(role: ControllerRole) -> &'static str {
    match role {
        ControllerRole::Active => "node act",
        ControllerRole::Candidate | ControllerRole::Prospective => "node cand",
        ControllerRole::Stopped | ControllerRole::Paused => "node stopped",
        ControllerRole::Follower | ControllerRole::Unattached | ControllerRole::Resigned | ControllerRole::Stale => {
            "node"
        }
    }
}

fn press(process: ProcessId, act: &Callback<Intent>) -> Callback<()> {
    let act = act.clone();
    Callback::from(move |()| act.emit(PageIntent::Select(Some(Thing::Process(process))).into()))
}

fn controller(view: &ControllerView, at: Point, act: &Callback<Intent>) -> Html {
    let class = class(view.role);
    let onpress = press(view.process, act);
    let active = view.role == ControllerRole::Active;
    let (cx, cy) = (num(at.x), num(at.y));
    let below = if view.decides {
        "x b mid f-meta"
    } else if view.timer_low {
        "x n mid f-warn b"
    } else {
        "x n mid i3"
    };
    html! {
        <Press key={view.process.0} label={view.label.clone()} {onpress} name={format!("controller-{}", view.name)}
            area={Area::new(at.x - 20.0, at.y - 20.0, 40.0, 40.0)}>
            <circle {class} cx={cx.clone()} cy={cy.clone()} r="18" />
            { text(at.x, at.y + 4.5, if class.ends_with("stopped") { "n s mid b f-off" } else { "n s mid b" }, view.name.clone()) }
            if active {
                <use href="#i-crown" x={num(at.x - 9.0)} y={num(at.y - 34.0)} width="18" height="14" />
            }
            if view.decides { <circle class="decides" {cx} {cy} r="23" /> }
            { arc(view, at) }
            { text(at.x, at.y + 31.5, below, view.below.clone()) }
        </Press>
    }
}

/// The real deadline of a controller that hears from no leader.
fn arc(view: &ControllerView, at: Point) -> Html {
    const ROUND: f64 = 138.2;
    let Some(left) = view.timer else { return Html::default() };
    let dash = format!("{} {}", Num(round(ROUND * f64::from(left) / 1000.0)), Num(ROUND));
    let (x, y) = (num(at.x), num(at.y));
    html! {
        <>
            <circle class="ring0 thin" cx={x.clone()} cy={y.clone()} r="22" />
            <circle class={if view.timer_low { "ring low" } else { "ring" }} cx={x} cy={y} r="22"
                stroke-dasharray={dash} transform={format!("rotate(-90 {} {})", Num(at.x), Num(at.y))} />
        </>
    }
}

/// Who has voted for the one that stands for election.
fn tally(view: &ControllersView, x: f64) -> Html {
    let Some(tally) = &view.tally else { return Html::default() };
    let vote = |(index, vote): (usize, &VoteState)| {
        let class = match vote {
            VoteState::Granted => "vote yes",
            VoteState::Rejected => "vote no",
            VoteState::Open => "vote",
        };
        let cx = x + 8.0 + 20.0 * index as f64;
        html! {
            <g {class}>
                <circle cx={num(cx)} cy="96" r="7" />
                if *vote == VoteState::Rejected { <path d={format!("M{} 101l10 -10", Num(cx - 5.0))} /> }
            </g>
        }
    };
    html! {
        <>
            { text(x, 80.0, "x i3", tally.title.clone()) }
            { for tally.votes.iter().take(7).enumerate().map(vote) }
            { text(x, 120.0, "s b f-meta", tally.strong.clone()) }
            { text(x + 50.0, 120.0, "x i3", tally.rest.clone()) }
        </>
    }
}

fn lost_crown(view: &ControllersView, places: &[(f64, f64)]) -> Html {
    let Some((x, y)) = view.crown_lost_at.and_then(|index| places.get(index)) else {
        return Html::default();
    };
    html! {
        <>
            <g style="--crown:var(--off)">
                <use href="#i-crown" x={num(x - 9.0)} y={num(y - 34.0)} width="18" height="14" />
            </g>
            // To the left: to the right the others ask for votes.
            { text(*x + 16.0, y - 36.0, "x f-bad end", view.nobody_text.clone()) }
        </>
    }
}

fn note(view: &ControllersView, x: f64) -> Html {
    let Some((first, second)) = &view.note else {
        return Html::default();
    };
    html! {
        <>
            { text(x, 96.0, "s i2", first.clone()) }
            { text(x, 115.0, "s i3", second.clone()) }
        </>
    }
}

fn sessions(view: &ControllersView, x: f64) -> Html {
    if view.sessions.is_empty() {
        return Html::default();
    }
    let step = if view.sessions.len() > 4 { 232.0 / view.sessions.len() as f64 } else { 58.0 };
    let ring = |(index, session): (usize, &SessionView)| one_ring(session, x + 16.0 + step * index as f64);
    html! {
        <>
            { text(x, 76.0, "x i3", view.sessions_title.clone()) }
            { for view.sessions.iter().enumerate().map(ring) }
        </>
    }
}

fn one_ring(session: &SessionView, x: f64) -> Html {
    let class = if session.low { "ring low" } else { "ring" };
    let arc = session.left.map(|left| {
        let dash = format!("{} {}", Num(round(RING * f64::from(left) / 1000.0)), Num(RING));
        html! { <circle {class} cx={num(x)} cy="101" r="15" stroke-dasharray={dash} transform={format!("rotate(-90 {} 101)", Num(x))} /> }
    });
    let tone = if session.tone == Tone::Plain { "i3".to_owned() } else { format!("{} b", tone_class(session.tone)) };
    html! {
        <g>
            <circle class="ring0" cx={num(x)} cy="101" r="15" />
            { arc }
            { text(x, 105.5, "b mid", session.name.clone()) }
            { text(x, 131.0, format!("x n mid {tone}"), session.text.clone()) }
        </g>
    }
}

fn log(view: &ControllersView, x: f64) -> Html {
    if view.log.is_empty() {
        return Html::default();
    }
    let x = x.min(620.0);
    let widths: Vec<f64> = view.log.iter().map(width_of).collect();
    let mut first = 0;
    while first + 1 < widths.len() && x + widths[first..].iter().map(|width| width + 4.0).sum::<f64>() > 1092.0 {
        first += 1;
    }
    let mut left = x;
    let cell = |(cell, width): (&DecisionView, &f64)| {
        let here = left;
        left += width + 4.0;
        decision(cell, here, *width)
    };
    html! {
        <>
            { text(x, 76.0, "x i3", view.log_title.clone()) }
            { for view.log[first..].iter().zip(&widths[first..]).map(cell) }
        </>
    }
}

fn width_of(cell: &DecisionView) -> f64 {
    let units: f64 = cell.text.chars().map(|letter| if letter.is_ascii() { 5.9 } else { 11.0 }).sum();
    (units + 16.0).max(52.0)
}

fn decision(cell: &DecisionView, x: f64, width: f64) -> Html {
    let class = match cell.state {
        DecisionState::Quiet => "mcell quiet",
        DecisionState::Open => "mcell open",
        DecisionState::Fresh => "mcell new",
        DecisionState::Committed => "mcell",
    };
    let middle = x + width / 2.0;
    html! {
        <g key={cell.offsets.clone()}>
            <g {class}>
                { rect(Area::new(x, 84.0, width, 28.0), 4.0, "") }
                { text(middle, 102.5, "x b mid", cell.text.clone()) }
            </g>
            { text(middle, 126.0, "x n mid i3", cell.offsets.clone()) }
        </g>
    }
}
