//! Throughput against latency: what each producer came to with its `linger.ms` and `batch.size`. A producer keeps its settings
//! for its whole run, as Kafka's does, so a point is a producer.

use base::{Span, Str, Time};
use port::{ClientSetup, KafkaSetup, ProcessConfig};
use sim::Slot;
use sim::meters::{MeterKind, Percentile};

use super::Seen;
use super::chart::{Height, nice};
use super::values::value;
use crate::meters::{CurvePoint, CurveView, MetersChoice, MetersView};
use crate::text::Text;

/// `ProducerConfig` of 4.x (KIP-1030), where a producer says nothing else.
const USUAL: (u32, u32) = (5, 16_384);
/// Points nearer to each other than this, across and upwards, would cover each other's names.
const NEAR: (u32, u32) = (1_200, 130);
/// Names that stand at one place.
const NAMES: usize = 3;
/// A shorter run is no measurement.
const SHORT: Span = Span::from_secs(1);

/// What a producer came to.
struct Measured<'a> {
    slot: &'a Slot,
    settings: (u32, u32),
    rate: f64,
    /// Milliseconds: the median, and all but one in a hundred.
    times: (f64, f64),
}

pub(super) fn curve(seen: &Seen<'_>, choice: &MetersChoice, text: &Text) -> Option<CurveView> {
    let world = seen.metering.world();
    let clients: Vec<(&Slot, &ClientSetup)> = world
        .slots()
        .filter(|slot| slot.cluster == seen.cluster)
        .filter_map(|slot| match &slot.config {
            ProcessConfig::Kafka(KafkaSetup::Producer(client, _)) => Some((slot, client)),
            ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
            | ProcessConfig::Other(_) => None,
        })
        .collect();
    let up: Vec<&(&Slot, &ClientSetup)> = clients.iter().filter(|(slot, _)| slot.liveness.is_up()).collect();
    let producers: Vec<Str> = up.iter().map(|(slot, _)| slot.name.clone()).collect();
    let asked = choice.tuned.as_ref().and_then(|name| producers.iter().position(|known| known == name));
    let chosen = asked.or_else(|| producers.len().checked_sub(1))?;
    let (linger, batch) = settings(up[chosen].1);
    let mut measured: Vec<Measured<'_>> = clients.iter().filter_map(|client| measure(seen, *client)).collect();
    measured.drain(..measured.len().saturating_sub(CurveView::MOST));
    let most = nice(measured.iter().map(|one| one.rate).fold(1.0, f64::max));
    let height = Height::over(MeterKind::ProducerLatency, || measured.iter().map(|one| one.times.0));
    let point = |one: &Measured<'_>| CurvePoint {
        name: one.slot.name.to_string(),
        x: (one.rate / most * f64::from(MetersView::WIDE)).round() as u32,
        y: height.y(one.times.0),
        label: label(one),
    };
    Some(CurveView {
        chosen,
        linger: place(&CurveView::LINGERS, linger),
        batch: place(&CurveView::BATCHES, batch),
        settings: [format!("linger.ms={linger}"), format!("batch.size={batch}")],
        points: apart(measured.iter().map(point).collect()),
        most: value(MeterKind::RecordSendRate, most),
        scale: height.marks(MeterKind::ProducerLatency),
        across: (text.meters.kind)(MeterKind::RecordSendRate),
        upwards: format!("{}, {}", (text.meters.kind)(MeterKind::ProducerLatency), Percentile::P50.name()),
        producers,
    })
}

/// Names of points that lie nearly at one place stand there together: "web, app, shop", "web, app +3".
fn apart(mut points: Vec<CurvePoint>) -> Vec<CurvePoint> {
    for first in 0..points.len() {
        if points[first].name.is_empty() {
            continue;
        }
        let (x, y) = (points[first].x, points[first].y);
        let is_near = |point: &CurvePoint| point.x.abs_diff(x) < NEAR.0 && point.y.abs_diff(y) < NEAR.1;
        let near = points[first..].iter_mut().filter(|point| !point.name.is_empty() && is_near(point));
        let mut names: Vec<String> = near.map(|point| std::mem::take(&mut point.name)).collect();
        let rest = names.len().saturating_sub(NAMES);
        if rest > 0 {
            // The last of those that stand there gives its place to the count.
            names.truncate(NAMES - 1);
            points[first].name = format!("{} +{}", names.join(", "), rest + 1);
        } else {
            points[first].name = names.join(", ");
        }
    }
    points
}

fn label(one: &Measured<'_>) -> String {
    let time = |millis| value(MeterKind::ProducerLatency, millis);
    let (linger, batch) = one.settings;
    let rate = value(MeterKind::RecordSendRate, one.rate);
    let (p50, p99) = (time(one.times.0), time(one.times.1));
    format!("{}: linger.ms={linger}, batch.size={batch}: {rate}, p50 {p50}, p99 {p99}", one.slot.name)
}

fn measure<'a>(seen: &Seen<'_>, (slot, client): (&'a Slot, &ClientSetup)) -> Option<Measured<'a>> {
    let meters = seen.metering.meters();
    let told = |kind| meters.told(kind, None, |process| process == slot.id);
    let (from, until, rate) = told(MeterKind::RecordSendRate).whole()?;
    let times = told(MeterKind::ProducerLatency);
    let read = |percentile| times.over(Time::ZERO, times.until(), percentile);
    let is_long = until.since(from) >= SHORT;
    let times = (read(Percentile::P50)?, read(Percentile::P99)?);
    is_long.then(|| Measured { slot, settings: settings(client), rate, times })
}

fn settings(client: &ClientSetup) -> (u32, u32) {
    let read = |name: &str| client.overrides.get(name).and_then(|text| text.parse().ok());
    (read("linger.ms").unwrap_or(USUAL.0), read("batch.size").unwrap_or(USUAL.1))
}

/// The place of the value that is nearest.
fn place(values: &[u32], value: u32) -> usize {
    let far = |place: &usize| values[*place].abs_diff(value);
    (0..values.len()).min_by_key(far).unwrap_or_default()
}
