//! All lines of one owner: see the crate. What comes on a connection that is no longer its line's is told as [`Late`];
//! what comes on one that never was is a bug of ours.

mod verify;

use crate::line::{InFlight, Line, LineState, Pause, Rules};
use crate::timer::LineTimer;
use api::Request;
use base::{Aside, BrokerId, ConnectionId, Endpoint, Entry, FlatMap, Span, Str, TimerKey, TimerTable};
use port::{BrokerLine, ClientNode, Cx, Mutant, Owner, TestSwitches};
use std::collections::VecDeque;
use std::fmt::Debug;

/// What names a line of one machine.
pub trait LineKey: Copy + Ord + Debug {
    /// The owner that travels with its connections.
    fn owner(self) -> Owner;
}

/// The quorum member's lines lead to voters.
impl LineKey for BrokerId {
    fn owner(self) -> Owner {
        Owner::Quorum(self)
    }
}

impl LineKey for BrokerLine {
    fn owner(self) -> Owner {
        Owner::Broker(self)
    }
}

impl LineKey for ClientNode {
    fn owner(self) -> Owner {
        Owner::Client(self)
    }
}

/// A request to be sent.
#[derive(Debug)]
pub struct Outgoing<P> {
    pub client_id: Str,
    pub request: Request,
    pub wait: Wait<P>,
}

/// What comes after a request.
#[derive(Debug)]
pub enum Wait<P> {
    /// An answer within that time, which is given back with this.
    Within(Span, P),
    /// Nothing (Produce with acks=0).
    Unanswered,
}

/// Why an event of a connection finds no line that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// The line gave this connection up while the event was on its way.
    GivenUp,
    /// The connection was opened before the process started anew.
    FormerLife,
}

/// What an answer is.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub enum Answer<P> {
    /// To the request that was sent for this.
    To(P),
    /// To a request that its sender has forgotten.
    Forgotten,
    /// To none that was due: this is no peer to talk to.
    OutOfTurn,
    Late(Late),
}

/// See the module. `P`: why a request was sent.
#[derive(Clone, Debug, Hash)]
pub struct Lines<K, P> {
    lines: FlatMap<K, Line<P>>,
    next_number: i32,
    /// Connections before this one are of a former life of the process.
    first: ConnectionId,
    /// The newest connection that was closed from here: events of it may still be on their way.
    given_up: Option<ConnectionId>,
    switches: TestSwitches,
}

impl<K: LineKey, P> Lines<K, P> {
    /// No line yet; the first request will have that correlation id.
    pub fn new(cx: &Cx<'_>, first_number: i32, switches: TestSwitches) -> Lines<K, P> {
        let first = ConnectionId(cx.outbox.next_connection);
        Lines { lines: FlatMap::new(), next_number: first_number, first, given_up: None, switches }
    }

    pub fn get(&self, key: K) -> Option<&Line<P>> {
        self.lines.get(&key)
    }

    /// Every line that is known.
    pub fn iter(&self) -> impl Iterator<Item = (K, &Line<P>)> {
        self.lines.iter().map(|(key, line)| (*key, line))
    }

