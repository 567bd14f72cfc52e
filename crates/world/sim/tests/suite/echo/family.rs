//! A family of two processes that know nothing of Kafka: a server that sends back what it gets, and a client that has
//! something to say and says it until it is heard.

use api::{Message, OtherMessage};
use base::{ConnectionId, Endpoint, FlatMap, Span, Str, Time};
use bytes::Bytes;
use port::{CloseReason, Cx, Event, Family, OperatorRequest, OtherFact, OtherProcess, OtherSetup, Owner};
use sim::{Command, OtherCommand};
use std::hash::{Hash, Hasher};

/// A word that the client sends.
pub const PING: &str = "Ping";
/// The same word on its way back.
pub const PONG: &str = "Pong";

/// How long the client waits for an answer before it says a word again on a new connection.
const PATIENCE: Span = Span::from_millis(500);
/// How long it waits between two words, and before it tries to connect again.
const PAUSE: Span = Span::from_millis(100);

pub const FAMILY: Family = Family { name: "echo", kinds: &[PING, PONG], boot };

fn boot(setup: &OtherSetup, cx: &mut Cx<'_>) -> Box<dyn OtherProcess> {
    match setup.settings.get("words") {
        None => Box::new(Server::default()),
        Some(words) => {
            let host = setup.settings.get("host").cloned().unwrap_or(endpoint().host);
            let port = setup.settings.get("port").and_then(|port| port.parse().ok()).unwrap_or(endpoint().port);
            Box::new(Client::boot(Endpoint { host, port }, words.parse().unwrap_or(0), cx))
        }
    }
}

/// Where the server listens.
pub fn endpoint() -> Endpoint {
    Endpoint { host: "echo".into(), port: 7 }
}

/// One more server.
pub fn server(name: &str) -> Command {
    let setup = OtherSetup { family: FAMILY, endpoint: Some(endpoint()), settings: FlatMap::new() };
    OtherCommand::Add { name: name.into(), setup }.into()
}

/// One more client with that many words to say.
pub fn client(name: &str, words: u64) -> Command {
    let settings = [("words".into(), words.to_string().into())].into();
    OtherCommand::Add { name: name.into(), setup: OtherSetup { family: FAMILY, endpoint: None, settings } }.into()
}

/// A client that takes somebody else for its server.
pub fn stranger(name: &str, host: &str, port: u16) -> Command {
    let settings = [("words", "9".to_owned()), ("host", host.to_owned()), ("port", port.to_string())];
    let settings = settings.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    OtherCommand::Add { name: name.into(), setup: OtherSetup { family: FAMILY, endpoint: None, settings } }.into()
}

/// It says as much more as `words`.
pub fn say_more(name: &str, words: u64) -> Command {
    OtherCommand::Ask { name: name.into(), what: words.to_string().into() }.into()
}

pub fn told(what: &str, number: u64) -> OtherFact {
    OtherFact { family: Str::from(FAMILY.name), what: what.into(), number }
}

pub fn word(kind: &'static str, number: u64) -> Message {
    Message::Other(OtherMessage { kind, is_request: kind == PING, body: Bytes::copy_from_slice(&number.to_be_bytes()) })
}

/// What a message says; `None`: it is not one of ours, or not as we write them.
fn read(message: &Message, kind: &str) -> Option<u64> {
    match message {
        Message::Other(message) if message.kind == kind => Some(u64::from_be_bytes(message.body[..].try_into().ok()?)),
        Message::Other(_) | Message::Kafka(_) => None,
    }
}

/// Sends back whatever it gets, and closes on whoever says what it does not understand.
#[derive(Clone, Debug, Default, Hash)]
struct Server {
    served: u64,
}

impl OtherProcess for Server {
    fn on_event(&mut self, cx: &mut Cx<'_>, event: Event) {
        match event {
            Event::Received(connection, _, message) => match read(&message, PING) {
                Some(number) => {
                    self.served += 1;
                    cx.fact(|| told("echoed", number));
                    cx.send(connection, word(PONG, number));
                }
                None => {
                    cx.fact(|| told("not understood", self.served));
                    cx.close(connection);
                }
            },
            Event::Operator(OperatorRequest::ShutDown) => cx.exit(),
            Event::Operator(OperatorRequest::Kafka(_) | OperatorRequest::Other(_))
            | Event::Connected(..)
            | Event::Stored(_)
            | Event::Accepted(..)
            | Event::Closed(..)
            | Event::DeadlineReached => {}
        }
    }

