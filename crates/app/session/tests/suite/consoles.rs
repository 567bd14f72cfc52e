//! Console clients: which cluster a line is for, and what a console consumer prints wherever the reader goes.

use session::{Answer, Asker, Foreground, LineKind, Playback, Session, Start, Surroundings, ViewOptions, printed};
use sim::ClusterIndex;
use view::Time;
use view::text::Language;

const EN: Language = Language::English;

/// Both clusters have what lines are typed for.
const TWO: &str = "blumfeld 1\ntitle: Two\nseed: 5\nbrokers: 1\ncontrollers: 1\ncluster: west\nbrokers: 1\ncontrollers: 1\n\n\
    @6s create-topic t partitions=1 rf=1\nin west create-topic t partitions=1 rf=1\n@9s mark ready\n";
/// Somebody sends, and a text types a console consumer of its own.
const ONE: &str = "blumfeld 1\ntitle: One\nseed: 5\nbrokers: 1\ncontrollers: 1\nset: offsets.topic.replication.factor=1\n\n\
    @6s create-topic t partitions=1 rf=1\n@7s add-producer web t every=5ms\n@9s mark ready\n";

struct Desk {
    session: Session,
    /// All that the terminal has shown.
    lines: Vec<(LineKind, String)>,
}

impl Desk {
    fn of(text: &str) -> Desk {
        let start = Start { text: Some(text.to_owned()), ..Start::default() };
        let around = Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() };
        let mut desk = Desk { session: Session::open(&start, around), lines: Vec::new() };
        desk.look();
        desk
    }

    /// A frame, and more until whatever is under way is done.
    fn look(&mut self) {
        loop {
            let frame = self.session.frame(&ViewOptions::default());
            for answer in &frame.answers {
                self.lines.extend(lines_of(answer).into_iter().map(|line| (line.kind, line.text)));
            }
            if frame.way.is_none() {
                return;
            }
            self.session.advance(16.0, EN);
        }
    }

    fn seek(&mut self, seconds: u64) {
        self.session.play(Playback::Seek(Time(seconds * 1_000_000_000)));
        self.look();
    }

    /// Half a minute of frames.
    fn play(&mut self) {
        self.session.play(Playback::Toggle);
        for _ in 0..2_000 {
            self.session.advance(16.0, EN);
            self.look();
        }
        self.session.play(Playback::Toggle);
    }

    fn enter(&mut self, line: &str) {
        let lines = self.session.line(line, EN);
        self.lines.extend(lines.into_iter().map(|line| (line.kind, line.text)));
        self.look();
    }

    /// What was shown since the last time.
    fn told(&mut self) -> Vec<(LineKind, String)> {
        std::mem::take(&mut self.lines)
    }
}

fn lines_of(answer: &Answer) -> Vec<session::TerminalLine> {
    match &answer.asker {
        Asker::Line(line) => printed(line, answer),
        Asker::Text => answer.tool.clone().unwrap_or_default(),
        Asker::Act(_) | Asker::Page | Asker::Gesture => Vec::new(),
    }
}

/// Records by their number, and how many more were counted.
fn records(lines: &[(LineKind, String)]) -> (Vec<u64>, u64) {
    let number =
        |line: &String| line.strip_prefix("web ").or(line.strip_prefix("web-")).and_then(|text| text.parse().ok());
    let shown = lines.iter().filter(|(kind, _)| *kind == LineKind::Output).filter_map(|(_, line)| number(line));
    let unseen =
        lines.iter().filter(|(kind, line)| *kind == LineKind::Comment && line.ends_with("counted, not shown."));
    let unseen = unseen.filter_map(|(_, line)| line.split(' ').next()?.parse::<u64>().ok());
    (shown.collect(), unseen.sum())
}

/// `--bootstrap-server localhost:9092` is a server of the cluster that is shown.
#[test]
fn a_piped_producer_is_one_of_the_shown_cluster() {
    let mut desk = Desk::of(TWO);
    let west = ClusterIndex(1);
    desk.session.show_cluster(west);
    let add = |desk: &mut Desk, line: &str| {
        desk.enter(line);
        // The tool before has to come to its end.
        desk.play();
        let names = [west, ClusterIndex::FIRST].map(|cluster| {
            desk.session.show_cluster(cluster);
            let frame = desk.session.frame(&ViewOptions::default());
            frame.stage.producers.iter().map(|view| view.name.to_string()).collect::<Vec<_>>()
        });
        desk.session.show_cluster(west);
        names
    };
    let tool = "kafka-console-producer.sh --topic t --bootstrap-server";
    let names = add(&mut desk, &format!("printf 'a\\nb' | {tool} localhost:9092"));
    assert_eq!(names, [vec!["console-producer".to_owned()], Vec::new()]);
    let names = add(&mut desk, &format!("echo c | {tool} broker-1:9092"));
    assert_eq!(names[1], ["console-producer-2"], "it names the first one's broker");
    desk.told();
    desk.enter("kafka-topics.sh --list --zookeeper localhost:2181");
    let offers: Vec<String> =
        desk.told().into_iter().filter(|(kind, _)| *kind == LineKind::Offer).map(|(_, line)| line).collect();
    assert_eq!(offers, ["kafka-topics.sh --bootstrap-server broker-1.west:9092 --list"]);
}

