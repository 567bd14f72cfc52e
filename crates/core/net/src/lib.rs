//! Connections, whoever has them: one machine for what a process opens, one for what others open to it.
//!
//! [`Lines`] opens connections with backoff, gives them up after a time-out, numbers requests and finds the request that
//! an answer is for. Quorum, broker and clients each have one. [`Inlets`] reads one request at a time per accepted
//! connection. Neither knows what a request says, whom to ask or what to do when nobody answers; that is their owners'
//! business, which hear of every event by its owner (`port::Owner`) and get back what was under way when a connection
//! is lost. Deadlines stand among the owner's own (`base::TimerTable`), so that a role has one table of what it waits for.
//!
//! Kafka: `NetworkClient` with `ClusterConnectionStates` and `InFlightRequests`; `SocketServer.Processor`.

mod backoff;
mod inlets;
mod line;
mod lines;
#[cfg(test)]
mod tests;
mod timer;

pub use backoff::{Backoff, Jitter};
pub use inlets::{Admission, Inlets, Wants};
pub use line::{InFlight, Line, LineState, Pause, Rules};
pub use lines::{Answer, Late, LineKey, Lines, Outgoing, Wait};
pub use timer::LineTimer;
