//! Everything around the stage: header, side column, timeline, terminal, toasts.

pub mod ab;
pub mod attention;
pub mod budget;
pub mod clusters;
pub mod curve;
pub mod embed;
pub mod header;
pub mod inspector;
pub mod keycard;
pub mod legend;
pub mod lesson;
pub mod meters;
pub mod notice;
pub mod safety;
pub mod side;
pub mod spacetime;
pub mod story;
pub mod term;
pub mod terminal;
pub mod timeline;

use yew::prelude::*;

use crate::intent::Intent;
use view::Tone;

/// The class that colours a word outside the stage.
pub fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "c-ok",
        Tone::Warning => "c-warn",
        Tone::Bad => "c-bad",
        Tone::Metadata => "c-meta",
        Tone::Quiet => "muted",
        Tone::Plain => "",
    }
}

/// A callback that sends one intent, whatever the event.
pub fn send<E: 'static>(act: &Callback<Intent>, intent: impl Into<Intent>) -> Callback<E> {
    let (act, intent) = (act.clone(), intent.into());
    Callback::from(move |_: E| act.emit(intent.clone()))
}
