//! The door to JavaScript: values in, plain objects out. What cannot be done is an `Error` with a name that programs compare
//! and one sentence for people; nothing of ours runs while a listener does, so that he may act and ask.

mod own;
mod writing;

pub use own::{export_text, import_texts};
pub use writing::{line_times, link_text, run_link, snippets, text_link};

use crate::cluster::Going;
use crate::given::{Given, OPTIONS};
use crate::heard::{Interest, kinds};
use crate::{cluster, texts};
use js_sys::{BigInt, Error, Function, JsString, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use session::visit::ask::{self, Kind, Request, Value};
use std::cell::RefCell;
use std::rc::Rc;
use view::program::{Impossible, Takes};
use view::text::Language;
use wasm_bindgen::prelude::*;

/// See `www/api/index.d.ts`.
#[wasm_bindgen]
pub struct Cluster {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    cluster: cluster::Cluster,
    listeners: Vec<Listener>,
    /// Numbers are given once.
    count: u32,
    /// Its memory is to be given back: what is under way ends.
    is_over: bool,
}

#[derive(Clone)]
struct Listener {
    number: u32,
    interest: Interest,
    call: Function,
}

#[wasm_bindgen]
impl Cluster {
    /// Of a text, a link or nothing: the opening scene.
    ///
    /// # Errors
    /// What is wrong with the options.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Cluster, JsValue> {
        let given = given(options)?;
        let language = given.language;
        let cluster = cluster::Cluster::new(&given).map_err(|error| exception(&error, language))?;
        Ok(Cluster { inner: Rc::new(RefCell::new(Inner { cluster, listeners: Vec::new(), count: 0, is_over: false })) })
    }

    /// Nanoseconds.
    ///
    /// # Errors
    /// The cluster has stopped by a mistake of ours.
    #[wasm_bindgen(getter)]
    pub fn now(&self) -> Result<String, JsValue> {
        self.with(|inner| Ok(inner.cluster.now().0.to_string()))
    }

    /// What there is to say about the link that it was made of.
    ///
    /// # Errors
    /// As `now`.
    #[wasm_bindgen(getter)]
    pub fn remark(&self) -> Result<Option<String>, JsValue> {
        self.with(|inner| Ok(inner.cluster.remark().map(str::to_owned)))
    }

    /// Carries out a line of the terminal.
    ///
    /// # Errors
    /// It is no text. What the cluster refuses is no error but the answer.
    pub fn act(&self, line: &JsValue) -> Result<JsValue, JsValue> {
        let text = line.as_string();
        let acted = self.with(|inner| {
            let line = text.ok_or(Impossible::Takes { name: "act", takes: Takes::Text })?;
            Ok(inner.cluster.act(&line))
        })?;
        self.tell()?;
        plain(&acted)
    }

    /// One event or act.
    ///
    /// # Errors
    /// A budget is used up.
    pub fn step(&self) -> Result<bool, JsValue> {
        let moved = self.with(|inner| inner.cluster.step())?;
        self.tell()?;
        Ok(moved)
    }

    /// Goes on to an instant.
    ///
    /// # Errors
    /// It is none, or it is over, or a budget is used up.
    #[wasm_bindgen(js_name = playTo)]
    pub fn play_to(&self, at: &JsValue) -> Result<(), JsValue> {
        let to = self.with(|inner| match ask::seek(&Js(at)) {
            Ok(Request::Seek { at }) => inner.cluster.instant(&at),
            _no_instant => Err(Impossible::Takes { name: "playTo", takes: Takes::Moment }),
        })?;
        loop {
            // Where a listener has gone further meanwhile, there is nothing left to do.
            let going = self.with(|inner| if inner.is_over { Ok(Going::Arrived) } else { inner.cluster.go(to) });
            self.tell()?;
            if going? == Going::Arrived {
                return Ok(());
            }
        }
    }

    /// Nobody hears anything any more, and what is under way ends: what `free` does in a listener, while the cluster is
    /// still at work. `www/api/index.js` calls it, nobody else.
    ///
    /// # Errors
    /// As `now`.
    #[wasm_bindgen(js_name = __end)]
    pub fn end(&self) -> Result<(), JsValue> {
        self.with(|inner| {
            inner.listeners.clear();
            inner.is_over = true;
            Ok(())
        })
    }

    /// The same value as the page's `getState`.
    ///
    /// # Errors
    /// As `now`.
    pub fn state(&self) -> Result<JsValue, JsValue> {
        let state = self.with(|inner| Ok(inner.cluster.state()))?;
        plain(&Plain(&state))
    }

    /// Hears of facts of a kind, of the story, or of everything. Gives the function that ends it.
    ///
    /// # Errors
    /// There is no such kind, or it is no function.
    pub fn subscribe(&self, kind: &JsValue, callback: &JsValue) -> Result<JsValue, JsValue> {
        let call = callback.dyn_ref::<Function>().cloned();
        let wanted = if kind.is_null() || kind.is_undefined() { Some(None) } else { kind.as_string().map(Some) };
        let number = self.with(|inner| {
            let call = call.ok_or(Impossible::Takes { name: "subscribe", takes: Takes::Function })?;
            let wanted = wanted.ok_or(Impossible::Takes { name: "subscribe", takes: Takes::Text })?;
            let interest = wanted.map_or(Ok(Interest::Everything), |name| interest(&name))?;
            // What has happened so far was for those who listened then.
            inner.count += 1;
            inner.listeners.push(Listener { number: inner.count, interest, call });
            Ok(inner.count)
        })?;
        let inner = Rc::downgrade(&self.inner);
        let end = Closure::<dyn FnMut()>::new(move || {
            if let Some(inner) = inner.upgrade()
                && let Ok(mut inner) = inner.try_borrow_mut()
            {
                inner.listeners.retain(|listener| listener.number != number);
            }
        });
        Ok(end.into_js_value())
    }

    /// What clients saw: names and counts.
    ///
    /// # Errors
    /// As `now`.
    pub fn ledger(&self) -> Result<JsValue, JsValue> {
        let object = Object::new();
        for (name, count) in self.with(|inner| Ok(inner.cluster.ledger()))? {
            Reflect::set(&object, &name.into(), &JsValue::from_f64(count as f64))?;
        }
        Ok(object.into())
    }

    /// The experiment up to now, as `#b1.…`.
    ///
    /// # Errors
    /// What no link could hold.
    pub fn link(&self) -> Result<String, JsValue> {
        self.with(|inner| inner.cluster.link())
    }

    /// Of every event so far.
    ///
    /// # Errors
    /// As `now`.
    pub fn digest(&self) -> Result<String, JsValue> {
        self.with(|inner| Ok(inner.cluster.digest()))
    }
}

