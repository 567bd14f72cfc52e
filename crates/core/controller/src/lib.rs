//! The active controller's decisions (KIP-500, KIP-631, KIP-966) and the role that makes them.
//!
//! Each decision is a pure function of an image and a request: it returns the records to write and
//! the answer to give ([`Decision`]). [`Controller`] keeps two images, one as committed and one that
//! runs ahead with what it has decided, hands records out to be appended, and answers once they are
//! committed. It elects no quorum leader and touches no log.

pub mod alter_partition;
mod api_versions;
mod append;
mod bootstrap;
mod brokers;
mod changes;
mod configs;
mod controller;
mod create_partitions;
mod decision;
mod elections;
mod looking;
mod metadata_version;
pub mod partition_change;
pub mod placement;
mod producer_ids;
pub mod reassignment;
mod report;
mod sessions;
mod settings;
mod topic_policy;
mod topics;
mod unregister;
mod view;

pub use append::Append;
pub use controller::{Active, Controller, Parked, Timer};
pub use decision::Decision;
pub use metadata_version::MetadataVersion;
pub use partition_change::{Election, Rules, Target};
pub use placement::UsableBroker;
pub use sessions::{BrokerState, Session, Sessions};
pub use settings::Settings;
pub use view::View;
