//! The same for groups: who coordinates them, what they have committed, where they shall go on.

use super::known::Leader;
use super::route::{first, sorted};
use super::{Inquiry, Step, Want, Way};
use api::OffsetSpec;
use base::{BrokerId, ErrorCode, FlatMap, GroupId, Offset, Str, Timestamp, TopicPartition};
use port::{
    Act, Ask, GroupDetail, GroupFound, GroupOffsetTold, GroupTold, NewOffset, Part, ResetNote, ResetTo, ResetTold,
    Said, Told, Which,
};

/// What a partition of a group that is moved becomes.
type Moved = (Offset, Option<ResetNote>);

impl Inquiry {
    fn coordinator(&self, group: &GroupId) -> Way<BrokerId> {
        match self.known.coordinators.get(group) {
            Some((coordinator, _)) => Ok(*coordinator),
            None => first(Want::Coordinator(group.clone())),
        }
    }

    fn need_group(&self, group: &GroupId) -> Way<&Result<GroupFound, Said>> {
        match self.known.groups.get(group) {
            Some(known) => Ok(&known.found),
            None => first(Want::Group(self.coordinator(group)?, group.clone())),
        }
    }

    fn need_committed(&self, group: &GroupId) -> Way<&FlatMap<TopicPartition, GroupOffsetTold>> {
        match self.known.committed.get(group) {
            Some(committed) => Ok(committed),
            None => first(Want::Committed(self.coordinator(group)?, group.clone())),
        }
    }

    /// `ConsumerGroupCommand.describeGroups`.
    pub(super) fn describe_groups(&self, named: Option<&[GroupId]>, detail: GroupDetail) -> Way<Told> {
        let groups: Vec<GroupId> = match named {
            Some(named) => named.to_vec(),
            None => self.listed()?.into_iter().map(|listed| listed.group).collect(),
        };
        let told = groups.iter().map(|group| self.group_told(group, detail)).collect::<Way<Vec<GroupTold>>>()?;
        Ok(Told::DescribedGroups(told))
    }

    fn group_told(&self, group: &GroupId, detail: GroupDetail) -> Way<GroupTold> {
        let mut found = self.need_group(group)?.clone();
        if let (Ok(found), GroupDetail::Offsets) = (&mut found, detail) {
            found.offsets = self.group_offsets(group, found)?;
        }
        Ok(GroupTold { group: group.clone(), found })
    }

    /// What is committed and what is read, each with the end of its log where somebody leads it
    /// (`ConsumerGroupService.collectConsumerAssignment`, `filterNoneLeaderPartitions`).
    fn group_offsets(&self, group: &GroupId, found: &GroupFound) -> Way<Vec<GroupOffsetTold>> {
        let mut all = self.need_committed(group)?.clone();
        for member in &found.members {
            for partition in &member.assigned {
                let unread = GroupOffsetTold {
                    partition: partition.clone(),
                    committed: None,
                    leader_epoch: None,
                    metadata: Str::from(""),
                    end: None,
                    member: None,
                };
                let told = all.entry(partition.clone()).or_insert_with(|| unread);
                told.member = Some(member.member_id.clone());
            }
        }
        let partitions: Vec<TopicPartition> = all.keys().cloned().collect();
        self.need_offsets(&partitions, OffsetSpec::Latest)?;
        let end_of = |mut told: GroupOffsetTold| {
            told.end = self.offset_of(&told.partition, OffsetSpec::Latest);
            told
        };
        Ok(all.into_values().map(end_of).collect())
    }

    fn offset_of(&self, partition: &TopicPartition, spec: OffsetSpec) -> Option<Offset> {
        let found = self.known.offsets.get(&(partition.clone(), spec))?;
        found.as_ref().ok().map(|told| told.offset)
    }

    /// `alterConsumerGroupOffsets`.
    pub(super) fn commit(&self, group: &GroupId, offsets: &[NewOffset]) -> Way<Told> {
        self.need_commit(group, offsets)?;
        let told = self.known.changed.iter().map(|(at, result)| (at.clone(), result.clone().map(drop)));
        Ok(Told::Partitions(told.collect()))
    }

    /// Commits what was not committed yet.
    fn need_commit(&self, group: &GroupId, offsets: &[NewOffset]) -> Way<()> {
        let missing = offsets.iter().filter(|each| !self.known.changed.contains_key(&each.partition));
        let missing: Vec<NewOffset> = missing.cloned().collect();
        if missing.is_empty() {
            return Ok(());
        }
        first(Want::Commit(self.coordinator(group)?, group.clone(), missing))
    }

    pub(super) fn delete_groups(&self, groups: &[GroupId]) -> Way<Told> {
        if let Some(next) = groups.iter().find(|group| !self.known.each.contains_key(*group)) {
            return first(Want::DeleteGroup(self.coordinator(next)?, next.clone()));
        }
        Ok(Told::Each(groups.iter().map(|group| (group.clone(), self.known.each[group].clone())).collect()))
    }

