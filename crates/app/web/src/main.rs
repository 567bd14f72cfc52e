//! Blumfeld's page: a Yew application around one experiment. It draws frames and sends intents; every truth is in
//! the laboratory behind `session`.

mod api;
mod app;
mod clock;
mod dialog;
mod files;
mod focus;
mod icon;
mod intent;
mod keeping;
mod keys;
mod later;
mod options;
mod panel;
mod rescue;
mod stage;
mod storage;
mod words;

/// What must outlive a failure comes first.
fn main() {
    rescue::install();
    later::begin();
    let root = web_sys::window().and_then(|window| window.document()?.get_element_by_id("app"));
    // Another page has loaded the program; it has no place for it.
    let Some(root) = root else { return };
    // Each a task of its own: between them the browser can answer.
    next(move || {
        let options = options::Options::read();
        match options.asked_file() {
            Some(file) => later::document(&file, move |text| open(root, options, text)),
            None => open(root, options, None),
        }
    });
}

/// Opens what the address asks for; `text`: of the scenario that it names.
fn open(root: web_sys::Element, options: options::Options, text: Option<String>) {
    let opened = app::Opened::new(options, text);
    next(move || {
        let opening = opened.pictured();
        next(move || drop(yew::Renderer::<app::App>::with_root_and_props(root, opening.into()).render()));
    });
}

/// A task of its own, after whatever the browser has to do.
fn next(task: impl FnOnce() + 'static) {
    gloo_timers::callback::Timeout::new(0, task).forget();
}
