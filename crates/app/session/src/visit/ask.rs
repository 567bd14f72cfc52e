//! What a program asks of the page: a message of another window or a call of `window.blumfeld`, read from values that may
//! be anything. Sizes are looked at before a text is copied, and numbers must be whole. Where the values come from is the
//! page's: it hands them over as [`Value`]s.

use super::Place;
use crate::visit::{AskError, LONGEST_LINK};

/// Longer texts are no instant, no mark and no id.
const SHORT: u32 = 200;
/// The largest number of which every whole smaller one exists.
const WHOLE: f64 = 9_007_199_254_740_991.0;

/// A value of a program, as far as anything here can use it.
pub trait Value {
    fn kind(&self) -> Kind;
    /// A text of [`Kind::Text`], or the digits of [`Kind::Big`]; asked for only after its length was looked at.
    fn text(&self) -> String;
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Not there, or null.
    Nothing,
    Number(f64),
    /// A big integer.
    Big,
    /// A text of so many characters.
    Text(u32),
    Other,
}

/// What a program can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Load { link: String },
    Play,
    Pause,
    Step,
    Back,
    Seek { at: Place },
    GetState,
}

impl Request {
    /// Whether it leaves the experiment as it is and only moves the reader.
    pub fn is_read_only(&self) -> bool {
        match self {
            Request::Load { .. } => false,
            Request::Play
            | Request::Pause
            | Request::Step
            | Request::Back
            | Request::Seek { .. }
            | Request::GetState => true,
        }
    }
}

/// The asker's own name for a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Id {
    Number(f64),
    Text(String),
}

/// A request and the name under which its answer is awaited.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub id: Option<Id>,
    pub request: Request,
}

/// A request that is wrong, and who asked.
pub type Wrong = (Option<Id>, AskError);

