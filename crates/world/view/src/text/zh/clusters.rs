//! Chinese: runs of several clusters.

use crate::text::ClustersText;

pub(super) const CLUSTERS: ClustersText = ClustersText { label: "集群", attention: "需要关注" };
