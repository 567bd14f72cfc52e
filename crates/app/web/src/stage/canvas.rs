//! Packets and travelling roles, drawn in every frame on one canvas outside the virtual DOM. A pure
//! function of the motion view and the layout: drawing the same view twice gives the same picture.

use view::{FlowView, Glyph, MotionView, OutlineView, PacketFate, PacketKind, PacketView, Port, TweenView};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, Path2d};

use stage::geometry::{Area, Direction, Path, Place, Point, ease_in, ease_move, num, point};
use stage::glyph::outline;
use stage::{Parcel, Places, Step};

use super::palette::Palette;

/// What is said beside a tag, and in it: the smallest type of the stage.
const SAID: &str = "11px";
const STRONG: &str = "600 11px";
/// The room that the longest remark needs.
const REMARK: f64 = 130.0;

/// The canvas above the stage.
pub struct Overlay {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    drew_something: bool,
    /// What of the stage it lies over.
    lies: Option<Area>,
}

/// What a drawing needs besides the view.
pub struct Scene<'a> {
    pub layout: &'a Places,
    pub palette: &'a Palette,
    /// CSS pixels per stage unit.
    pub scale: f64,
    pub pixel_ratio: f64,
    /// What of the stage is in view, in CSS pixels: the canvas is as large as that and no larger.
    pub seen: Area,
    /// Packets jump at a quarter, half and three quarters of the way.
    pub reduced: bool,
    pub undelivered: &'a str,
}

impl Overlay {
    /// `None` where the browser has no canvas.
    pub fn new(canvas: HtmlCanvasElement) -> Option<Overlay> {
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Overlay { canvas, context, drew_something: true, lies: None })
    }

    /// Draws the frame.
    pub fn draw(&mut self, motion: &MotionView, scene: &Scene<'_>) {
        let factor = scene.scale * scene.pixel_ratio;
        let whole = (scene.layout.width * scene.scale, scene.layout.height * scene.scale);
        let seen = Area::new(scene.seen.x, scene.seen.y, scene.seen.width.min(whole.0), scene.seen.height.min(whole.1));
        self.lie_over(seen, scene.pixel_ratio);
        let empty = motion.packets.is_empty()
            && motion.tweens.is_empty()
            && motion.outlines.is_empty()
            && motion.flows.is_empty();
        if empty && !self.drew_something {
            return;
        }
        self.drew_something = !empty;
        let (left, top) = (-seen.x * scene.pixel_ratio, -seen.y * scene.pixel_ratio);
        let _ = self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        self.context.clear_rect(0.0, 0.0, f64::from(self.canvas.width()), f64::from(self.canvas.height()));
        let _ = self.context.set_transform(factor, 0.0, 0.0, factor, left, top);
        let pen = Pen { context: &self.context, scene };
        // Where partitions are lines or less, streams between cards say it.
        if scene.layout.step < Step::Lines {
            motion.flows.iter().for_each(|flow| pen.flow(flow));
        }
        motion.outlines.iter().for_each(|changed| pen.changed(changed));
        motion.tweens.iter().for_each(|tween| pen.tween(tween));
        motion.packets.iter().for_each(|packet| pen.packet(packet));
    }
}

impl Overlay {
    /// Lays the canvas over what is in view.
    fn lie_over(&mut self, seen: Area, pixel_ratio: f64) {
        let (width, height) = ((seen.width * pixel_ratio) as u32, (seen.height * pixel_ratio) as u32);
        if self.canvas.width() != width || self.canvas.height() != height {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
            self.drew_something = true;
        }
        if self.lies != Some(seen) {
            let style = self.canvas.style();
            for (name, value) in [("left", seen.x), ("top", seen.y), ("width", seen.width), ("height", seen.height)] {
                let _ = style.set_property(name, &format!("{}px", num(value)));
            }
            self.lies = Some(seen);
            self.drew_something = true;
        }
    }
}

/// The canvas is drawn anew in each frame: what is on it lives no longer than that, so nothing of it can be stale.
struct Pen<'a> {
    context: &'a CanvasRenderingContext2d,
    scene: &'a Scene<'a>,
}

