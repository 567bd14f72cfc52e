//! A disk is a list of bytes per file, whatever was done to it and whenever it was packed.

use super::file::PIECES;
use super::*;
use base::{Digest, Draw};

fn text(store: &MemoryStore, file: FileId, position: u64, length: u32) -> Vec<u8> {
    store.read(Extent { file, position, length }).expect("in range").to_vec()
}

#[test]
fn what_was_appended_is_read_back_across_blocks_and_cuts() {
    let mut store = MemoryStore::new();
    let file = store.open("log").expect("opens");
    for index in 0..200u8 {
        store.append(file, &[Bytes::from(vec![index; 3])]).expect("appends");
    }
    assert_eq!(text(&store, file, 5, 5), [1, 2, 2, 2, 3]);
    assert_eq!(text(&store, file, 597, 3), [199; 3]);
    for cut in [599u64, 400, 193, 192, 191, 64, 1, 0] {
        let mut cut_store = store.clone();
        cut_store.truncate(file, cut).expect("truncates");
        assert_eq!(cut_store.len(file), Ok(cut));
        let expected: Vec<u8> = (0..200u8).flat_map(|index| [index; 3]).take(cut as usize).collect();
        assert_eq!(text(&cut_store, file, 0, cut as u32), expected, "cut at {cut}");
        let extent = cut_store.append(file, &[Bytes::from_static(b"xy")]).expect("appends");
        assert_eq!((extent.position, text(&cut_store, file, cut, 2)), (cut, b"xy".to_vec()));
    }
    assert_eq!(store.len(file), Ok(600), "the older snapshot is untouched");
    assert!(store.read(Extent { file, position: 599, length: 2 }).is_err());
}

#[test]
fn power_off_keeps_what_was_flushed() {
    let mut store = MemoryStore::new();
    let file = store.open("log").expect("opens");
    store.append(file, &[Bytes::from_static(b"safe")]).expect("appends");
    store.flush(file).expect("flushes");
    store.append(file, &[Bytes::from_static(b" perhaps")]).expect("appends");
    store.power_off(&mut Rng::new(1, 1));
    let left = store.len(file).expect("is there");
    assert!((4..=12).contains(&left));
    assert_eq!(text(&store, file, 0, 4), b"safe");
}

/// One file of a disk beside the bytes that it should have.
struct Twin {
    /// Packed now and then, with a pool of its own.
    packing: MemoryStore,
    plain: MemoryStore,
    pool: Pool,
    file: FileId,
    bytes: Vec<u8>,
    flushed: usize,
}

const NAME: &str = "log";

impl Twin {
    fn new() -> Twin {
        let (mut packing, mut plain) = (MemoryStore::new(), MemoryStore::new());
        let file = packing.open(NAME).expect("opens");
        assert_eq!(plain.open(NAME), Ok(file));
        Twin { packing, plain, pool: Pool::default(), file, bytes: Vec::new(), flushed: 0 }
    }

    /// The same on both disks.
    fn on_both(&mut self, act: impl Fn(&mut MemoryStore)) {
        act(&mut self.packing);
        act(&mut self.plain);
    }

    fn append(&mut self, rng: &mut Rng) {
        let file = self.file;
        let size = match rng.below(20) {
            0 => 40_000,
            1..6 => 0,
            _small => 300,
        };
        let pieces: Vec<Bytes> = (0..1 + rng.below(3)).map(|_| piece(rng, size)).collect();
        pieces.iter().for_each(|piece| self.bytes.extend_from_slice(piece));
        self.on_both(|store| assert!(store.append(file, &pieces).is_ok()));
    }

    fn act(&mut self, rng: &mut Rng) {
        let file = self.file;
        match rng.below(24) {
            0 => {
                let at = rng.below(self.bytes.len() as u32 + 2) as usize;
                self.bytes.truncate(at);
                self.flushed = self.flushed.min(self.bytes.len());
                self.on_both(|store| store.truncate(file, at as u64).expect("truncates"));
            }
            1 => {
                self.pool.next_pass();
                self.packing.pack(&mut self.pool);
            }
            2 => {
                self.flushed = self.bytes.len();
                self.on_both(|store| store.flush(file).expect("flushes"));
            }
            3 => self.rarely(rng),
            _else => self.append(rng),
        }
    }

