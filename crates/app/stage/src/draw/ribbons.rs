//! Who reads what: a ribbon from a leader's row into the owner's slot; hanging where nobody reads or nobody leads. Where
//! rows are thin lines, one ribbon from a broker to a group.

use std::rc::Rc;

use base::FlatMap;
use view::{Port, ProcessId, RibbonState, RibbonView};

use super::Stand;
use super::labels::Labels;
use super::parts::{hue, text};
use super::pieces::{MICRO, end, group, path};
use crate::geometry::{Area, Path, Point, point};
use crate::mark::{Mark, Part, Spelling};
use crate::measure;
use crate::room::Step;

const SAID: Spelling = MICRO.color("f-off");

/// All ribbons, below the members' names.
pub fn part(stand: &Stand<'_>, labels: &mut Labels) -> Rc<Part> {
    let mut marks = Vec::new();
    let mut bundles: FlatMap<(ProcessId, usize), (u8, usize)> = FlatMap::new();
    let mut hanging: Vec<(ProcessId, &RibbonView)> = Vec::new();
    for ribbon in &stand.stage.ribbons {
        match ribbon.state {
            RibbonState::Owned { broker, member } if has_rows(stand, broker) => {
                marks.extend(owned(stand, ribbon, (broker, member)));
            }
            RibbonState::Owned { broker, member } => {
                if let Some(group) = stand.places.group_of(member) {
                    bundles.entry((broker, group)).or_insert((ribbon.hue, 0)).1 += 1;
                }
            }
            RibbonState::NoLeader { member } => marks.extend(leaderless(stand, ribbon, (member, labels))),
            RibbonState::Nobody { broker } => hanging.push((broker, ribbon)),
        }
    }
    marks.extend(flows(bundles.iter().filter_map(|(ends, load)| bundle(stand, *ends, *load))));
    marks.extend(unread(stand, &hanging, labels));
    Part::new("ribbons", vec![group("under-pointer", "", marks)])
}

/// Or is it drawn too small for them?
fn has_rows(stand: &Stand<'_>, broker: ProcessId) -> bool {
    stand.places.lane(broker).is_some_and(|lane| lane.step <= Step::Strips)
}

fn band(way: &Path, hung: Hung) -> [Mark; 2] {
    match hung {
        Hung::Yes => [path(way, "ribbon-e hung"), path(way, "ribbon hung")],
        Hung::No => [path(way, "ribbon-e"), path(way, "ribbon")],
    }
}

/// On which side a ribbon hangs that leads nowhere.
#[derive(Clone, Copy)]
enum Hung {
    Yes,
    No,
}

/// A ribbon between a row and a slot.
pub fn owned(stand: &Stand<'_>, ribbon: &RibbonView, (broker, member): (ProcessId, ProcessId)) -> Option<Mark> {
    let way = stand.places.ribbon(broker, member, &ribbon.partition)?;
    Some(group("", hue(ribbon.hue), band(&way, Hung::No).into()))
}

/// The same into a card that has no slots: it ends at the card's edge. Cards stand close to lanes there, and a line as
/// wide as a ribbon could not turn in the gap: it is a flow.
pub fn to_card(stand: &Stand<'_>, ribbon: &RibbonView, (broker, member): (ProcessId, ProcessId)) -> Option<Flow> {
    let from = stand.places.port(&Port::RowOut(broker, ribbon.partition.clone()))?;
    let to = stand.places.port(&Port::Member(member))?;
    Some(Flow { from, to, width: 14.0, hue: ribbon.hue })
}

/// All that a group reads from a broker, as wide as it is much.
fn bundle(stand: &Stand<'_>, (broker, group_at): (ProcessId, usize), (color, count): (u8, usize)) -> Option<Flow> {
    let start = stand.places.port(&Port::Lane(broker))?;
    let frame = stand.places.groups.get(group_at)?.area;
    let tip = point(frame.x, frame.y + frame.height.min(40.0) / 2.0);
    let width = 2.0 + 2.0 * (count as f64).sqrt();
    Some(Flow { from: start, to: tip, width: width.min(10.0), hue: color })
}

/// Much that goes from one point to another.
pub struct Flow {
    pub from: Point,
    pub to: Point,
    pub width: f64,
    pub hue: u8,
}

/// Filled S-curves, equally high everywhere; those of a hue are one path.
pub fn flows(flows: impl IntoIterator<Item = Flow>) -> Vec<Mark> {
    let mut hues: FlatMap<u8, String> = FlatMap::new();
    for flow in flows {
        hues.entry(flow.hue.min(4)).or_default().push_str(&outline(&flow));
    }
    let path = |(index, d): (&u8, &String)| group("", hue(*index), vec![Mark::Path { d: d.clone(), class: "flow" }]);
    hues.iter().map(path).collect()
}

