//! The stage's scene, made anew where its view has changed, and what moves on it, outside the virtual DOM.

use std::rc::Rc;

use ::stage::geometry::Area;
use view::MotionView;
use web_sys::HtmlCanvasElement;

use super::App;
use crate::stage::canvas::{Overlay, Scene};

/// What is in view of the boards that the canvas lies over.
fn seen(canvas: &HtmlCanvasElement) -> Area {
    let port = canvas.closest(".viewport").ok().flatten();
    port.map_or_else(Area::default, |port| {
        let (left, top) = (f64::from(port.scroll_left()), f64::from(port.scroll_top()));
        Area::new(left, top, f64::from(port.client_width()), f64::from(port.client_height()))
    })
}

/// The overlay of a canvas; another one when the canvas is another.
fn overlay_of<'a>(
    known: &'a mut Option<(HtmlCanvasElement, Overlay)>,
    canvas: &HtmlCanvasElement,
) -> Option<&'a mut Overlay> {
    if known.as_ref().is_none_or(|(known, _)| known != canvas) {
        *known = Overlay::new(canvas.clone()).map(|overlay| (canvas.clone(), overlay));
    }
    known.as_mut().map(|(_, overlay)| overlay)
}

impl App {
    /// The stage of the picture at hand, in the room that there is.
    pub(super) fn set_stage(&mut self) {
        let room = self.room();
        let scene = stage::scene(&self.frame.stage, &room, Some(&self.scene));
        if scene != *self.scene {
            self.scene = Rc::new(scene);
        }
        self.other.set(self.frame.beside.as_deref(), &room);
    }

    /// Draws what moves, outside the virtual DOM.
    pub(super) fn draw(&mut self) {
        let options = self.view_options();
        if let Some(canvas) = self.canvas.cast::<HtmlCanvasElement>() {
            let motion: MotionView = self.session.borrow_mut().motion(&options);
            let scene = self.scene.clone();
            let mut overlay = self.overlay.take();
            if let Some(overlay) = overlay_of(&mut overlay, &canvas) {
                overlay.draw(&motion, &self.drawn(&scene, &canvas));
            }
            self.overlay = overlay;
            self.motion = motion;
        }
        // Nothing is compared.
        let (Some(scene), Some(canvas)) = (self.other.scene.clone(), self.other.canvas.cast::<HtmlCanvasElement>())
        else {
            return;
        };
        // Nothing is compared.
        let Some(motion) = self.session.borrow_mut().motion_beside(&options) else { return };
        let mut overlay = self.other.overlay.take();
        if let Some(overlay) = overlay_of(&mut overlay, &canvas) {
            overlay.draw(&motion, &self.drawn(&scene, &canvas));
        }
        self.other.overlay = overlay;
    }

    fn drawn<'a>(&'a self, scene: &'a stage::Scene, canvas: &HtmlCanvasElement) -> Scene<'a> {
        Scene {
            layout: &scene.places,
            palette: &self.palette,
            scale: scene.plan.scale,
            seen: seen(canvas),
            pixel_ratio: web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()),
            reduced: self.options.reduced_motion,
            undelivered: self.state.language.text().stage.undelivered,
        }
    }
}
