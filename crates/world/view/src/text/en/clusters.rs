//! English: runs of several clusters.

use crate::text::ClustersText;

pub(super) const CLUSTERS: ClustersText = ClustersText { label: "Clusters", attention: "needs attention" };