/// Reads a message by its fields. `None` when it is not for us, or of a type that is not known.
pub fn read<V: Value>(field: impl Fn(&'static str) -> V) -> Option<Result<Asked, Wrong>> {
    if field("blumfeld").kind() != Kind::Number(1.0) {
        return None;
    }
    let kind = short(&field("type"))?;
    let request = match kind.as_str() {
        "play" => Ok(Request::Play),
        "pause" => Ok(Request::Pause),
        "step" => Ok(Request::Step),
        "back" => Ok(Request::Back),
        "getState" => Ok(Request::GetState),
        "seek" => seek(&field("at")),
        "load" => load(&field("link")),
        _unknown => return None,
    };
    Some(match (id(&field("id")), request) {
        (Err(error), _) => Err((None, error)),
        (Ok(id), Ok(request)) => Ok(Asked { id, request }),
        (Ok(id), Err(error)) => Err((id, error)),
    })
}

/// A jump: `12.5s`, `mark:NAME`, whole nanoseconds as text, number or big integer.
pub fn seek(at: &impl Value) -> Result<Request, AskError> {
    let text = match at.kind() {
        Kind::Number(number) if number.fract() == 0.0 && (0.0..=WHOLE).contains(&number) => {
            Some((number as u64).to_string())
        }
        Kind::Big => Some(at.text()).filter(|digits| digits.len() <= SHORT as usize),
        Kind::Text(_) => short(at),
        Kind::Number(_) | Kind::Nothing | Kind::Other => None,
    };
    let at = text.and_then(|text| Place::parse_exact(&text)).ok_or(AskError::NoInstant)?;
    Ok(Request::Seek { at })
}

/// Another experiment, by its link or the fragment of it.
pub fn load(link: &impl Value) -> Result<Request, AskError> {
    match link.kind() {
        Kind::Text(length) if length <= LONGEST_LINK => Ok(Request::Load { link: link.text() }),
        Kind::Text(_) => Err(AskError::TooLong),
        Kind::Nothing | Kind::Number(_) | Kind::Big | Kind::Other => Err(AskError::NoText),
    }
}

/// A text that is not long; anything else is none.
fn short(value: &impl Value) -> Option<String> {
    matches!(value.kind(), Kind::Text(length) if length <= SHORT).then(|| value.text())
}

/// Whatever the host uses to tell its requests apart; it comes back with the answer.
fn id(value: &impl Value) -> Result<Option<Id>, AskError> {
    match value.kind() {
        Kind::Nothing => Ok(None),
        Kind::Number(number) => Ok(Some(Id::Number(number))),
        Kind::Text(_) => short(value).map(|text| Some(Id::Text(text))).ok_or(AskError::BadId),
        Kind::Big | Kind::Other => Err(AskError::BadId),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Time;

    /// As JSON would give it, and what JSON cannot say.
    #[derive(Clone, Debug)]
    enum Plain {
        Null,
        Number(f64),
        Big(String),
        Text(String),
        List,
    }

    impl Value for Plain {
        fn kind(&self) -> Kind {
            match self {
                Plain::Null => Kind::Nothing,
                Plain::Number(number) => Kind::Number(*number),
                Plain::Big(_) => Kind::Big,
                Plain::Text(text) => Kind::Text(text.encode_utf16().count() as u32),
                Plain::List => Kind::Other,
            }
        }

        fn text(&self) -> String {
            match self {
                Plain::Text(text) | Plain::Big(text) => text.clone(),
                Plain::Null | Plain::Number(_) | Plain::List => panic!("nobody may ask for the text of {self:?}"),
            }
        }
    }

    fn text(text: &str) -> Plain {
        Plain::Text(text.to_owned())
    }

    fn message(kind: Plain, id: Plain, argument: Plain) -> Option<Result<Asked, Wrong>> {
        read(|name| match name {
            "blumfeld" => Plain::Number(1.0),
            "type" => kind.clone(),
            "id" => id.clone(),
            _argument => argument.clone(),
        })
    }

    #[test]
    fn good_messages_are_read() {
        let read = |kind: &str, argument| {
            message(text(kind), Plain::Number(7.0), argument).expect("known").map(|asked| asked.request)
        };
        for (kind, request) in [
            ("play", Request::Play),
            ("pause", Request::Pause),
            ("step", Request::Step),
            ("back", Request::Back),
            ("getState", Request::GetState),
        ] {
            assert_eq!(read(kind, Plain::Null), Ok(request));
        }
        for at in [text("12.5s"), text("12500000000"), Plain::Number(12.5e9), Plain::Big("12500000000".to_owned())] {
            assert_eq!(read("seek", at), Ok(Request::Seek { at: Place::At(Time(12_500_000_000)) }));
        }
        assert_eq!(read("load", text("#b1.x")), Ok(Request::Load { link: "#b1.x".to_owned() }));
        let named = message(text("play"), text("mine"), Plain::Null).expect("known").expect("good");
        assert_eq!(named.id, Some(Id::Text("mine".to_owned())));
    }

    #[test]
    fn what_is_not_for_us_is_ignored() {
        assert_eq!(read(|_| Plain::Null), None);
        assert_eq!(read(|_| Plain::Number(2.0)), None);
        for kind in [Plain::Null, Plain::List, text("explode"), text(&"x".repeat(10_000_000)), Plain::Number(1.0)] {
            assert_eq!(message(kind, Plain::Null, Plain::Null), None);
        }
    }

    #[test]
    fn every_odd_value_is_answered_and_none_stops_us() {
        let odd = [
            Plain::Null,
            Plain::List,
            text(""),
            text("soon"),
            text(&"9".repeat(5_000_000)),
            text("\u{0}💥"),
            text("mark:"),
            Plain::Number(f64::NAN),
            Plain::Number(f64::INFINITY),
            Plain::Number(-1.0),
            Plain::Number(0.5),
            Plain::Number(1e300),
            Plain::Big("1".repeat(5_000)),
            Plain::Big("-5".to_owned()),
        ];
        for value in &odd {
            let asked = message(text("seek"), Plain::Number(1.0), value.clone()).expect("known");
            assert_eq!(asked, Err((Some(Id::Number(1.0)), AskError::NoInstant)), "{value:?}");
            for other in &odd {
                let _ = message(text("load"), other.clone(), value.clone());
                let _ = message(other.clone(), value.clone(), value.clone());
            }
        }
        let load = |value| message(text("load"), Plain::Null, value).expect("known");
        assert_eq!(load(Plain::Number(5.0)), Err((None, AskError::NoText)));
        assert_eq!(load(text(&"A".repeat(70_000))), Err((None, AskError::TooLong)));
        assert_eq!(message(text("play"), Plain::List, Plain::Null), Some(Err((None, AskError::BadId))));
        assert_eq!(message(text("play"), text(&"x".repeat(201)), Plain::Null), Some(Err((None, AskError::BadId))));
    }
}
