//! From a run to the tabs of its clusters: each says how its own is, so that nothing goes wrong unseen behind another one.

use lab::Lab;
use sim::{Cluster, ClusterIndex};

use super::{Account, Look, headline};
use crate::text::Text;
use crate::{ClusterTab, ClustersView, Gravity, Tone};

/// The tabs, one of them shown; `None`: there is one cluster, and nothing to choose.
pub fn clusters(lab: &Lab, shown: ClusterIndex, text: &'static Text) -> Option<ClustersView> {
    let world = &lab.run().world;
    if world.first_cluster().is_alone() {
        return None;
    }
    let tab = |cluster: Cluster<'_>| {
        let said = headline(&look(lab, cluster, text));
        let tone = tone(said.gravity());
        ClusterTab {
            index: cluster.index(),
            name: cluster.plan().cluster_id.clone(),
            shown: cluster.index() == shown,
            tone,
            state: if tone == Tone::Plain { "" } else { text.clusters.attention },
            headline: (text.headline.say)(&said),
        }
    };
    Some(ClustersView { label: text.clusters.label, tabs: world.clusters().map(tab).collect() })
}

fn look<'a>(lab: &'a Lab, cluster: Cluster<'a>, text: &'static Text) -> Look<'a> {
    let (run, marks, now) = (lab.run(), &lab.history().branch().marks, lab.now());
    let account = Account::of_cluster((run, cluster.index()), marks.pace(), now);
    Look::of(cluster, marks.told_of(cluster.index(), now), account, text)
}

/// How urgently a cluster wants to be looked at.
fn tone(gravity: Gravity) -> Tone {
    match gravity {
        Gravity::Lost | Gravity::Leaderless | Gravity::NoController => Tone::Bad,
        Gravity::Node
        | Gravity::MinIsr
        | Gravity::Group
        | Gravity::Client
        | Gravity::Replica
        | Gravity::StillLost
        | Gravity::Store => Tone::Warning,
        Gravity::Over | Gravity::News | Gravity::Fine => Tone::Plain,
    }
}
