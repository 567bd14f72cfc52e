//! The other voters: a line to each, and whose turn it is to be asked who leads. At most one request per voter is waited
//! for. Kafka: `RequestManager`, `KafkaNetworkChannel`.

use base::{BrokerId, Endpoint, Span};
use net::{Backoff, Lines, Pause, Rules};
use port::{Cx, TestSwitches};

/// See the module.
#[derive(Clone, Debug, Hash)]
pub(crate) struct Peers {
    pub(crate) lines: Lines<BrokerId, ()>,
    /// Which peer is asked next who leads.
    turn: u32,
}

impl Peers {
    /// No voter yet.
    pub(crate) fn new(cx: &Cx<'_>, first_turn: u32, switches: TestSwitches) -> Peers {
        Peers { lines: Lines::new(cx, 0, switches), turn: first_turn }
    }

    /// Reaches `node` there. Waits before it connects again: 50 ms, doubling up to 500 ms
    /// (`KafkaRaftManager.buildNetworkClient`).
    pub(crate) fn add(&mut self, node: BrokerId, endpoint: &Endpoint, request_timeout: Span) {
        let rules = Rules {
            reconnect: Backoff::exact(Span::from_millis(50), Span::from_millis(500)),
            setup: Some(Backoff::always(request_timeout)),
            in_flight_max: 1,
            pause: Pause::UntilTimer,
        };
        self.lines.know(node, endpoint, rules);
    }

    pub(crate) fn len(&self) -> u32 {
        self.lines.len()
    }

    pub(crate) fn nodes(&self) -> Vec<BrokerId> {
        self.lines.iter().map(|(node, _)| node).collect()
    }

    pub(crate) fn any_in_flight(&self) -> bool {
        self.lines.any_in_flight()
    }

    /// Whose turn it is to be asked who leads.
    pub(crate) fn whose_turn(&self) -> Option<BrokerId> {
        self.lines.iter().map(|(node, _)| node).nth((self.turn % self.len().max(1)) as usize)
    }

    /// The next voter is asked, so that one that is dead does not hold up whoever searches.
    pub(crate) fn next_turn(&mut self) {
        self.turn = self.turn.wrapping_add(1);
    }
}
