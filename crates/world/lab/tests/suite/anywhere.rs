//! Any act at any instant: random seeks, steps, plays, undos, redos, forks, acts left out and put back, and acts of every
//! kind, refused ones too, in the middle of a scene's own acts as well. Nothing panics; what is done on each branch is
//! what a plain book of it says; the state is that of a plain world that is given the same commands; what is shared holds
//! every act and opens to the same digests.
//!
//! `SEQUENCES` says how many random sequences are tried, `FIRST` the seed of the first.

use base::{Digest, Draw, Rng, Span, Time};
use lab::{ActId, Author, Intent, Lab, Outcome, Replay, Tempo};
use script::link::Link;
use script::{PlacedCommand, Scenario};
use sim::{NoFacts, World};

/// Scenes with acts of their own in close succession, some at one instant, one of them refused by the world.
const SCENES: [&str; 3] = [
    "title: Alone\nseed: 3\ncombined: 1\nopen: 2s
set: offsets.topic.replication.factor=1
@300ms create-topic orders partitions=2 rf=1
@300ms add-consumer reader shop orders
@700ms add-producer web orders keys=a,b every=150ms
@700ms kill nobody
@1500ms pace web 90ms
@1900ms send web hello key=a
",
    "title: Two and a controller\nseed: 5\nbrokers: 2\ncontrollers: 1\nopen: 3s
set: offsets.topic.replication.factor=1
@1s create-topic orders assign=1,2/2,1
@1s add-consumer reader shop orders
@1s add-producer web orders keys=a every=400ms acks=all
@2500ms kill 2
@2500ms start 2
",
    "title: Nothing of its own\nseed: 9\ncombined: 1\nopen: 0s\n",
];

const LINES: &[&str] = &[
    "via broker-2:9092 list-topics",
    "via weekend:9092 list-topics",
    "kill 2",
    "kill 1",
    "start 2",
    "start 1",
    "send web hello key=order-1",
    "send reader hello",
    "stop reader",
    "start reader",
    "create-topic payments partitions=2 rf=1",
    "create-topic orders",
    "create-topic other rf=7",
    "add-producer p1 payments keys=A,B every=200ms acks=all",
    "add-producer p1 payments every=0",
    "add-consumer c-1 audit payments,orders work=2ms",
    "cut 1 2",
    "heal 1 2",
    "heal nobody 2",
    "stall web 1 200ms",
    "pace web 250ms",
    "pace web off",
    "pause 1",
    "resume 1",
    "power-off 1",
    "elect-leaders preferred",
    "elect-leaders unclean orders-0",
    "alter-topic orders retention.ms=60000",
    "add-partitions orders 4",
    "read orders-0 from=0",
    "list-topics",
    "delete-topic payments",
    "add-broker 4 rack=a",
    "delay 1 web 20ms",
    "reset 1 web",
    "cut-one-way 1 web",
    "hold 2 1 Fetch",
    "lose 1 web Produce 2",
    "heal-all",
    "leave reader",
    "leave web",
    "send web 值 key=键",
    "nonsense",
    "kafka-topics --bootstrap-server localhost:9092 --create --topic clicks --partitions 2 --replication-factor 1",
];

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// What was done on a branch, in the order of doing: the plainest book of it.
#[derive(Clone, Default)]
struct Book {
    acts: Vec<(PlacedCommand, Entry)>,
    /// The acts' numbers: they count what was ever done, also what was forgotten.
    numbers: Vec<u32>,
    count: u32,
    /// Indices; the last was undone last.
    undone: Vec<usize>,
    /// Of the scene.
    without: Vec<u32>,
}

#[derive(Clone, Copy, PartialEq)]
enum Entry {
    Done,
    LeftOut,
    Undone,
}

impl Book {
    /// What only asks changes nothing, and there is nothing to undo of it.
    fn last(&self) -> Option<usize> {
        self.acts.iter().rposition(|(act, entry)| *entry == Entry::Done && !act.command.only_reads())
    }

    fn undo(&mut self) {
        let last = self.last().expect("there was one");
        self.acts[last].1 = Entry::Undone;
        self.undone.push(last);
    }

