//! The partition that a narrow stage shows by itself: the one that is in trouble, and the same one until it is settled.

use base::Span;
use lab::{Intent, Lab, Stops};
use script::Scenario;
use view::picture::{Account, Look, Memory, stage};
use view::text::EN;
use view::{StageView, TopicPartition};

fn lab() -> Lab {
    let mut lab = Lab::new(Scenario::opening());
    lab.set_stops(Stops::Never);
    lab
}

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

fn wait(lab: &mut Lab, millis: u64) {
    lab.dispatch(Intent::Seek(lab.now() + Span::from_millis(millis))).expect("time goes on");
}

fn seen(lab: &Lab) -> StageView {
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    let account = Account::of(run, marks.pace(), lab.now());
    stage(&Look::plain(&run.world, marks.told(lab.now()), account, &EN), &mut Memory::default())
}

fn orders(number: i32) -> Option<TopicPartition> {
    Some(TopicPartition::new("orders", number))
}

#[test]
fn nothing_matters_more_than_the_rest_until_something_happens() {
    let view = seen(&lab());
    assert_eq!(view.matters, None);
    assert_eq!(view.one.map(|one| one.partition), orders(0));
}

#[test]
fn a_partition_whose_leader_is_down_hung_or_cut_off_comes_by_itself_and_stays() {
    for act in ["kill 2", "power-off 2", "pause 2", "cut 2 c1"] {
        let mut lab = lab();
        // Another one moved before.
        line(&mut lab, "kill 3");
        wait(&mut lab, 20_000);
        line(&mut lab, "start 3");
        wait(&mut lab, 20_000);
        assert_eq!(seen(&lab).matters, orders(2), "the one that moved last");
        line(&mut lab, act);
        for _ in 0..200 {
            wait(&mut lab, 100);
            let matters = seen(&lab).matters;
            assert_eq!(matters, orders(1), "{act}, at {:?}", lab.now());
        }
    }
}

#[test]
fn of_several_that_one_death_strikes_it_is_always_the_same() {
    let mut lab = lab();
    // Broker 1 leads two partitions then.
    line(&mut lab, "kill 2");
    wait(&mut lab, 20_000);
    let led = |view: &StageView, id: i32| {
        let broker = view.brokers.iter().find(|broker| broker.id.0 == id).expect("it is there");
        broker.rows.iter().filter(|row| row.leads()).map(|row| row.partition.clone()).collect::<Vec<_>>()
    };
    let most = [1, 3].into_iter().find(|id| led(&seen(&lab), *id).len() == 2).expect("one leads two");
    let first = led(&seen(&lab), most).into_iter().min();
    line(&mut lab, "start 2");
    wait(&mut lab, 20_000);
    line(&mut lab, &format!("kill {most}"));
    for _ in 0..1_400 {
        wait(&mut lab, 10);
        assert_eq!(seen(&lab).matters, first, "at {:?}", lab.now());
    }
}

#[test]
fn who_stands_beside_it_goes_by_how_he_was_set_up() {
    let mut lab = lab();
    let first = seen(&lab).one.expect("there is a partition");
    assert!(!first.writers.is_empty() && first.groups.len() == 1);
    for act in ["stop web", "kill billing-1", "kill billing-2", "kill billing-3", "stop app"] {
        line(&mut lab, act);
        wait(&mut lab, 100);
        let view = seen(&lab);
        let one = view.one.expect("it stays");
        assert_eq!((&one.writers, &one.groups), (&first.writers, &first.groups), "{act}");
        assert_eq!(view.groups[0].reads, 3);
    }
}