/// What a long way has passed over is counted and said; after going back it is printed again.
#[test]
fn a_console_consumer_prints_wherever_the_reader_goes() {
    let mut desk = Desk::of(ONE);
    desk.seek(9);
    desk.enter("kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic t --from-beginning");
    desk.told();
    assert_eq!(desk.session.foreground(), Foreground::Prints);
    desk.seek(14);
    let (first, unseen) = records(&desk.told());
    assert!(!first.is_empty(), "it prints");
    assert_eq!(unseen, 0);
    desk.seek(200);
    let (shown, unseen) = records(&desk.told());
    assert!(unseen > 10_000, "{unseen} after 186 s of 200 records a second");
    let all = first.len() as u64 + shown.len() as u64 + unseen;
    desk.session.interrupt(EN);
    desk.play();
    let lines = desk.told();
    let (more, unseen) = records(&lines);
    let total =
        lines.iter().find_map(|(_, line)| line.strip_prefix("Processed a total of ")?.split(' ').next()?.parse().ok());
    assert_eq!(total, Some(all + more.len() as u64 + unseen), "each record is shown or counted");
    desk.seek(13);
    assert_eq!(records(&desk.told()), (Vec::new(), 0));
    assert_eq!(desk.session.foreground(), Foreground::Prints, "it has not ended yet");
    desk.seek(14);
    let (again, unseen) = records(&desk.told());
    assert_eq!(again, first[first.len() - again.len()..], "the same once more");
    assert!(!again.is_empty() && unseen == 0);
    desk.seek(8);
    assert_eq!(desk.session.foreground(), Foreground::Shell, "it is not there yet");
    desk.seek(14);
    let (again, unseen) = records(&desk.told());
    assert!(!again.is_empty() && first.ends_with(&again), "from its start on, each shown or counted");
    assert_eq!(again.len() as u64 + unseen, first.len() as u64);
}

/// Also where a step ends at the very instant at which it was given something.
#[test]
fn steps_back_print_nothing_and_steps_on_print_each_record_once() {
    let mut desk = Desk::of(ONE);
    desk.seek(9);
    desk.enter("kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic t --from-beginning");
    desk.seek(14);
    let (first, _) = records(&desk.told());
    let mut steps = |step: Playback| {
        for _ in 0..150 {
            desk.session.play(step);
            desk.look();
        }
        records(&desk.told())
    };
    assert_eq!(steps(Playback::StepBack), (Vec::new(), 0));
    let (again, unseen) = steps(Playback::Step);
    assert!(!again.is_empty() && first.ends_with(&again) && unseen == 0, "{again:?} of {first:?}");
    // Exactly onto an instant at which it was given something, from behind it.
    desk.seek(13);
    desk.told();
    let given = loop {
        desk.session.play(Playback::Step);
        desk.look();
        if !desk.told().is_empty() {
            break desk.session.frame(&ViewOptions::default()).timeline.now;
        }
    };
    desk.seek(14);
    desk.told();
    desk.session.play(Playback::Seek(given));
    desk.look();
    assert_eq!(desk.told(), Vec::new());
}

/// Clients that a text's lines start close as processes end: whoever goes back finds them open, and who acts anew finds them closed
/// as his run has it.
#[test]
fn console_clients_of_a_text_close() {
    let server = "--bootstrap-server localhost:9092 --topic t";
    let text = format!(
        "{ONE}@10s printf 'a\\nb' | kafka-console-producer.sh {server}\n\
         echo c | kafka-console-producer.sh {server}\n\
         @11s kafka-console-consumer.sh {server} --from-beginning --max-messages 3\n\
         @12s kafka-console-consumer.sh {server} --partition 0 --timeout-ms 700\n\
         kafka-producer-perf-test.sh {server} --num-records 5 --record-size 10 --throughput 100 --command-property acks=1\n"
    );
    let mut desk = Desk::of(&text);
    let open = |desk: &mut Desk| {
        let frame = desk.session.frame(&ViewOptions::default());
        let producers = frame.stage.producers.iter().filter(|one| !one.stopped).map(|one| one.name.clone());
        let members = frame.stage.groups.iter().flat_map(|group| group.members.iter());
        let consumers = members.filter(|one| one.state != view::MemberState::Stopped).map(|one| one.name.clone());
        producers.chain(consumers).collect::<Vec<_>>()
    };
    for _ in 0..2 {
        desk.seek(9);
        assert_eq!(open(&mut desk), ["web"]);
        desk.session.play(Playback::Seek(Time(12_500_000_000)));
        desk.look();
        assert!(open(&mut desk).contains(&"console-consumer-2".to_owned()), "web sends, so it waits for nothing");
        desk.seek(30);
        assert_eq!(open(&mut desk), ["web", "console-consumer-2"]);
    }
    // Without web the last consumer has waited long enough.
    desk.seek(12);
    desk.enter("stop web");
    desk.seek(30);
    assert_eq!(open(&mut desk), Vec::<String>::new());
}

/// It does not take the terminal from whoever reads, and closes nothing.
#[test]
fn a_console_consumer_of_a_text_prints() {
    let text = format!(
        "{ONE}@10s kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic t --from-beginning --max-messages 3\n\
         @12s kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic t --group g\n"
    );
    let mut desk = Desk::of(&text);
    for _ in 0..2 {
        desk.seek(8);
        desk.told();
        desk.seek(15);
        let lines = desk.told();
        let (shown, unseen) = records(&lines);
        assert_eq!(shown.len() as u64 + unseen, 3, "{lines:#?}");
        assert_eq!(lines.iter().filter(|(_, line)| line == "Processed a total of 3 messages").count(), 1);
        desk.seek(20);
        let lines = desk.told();
        let (shown, unseen) = records(&lines);
        assert!(shown.len() as u64 + unseen > 100, "the other one reads on");
        assert_eq!((desk.session.foreground(), desk.session.acts_done()), (Foreground::Shell, 0));
    }
}