fn outline(flow: &Flow) -> String {
    let (from, to, half) = (flow.from, flow.to, flow.width / 2.0);
    let lifted = |at: Point, by: f64| point(at.x, at.y + by);
    let down = Path::lines(&[lifted(to, -half), lifted(to, half)]);
    let outline = Path::s_curve(lifted(from, -half), lifted(to, -half))
        .then(down)
        .then(Path::s_curve(lifted(to, half), lifted(from, half)));
    format!("{}Z", outline.svg())
}

/// Between the lanes and the groups: from where to where words may stand.
fn gap(stand: &Stand<'_>) -> (f64, f64) {
    let right = stand.places.lanes.iter().map(|lane| lane.area.right()).fold(0.0, f64::max);
    (right + 3.0, stand.plan.groups.x - 3.0)
}

/// Places for words of a ribbon that hangs at `y`: there, below each other, then above; none under the stage's end.
fn around(stand: &Stand<'_>, x: f64, y: f64, width: f64) -> impl Iterator<Item = Area> {
    let end = stand.plan.height - 2.0;
    let lines = [0.0, 1.0, 2.0, 3.0, -1.0, -2.0, -3.0, -4.0];
    let places = lines.into_iter().map(move |line| Area::new(x, y + 13.0 * line, width, 11.0));
    places.filter(move |place| place.bottom() <= end)
}

/// Words in the gap that end at `right` at most, around `y`; shortened where the gap is narrow.
fn said(words: &str, (stand, labels): (&Stand<'_>, &mut Labels), (right, y): (f64, f64)) -> Option<Mark> {
    let (left, most) = gap(stand);
    // Not at the frame's very edge: a browser's letters may be a little wider than they are measured.
    let right = right.min(most - 3.0);
    let room = right - left;
    if words.is_empty() || room < 24.0 {
        return None;
    }
    let width = measure::width(words, SAID).min(room);
    let place = labels.place(around(stand, right - width, y, width))?;
    Some(text(right, place.y + 8.6, end(SAID), words, room))
}

/// Owned, but no leader answers: it hangs on the member's side.
fn leaderless(stand: &Stand<'_>, ribbon: &RibbonView, (member, labels): (ProcessId, &mut Labels)) -> Vec<Mark> {
    // The member is not on the picture.
    let Some(tip) = stand.places.port(&Port::Slot(member, ribbon.partition.clone())) else { return Vec::new() };
    let (left, _) = gap(stand);
    let long = (tip.x - left - 6.0).clamp(0.0, 82.0);
    let start = point(tip.x - long, tip.y + 11.0);
    let mut marks: Vec<Mark> =
        if long > 16.0 { band(&Path::s_curve(start, tip), Hung::Yes).into() } else { Vec::new() };
    marks.extend(said(&ribbon.text, (stand, labels), (tip.x - 12.0, start.y + 24.0)));
    marks
}

/// Owned by nobody: it hangs on the broker's side, once for a row however many groups leave it. Where rows are close to
/// each other the words stand once for a lane.
fn unread(stand: &Stand<'_>, hanging: &[(ProcessId, &RibbonView)], labels: &mut Labels) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut seen: Vec<(ProcessId, Option<&view::TopicPartition>)> = Vec::new();
    let mut told: Vec<(ProcessId, &str, f64)> = Vec::new();
    for (broker, ribbon) in hanging {
        // The broker is not on the picture.
        let Some(lane) = stand.places.lane(*broker) else { continue };
        let key = (*broker, has_rows(stand, *broker).then_some(&ribbon.partition));
        if lane.step >= Step::Brokers || seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let start = match key.1 {
            Some(partition) => stand.places.port(&Port::RowOut(*broker, partition.clone())),
            None => stand.places.port(&Port::Lane(*broker)),
        };
        // Its row is not on the picture.
        let Some(start) = start else { continue };
        let edge = point(lane.area.right(), start.y);
        let (_, most) = gap(stand);
        let tip = point(edge.x + (most - edge.x - 8.0).clamp(8.0, 64.0), edge.y + 16.0);
        let way = Path::lines(&[start, edge]).then(Path::s_curve(edge, tip));
        marks.extend(band(&way, Hung::Yes));
        let close = lane.step > Step::Cells;
        match told.iter_mut().find(|(known, words, _)| close && *known == *broker && *words == ribbon.text) {
            Some(known) => known.2 = known.2.max(tip.y),
            None => told.push((*broker, &ribbon.text, tip.y)),
        }
    }
    marks.extend(told.iter().filter_map(|(_, words, y)| said(words, (stand, labels), (f64::INFINITY, y + 10.0))));
    marks
}
