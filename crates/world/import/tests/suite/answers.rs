//! What a person says instead of an assumption: each offer of a report, once taken, is what the cluster then stands in.

use base::BrokerId;
use import::{Answer, Assumed, Imported, Naming, NoAnswer, Trial, import_answered};
use port::Roles;
use sim::ClusterIndex;

const DOWN: &str = "\
Topic: orders\tTopicId: x\tPartitionCount: 2\tReplicationFactor: 3\tConfigs: min.insync.replicas=2
\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\tElr: \tLastKnownElr: 
\tTopic: orders\tPartition: 1\tLeader: 2\tReplicas: 2,3,4\tIsr: 2,3\tElr: \tLastKnownElr: 
";
const GROUPS: &str = include_str!("texts/groups.txt");

fn imported(text: &str, answers: &[Answer]) -> Imported {
    import_answered([("", text)], "t", Naming::AsGiven, answers)
}

/// Played to where it opens; everything that is left to be seen holds.
fn stands(imported: &Imported) -> Trial {
    let mut trial = Trial::new(&imported.scenario, 3_000_000);
    while trial.go(100_000) {}
    assert_eq!(trial.unreached(), Vec::new(), "{:?}", imported.report.assumed);
    trial
}

fn is_up(trial: &Trial, node: i32) -> bool {
    let player = trial.player().expect("it begins");
    let cluster = player.world.cluster(ClusterIndex::FIRST).expect("it is there");
    cluster.node(BrokerId(node)).is_some_and(|slot| slot.liveness.is_up())
}

#[test]
fn every_offer_is_heard_and_can_be_taken_back() {
    for text in [DOWN, GROUPS] {
        let before = imported(text, &[]);
        let offers: Vec<Answer> = before.report.assumed.iter().flat_map(Assumed::offers).collect();
        assert!(!offers.is_empty());
        for answer in offers {
            let after = imported(text, std::slice::from_ref(&answer));
            assert_eq!(after.report.assumed[0], Assumed::Answered(answer.clone()));
            // What was assumed before is no longer, so that no report says both.
            let again = after.report.assumed.iter().flat_map(Assumed::offers).any(|offer| offer == answer);
            assert!(!again, "{answer} is offered again");
            assert_ne!(after.scenario.text(), before.scenario.text(), "{answer}");
            stands(&after);
        }
    }
}

#[test]
fn a_broker_that_is_said_to_be_up_is_out_of_sync_for_another_reason() {
    let down = imported(DOWN, &[]);
    assert!(down.report.assumed.contains(&Assumed::Down(4)));
    assert!(!is_up(&stands(&down), 4));
    let up = imported(DOWN, &[Answer::Up(4)]);
    assert!(up.report.assumed.contains(&Assumed::Cut { leader: 2, follower: 4 }), "{:?}", up.report.assumed);
    assert!(is_up(&stands(&up), 4));
}

#[test]
fn nodes_that_no_text_names_are_as_many_as_one_says() {
    let counted = "Topic: a\tTopicId: x\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: \n";
    for (answers, wanted) in [
        (vec![], (3, 3)),
        (vec![Answer::Controllers(1)], (3, 1)),
        (vec![Answer::Brokers(6), Answer::Controllers(5)], (6, 5)),
        (vec![Answer::Brokers(6), Answer::Brokers(1)], (1, 3)),
    ] {
        let imported = imported(counted, &answers);
        let count = |roles| imported.plan.cluster.nodes.iter().filter(|plan| plan.roles == roles).count();
        assert_eq!((count(Roles::Broker), count(Roles::Controller)), wanted, "{answers:?}");
    }
}

#[test]
fn answers_are_written_as_they_are_read() {
    let all = [Answer::Controllers(5), Answer::Brokers(50), Answer::Up(4), Answer::AtWork("a group".into())];
    for answer in all {
        assert_eq!(answer.to_string().parse(), Ok(answer));
    }
    for words in
        ["", "up", "up ", "up x", "controllers 2", "brokers 0", "brokers 51", "at-work ", "down 3", "brokers -1"]
    {
        assert_eq!(words.parse::<Answer>(), Err(NoAnswer), "{words}");
    }
}
