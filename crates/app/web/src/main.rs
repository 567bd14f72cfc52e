//! Blumfeld's page: a Yew application around one experiment. It draws frames and sends intents; every truth is in
//! the laboratory behind `session`.

mod api;
mod app;
mod clock;
mod dialog;
mod focus;
mod icon;
mod intent;
mod keeping;
mod keys;
mod options;
mod panel;
mod rescue;
mod stage;
mod storage;
mod words;

fn main() {
    rescue::install();
    let root = web_sys::window().and_then(|window| window.document()?.get_element_by_id("app"));
    if let Some(root) = root {
        let opening = app::Opening::new();
        // Another task: between the two the browser can answer.
        let draw = move || drop(yew::Renderer::<app::App>::with_root_and_props(root, opening.into()).render());
        gloo_timers::callback::Timeout::new(0, draw).forget();
    }
}
