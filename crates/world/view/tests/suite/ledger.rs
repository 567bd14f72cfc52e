//! The ledger does not stand still while nothing goes right: over whole runs, what was sent adds up, and what is not
//! good shows itself.

use base::Span;
use lab::{Intent, Lab};
use script::Scenario;
use sim::ClusterIndex;
use view::LedgerView;
use view::picture::ledger;
use view::text::{EN, ZH};

fn run(lines: &[&str]) -> Lab {
    let mut lab = Lab::new(Scenario::opening());
    lines.iter().for_each(|line| on(&mut lab, line));
    lab
}

fn on(lab: &mut Lab, line: &str) {
    match line.strip_prefix('@') {
        Some(wait) => {
            let wait: u64 = wait.parse().expect("milliseconds");
            lab.dispatch(Intent::Seek(lab.now() + Span::from_millis(wait))).expect("time goes on");
        }
        None => drop(lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"))),
    }
}

fn shown(lab: &Lab) -> LedgerView {
    ledger(lab.run(), Some(ClusterIndex::FIRST), lab.now(), &EN)
}

fn number(lab: &Lab, name: &str) -> u64 {
    let view = shown(lab);
    let row = view.all.iter().find(|row| row.name == name).expect("a row of that name");
    row.text.replace(',', "").parse().expect("a number")
}

fn brief(lab: &Lab) -> Vec<&'static str> {
    shown(lab).brief.iter().map(|row| row.name).collect()
}

fn adds_up(lab: &Lab) {
    let [sent, acked, waiting, refused, unanswered] =
        ["sent", "acked", "waiting", "refused", "unanswered"].map(|name| number(lab, name));
    assert_eq!(sent, acked + waiting + refused + unanswered, "at {}", lab.now());
}

#[test]
fn a_first_visit_shows_the_few_that_matter() {
    let lab = run(&["@2000"]);
    assert_eq!(brief(&lab), ["sent", "delivered", "lost"]);
    let chinese = ledger(lab.run(), Some(ClusterIndex::FIRST), lab.now(), &ZH);
    let names: Vec<&str> = chinese.brief.iter().map(|row| row.name).collect();
    assert_eq!(names, ["已发送", "已送达", "丢失"]);
    adds_up(&lab);
}

#[test]
fn with_every_broker_dead_the_waiting_rise_and_then_fail() {
    let mut lab = run(&["pause 1", "pause 2", "pause 3", "@3000"]);
    let before = number(&lab, "waiting");
    assert!(before > 0 && brief(&lab).contains(&"waiting"), "{:?}", brief(&lab));
    adds_up(&lab);
    on(&mut lab, "@30000");
    assert!(number(&lab, "waiting") > before, "it stands still");
    adds_up(&lab);
    on(&mut lab, "@150000");
    assert!(number(&lab, "refused") > 0, "delivery.timeout.ms is over");
    assert!(brief(&lab).contains(&"refused"));
    adds_up(&lab);
}

#[test]
fn a_send_that_blocks_or_fails_at_once_counts() {
    let mut lab = run(&["kill 1", "kill 2", "kill 3", "@1000", "add-producer late orders", "send late hi key=a"]);
    on(&mut lab, "@2000");
    assert!(number(&lab, "waiting") >= 1 && brief(&lab).contains(&"waiting"));
    adds_up(&lab);
    on(&mut lab, "@70000");
    assert!(number(&lab, "refused") >= 1 && brief(&lab).contains(&"refused"), "max.block.ms is over");
    adds_up(&lab);
}

#[test]
fn a_producer_that_dies_leaves_records_that_nobody_hears_of() {
    let mut lab = run(&["pause 1", "@2000", "kill web", "@100"]);
    assert!(number(&lab, "unanswered") >= 1 && brief(&lab).contains(&"unanswered"));
    adds_up(&lab);
    for line in ["resume 1", "start web", "@20000"] {
        on(&mut lab, line);
        adds_up(&lab);
    }
}

#[test]
fn a_reader_that_begins_at_the_end_skips_what_was_there() {
    let mut lab = run(&["add-consumer late late-group orders", "@10000"]);
    let all = number(&lab, "skipped");
    assert!(all > 10 && brief(&lab).contains(&"skipped"), "auto.offset.reset is latest");
    on(&mut lab, "add-consumer early early-group orders auto.offset.reset=earliest");
    on(&mut lab, "@10000");
    assert_eq!(number(&lab, "skipped"), all, "one that begins at the beginning skips nothing");
}