impl Pen<'_> {
    fn fill(&self, color: &str) {
        self.context.set_fill_style_str(color);
    }

    fn stroke(&self, color: &str, width: f64) {
        self.context.set_stroke_style_str(color);
        self.context.set_line_width(width);
    }

    /// An empty pattern draws through.
    fn dashes(&self, pattern: &[f64]) {
        let pattern: js_sys::Array = pattern.iter().map(|length| wasm_bindgen::JsValue::from_f64(*length)).collect();
        let _ = self.context.set_line_dash(&pattern);
    }

    fn line(&self, path: &Path) {
        if let Ok(path) = Path2d::new_with_path_string(&path.svg()) {
            self.context.stroke_with_path(&path);
        }
    }

    /// What has changed, outlined: movement is switched off.
    fn changed(&self, changed: &OutlineView) {
        // It is not on the picture.
        let Some(area) = self.scene.layout.outline(changed) else { return };
        self.context.begin_path();
        let _ = self.context.round_rect_with_f64(area.x, area.y, area.width, area.height, 8.0);
        self.stroke(&self.scene.palette.accent, 2.5);
        self.context.stroke();
    }

    /// Records that pass too quickly to be seen one by one: a band as wide as their rate.
    fn flow(&self, flow: &FlowView) {
        // One of its ends is not on the picture.
        let Some(path) = self.scene.layout.path(&flow.from, &flow.to) else { return };
        let hue = &self.scene.palette.hues[usize::from(flow.hue.min(4))];
        self.context.set_global_alpha(0.5);
        self.stroke(&hue.plain, f64::from(flow.width));
        self.line(&path);
        self.context.set_global_alpha(1.0);
    }

    /// A message where it is now; with movement switched off it stands at three places of its way.
    fn packet(&self, packet: &PacketView) {
        let share = f64::from(packet.progress);
        // What waits stands still.
        let stepped = self.scene.reduced && packet.fate != PacketFate::Parked;
        let share = if stepped { (share * 4.0).floor().clamp(1.0, 3.0) / 4.0 } else { share };
        // One of its ends is not on the picture.
        let Some(parcel) = Parcel::of(packet, self.scene.layout, share) else { return };
        match packet.fate {
            PacketFate::Arrives | PacketFate::Held | PacketFate::Parked => self.tag(packet, parcel),
            PacketFate::Lost => self.falling(packet, parcel),
        }
    }

    /// What is lost falls from where it was, and fades.
    fn falling(&self, packet: &PacketView, parcel: Parcel) {
        let place = parcel.place;
        let fallen = if self.scene.reduced { 0.0 } else { ease_in(f64::from(packet.fallen)) };
        self.context.save();
        let _ = self.context.translate(place.at.x, place.at.y + 60.0 * fallen);
        let _ = self.context.rotate(0.3 * fallen * if packet.number.is_multiple_of(2) { 1.0 } else { -1.0 });
        self.context.set_global_alpha(1.0 - 0.8 * fallen);
        let around = Place { at: Point::default(), direction: place.direction };
        self.tag(packet, Parcel { place: around, ..parcel });
        self.context.restore();
        if self.scene.reduced {
            self.cross(place.at);
        }
        if fallen > 0.1 || self.scene.reduced {
            let below = if self.scene.reduced { 26.0 } else { 86.0 };
            let at = point(place.at.x, place.at.y + below);
            self.words(self.scene.undelivered, at, &self.scene.palette.bad, STRONG);
        }
    }

    /// Across what will not arrive.
    fn cross(&self, at: Point) {
        self.context.begin_path();
        for side in [-1.0, 1.0] {
            self.context.move_to(at.x - 9.0 * side, at.y - 9.0);
            self.context.line_to(at.x + 9.0 * side, at.y + 9.0);
        }
        self.stroke(&self.scene.palette.bad, 2.5);
        self.context.stroke();
    }

    /// A small tag in the colour of what it says: an acknowledgement, a refusal, metadata.
    fn tag(&self, packet: &PacketView, parcel: Parcel) {
        let palette = self.scene.palette;
        let hue = &palette.hues[usize::from(packet.hue.min(4))];
        let lost = packet.fate == PacketFate::Lost;
        let (ground, edge) = match packet.kind {
            PacketKind::Data => (&palette.surface, &hue.ink),
            PacketKind::Metadata => (&palette.meta_soft, &palette.meta),
            PacketKind::Acknowledgement => (&palette.ok_soft, &palette.ok),
            PacketKind::Refusal => (&palette.bad_soft, &palette.bad),
            PacketKind::Fetch | PacketKind::Control => (&palette.surface, &palette.line_strong),
        };
        let edge = if lost { &palette.bad } else { edge };
        self.outline(parcel);
        self.fill(ground);
        self.context.fill();
        self.stroke(edge, 1.8);
        self.dashes(if lost || packet.fate == PacketFate::Held { &[3.0, 2.5] } else { &[] });
        self.context.stroke();
        self.dashes(&[]);
        self.inside(packet, parcel, edge);
    }

    /// A box with a tip in the direction of travel.
    fn outline(&self, Parcel { place, length, tip, half, .. }: Parcel) {
        let context = self.context;
        let Point { x, y } = place.at;
        context.begin_path();
        let (back, front) = (-(length + tip) / 2.0, length - (length + tip) / 2.0);
        let corners = [(back, -half), (front, -half), (front + tip, 0.0), (front, half), (back, half)];
        for (index, (along, across)) in corners.into_iter().enumerate() {
            let (dx, dy) = match place.direction {
                Direction::Right => (along, across),
                Direction::Left => (-along, across),
                Direction::Down => (across, along),
                Direction::Up => (across, -along),
            };
            if index == 0 { context.move_to(x + dx, y + dy) } else { context.line_to(x + dx, y + dy) }
        }
        context.close_path();
    }

    /// Records as the keys that they carry.
    fn inside(&self, packet: &PacketView, parcel: Parcel, edge: &str) {
        let (place, center) = (parcel.place, parcel.middle());
        if !packet.text.is_empty() {
            self.words(&packet.text, point(center.x, center.y + 4.0), edge, STRONG);
        } else if packet.kind == PacketKind::Acknowledgement && packet.glyphs.is_empty() {
            self.check(center);
        }
        for (index, glyph) in packet.glyphs.iter().take(parcel.shown).enumerate() {
            let area = parcel.record(index);
            self.glyph(*glyph, point(area.x, area.y), area.width);
        }
        if !packet.remark.is_empty() {
            // Beside what travels up or down, below what travels across; what waits at a row's end lets the row be read, where
            // there is room behind it.
            let waits = packet.fate == PacketFate::Parked && place.at.x + REMARK < self.scene.layout.width;
            let (x, y, align) = match (place.direction.is_upright(), waits) {
                (true, _) => (parcel.half + 4.0, 4.0, "left"),
                (false, true) => (-parcel.length / 2.0, 24.0, "left"),
                (false, false) => (0.0, 24.0, "center"),
            };
            let at = point(place.at.x + x, place.at.y + y);
            self.aligned(&packet.remark, (at, align), &self.scene.palette.ink_2, SAID);
        }
    }

    /// An answer that all went well needs no word.
    fn check(&self, center: Point) {
        self.context.begin_path();
        self.context.move_to(center.x - 4.0, center.y);
        self.context.line_to(center.x - 1.0, center.y + 3.0);
        self.context.line_to(center.x + 4.5, center.y - 3.5);
        self.stroke(&self.scene.palette.ok, 1.7);
        self.context.stroke();
    }

    fn words(&self, text: &str, at: Point, color: &str, font: &str) {
        self.aligned(text, (at, "center"), color, font);
    }

    fn aligned(&self, text: &str, (at, align): (Point, &str), color: &str, font: &str) {
        self.fill(color);
        self.context.set_font(&format!("{font} {}", self.scene.palette.font));
        self.context.set_text_align(align);
        let _ = self.context.fill_text(text, at.x, at.y);
    }

    /// A key has the same shape and colour wherever it is, so that eyes can follow it.
    fn glyph(&self, glyph: Glyph, at: Point, size: f64) {
        let palette = self.scene.palette;
        self.context.save();
        let _ = self.context.translate(at.x, at.y);
        let _ = self.context.scale(size / 20.0, size / 20.0);
        match glyph {
            Glyph::Keyless => {
                self.context.begin_path();
                let _ = self.context.arc(10.0, 10.0, 8.0, 0.0, std::f64::consts::TAU);
                self.dashes(&[2.0, 2.0]);
                self.stroke(&palette.ink_3, 1.4);
                self.context.stroke();
                self.dashes(&[]);
            }
            Glyph::Key { shape, letter } => {
                let outline = outline(shape);
                if let Ok(path) = Path2d::new_with_path_string(outline.path) {
                    self.fill(palette.key_fill(shape));
                    self.context.fill_with_path_2d(&path);
                    self.stroke(&palette.key_ink, 1.1);
                    self.context.stroke_with_path(&path);
                }
                let mut buffer = [0; 4];
                self.words(
                    letter.encode_utf8(&mut buffer),
                    point(10.0, outline.baseline),
                    &palette.key_ink,
                    "750 11px",
                );
            }
        }
        self.context.restore();
    }

    /// A change between two pictures.
    fn tween(&self, tween: &TweenView) {
        match tween {
            TweenView::Leadership { partition, hue, from, to, progress } => {
                let layout = self.scene.layout;
                // One of the rows is not on the picture.
                let (Some(one), Some(other)) = (layout.row(*from, partition), layout.row(*to, partition)) else {
                    return;
                };
                self.badge(point(one.x + 80.0, one.y), point(other.x + 80.0, other.y), *hue, f64::from(*progress));
            }
            TweenView::Crown { from, to, progress } => {
                self.crown(&Port::Controller(*from), &Port::Controller(*to), *progress)
            }
            TweenView::Ribbon { .. } => self.ribbon(tween),
            TweenView::Wire { producer, partition, from, to, progress } => {
                let row = |broker| self.scene.layout.port(&Port::RowIn(broker, partition.clone()));
                let start = self.scene.layout.port(&Port::Producer(*producer));
                // One of its ends is not on the picture.
                let (Some(start), Some(one), Some(other)) = (start, row(*from), row(*to)) else {
                    return;
                };
                self.stroke(&self.scene.palette.accent, 2.5);
                self.line(&Path::s_curve(start, one.towards(other, ease_move(f64::from(*progress)))));
            }
            TweenView::Snap { .. } => {}
        }
    }

    /// Leadership goes over from one row to another.
    fn badge(&self, from: Point, to: Point, hue: u8, progress: f64) {
        let hue = &self.scene.palette.hues[usize::from(hue.min(4))];
        let bow = 34.0;
        let ghost = Path::curve(from, point(from.x + bow, from.y), point(to.x + bow, to.y), to);
        self.stroke(&hue.ink, 1.8);
        self.dashes(&[2.0, 4.0]);
        self.line(&ghost);
        self.dashes(&[]);
        let at = ghost.at(if self.scene.reduced { 1.0 } else { ease_move(progress) }).at;
        self.context.begin_path();
        let _ = self.context.round_rect_with_f64(at.x - 10.0, at.y - 10.0, 20.0, 20.0, 4.0);
        self.fill(&hue.ink);
        self.context.fill();
        self.words("L", point(at.x, at.y + 4.3), &self.scene.palette.surface, "750 12px");
    }

    /// The controllers' leader is another one.
    fn crown(&self, from: &Port, to: &Port, progress: f32) {
        let layout = self.scene.layout;
        // One of the two is not on the picture.
        let (Some(one), Some(other)) = (layout.port(from), layout.port(to)) else {
            return;
        };
        let (one, other) = (point(one.x, one.y - 27.0), point(other.x, other.y - 27.0));
        let arc = Path::curve(one, point(one.x, one.y - 20.0), point(other.x, other.y - 20.0), other);
        self.stroke(&self.scene.palette.crown, 1.8);
        self.dashes(&[2.0, 4.0]);
        self.line(&arc);
        self.dashes(&[]);
        let at = arc.at(if self.scene.reduced { 1.0 } else { ease_move(f64::from(progress)) }).at;
        self.context.save();
        let _ = self.context.translate(at.x - 9.0, at.y - 7.0);
        if let Ok(crown) = Path2d::new_with_path_string("M1 13 .2 3.2l4.3 3L9 .4l4.5 5.8 4.3-3L17 13z") {
            self.fill(&self.scene.palette.crown);
            self.context.fill_with_path_2d(&crown);
        }
        self.context.restore();
    }

    /// A partition goes over from one member to another.
    fn ribbon(&self, tween: &TweenView) {
        let TweenView::Ribbon { partition, hue, broker, from, to, progress } = tween else {
            return;
        };
        let layout = self.scene.layout;
        // Its row is not on the picture.
        let Some(start) = layout.port(&Port::RowOut(*broker, partition.clone())) else {
            return;
        };
        let edge = point(layout.lane(*broker).map_or(start.x, |lane| lane.area.right()), start.y);
        let hanging = point(edge.x + 64.0, edge.y + 16.0);
        let end = |member: &Option<_>| {
            member.and_then(|member| layout.port(&Port::Slot(member, partition.clone()))).unwrap_or(hanging)
        };
        let tip = end(from).towards(end(to), ease_move(f64::from(*progress)));
        let path = Path::lines(&[start, edge]).then(Path::s_curve(edge, tip));
        let hue = &self.scene.palette.hues[usize::from((*hue).min(4))];
        self.context.set_global_alpha(0.6);
        self.stroke(&hue.plain, 14.0);
        self.line(&path);
        self.context.set_global_alpha(1.0);
        self.stroke(&hue.soft, 12.0);
        self.line(&path);
    }
}