impl Cluster {
    fn with<T>(&self, ask: impl FnOnce(&mut Inner) -> Result<T, Impossible>) -> Result<T, JsValue> {
        // Listeners run while nothing is borrowed: where something is, one of our own calls broke off.
        let Ok(mut inner) = self.inner.try_borrow_mut() else {
            return Err(exception(&Impossible::Broken, Language::English));
        };
        let language = inner.cluster.language();
        ask(&mut inner).map_err(|error| exception(&error, language))
    }

    /// Tells those who listen what is new. All of them hear it, whatever one of them throws; the first of it comes out.
    fn tell(&self) -> Result<(), JsValue> {
        let (heard, listeners) = self.with(|inner| {
            let listeners = inner.listeners.clone();
            let interests: Vec<Interest> = listeners.iter().map(|listener| listener.interest.clone()).collect();
            Ok((inner.cluster.heard(&interests), listeners))
        })?;
        let mut thrown = Ok(());
        for heard in &heard {
            let value = plain(heard)?;
            for listener in listeners.iter().filter(|listener| listener.interest.includes(heard.kind)) {
                if !self.with(|inner| Ok(inner.listeners.iter().any(|known| known.number == listener.number)))? {
                    continue;
                }
                let called = listener.call.call1(&JsValue::UNDEFINED, &value).map(drop);
                thrown = thrown.and(called);
            }
        }
        thrown
    }
}

fn interest(name: &str) -> Result<Interest, Impossible> {
    let unknown = || Impossible::NoKind { name: name.to_owned(), nearest: script::nearest(name, kinds()) };
    Interest::in_kind(name).ok_or_else(unknown)
}

/// What is wrong with a text: `{ problems, title }`.
///
/// # Errors
/// An argument is not what it should be.
#[wasm_bindgen(js_name = checkText)]
pub fn check_text(text: &JsValue, lang: &JsValue) -> Result<JsValue, JsValue> {
    let language = language(lang)?;
    plain(&texts::check(&text_of("checkText", text, language)?, language))
}

/// What may stand at a place: `[{ text, kind, hint }]`.
///
/// # Errors
/// As `checkText`.
#[wasm_bindgen(js_name = completeText)]
pub fn complete_text(text: &JsValue, line: &JsValue, column: &JsValue, lang: &JsValue) -> Result<JsValue, JsValue> {
    let language = language(lang)?;
    let text = text_of("completeText", text, language)?;
    let place = |value: &JsValue| {
        let whole =
            value.as_f64().filter(|number| number.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(number));
        whole.map(|number| number as u32).ok_or_else(|| wrong("completeText", Takes::Place, language))
    };
    plain(&texts::completions(&text, place(line)?, place(column)?, language))
}

/// What a text's run comes to: `{ ok, sees, story, ledger, stopped, events, digest }`.
///
/// # Errors
/// As `checkText`, and the text's first mistake.
#[wasm_bindgen(js_name = runText)]
pub fn run_text(text: &JsValue, lang: &JsValue, with: &JsValue) -> Result<JsValue, JsValue> {
    let language = language(lang)?;
    let text = text_of("runText", text, language)?;
    let with = pairs("runText", with, language)?;
    plain(&texts::run(&text, &with, language).map_err(|error| exception(&error, language))?)
}