    fn redo(&mut self) {
        let last = self.undone.pop().expect("there was one");
        self.acts[last].1 = Entry::Done;
    }

    fn add(&mut self, act: PlacedCommand) {
        self.count += 1;
        self.acts.push((act, Entry::Done));
        self.numbers.push(self.count);
    }

    fn forget_undone(&mut self) {
        let gone: Vec<bool> = self.acts.iter().map(|(_, entry)| *entry == Entry::Undone).collect();
        let mut kept = gone.iter().map(|gone| !gone);
        self.numbers.retain(|_| kept.next().expect("one for each"));
        self.acts.retain(|(_, entry)| *entry != Entry::Undone);
    }

    /// Those that are done, by their lines and about when: an act may be moved by one nanosecond for each other.
    fn check(&self, lab: &Lab) {
        let acts = &lab.history().branch().acts;
        let line = |act: &PlacedCommand| (script::print(&act.command), act.after.0.div_ceil(100));
        let done = self.acts.iter().filter(|(_, entry)| *entry == Entry::Done).map(|(act, _)| line(act));
        let (mut mine, mut its): (Vec<_>, Vec<_>) = (done.collect(), acts.own().map(line).collect());
        mine.sort();
        its.sort();
        assert_eq!(mine.len(), its.len(), "every act is there, and no other");
        let alike = |(one, other): (&(String, u64), &(String, u64))| one.0 == other.0 && one.1.abs_diff(other.1) <= 1;
        assert!(mine.iter().zip(&its).all(alike), "{mine:?} {its:?}");
        assert_eq!(acts.without().iter().copied().collect::<Vec<_>>(), self.without);
        assert_eq!(acts.last_done().map(line).map(|act| act.0), self.last().map(|last| line(&self.acts[last].0).0));
        assert_eq!(acts.last_undone().is_some(), !self.undone.is_empty());
    }
}

/// A laboratory, and what was done on each of its branches.
struct Subject {
    lab: Lab,
    books: Vec<Book>,
}

impl Subject {
    fn new(scenario: Scenario) -> Subject {
        Subject { lab: Lab::begin(scenario), books: vec![Book::default()] }
    }

    fn dispatch(&mut self, intent: Intent) {
        let (branches, before) = (self.lab.history().branches().len(), self.lab.history().current());
        let at = self.lab.now();
        let done = self.lab.dispatch(intent.clone());
        let current = self.lab.history().current();
        let added = self.lab.history().branches().len() - branches;
        if done.is_err() {
            assert_eq!((added, current), (0, before), "what was refused makes no branch");
            return;
        }
        if added > 0 {
            let (parent, from) = self.lab.history().branch().parent.expect("it left another");
            assert_eq!((added, parent, current), (1, before, branches));
            assert!(from <= at.max(self.lab.now()));
            self.books.push(self.books[before].clone());
        }
        if let Ok(lab::Done::Carried { command, .. }) = done {
            if added > 0 {
                // The branch that was left is what it was before anything was undone, as far back as it is kept.
                let begin = self.lab.history().branches()[before].rewinds_to();
                let book = &mut self.books[before];
                while book.undone.last().is_some_and(|last| book.acts[*last].0.after >= begin) {
                    book.redo();
                }
                self.books[current].forget_undone();
            }
            assert!(self.books[current].undone.is_empty() || added > 0, "a new act after an undo makes a branch");
            self.books[current].undone.clear();
            let after = Time(self.lab.now().0 - 1);
            self.books[current].add(PlacedCommand { after, command });
        } else {
            assert!(added == 0 || intent == Intent::Fork, "only a new act and a fork make a branch");
            self.take_down(&intent);
        }
        self.books[current].check(&self.lab);
    }

    /// What takes away or brings back acts leaves the reader where he is, or right beside the act.
    fn take_down(&mut self, intent: &Intent) {
        let book = &mut self.books[self.lab.history().current()];
        match intent {
            Intent::Undo => book.undo(),
            Intent::Redo => book.redo(),
            Intent::LeaveOut(ActId::Scene(index)) => {
                book.without.push(*index);
                book.without.sort_unstable();
            }
            Intent::PutBack(ActId::Scene(index)) => book.without.retain(|known| known != index),
            Intent::LeaveOut(ActId::Reader(_)) | Intent::PutBack(ActId::Reader(_)) => {
                unreachable!("random moves name the reader's acts by their place")
            }
            _no_acts => {}
        }
    }

