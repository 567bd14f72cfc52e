//! What the story of each cluster tells, whole and in order of time: kept apart as the facts come, so that nobody looks
//! through the facts of another cluster. A world of one cluster has one list.

use crate::run::Happening;
use base::Time;
use sim::ClusterIndex;

/// See the module.
#[derive(Clone, Debug)]
pub struct Told(Vec<Vec<Happening>>);

impl Told {
    /// Of so many clusters; nothing has happened yet.
    pub(crate) fn new(clusters: usize) -> Told {
        Told(vec![Vec::new(); clusters.max(1)])
    }

    /// One cluster's; nothing where there are not so many.
    pub fn of(&self, cluster: ClusterIndex) -> &[Happening] {
        self.0.get(usize::from(cluster.0)).map_or(&[], Vec::as_slice)
    }

    /// The same up to an instant.
    pub fn until(&self, cluster: ClusterIndex, until: Time) -> &[Happening] {
        let told = self.of(cluster);
        &told[..told.partition_point(|told| told.at <= until)]
    }

    /// How much is told of all clusters.
    pub fn count(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// Are there several clusters?
    pub(crate) fn has_several(&self) -> bool {
        self.0.len() > 1
    }

    pub(crate) fn push(&mut self, cluster: ClusterIndex, happening: Happening) {
        self.0[usize::from(cluster.0)].push(happening);
    }

    /// Bytes held.
    pub(crate) fn size(&self) -> usize {
        size_of::<Happening>() * self.0.iter().map(Vec::capacity).sum::<usize>()
    }

    /// Forgets what comes after `at`.
    pub(crate) fn truncate(&mut self, at: Time) {
        self.0.iter_mut().for_each(|told| told.truncate(told.partition_point(|told| told.at <= at)));
    }

    /// Forgets what comes before `at`.
    pub(crate) fn forget_before(&mut self, at: Time) {
        for told in &mut self.0 {
            told.drain(..told.partition_point(|told| told.at < at));
            told.shrink_to_fit();
        }
    }
}
