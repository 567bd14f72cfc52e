//! The world: virtual time, connections, disks, clocks and faults around real processes.
//!
//! One [`World`] is one value: cloning it is cheap, and a clone runs on its own. Exactly one event
//! is executed per [`World::step`], each at an instant of its own. Core never relies on anything
//! here; a real driver with sockets and files could take this crate's place.

mod admission;
mod agenda;
mod apply;
mod cluster;
mod command;
mod disks;
mod error;
mod faults;
mod hosts;
pub mod journal;
mod limits;
pub mod meters;
mod network;
mod nodes;
mod rows;
mod servers;
mod setup;
mod sink;
mod slot;
mod standstill;
mod state_digest;
mod stores;
mod toil;
mod transport;
mod work;
mod world;

pub use cluster::Cluster;
pub use command::{Command, Durability, Election, KafkaCommand, OtherCommand, WorldCommand};
pub use error::CommandError;
pub use faults::LinkRule;
pub use journal::Journal;
pub use limits::{Limits, MOST_CLUSTERS};
pub use network::{Connection, ConnectionState, InFlight, Lane, Network};
pub use port::Touches;
pub use rows::{KeptRow, Sink, Stretch};
pub use setup::{ClusterIndex, ClusterPlan, NetworkSetup, NodePlan, ServiceTimes, Setup};
pub use sink::{FactSink, NoFacts};
pub use slot::{Liveness, Slot};
pub use standstill::{STANDSTILL_EVENTS, STANDSTILL_SPAN, Standstill};
pub use state_digest::StateDigest;
pub use toil::Toil;
pub use work::time_of as time_of_work;
pub use world::{Step, World, wall};