    /// Leaves out, or puts back, one of the acts that are still to come.
    fn toggle(&mut self, rng: &mut Rng) {
        let (at, current) = (self.lab.now(), self.lab.history().current());
        let ahead = self.lab.history().branch().acts.future(at, 1 + rng.below(9) as usize);
        let Some(act) = ahead.last() else { return };
        let (intent, entry) = match act.standing {
            lab::Standing::Done => (Intent::LeaveOut(act.id), Entry::LeftOut),
            lab::Standing::LeftOut | lab::Standing::Undone => (Intent::PutBack(act.id), Entry::Done),
        };
        if act.id.author() == Author::Scene {
            return self.dispatch(intent);
        }
        let ActId::Reader(number) = act.id else { unreachable!("it is the reader's") };
        let book = &mut self.books[current];
        let place = book.numbers.iter().position(|known| *known == number).expect("it is in the book");
        assert_eq!(
            (&book.acts[place].0.command, book.acts[place].1 == Entry::Done),
            (&act.placed.command, entry == Entry::LeftOut)
        );
        book.acts[place].1 = entry;
        self.lab.dispatch(intent).expect("it is there");
        assert_eq!(self.lab.now(), at, "what is to come changes nothing here");
        self.books[current].check(&self.lab);
    }

    /// Takes back or brings back, and compares at once.
    fn again(&mut self, intent: Intent) {
        let (at, acts) = (self.lab.now(), &self.lab.history().branch().acts);
        let is_undo = intent == Intent::Undo;
        let place = if is_undo { acts.last_done() } else { acts.last_undone() };
        let place = place.map(|act| act.after);
        self.dispatch(intent);
        let Some(after) = place else { return };
        let now = self.lab.now();
        let beside = if is_undo { at.0 == after.0 + 1 && now == after } else { at == after && now.0 == after.0 + 1 };
        assert!(now == at || beside, "{at:?} {now:?}");
        assert_eq!(plain(&self.lab), digests(&self.lab), "played again with and without it");
    }

    /// Goes on for long, or forgets some of the past; both branches' past, for the memory is one.
    fn grow_old(&mut self, rng: &mut Rng) {
        match rng.below(3) {
            0 => self.lab.thin_past(),
            1 => {
                self.lab.forget_before(self.instant(rng).max(Time(self.lab.now().0 / 2)));
            }
            _ => self.dispatch(Intent::Seek(self.lab.now() + Span::from_secs(5 + u64::from(rng.below(15))))),
        }
    }

    /// One random move; instants within the first seconds, most of them round, some right beside an act.
    fn step(&mut self, rng: &mut Rng) {
        let intent = match rng.below(22) {
            0..=6 => Intent::Line(LINES[rng.below(LINES.len() as u32) as usize].into()),
            7..=9 => Intent::Seek(self.instant(rng)),
            10 => Intent::Step,
            11 => Intent::StepBack,
            12 => return self.again(Intent::Undo),
            13 => return self.again(Intent::Redo),
            14 => Intent::Fork,
            15 => Intent::SwitchBranch(rng.below(4) as usize),
            16 => Intent::PreviousVisible,
            17 => match rng.below(3) {
                0 => Intent::SeekStart,
                1 => Intent::SeekEnd,
                _ => Intent::Mark("here".into()),
            },
            18 => Intent::Tempo(if rng.below(2) == 0 { Tempo::Auto } else { Tempo::Manual(f64::from(rng.below(30))) }),
            19 | 20 => return self.toggle(rng),
            _ => return self.play(rng),
        };
        self.dispatch(intent);
    }

    fn play(&mut self, rng: &mut Rng) {
        self.dispatch(Intent::Play);
        for _ in 0..rng.below(6) {
            self.lab.advance(1.0 / 60.0, u64::from(1 + rng.below(300)));
            if rng.below(3) == 0 {
                self.dispatch(Intent::Line(LINES[rng.below(LINES.len() as u32) as usize].into()));
            }
        }
        if rng.below(2) == 0 {
            self.dispatch(Intent::Pause);
        }
    }

