//! What a leader's `append` refuses, and what becomes of a leader whose disk fails.

use base::{BrokerId, Endpoint, ErrorCode, FlatMap, FlatSet, Offset, Rng, Span, Str, Time, Timestamp};
use bytes::Bytes;
use port::{Cx, Extent, FileId, Listeners, MemoryStore, NodeSetup, Outbox, Roles, Store, StoreError, Voter};
use quorum::Quorum;

/// A disk that takes nothing any more once it is broken.
#[derive(Default)]
struct Fragile {
    inner: MemoryStore,
    broken: bool,
}

impl Fragile {
    fn sound(&mut self) -> Result<&mut MemoryStore, StoreError> {
        if self.broken { Err(StoreError::Full) } else { Ok(&mut self.inner) }
    }
}

impl Store for Fragile {
    fn open(&mut self, name: &str) -> Result<FileId, StoreError> {
        self.inner.open(name)
    }
    fn list(&self, prefix: &str) -> Vec<Str> {
        self.inner.list(prefix)
    }
    fn exists(&self, name: &str) -> bool {
        self.inner.exists(name)
    }
    fn len(&self, file: FileId) -> Result<u64, StoreError> {
        self.inner.len(file)
    }
    fn append(&mut self, file: FileId, pieces: &[Bytes]) -> Result<Extent, StoreError> {
        self.sound()?.append(file, pieces)
    }
    fn read(&self, extent: Extent) -> Result<Bytes, StoreError> {
        self.inner.read(extent)
    }
    fn truncate(&mut self, file: FileId, length: u64) -> Result<(), StoreError> {
        self.sound()?.truncate(file, length)
    }
    fn rename(&mut self, from: &str, to: &str) -> Result<(), StoreError> {
        self.sound()?.rename(from, to)
    }
    fn remove(&mut self, name: &str) -> Result<(), StoreError> {
        self.sound()?.remove(name)
    }
    fn replace(&mut self, name: &str, content: Bytes) -> Result<(), StoreError> {
        self.sound()?.replace(name, content)
    }
    fn content(&self, name: &str) -> Option<Bytes> {
        self.inner.content(name)
    }
    fn flush(&mut self, file: FileId) -> Result<(), StoreError> {
        self.sound()?.flush(file)
    }
}

/// A voter that is alone and so leads at once, with the LeaderChange record at offset 0.
struct Sole {
    now: Time,
    rng: Rng,
    store: Fragile,
    outbox: Outbox,
    quorum: Quorum,
}

impl Sole {
    fn new() -> Sole {
        let endpoint = Endpoint { host: "node".into(), port: 1 };
        let node = BrokerId(1);
        let setup = NodeSetup {
            cluster_id: "cluster".into(),
            node,
            roles: Roles::Controller,
            listeners: Listeners::plaintext(endpoint.clone()),
            controller_endpoint: endpoint.clone(),
            rack: None,
            voters: vec![Voter { id: node, endpoint }],
            features: FlatSet::new(),
            overrides: FlatMap::new(),
            topic_policy: port::TopicPolicy::default(),
        };
        let (mut rng, mut store, mut outbox) = (Rng::new(1, 1), Fragile::default(), Outbox::default());
        let (now, wall) = (Time::ZERO, Timestamp(0));
        let mut cx = Cx { now, wall, rng: &mut rng, store: &mut store, outbox: &mut outbox };
        let mut quorum = Quorum::boot(&setup, &mut cx);
        quorum.take_outputs();
        assert!(quorum.is_leader());
        Sole { now, rng, store, outbox, quorum }
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut Quorum, &mut Cx<'_>) -> T) -> T {
        let Sole { now, rng, store, outbox, quorum } = self;
        act(quorum, &mut Cx { now: *now, wall: Timestamp(0), rng, store, outbox })
    }

    fn append(&mut self, records: Vec<Bytes>) -> Result<Offset, ErrorCode> {
        self.with(|quorum, cx| quorum.append(cx, records, Str::from("test")))
    }

    /// Lets the append linger pass.
    fn write(&mut self) {
        self.now = self.now + Span::from_secs(1);
        self.with(|quorum, cx| quorum.on_deadline(cx));
    }
}

fn record(size: usize) -> Bytes {
    Bytes::from(vec![7; size])
}

#[test]
fn without_records_nothing_is_appended() {
    let mut sole = Sole::new();
    assert_eq!(sole.append(Vec::new()), Err(ErrorCode::InvalidRequest));
    assert_eq!((sole.quorum.pending(), sole.quorum.log_end()), (0, Offset(1)));
    sole.quorum.verify();
}

#[test]
fn what_fits_in_no_batch_is_refused_and_leaves_what_waits_alone() {
    let mut sole = Sole::new();
    assert_eq!(sole.append(vec![record(10)]), Ok(Offset(1)));
    let large = usize::try_from(port::METADATA_BATCH_MAX).expect("eight megabytes");
    assert_eq!(sole.append(vec![record(large)]), Err(ErrorCode::RecordListTooLarge));
    assert_eq!(sole.append(vec![record(10)]), Ok(Offset(2)));
    sole.write();
    assert_eq!((sole.quorum.pending(), sole.quorum.log_end()), (0, Offset(3)));
}

#[test]
fn whoever_has_left_appends_nothing() {
    let mut sole = Sole::new();
    sole.with(|quorum, cx| quorum.shut_down(cx));
    assert_eq!(sole.append(vec![record(10)]), Err(ErrorCode::NotController));
}

#[test]
fn a_leader_whose_disk_fails_ends_and_gives_out_no_more_offsets() {
    let mut sole = Sole::new();
    let large = usize::try_from(port::METADATA_BATCH_MAX / 2).expect("four megabytes");
    assert_eq!(sole.append(vec![record(large)]), Ok(Offset(1)));
    sole.store.broken = true;
    // It does not fit beside the first, so that one is written first, and fails.
    assert_eq!(sole.append(vec![record(large)]), Err(ErrorCode::NotController));
    assert!(sole.quorum.has_failed() && sole.outbox.wants_exit);
    assert_eq!((sole.quorum.log_end(), sole.quorum.next_deadline()), (Offset(1), None));
}

#[test]
fn a_leader_whose_disk_fails_as_the_linger_ends_is_over() {
    let mut sole = Sole::new();
    assert_eq!(sole.append(vec![record(10)]), Ok(Offset(1)));
    sole.store.broken = true;
    sole.write();
    assert!(sole.quorum.has_failed() && sole.outbox.wants_exit);
    assert_eq!(sole.append(vec![record(10)]), Err(ErrorCode::NotController));
}
