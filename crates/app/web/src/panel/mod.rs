//! Everything around the stage: header, side column, timeline, terminal, toasts.

pub mod ab;
pub mod budget;
pub mod embed;
pub mod header;
pub mod inspector;
pub mod keycard;
pub mod legend;
pub mod notice;
pub mod safety;
pub mod side;
pub mod story;
pub mod terminal;
pub mod timeline;

use yew::prelude::*;

use crate::intent::Intent;

/// A callback that sends one intent, whatever the event.
pub fn send<E: 'static>(act: &Callback<Intent>, intent: impl Into<Intent>) -> Callback<E> {
    let (act, intent) = (act.clone(), intent.into());
    Callback::from(move |_: E| act.emit(intent.clone()))
}