    fn instant(&self, rng: &mut Rng) -> Time {
        let commands = self.lab.commands();
        match rng.below(3) {
            0 if !commands.is_empty() => {
                let act = &commands[rng.below(commands.len() as u32) as usize];
                Time((act.after.0 + u64::from(rng.below(4))).saturating_sub(1))
            }
            1 => Time(u64::from(rng.below(4_000)) * 1_000_000),
            _ => Time(rng.below_u64(4_000_000_000)),
        }
    }

    fn check(&mut self) {
        let lab = &mut self.lab;
        lab.dispatch(Intent::Pause).expect("pauses");
        let here = digests(lab);
        assert_eq!(plain(lab), here, "a plain world given the same commands");
        self.books[lab.history().current()].check(lab);
        let text = lab.share().expect("it fits into a link");
        let link = Link::read(&text).expect("it opens");
        let from_scene = lab.scenario().id.is_some();
        if from_scene {
            let own: Vec<PlacedCommand> = lab.history().branch().acts.own().cloned().collect();
            assert_eq!(link.commands, own, "what is shared holds every act");
        }
        let mut replay = Replay::new(&link).expect("of this build");
        while !replay.advance(100_000) {}
        let (again, outcome) = replay.finish();
        assert!(matches!(outcome, Outcome::Matches { .. }), "{outcome:?}");
        assert_eq!(digests(&again), here);
        assert_eq!(again.commands(), lab.commands());
    }
}

fn digests(lab: &Lab) -> (Digest, Digest, Time) {
    (lab.run().world.run_digest(), lab.state_digest(), lab.now())
}

/// The same commands without any laboratory.
fn plain(lab: &Lab) -> (Digest, Digest, Time) {
    let mut world = World::new(&lab.scenario().setup, lab.scenario().seed);
    // Nobody listens: what is told is no part of the state.
    for placed in lab.commands().iter().take_while(|placed| placed.after < lab.now()) {
        while world.step_until(placed.after, &mut NoFacts).is_some() {}
        let _ = world.apply_at(placed.at(), &placed.command, &mut NoFacts);
    }
    while world.step_until(lab.now(), &mut NoFacts).is_some() {}
    (world.run_digest(), world.state_digest(), lab.now())
}

fn sequence(seed: u64) {
    let mut rng = Rng::new(seed, 77);
    let scene = match rng.below(16) {
        // The only one that a link names; it takes longer.
        0 => Scenario::opening(),
        _ => Scenario::parse(SCENES[rng.below(3) as usize]).expect("our own"),
    };
    let mut subject = Subject::new(scene);
    for _ in 0..2 + rng.below(14) {
        subject.step(&mut rng);
    }
    subject.check();
}

/// The same in long runs whose past is thinned and forgotten: what cannot be played again is refused, and nothing else
/// is lost.
fn long_sequence(seed: u64) {
    let mut rng = Rng::new(seed, 78);
    let scene = if rng.below(2) == 0 {
        Scenario::opening()
    } else {
        Scenario::parse(SCENES[rng.below(2) as usize]).expect("our own")
    };
    let mut subject = Subject::new(scene);
    for _ in 0..8 + rng.below(24) {
        match rng.below(4) {
            0 => subject.grow_old(&mut rng),
            _ => subject.step(&mut rng),
        }
    }
    subject.check();
}

#[test]
fn any_act_at_any_instant() {
    all("SEQUENCES", 10_000, sequence);
}

#[test]
fn any_act_at_any_instant_of_a_run_whose_past_is_forgotten() {
    all("LONG_SEQUENCES", 400, long_sequence);
}

fn all(name: &str, most: u64, sequence: fn(u64)) {
    let (count, first) = (number(name, most), number("FIRST", 1));
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || {
                for seed in (first..first + count).filter(|seed| seed % 2 == half) {
                    let done = std::panic::catch_unwind(|| sequence(seed));
                    assert!(done.is_ok(), "sequence {seed} failed; try FIRST={seed} {name}=1");
                }
            });
        }
    });
    println!("{count} sequences");
}