/// The library's own version.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// A bug of ours comes out as an `Error` with a sentence, as everything else does. What was under way is lost.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        let error = Error::new(&format!("A mistake of ours stopped the cluster. {info}"));
        error.set_name("stopped");
        wasm_bindgen::throw_val(error.into())
    }));
}

fn given(options: &JsValue) -> Result<Given, JsValue> {
    if options.is_undefined() || options.is_null() {
        return Ok(Given::default());
    }
    let Some(object) = options.dyn_ref::<Object>().filter(|object| !object.is_function()) else {
        return Err(wrong("Cluster", Takes::Options, Language::English));
    };
    let field = |name: &str| Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let language = language(&field("lang"))?;
    for name in Object::keys(object).iter().filter_map(|name| name.as_string()) {
        if !OPTIONS.contains(&name.as_str()) {
            let nearest = script::nearest(&name, OPTIONS);
            return Err(exception(&Impossible::NoOption { name, nearest }, language));
        }
    }
    let text = |name: &'static str| match field(name) {
        none if none.is_undefined() || none.is_null() => Ok(None),
        some => text_of(name, &some, language).map(Some),
    };
    Ok(Given {
        text: text("text")?,
        link: text("link")?,
        seed: seed(&field("seed"), language)?,
        language,
        with: pairs("with", &field("with"), language)?,
    })
}

fn seed(value: &JsValue, language: Language) -> Result<Option<u64>, JsValue> {
    let js = Js(value);
    let digits = match js.kind() {
        Kind::Nothing => return Ok(None),
        Kind::Number(number) if number.fract() == 0.0 && (0.0..=9_007_199_254_740_991.0).contains(&number) => {
            Some((number as u64).to_string())
        }
        Kind::Big => Some(js.text()),
        Kind::Text(length) if length <= 20 => Some(js.text()),
        Kind::Number(_) | Kind::Text(_) | Kind::Other => None,
    };
    let seed = digits.and_then(|digits| digits.parse().ok());
    seed.map(Some).ok_or_else(|| wrong("seed", Takes::Seed, language))
}

fn language(value: &JsValue) -> Result<Language, JsValue> {
    if value.is_undefined() || value.is_null() {
        return Ok(Language::English);
    }
    match value.as_string().as_deref() {
        Some("en") => Ok(Language::English),
        Some("zh") => Ok(Language::Chinese),
        _another => Err(wrong("lang", Takes::Language, Language::English)),
    }
}

/// An object of texts.
fn pairs(name: &'static str, value: &JsValue, language: Language) -> Result<Vec<(String, String)>, JsValue> {
    if value.is_undefined() || value.is_null() {
        return Ok(Vec::new());
    }
    let error = || wrong(name, Takes::Pairs, language);
    let object = value.dyn_ref::<Object>().ok_or_else(error)?;
    let read = |name: JsValue| {
        let value = Reflect::get(object, &name).ok()?;
        Some((name.as_string()?, value.as_string().or_else(|| value.as_f64().map(|number| number.to_string()))?))
    };
    Object::keys(object).iter().map(|name| read(name).ok_or_else(error)).collect()
}

fn text_of(name: &'static str, value: &JsValue, language: Language) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| wrong(name, Takes::Text, language))
}

fn wrong(name: &'static str, takes: Takes, language: Language) -> JsValue {
    exception(&Impossible::Takes { name, takes }, language)
}

fn exception(error: &Impossible, language: Language) -> JsValue {
    let exception = Error::new(&error.sentence(language));
    exception.set_name(error.name());
    exception.into()
}

/// Plain objects, arrays, texts and numbers.
fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(|error| Error::new(&error.to_string()).into())
}

/// The page's state, field by field: serde knows it here only.
struct Plain<'a>(&'a session::State);

impl Serialize for Plain<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Fields::serialize(self.0, to)
    }
}

/// Mirrors [`session::State`]; a field that one of them lacks does not compile.
#[derive(Serialize)]
#[serde(remote = "session::State", rename_all = "camelCase")]
struct Fields {
    now: String,
    now_text: String,
    playing: bool,
    events: String,
    hash: String,
    ledger: Vec<(String, String)>,
    link: String,
}

/// A value of a program, as the page reads those of messages.
struct Js<'a>(&'a JsValue);

impl Value for Js<'_> {
    fn kind(&self) -> Kind {
        let value = self.0;
        if value.is_undefined() || value.is_null() {
            return Kind::Nothing;
        }
        if let Some(number) = value.as_f64() {
            return Kind::Number(number);
        }
        match value.dyn_ref::<JsString>() {
            Some(text) => Kind::Text(text.length()),
            None if value.is_bigint() => Kind::Big,
            None => Kind::Other,
        }
    }

    fn text(&self) -> String {
        let digits = |big: &BigInt| big.to_string(10).ok().map(String::from);
        self.0.as_string().or_else(|| self.0.dyn_ref::<BigInt>().and_then(digits)).unwrap_or_default()
    }
}
