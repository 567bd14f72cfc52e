//! The tabs of a run's clusters, and what changes on the page when another one is shown.

use view::{ClusterIndex, Thing};
use yew::prelude::*;

use super::App;
use super::update::position;
use crate::panel::clusters::Clusters;

impl App {
    /// The tabs of the run's clusters, where there are several.
    pub(super) fn clusters(&self) -> Html {
        // One cluster needs no tabs.
        let Some(view) = self.frame.clusters.clone() else { return Html::default() };
        html! { <Clusters {view} act={self.act.clone()} /> }
    }

    /// What the tabs lead to; nothing where there are none.
    pub(super) fn panel_role(&self) -> [Option<&'static str>; 3] {
        match self.frame.clusters.is_some() {
            true => [Some("stage-of"), Some("tabpanel"), Some("stage-head")],
            false => [None; 3],
        }
    }

    /// What was chosen and typed names things of the cluster that was shown before.
    pub(super) fn show_cluster(&mut self, cluster: ClusterIndex) {
        self.point_at_nothing();
        self.session.borrow_mut().show_cluster(cluster);
        self.state.leave_cluster();
    }

    /// A card may speak of another cluster than the shown one: whoever follows it sees that one.
    pub(super) fn follow(&mut self, thing: &Thing) {
        // Groups and topics are not of one process; they are looked for where the reader is.
        let Some((process, ..)) = position(Some(thing)) else { return };
        let cluster = self.session.borrow().cluster_of(process);
        if cluster != self.session.borrow().shown_cluster() {
            self.show_cluster(cluster);
        }
    }
}