    /// `ConsumerGroupService.deleteOffsets`: of a topic that is not there partition −1 is refused.
    pub(super) fn delete_offsets(&self, group: &GroupId, of: &[Part]) -> Way<Told> {
        let partitions = self.partitions(of)?;
        let missing = partitions.into_iter().filter(|at| !self.known.changed.contains_key(at));
        let missing: Vec<TopicPartition> = missing.collect();
        if !missing.is_empty() {
            return first(Want::DeleteOffsets(self.coordinator(group)?, group.clone(), missing));
        }
        let mut told: FlatMap<TopicPartition, Result<(), Said>> = FlatMap::new();
        for part in of {
            let layout = match part {
                Part::Topic(topic) => self.known.layouts.get(topic).map(|layout| (topic, layout)),
                Part::Partition(_) | Part::Existing(..) => None,
            };
            if let Some((topic, Err(error))) = layout {
                told.insert(TopicPartition { topic: topic.clone(), partition: -1 }, Said::of(*error, None));
            }
        }
        told.extend(self.known.changed.iter().map(|(at, result)| (at.clone(), result.clone().map(drop))));
        Ok(Told::Partitions(told.into_iter().collect()))
    }

    pub(super) fn remove_members(&self, group: &GroupId, instances: &[Str]) -> Way<Told> {
        if !self.known.done {
            return first(Want::Remove(self.coordinator(group)?, group.clone()));
        }
        let unsaid = || Said::of(ErrorCode::UnknownServerError, None);
        let told = |instance: &Str| (instance.clone(), self.known.each.get(instance).cloned().unwrap_or_else(unsaid));
        Ok(Told::Each(instances.iter().map(told).collect()))
    }

    /// `ConsumerGroupService.resetOffsets`: only of a group that nobody is in, or that is not there.
    pub(super) fn reset(&self, group: &GroupId) -> Way<Told> {
        let Ask::ResetOffsets { of, to, act, .. } = &self.ask else { return Ok(Told::Done) };
        match self.need_group(group)? {
            Ok(found) if !matches!(&*found.state, "Empty" | "Dead") => {
                return Ok(Told::GroupIsActive { state: found.state.clone() });
            }
            Ok(_) => {}
            Err(said) if said.error == ErrorCode::GroupIdNotFound => {}
            Err(said) => return Err(Box::new(Step::Failed(said.error, Some(said.message.clone())))),
        }
        let partitions = self.to_reset(group, of, to)?;
        let moved = self.moved(group, &partitions, to)?;
        if *act == Act::Execute {
            let offsets = partitions.iter().zip(&moved).map(|(partition, (offset, _))| NewOffset {
                partition: partition.clone(),
                offset: *offset,
                metadata: Str::from(""),
            });
            self.need_commit(group, &offsets.collect::<Vec<_>>())?;
        }
        let told = partitions.into_iter().zip(moved).map(|(partition, (offset, note))| {
            let refused = self.known.changed.get(&partition).and_then(|result| result.clone().err());
            ResetTold { partition, offset, note, refused }
        });
        Ok(Told::Reset(told.collect()))
    }

    /// Which partitions are moved: all that are named, or none where one of them is not there or nobody leads it
    /// (`OffsetsUtils.checkAllTopicPartitionsValid`).
    fn to_reset(&self, group: &GroupId, of: &Which, to: &ResetTo) -> Way<Vec<TopicPartition>> {
        let partitions = match (to, of) {
            (ResetTo::Exactly(offsets), _) => sorted(offsets.iter().map(|(partition, _)| partition.clone())),
            (_, Which::All) => self.need_committed(group)?.keys().cloned().collect(),
            (_, Which::These(parts)) => self.partitions(parts)?,
        };
        let unknown = partitions.iter().filter(|at| self.known.leader(at) == Leader::Unknown);
        let unknown = sorted(unknown.map(|at| at.topic.clone()));
        if !unknown.is_empty() {
            return first(Want::Metadata(Some(unknown)));
        }
        let named = match of {
            Which::These(parts) => parts.as_slice(),
            Which::All => &[],
        };
        self.check_topics(named, &partitions)?;
        let all_but = |holds: &dyn Fn(&TopicPartition) -> bool, error: ErrorCode, what: &str| {
            let wrong: Vec<String> = partitions.iter().filter(|at| !holds(at)).map(ToString::to_string).collect();
            let message = format!("The partitions \"{}\" {what}", wrong.join(","));
            if wrong.is_empty() { Ok(()) } else { Err(Box::new(Step::Failed(error, Some(message.into())))) }
        };
        all_but(&|at| self.known.has(at), ErrorCode::UnknownTopicOrPartition, "do not exist")?;
        let is_led = |at: &TopicPartition| matches!(self.known.leader(at), Leader::At(_));
        all_but(&is_led, ErrorCode::LeaderNotAvailable, "have no leader")?;
        Ok(partitions)
    }

