//! The clusters of a run, where there are several: the stage has room for one, and a row of tabs leads to the others.

use base::Str;
use sim::ClusterIndex;

use crate::Tone;

/// One tab for each cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClustersView {
    /// What the row is called.
    pub label: &'static str,
    pub tabs: Vec<ClusterTab>,
}

/// A cluster, and how it is, also while another one is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterTab {
    pub index: ClusterIndex,
    /// Its `cluster.id`.
    pub name: Str,
    pub shown: bool,
    /// Plain: nothing is wrong.
    pub tone: Tone,
    /// Beside its mark, "needs attention"; empty where nothing is wrong.
    pub state: &'static str,
    /// What would be said over its stage.
    pub headline: String,
}
