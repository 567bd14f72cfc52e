//! Range: per topic, members in order get consecutive partitions, the first ones one more. Where
//! racks differ, partitions go to members in a replica's rack first (KIP-881), and topics with equal
//! subscribers and partition counts stay aligned. Kafka: `RangeAssignor`.

use super::{Assignment, Member, Subscriptions, TopicRacks};
use base::{FlatMap, FlatSet, PartitionId, Str};

/// Assigns every partition of every subscribed topic.
pub fn assign_range(subscriptions: &Subscriptions) -> Assignment {
    let mut members: Vec<&Member> = subscriptions.members.iter().collect();
    base::sort_by(&mut members, |left, right| left.order().cmp(&right.order()));
    let mut topics: Vec<TopicState> = subscriptions
        .topics
        .iter()
        .filter(|(_, partitions)| !partitions.is_empty())
        .map(|(topic, partitions)| TopicState::new(topic, partitions, &members, subscriptions.force_rack_aware))
        .collect();
    let mut assignment: Assignment = members.iter().map(|member| (member.member_id.clone(), Vec::new())).collect();
    let rack_aware = topics.iter().any(|topic| topic.match_racks);
    if rack_aware {
        assign_by_rack(&mut topics, &mut assignment);
    }
    for topic in &mut topics {
        topic.assign_ranges(&mut assignment, |_, _, _| true);
    }
    if rack_aware {
        assignment.values_mut().for_each(|partitions| base::sort(partitions));
    }
    assignment
}

/// One topic while its partitions are given out.
struct TopicState<'a> {
    name: &'a Str,
    /// Subscribers in order, with how many partitions each has.
    members: Vec<(&'a Member, u32)>,
    unassigned: FlatSet<PartitionId>,
    /// Racks per partition; empty when no subscriber has a rack.
    racks: &'a [FlatSet<Str>],
    quota: u32,
    /// How many members may still have one more than the quota.
    extras: u32,
    match_racks: bool,
}

impl<'a> TopicState<'a> {
    /// Everybody gets partitions / members, and the first ones by order of ids one more.
    fn new(name: &'a Str, partitions: &'a TopicRacks, members: &[&'a Member], force: bool) -> TopicState<'a> {
        let subscribed = |member: &&&'a Member| member.topics.contains(name);
        let members: Vec<_> = members.iter().filter(subscribed).map(|member| (*member, 0)).collect();
        let (count, subscribers) = (partitions.len() as u32, members.len() as u32);
        let member_racks: FlatSet<&Str> = members.iter().filter_map(|(member, _)| member.rack.as_ref()).collect();
        let racks = if member_racks.is_empty() { &[] } else { &partitions[..] };
        TopicState {
            name,
            members,
            unassigned: (0..count as PartitionId).collect(),
            racks,
            quota: count.checked_div(subscribers).unwrap_or(0),
            extras: count.checked_rem(subscribers).unwrap_or(0),
            match_racks: racks_matter(&member_racks, racks, force),
        }
    }

    /// How many partitions the member may still get.
    fn room(&self, member: usize) -> u32 {
        (self.quota + u32::from(self.extras > 0)).saturating_sub(self.members[member].1)
    }

    /// Has the partition a replica in the member's rack (KIP-881)? Without racks all match.
    fn rack_matches(&self, member: usize, partition: PartitionId) -> bool {
        match &self.members[member].0.rack {
            None => true,
            Some(rack) => self.racks.get(partition as usize).is_some_and(|racks| racks.contains(rack)),
        }
    }

    /// Gives partitions to a member and takes them off the list.
    fn assign(&mut self, member: usize, partitions: &[PartitionId], assignment: &mut Assignment) {
        let (who, count) = &mut self.members[member];
        *count += partitions.len() as u32;
        if *count > self.quota {
            self.extras = self.extras.saturating_sub(1);
        }
        let list = assignment.entry(who.member_id.clone()).or_default();
        for partition in partitions {
            self.unassigned.remove(partition);
            list.push((self.name.clone(), *partition));
        }
    }

    /// Gives each member in order what it may take, up to its quota.
    fn assign_ranges(
        &mut self,
        assignment: &mut Assignment,
        may: impl Fn(&TopicState<'a>, usize, PartitionId) -> bool,
    ) {
        for member in 0..self.members.len() {
            let open = self.unassigned.iter().copied().filter(|partition| may(self, member, *partition));
            let taken: Vec<_> = open.take(self.room(member) as usize).collect();
            if !taken.is_empty() {
                self.assign(member, &taken, assignment);
            }
        }
    }
}

/// Do racks differ in a way that an assignment can use? (`AbstractPartitionAssignor.useRackAwareAssignment`)
fn racks_matter(member_racks: &FlatSet<&Str>, partitions: &[FlatSet<Str>], force: bool) -> bool {
    let all: FlatSet<&Str> = partitions.iter().flatten().collect();
    if member_racks.is_disjoint(&all) {
        return false;
    }
    force || !partitions.iter().all(|racks| racks.iter().eq(all.iter().copied()))
}

/// Topics with the same subscribers and the same number of partitions are served together.
fn assign_by_rack(topics: &mut [TopicState<'_>], assignment: &mut Assignment) {
    let mut groups: FlatMap<(Vec<Str>, usize), Vec<usize>> = FlatMap::new();
    for (index, topic) in topics.iter().enumerate() {
        let subscribers = topic.members.iter().map(|(member, _)| member.member_id.clone()).collect();
        groups.entry((subscribers, topic.racks.len())).or_default().push(index);
    }
    for ((subscribers, partitions), together) in groups {
        match together[..] {
            [single] if topics[single].match_racks => {
                topics[single].assign_ranges(assignment, TopicState::rack_matches)
            }
            [_] => {}
            _ => assign_aligned(topics, &together, (subscribers.len(), partitions), assignment),
        }
    }
}

/// Each partition number, in all the topics at once, goes to the first member whose rack matches
/// everywhere and that has room everywhere.
fn assign_aligned(
    topics: &mut [TopicState<'_>],
    together: &[usize],
    (members, partitions): (usize, usize),
    assignment: &mut Assignment,
) {
    for partition in 0..partitions as PartitionId {
        let fits = |member: usize| {
            together
                .iter()
                .all(|&topic| topics[topic].rack_matches(member, partition) && topics[topic].room(member) > 0)
        };
        if let Some(member) = (0..members).find(|&member| fits(member)) {
            for &topic in together {
                topics[topic].assign(member, &[partition], assignment);
            }
        }
    }
}