    fn rarely(&mut self, rng: &mut Rng) {
        match rng.below(12) {
            0 => {
                self.bytes = piece(rng, 2_000).to_vec();
                self.flushed = self.bytes.len();
                let content = Bytes::copy_from_slice(&self.bytes);
                self.on_both(|store| store.replace(NAME, content.clone()).expect("replaces"));
            }
            1 => {
                self.on_both(|store| store.remove(NAME).expect("removes"));
                self.on_both(|store| assert!(store.open(NAME).is_ok()));
                self.file = self.plain.open(NAME).expect("opens");
                (self.bytes, self.flushed) = (Vec::new(), 0);
            }
            3 => self.on_both(|store| {
                // Onto a file that goes, away and back again.
                store.replace("other", Bytes::from_static(b"replaced")).expect("replaces");
                assert_eq!(store.rename(NAME, "other"), Ok(()));
                assert_eq!(store.rename(NAME, "other"), Err(StoreError::NoSuchName(NAME.into())));
                assert_eq!(store.rename("other", "other"), Ok(()));
                assert_eq!((store.rename("other", NAME), store.list("").len()), (Ok(()), 1));
            }),
            2 => {
                let seed = u64::from(rng.below(1_000));
                self.on_both(|store| store.power_off(&mut Rng::new(seed, 1)));
                let left = self.plain.len(self.file).expect("is there") as usize;
                assert!((self.flushed..=self.bytes.len()).contains(&left));
                self.bytes.truncate(left);
            }
            _nothing => {}
        }
    }

    fn check(&self, rng: &mut Rng) {
        let (file, length) = (self.file, self.bytes.len());
        let from = rng.below(length as u32 + 1) as usize;
        let to = from + rng.below((length - from).min(30_000) as u32 + 1) as usize;
        for store in [&self.packing, &self.plain] {
            assert_eq!(store.len(file), Ok(length as u64));
            assert_eq!(text(store, file, from as u64, (to - from) as u32), self.bytes[from..to]);
            assert_eq!(store.used(), length as u64);
            assert!(store.read(Extent { file, position: length as u64, length: 1 }).is_err());
        }
        assert_eq!(Digest::of(&self.packing), Digest::of(&self.plain), "packed or not, it says the same");
    }
}

/// Up to so many bytes, some of which compress.
fn piece(rng: &mut Rng, size: u32) -> Bytes {
    let length = rng.below(size + 1) as usize;
    let noise = rng.below(3) as usize * length / 3;
    (0..length).map(|index| if index < noise { rng.below(256) as u8 } else { b'.' }).collect()
}

#[test]
fn a_disk_holds_what_was_written_whatever_is_done_to_it() {
    for seed in 0..60 {
        let mut rng = Rng::new(seed, 9);
        let mut twin = Twin::new();
        for _ in 0..400 {
            twin.act(&mut rng);
            twin.check(&mut rng);
        }
    }
}

/// A tail that was cut to just as many pieces as a block had was never closed again.
#[test]
fn a_file_that_was_cut_is_closed_and_packed_like_any_other() {
    for cut in 0..400 {
        let mut store = MemoryStore::new();
        let file = store.open(NAME).expect("opens");
        let append = |store: &mut MemoryStore, count: usize| {
            (0..count).for_each(|_| assert!(store.append(file, &[Bytes::from(vec![7; 100])]).is_ok()));
        };
        append(&mut store, 400);
        store.truncate(file, cut * 100).expect("truncates");
        append(&mut store, 1_000);
        assert!(store.size().loose > 1_000 * 100 - 2 * 100 * PIECES as u64, "cut at {cut}: {:?}", store.size());
        store.pack(&mut Pool::default());
        let Size { used, held, loose } = store.size();
        assert!(loose == 0 && held < 80_000, "cut at {cut}: {held} of {used}");
    }
}

#[test]
fn replicas_share_what_is_packed() {
    let (mut pool, mut stores) = (Pool::default(), [(); 3].map(|()| MemoryStore::new()));
    let mut rng = Rng::new(5, 5);
    let pieces: Vec<Bytes> = (0..2_000).map(|_| piece(&mut rng, 200)).collect();
    for (behind, store) in stores.iter_mut().enumerate() {
        let file = store.open(NAME).expect("opens");
        // A follower packs a little later than its leader.
        pool.next_pass();
        for piece in &pieces[..pieces.len() - 10 * behind] {
            store.append(file, std::slice::from_ref(piece)).expect("appends");
        }
        store.pack(&mut pool);
    }
    let [leader, one, two] = stores.map(|store| store.size());
    assert!(one.held * 2 < leader.held && two.held * 2 < leader.held, "{leader:?} {one:?} {two:?}");
}

#[test]
fn disks_are_compared_file_by_file() {
    let mut store = MemoryStore::new();
    let file = store.open(NAME).expect("opens");
    let copy = store.clone();
    let all = |_: &str| true;
    assert!(store.has_same(&copy, all) && copy.has_same(&store, all));
    store.append(file, &[Bytes::from("more")]).expect("appends");
    assert!(!store.has_same(&copy, all) && store.has_same(&copy, |name| name != NAME));
    let mut another = copy.clone();
    another.open("z").expect("opens");
    assert!(!another.has_same(&copy, all) && !copy.has_same(&another, all));
}
