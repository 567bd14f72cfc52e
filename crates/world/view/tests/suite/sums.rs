//! What an accident came to, as a value and in words.

use base::{Span, Time, TopicPartition};
use lab::{Intent, Lab, Sums};
use script::Scenario;
use sim::{Command, WorldCommand};
use view::text::{EN, ZH};

fn sums(unavailable: &[(&str, u64)], counts: [u64; 3]) -> Sums {
    let [lost, failed, twice] = counts;
    let span = |(topic, millis): &(&str, u64)| (TopicPartition::new(*topic, 1), Span::from_millis(*millis));
    Sums { at: Time::ZERO, unavailable: unavailable.iter().map(span).collect(), lost, failed, twice }
}

#[test]
fn sums_are_one_sentence_in_both_languages() {
    let cases = [
        (
            sums(&[("orders", 8_600)], [0, 0, 2]),
            "Nothing was lost. orders-1 was unavailable for 8.6 s; 2 messages came twice.",
            "没有丢失消息。orders-1 有 8.6 s 不可用；2 条消息重复送达。",
        ),
        (
            sums(&[("orders", 8_600), ("bills", 9_000)], [1, 1, 0]),
            "1 acknowledged message was lost. orders-1 and 1 more were unavailable for up to 9 s; 1 message failed.",
            "丢失了 1 条已确认的消息。orders-1 等 2 个分区最长有 9 s 不可用；1 条消息发送失败。",
        ),
        // Its topic was deleted meanwhile.
        (sums(&[], [0, 0, 2]), "Nothing was lost. 2 messages came twice.", "没有丢失消息。2 条消息重复送达。"),
    ];
    for (sums, english, chinese) in cases {
        assert_eq!((EN.pace.sums)(&sums), english);
        assert_eq!((ZH.pace.sums)(&sums), chinese);
    }
}

#[test]
fn a_killed_leader_s_sums_are_those_of_the_ledger() {
    let mut lab = Lab::new(Scenario::opening());
    let before = lab.run().ledger.counts();
    lab.dispatch(Intent::Command(Command::World(WorldCommand::Kill { name: "2".into() }))).expect("broker 2 runs");
    let killed = lab.now();
    lab.dispatch(Intent::Seek(killed + Span::from_secs(20))).expect("time goes on");
    let [sums] = lab.run().books(sim::ClusterIndex::FIRST).accidents().sums() else {
        panic!("{:?}", lab.run().books(sim::ClusterIndex::FIRST).accidents())
    };
    let after = lab.run().ledger.counts();
    let counted = (after.lost - before.lost, after.failed - before.failed, after.duplicated - before.duplicated);
    assert_eq!((sums.lost, sums.failed, sums.twice), counted);
    let [(partition, away)] = sums.unavailable.as_slice() else { panic!("{sums:?}") };
    assert_eq!(partition.to_string(), "orders-1");
    assert!(*away > Span::from_secs(7) && *away < Span::from_secs(11), "{away:?}");
    assert!(sums.at > killed + *away, "it is over when all have caught up");
}