    fn next_deadline(&self) -> Option<Time> {
        None
    }

    fn duplicate(&self) -> Box<dyn OtherProcess> {
        Box::new(self.clone())
    }

    fn digest(&self, mut state: &mut dyn Hasher) {
        self.hash(&mut state);
    }
}

#[derive(Clone, Debug, Hash)]
enum Line {
    Connecting(ConnectionId),
    Idle(ConnectionId),
    /// The word that was said last is not answered.
    Waiting(ConnectionId),
    Down,
}

/// Says word after word; the next when the last one has come back.
#[derive(Clone, Debug, Hash)]
struct Client {
    server: Endpoint,
    line: Line,
    heard: u64,
    words: u64,
    /// How many lines it has had; the number of the next one as an owner.
    lines: u64,
    /// When it does something by itself.
    next: Option<Time>,
}

impl Client {
    fn boot(server: Endpoint, words: u64, cx: &mut Cx<'_>) -> Client {
        let mut client = Client { server, line: Line::Down, heard: 0, words, lines: 0, next: None };
        client.go_on(cx);
        client
    }

    /// Whatever is to be done next with this line.
    fn go_on(&mut self, cx: &mut Cx<'_>) {
        if self.heard == self.words {
            self.next = None;
            return;
        }
        match self.line {
            Line::Down => {
                self.line = Line::Connecting(cx.connect(Owner::Other(self.lines), self.server.clone()));
                self.lines += 1;
                self.next = Some(cx.now + PATIENCE);
            }
            Line::Idle(connection) => {
                cx.send(connection, word(PING, self.heard));
                self.line = Line::Waiting(connection);
                self.next = Some(cx.now + PATIENCE);
            }
            // Its patience has ended.
            Line::Connecting(connection) | Line::Waiting(connection) => {
                cx.fact(|| told("gave up waiting", self.heard));
                cx.close(connection);
                self.line = Line::Down;
                self.next = Some(cx.now + PAUSE);
            }
        }
    }

    /// Is this event about the line that it has now?
    fn is_current(&self, connection: ConnectionId) -> bool {
        match self.line {
            Line::Connecting(current) | Line::Idle(current) | Line::Waiting(current) => current == connection,
            Line::Down => false,
        }
    }

    fn on_closed(&mut self, cx: &mut Cx<'_>, reason: CloseReason) {
        cx.fact(|| match reason {
            CloseReason::Refused => told("refused", self.heard),
            CloseReason::ByPeer | CloseReason::Reset | CloseReason::TimedOut | CloseReason::UnknownHost => {
                told("line broke", self.heard)
            }
        });
        self.line = Line::Down;
        self.next = Some(cx.now + PAUSE);
    }
}

impl OtherProcess for Client {
    fn on_event(&mut self, cx: &mut Cx<'_>, event: Event) {
        match event {
            Event::Connected(connection, owner) if self.is_current(connection) => {
                assert_eq!(owner, Owner::Other(self.lines - 1), "whoever opened it gets it back");
                self.line = Line::Idle(connection);
                self.go_on(cx);
            }
            Event::Received(connection, _, message) if self.is_current(connection) => {
                if read(&message, PONG) == Some(self.heard) {
                    cx.fact(|| told("heard", self.heard));
                    self.heard += 1;
                    self.line = Line::Idle(connection);
                    self.next = Some(cx.now + PAUSE);
                }
            }
            Event::Closed(connection, _, reason) if self.is_current(connection) => self.on_closed(cx, reason),
            Event::DeadlineReached if self.next.is_some_and(|next| next <= cx.now) => self.go_on(cx),
            Event::Operator(OperatorRequest::Other(more)) => {
                self.words += more.parse::<u64>().unwrap_or(0);
                self.next.get_or_insert(cx.now);
            }
            Event::Operator(OperatorRequest::ShutDown) => cx.exit(),
            Event::Operator(OperatorRequest::Kafka(_))
            | Event::Connected(..)
            | Event::Stored(_)
            | Event::Accepted(..)
            | Event::Closed(..)
            | Event::Received(..)
            | Event::DeadlineReached => {}
        }
    }

    fn next_deadline(&self) -> Option<Time> {
        self.next
    }

    fn duplicate(&self) -> Box<dyn OtherProcess> {
        Box::new(self.clone())
    }

    fn digest(&self, mut state: &mut dyn Hasher) {
        self.hash(&mut state);
    }
}