    pub fn len(&self) -> u32 {
        self.lines.len() as u32
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn is_connected(&self, key: K) -> bool {
        self.get(key).is_some_and(Line::is_connected)
    }

    /// The request that has waited longest for its answer.
    pub fn first_in_flight(&self, key: K) -> Option<&P> {
        self.get(key)?.in_flight.front().map(|request| &request.purpose)
    }

    pub fn any_in_flight(&self) -> bool {
        self.lines.values().any(|line| !line.in_flight.is_empty())
    }

    /// Where the line leads from the next connection on, and how it treats it from now on.
    pub fn know(&mut self, key: K, endpoint: &Endpoint, rules: Rules) {
        match self.lines.entry(key) {
            Entry::Occupied(known) => {
                let line = known.into_mut();
                line.rules = rules;
                if line.endpoint != *endpoint {
                    line.endpoint = endpoint.clone();
                }
            }
            Entry::Vacant(free) => {
                free.insert(Line::new(endpoint.clone(), rules));
            }
        }
    }

    /// The correlation id that the next request will have.
    pub fn next_number(&self) -> i32 {
        self.next_number
    }

    /// The next correlation id is left out.
    pub fn skip_number(&mut self) -> i32 {
        let number = self.next_number;
        self.next_number = number.wrapping_add(1) & i32::MAX;
        number
    }

    /// Can a request be sent now? A line that has no connection is opened as soon as its backoff allows.
    pub fn ready<T: From<LineTimer<K>> + TimerKey>(
        &mut self,
        cx: &mut Cx<'_>,
        timers: &mut TimerTable<T>,
        key: K,
    ) -> bool {
        // Nobody has said yet where the line leads; who asks for it may still learn that.
        let Some(line) = self.lines.get_mut(&key) else { return false };
        let retry = T::from(LineTimer::Retry(key));
        if line.rules.pause == Pause::UntilTimer && timers.deadline(&retry).is_some() {
            return false;
        }
        match line.state {
            LineState::Connected(_) => line.has_room(),
            LineState::Connecting(_) => false,
            LineState::Disconnected { until } if line.rules.pause == Pause::UntilAsked && until > cx.now => {
                if timers.deadline(&retry).is_none() {
                    timers.set(retry, until);
                }
                false
            }
            LineState::Disconnected { .. } => {
                line.state = LineState::Connecting(cx.connect(key.owner(), line.endpoint.clone()));
                line.asked_at = Aside(cx.now);
                timers.cancel(&retry);
                if let Some(setup) = line.rules.setup {
                    timers.set(LineTimer::Setup(key).into(), cx.now + setup.after(line.failures, cx.rng));
                }
                false
            }
        }
    }

    /// Sends a request on a line that is ready.
    ///
    /// # Panics
    /// When the line is not connected: whoever sends has asked [`ready`](Self::ready).
    pub fn send<T: From<LineTimer<K>> + TimerKey>(
        &mut self,
        cx: &mut Cx<'_>,
        timers: &mut TimerTable<T>,
        key: K,
        outgoing: Outgoing<P>,
    ) {
        let correlation_id = self.skip_number();
        let line = self.lines.get_mut(&key).expect("only a line that is ready is sent on");
        let LineState::Connected(connection) = line.state else { panic!("{key:?} was not ready: {:?}", line.state) };
        let api = Aside(outgoing.request.api_key());
        cx.request(connection, correlation_id, outgoing.client_id, outgoing.request);
        // acks=0: no answer comes, so that nothing waits for one.
        let Wait::Within(patience, purpose) = outgoing.wait else { return };
        let deadline = cx.now + patience;
        line.in_flight.push_back(InFlight { correlation_id, api, sent_at: cx.now, deadline, purpose });
        let timer = T::from(LineTimer::Answer(key));
        if timers.deadline(&timer).is_none_or(|at| at > deadline) {
            timers.set(timer, deadline);
        }
    }

    /// The connection is open.
    pub fn on_connected<T: From<LineTimer<K>> + TimerKey>(
        &mut self,
        timers: &mut TimerTable<T>,
        key: K,
        connection: ConnectionId,
    ) -> Result<(), Late> {
        let line = self.current(key, connection)?;
        assert_eq!(line.state, LineState::Connecting(connection), "{key:?} opens once what it has asked for");
        line.state = LineState::Connected(connection);
        line.failures = 0;
        timers.cancel(&LineTimer::Setup(key).into());
        Ok(())
    }

    /// The connection is over, or was never made. Gives what was in flight on it, whose fate nobody knows.
    pub fn on_closed<T: From<LineTimer<K>> + TimerKey>(
        &mut self,
        cx: &mut Cx<'_>,
        timers: &mut TimerTable<T>,
        key: K,
        connection: ConnectionId,
    ) -> Result<VecDeque<InFlight<P>>, Late> {
        let line = self.current(key, connection)?;
        assert_eq!(line.connection(), Some(connection), "{key:?} loses what it has");
        Ok(self.back_off(cx, timers, key))
    }

    /// An answer came. Answers come in the order of requests.
    pub fn on_answer<T: From<LineTimer<K>> + TimerKey>(
        &mut self,
        timers: &mut TimerTable<T>,
        key: K,
        connection: ConnectionId,
        correlation_id: i32,
    ) -> Answer<P> {
        let line = match self.current(key, connection) {
            Ok(line) => line,
            Err(late) => return Answer::Late(late),
        };
        assert_eq!(line.state, LineState::Connected(connection), "{key:?} hears what it has asked");
        let Some(request) = line.in_flight.pop_front_if(|first| first.correlation_id == correlation_id) else {
            return match line.forgotten.checked_sub(1) {
                Some(left) => {
                    line.forgotten = left;
                    Answer::Forgotten
                }
                None => Answer::OutOfTurn,
            };
        };
        let timer = LineTimer::Answer(key).into();
        match line.first_deadline() {
            Some(deadline) => timers.set(timer, deadline),
            None => timers.cancel(&timer),
        }
        Answer::To(request.purpose)
    }

    /// What is in flight on the line no longer matters; its answers are told as [`Answer::Forgotten`], and a request may
    /// be sent beside them.
    pub fn forget_requests<T: From<LineTimer<K>> + TimerKey>(&mut self, timers: &mut TimerTable<T>, key: K) {
        // Without a connection nothing is in flight.
        let Some(line) = self.lines.get_mut(&key).filter(|line| line.is_connected()) else { return };
        line.forgotten += line.in_flight.len() as u32;
        line.in_flight.clear();
        timers.cancel(&LineTimer::Answer(key).into());
    }

    /// Closes the connection because its peer does not answer, or not as a peer; it is tried again after the backoff.
    /// Gives what was in flight; `None`: there was no connection.
    pub fn give_up<T: From<LineTimer<K>> + TimerKey>(
        &mut self,
        cx: &mut Cx<'_>,
        timers: &mut TimerTable<T>,
        key: K,
    ) -> Option<VecDeque<InFlight<P>>> {
        self.close(cx, key)?;
        Some(self.back_off(cx, timers, key))
    }

    /// Something came on the connection that no peer says: it is given up. Gives what was in flight.
    pub fn on_nonsense<T: From<LineTimer<K>> + TimerKey>(
        &mut self,
        cx: &mut Cx<'_>,
        timers: &mut TimerTable<T>,
        key: K,
        connection: ConnectionId,
    ) -> Result<VecDeque<InFlight<P>>, Late> {
        self.current(key, connection)?;
        self.close(cx, key);
        Ok(self.back_off(cx, timers, key))
    }

    /// Closes the connection, if there is one, and begins anew: without a backoff, as if nothing had failed. Gives what
    /// was in flight.
    pub fn begin_anew<T: From<LineTimer<K>> + TimerKey>(
        &mut self,
        cx: &mut Cx<'_>,
        timers: &mut TimerTable<T>,
        key: K,
    ) -> VecDeque<InFlight<P>> {
        self.close(cx, key);
        for timer in [LineTimer::Setup(key), LineTimer::Answer(key), LineTimer::Retry(key)] {
            timers.cancel(&timer.into());
        }
        // A line that was never known has nothing to lose.
        let Some(line) = self.lines.get_mut(&key) else { return VecDeque::new() };
        line.failures = 0;
        line.lost(cx.now)
    }

    /// Closes the line for good.
    pub fn remove<T: From<LineTimer<K>> + TimerKey>(&mut self, cx: &mut Cx<'_>, timers: &mut TimerTable<T>, key: K) {
        self.begin_anew(cx, timers, key);
        self.lines.remove(&key);
    }

    /// Closes every connection, as a client does at its end.
    pub fn close_all(&mut self, cx: &mut Cx<'_>) {
        let mut open: Vec<ConnectionId> = self.lines.values().filter_map(Line::connection).collect();
        base::sort(&mut open);
        open.iter().for_each(|connection| cx.close(*connection));
        self.given_up = self.given_up.max(open.last().copied());
        self.lines = FlatMap::new();
    }

    fn close(&mut self, cx: &mut Cx<'_>, key: K) -> Option<ConnectionId> {
        let connection = self.get(key)?.connection()?;
        cx.close(connection);
        self.given_up = self.given_up.max(Some(connection));
        Some(connection)
    }

    fn back_off<T: From<LineTimer<K>> + TimerKey>(
        &mut self,
        cx: &mut Cx<'_>,
        timers: &mut TimerTable<T>,
        key: K,
    ) -> VecDeque<InFlight<P>> {
        let line = self.lines.get_mut(&key).expect("what had a connection is a line");
        let until = cx.now + line.rules.reconnect.after(line.failures, cx.rng);
        line.failures = line.failures.saturating_add(1);
        timers.cancel(&LineTimer::Setup(key).into());
        timers.cancel(&LineTimer::Answer(key).into());
        if line.rules.pause == Pause::UntilTimer {
            timers.set(LineTimer::Retry(key).into(), until);
        }
        line.lost(until)
    }

    /// The line that has this connection now.
    fn current(&mut self, key: K, connection: ConnectionId) -> Result<&mut Line<P>, Late> {
        let takes_any = self.switches.breaks(Mutant::StaleOwner);
        let late = if connection < self.first { Late::FormerLife } else { Late::GivenUp };
        match self.lines.get_mut(&key) {
            Some(line) if line.connection() == Some(connection) || takes_any => Ok(line),
            Some(_) | None => {
                debug_assert!(
                    late == Late::FormerLife || self.given_up >= Some(connection),
                    "{connection:?} has come to {key:?}, which never gave it up",
                );
                Err(late)
            }
        }
    }
}
