//! A picture of one of a run's clusters: tabs tell of all of them in both languages, cards and answers are of the one that is
//! looked at, and what goes wrong in one is told nowhere else.

use base::{Span, Time};
use lab::{Intent, Lab};
use script::Scenario;
use sim::ClusterIndex;
use view::picture::story::{Wanted, story_of_all};
use view::picture::{self, Account, Look, Memory};
use view::text::{EN, ZH};
use view::{StageView, Tone};

const FIRST: ClusterIndex = ClusterIndex::FIRST;
const WEST: ClusterIndex = ClusterIndex(1);
const TEXT: &str = "blumfeld 1\nseed: 5\nbrokers: 2\ncontrollers: 1\ncluster: west\nbrokers: 2\ncontrollers: 1\n\n\
    @6s create-topic orders partitions=1 rf=2\nin west create-topic payments partitions=1 rf=1\n\
    @7s add-producer web orders acks=all keys=a every=100ms\nin west add-producer shop payments acks=1 keys=z,y every=100ms\n\
    @12s list-topics\n";

fn lab() -> Lab {
    let mut lab = Lab::new(Scenario::parse(TEXT).expect("a scenario")).telling(picture::saying);
    seek(&mut lab, 12);
    lab
}

fn seek(lab: &mut Lab, seconds: u64) {
    lab.dispatch(Intent::Seek(Time::ZERO + Span::from_secs(seconds))).expect("it is there");
}

fn look(lab: &Lab, cluster: ClusterIndex) -> Look<'_> {
    let (run, marks, now) = (lab.run(), &lab.history().branch().marks, lab.now());
    let account = Account::of_cluster((run, cluster), marks.pace(), now);
    Look::of(run.world.cluster(cluster).expect("there are two"), marks.told_of(cluster, now), account, &EN)
}

fn stage(lab: &Lab, cluster: ClusterIndex) -> StageView {
    picture::stage(&look(lab, cluster), &mut Memory::default())
}

#[test]
fn tabs_tell_of_each_cluster_in_both_languages() {
    let mut lab = lab();
    let told = |lab: &Lab, text| {
        let view = picture::clusters(lab, WEST, text).expect("there are two");
        let tabs = view.tabs.into_iter().map(|tab| (tab.name.to_string(), tab.shown, tab.tone, tab.state));
        (view.label, tabs.collect::<Vec<_>>())
    };
    let well = |state| [("blumfeld".to_owned(), false, Tone::Plain, ""), ("west".to_owned(), true, state, "")].to_vec();
    assert_eq!(told(&lab, &EN), ("Clusters", well(Tone::Plain)));
    lab.dispatch(Intent::Line("kill c1".into())).expect("it runs");
    seek(&mut lab, 16);
    for (text, label, state) in [(&EN, "Clusters", "needs attention"), (&ZH, "集群", "需要关注")] {
        let (said, tabs) = told(&lab, text);
        assert_eq!((said, tabs[0].2, tabs[0].3), (label, Tone::Bad, state));
        assert_eq!((tabs[1].2, tabs[1].3), (Tone::Plain, ""));
    }
    assert!(picture::clusters(&Lab::new(Scenario::opening()), FIRST, &EN).is_none());
}

/// What is the same in both, as numbers of brokers and hues of first topics, is each one's own.
#[test]
fn hues_glyphs_ledgers_and_names_are_of_one_cluster() {
    let lab = lab();
    let [first, west] = [FIRST, WEST].map(|cluster| stage(&lab, cluster));
    let partitions =
        |stage: &StageView| stage.partitions.iter().map(|(name, hue)| (name.to_string(), *hue)).collect::<Vec<_>>();
    assert_eq!(partitions(&first)[0].1, partitions(&west)[0].1, "each is the first topic of its cluster");
    assert_eq!(partitions(&first)[0].0, "orders-0");
    assert_eq!(partitions(&west)[0].0, "payments-0");
    assert_eq!(first.producers[0].keys[0], west.producers[0].keys[0], "each has the first key of its cluster");
    let names = |stage: &StageView| stage.brokers.iter().map(|broker| broker.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&first), names(&west));
    let sent = |cluster| picture::ledger(lab.run(), cluster, lab.now(), &EN).all[0].text.parse::<u64>().expect("few");
    assert_eq!(sent(Some(FIRST)) + sent(Some(WEST)), sent(None));
    let question = picture::Question { topic: None, key: Some("a"), sender: None };
    let part = |cluster| lab.run().world.cluster(cluster).expect("there are two");
    let topics = |cluster| picture::where_to(part(cluster), &question, &EN).rows.len();
    assert_eq!((topics(FIRST), topics(WEST)), (1, 1));
    assert_eq!(picture::choices(part(WEST)).free_name("web"), "web-1");
    assert_eq!(picture::choices(part(FIRST)).next_broker, 3);
    let nodes: Vec<String> = picture::choices(part(WEST)).nodes.iter().map(|node| node.name.to_string()).collect();
    assert_eq!(nodes, ["west-1", "west-2", "shop", "west-c1"]);
}

/// Marks, waits and stories: a death in one cluster is no news of the other, and the stories together name whose they are.
#[test]
fn a_death_is_told_in_its_own_cluster() {
    let mut lab = lab();
    lab.dispatch(Intent::Line("kill west-1".into())).expect("it runs");
    seek(&mut lab, 26);
    let frame = lab.frame(lab::RECENT);
    let told = |cluster| {
        let view = picture::timeline::timeline(&lab, cluster, &frame, &EN);
        (view.marks.iter().filter(|mark| mark.text.contains("stopped")).count(), view.waits.len())
    };
    assert_eq!((told(FIRST), told(WEST)), ((0, 0), (1, 1)));
    assert!(picture::holds(&picture::headline(&look(&lab, WEST)), &look(&lab, WEST)));
    assert_eq!(picture::headline(&look(&lab, FIRST)), view::Headline::Flow);
    let marks = &lab.history().branch().marks;
    let both: Vec<_> = [FIRST, WEST].iter().flat_map(|cluster| marks.told_of(*cluster, lab.now())).cloned().collect();
    let wanted = Wanted { text: &EN, most: usize::MAX, since: Time::ZERO, waiting: None, sums: &[] };
    let lines = story_of_all(&lab.run().world, &both, wanted);
    assert!(lines.is_sorted_by_key(|line| line.time));
    assert!(lines.iter().any(|line| line.strong.starts_with("west: You killed")), "{lines:#?}");
    assert!(lines.iter().all(|line| line.strong.starts_with("west: ") || line.strong.starts_with("blumfeld: ")));
}

/// A loss pauses the run wherever it is; its card says in which cluster.
#[test]
fn a_loss_names_its_cluster() {
    let mut lab = lab();
    for line in ["power-off west-1", "power-off west-2"] {
        lab.dispatch(Intent::Line(line.into())).expect("it runs");
    }
    seek(&mut lab, 14);
    for line in ["start west-1", "start west-2"] {
        lab.dispatch(Intent::Line(line.into())).expect("it was stopped");
    }
    seek(&mut lab, 40);
    let card = picture::safety(lab.run(), lab.now(), &EN).expect("acks=1 and lost power");
    assert_eq!(card.cluster, WEST);
    assert!(card.title.ends_with(" · west"), "{}", card.title);
    let lost = |cluster| picture::ledger(lab.run(), Some(cluster), lab.now(), &EN).all[10].text.clone();
    assert_eq!(lost(FIRST), "0");
    assert_ne!(lost(WEST), "0");
}
