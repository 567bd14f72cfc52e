//! Words for runs of several clusters.

/// See the module.
pub struct ClustersText {
    /// The row of tabs.
    pub label: &'static str,
    /// Something is wrong there.
    pub attention: &'static str,
}