    /// Every topic has to be there, also one without partitions among these.
    fn check_topics(&self, named: &[Part], partitions: &[TopicPartition]) -> Way<()> {
        let topics = named.iter().map(Part::topic).chain(partitions.iter().map(|at| &at.topic));
        let wrong = topics.filter_map(|topic| self.known.layouts.get(topic)?.as_ref().err());
        wrong.copied().next().map_or(Ok(()), |error| Err(Box::new(Step::Failed(error, None))))
    }

    /// Where each partition goes.
    fn moved(&self, group: &GroupId, partitions: &[TopicPartition], to: &ResetTo) -> Way<Vec<Moved>> {
        let end = || self.need_offsets(partitions, OffsetSpec::Latest);
        let bounds = || self.need_offsets(partitions, OffsetSpec::Earliest).and_then(|()| end());
        let at = |partition: &TopicPartition, spec| self.offset_of(partition, spec).unwrap_or(Offset::ZERO);
        let all = |of: &dyn Fn(&TopicPartition) -> Moved| partitions.iter().map(of).collect();
        match to {
            ResetTo::Earliest => {
                self.need_offsets(partitions, OffsetSpec::Earliest)?;
                Ok(all(&|partition| (at(partition, OffsetSpec::Earliest), None)))
            }
            ResetTo::Latest => {
                end()?;
                Ok(all(&|partition| (at(partition, OffsetSpec::Latest), None)))
            }
            ResetTo::Current => {
                let committed = self.need_committed(group)?;
                end()?;
                let of = |partition: &TopicPartition| committed.get(partition).and_then(|told| told.committed);
                Ok(all(&|partition| (of(partition).unwrap_or_else(|| at(partition, OffsetSpec::Latest)), None)))
            }
            ResetTo::Offset(offset) => {
                bounds()?;
                Ok(all(&|partition| self.within(partition, *offset)))
            }
            ResetTo::Exactly(offsets) => {
                bounds()?;
                let of = |partition: &TopicPartition| offsets.iter().find(|(at, _)| at == partition).map(|(_, to)| *to);
                Ok(all(&|partition| self.within(partition, of(partition).unwrap_or(Offset::ZERO))))
            }
            ResetTo::ShiftBy(by) => self.shifted(group, partitions, *by),
            ResetTo::Timestamp(timestamp) => self.by_time(partitions, *timestamp),
            ResetTo::Duration(span) => {
                let before = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
                self.by_time(partitions, Timestamp(self.asked_at.0.saturating_sub(before)))
            }
        }
    }

    /// Only what is committed can be shifted (`OffsetsUtils.resetByShift`).
    fn shifted(&self, group: &GroupId, partitions: &[TopicPartition], by: i64) -> Way<Vec<Moved>> {
        let committed = self.need_committed(group)?;
        let missing = partitions.iter().find(|at| committed.get(at).is_none());
        if let Some(at) = missing {
            let message = format!("Cannot shift offset for partition {at} since there is no current committed offset");
            return Err(Box::new(Step::Failed(ErrorCode::InvalidRequest, Some(message.into()))));
        }
        self.need_offsets(partitions, OffsetSpec::Earliest)?;
        self.need_offsets(partitions, OffsetSpec::Latest)?;
        let from = |at: &TopicPartition| committed.get(at).and_then(|told| told.committed).unwrap_or(Offset::ZERO);
        let moved = |at: &TopicPartition| self.within(at, Offset(from(at).0.saturating_add(by)));
        Ok(partitions.iter().map(moved).collect())
    }

    /// The end where no record is as young as that (`OffsetsUtils.getLogTimestampOffsets`).
    fn by_time(&self, partitions: &[TopicPartition], timestamp: Timestamp) -> Way<Vec<Moved>> {
        let spec = OffsetSpec::Timestamp(timestamp);
        self.need_offsets(partitions, spec)?;
        let refused = partitions.iter().find_map(|at| self.known.offsets.get(&(at.clone(), spec))?.as_ref().err());
        if let Some(said) = refused {
            return Err(Box::new(Step::Failed(said.error, Some(said.message.clone()))));
        }
        self.need_offsets(partitions, OffsetSpec::Latest)?;
        let moved = |partition: &TopicPartition| match self.offset_of(partition, spec).filter(|at| *at >= Offset::ZERO)
        {
            Some(offset) => (offset, None),
            None => {
                let end = self.offset_of(partition, OffsetSpec::Latest).unwrap_or(Offset::ZERO);
                (end, Some(ResetNote::NoneAsYoung))
            }
        };
        Ok(partitions.iter().map(moved).collect())
    }

    /// No offset before the log's start or behind its end (`OffsetsUtils.checkOffsetsRange`).
    fn within(&self, partition: &TopicPartition, wanted: Offset) -> Moved {
        let at = |spec| self.offset_of(partition, spec).unwrap_or(wanted);
        let (start, end) = (at(OffsetSpec::Earliest), at(OffsetSpec::Latest));
        if wanted > end {
            (end, Some(ResetNote::BeyondEnd { wanted }))
        } else if wanted < start {
            (start, Some(ResetNote::BeforeStart { wanted }))
        } else {
            (wanted, None)
        }
    }
}
