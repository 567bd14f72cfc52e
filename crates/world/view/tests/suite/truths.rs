//! Sentences that were once false, each with the run in which they were: what stands over the stage, the answers to
//! "Why?" and the story, in both languages.

use base::{Span, TopicPartition};
use lab::{Intent, Lab};
use script::Scenario;
use view::Thing;
use view::picture::story::{Wanted, story};
use view::picture::why::whys;
use view::picture::{Account, Look, headline, holds};
use view::text::{EN, Text, ZH};

/// What is read.
enum Read {
    Headline,
    /// The answers about a process, or about a replica (`3 solo-0`).
    Why(&'static str),
    /// The whole story, those lines too that stand behind others.
    Story,
}

/// A run, and what is said at its end.
struct Row {
    name: &'static str,
    /// Empty: the opening scene.
    scene: &'static str,
    /// `@5000` lets milliseconds go by.
    lines: &'static [&'static str],
    read: Read,
    /// In English, then in Chinese: each of these is said.
    says: [&'static [&'static str]; 2],
    /// None of these is.
    never: [&'static [&'static str]; 2],
}

const BARE: &str = "brokers: 3\ncontrollers: 3\nopen: 8s\n@8s\n";
const ONE: &str = "brokers: 3\ncontrollers: 1\nopen: 8s\n@8s\n";
const NO_ELR: &str = "brokers: 3\ncontrollers: 1\nelr: off\nopen: 8s\n@8s\n";

#[rustfmt::skip]
const REASONS: &[Row] = &[
    Row {
        name: "an unclean election is no catching up", scene: NO_ELR,
        lines: &["create-topic solo assign=2,3", "@500", "add-producer web solo every=200ms", "@5000", "kill 3", "@12000", "kill 2", "@15000", "start 3", "@5000", "elect-leaders unclean solo-0", "@5000"],
        read: Read::Why("3 solo-0"),
        says: [&["A leader was asked for, in sync or not.", "3 was elected out of sync: ISR 3. Records may be lost."], &["3 失步时当选：ISR 为 3。消息可能丢失。"]],
        never: [&["caught up"], &["跟上"]],
    },
    Row {
        name: "a log with records is not empty", scene: ONE,
        lines: &["create-topic orders assign=1,2,3", "@500", "add-consumer reader g orders", "add-producer web orders acks=1", "@12000", "pause 2", "pause 3", "@50", "send web a", "send web b", "@3000"],
        read: Read::Why("reader"),
        says: [&["Nothing of orders-0 is committed yet: its log ends at 2, HW is 0.", "2 is still in the ISR"], &["orders-0 里还没有已提交的：日志到 2，HW 是 0。"]],
        never: [&["empty", "read all"], &["空的"]],
    },
    Row {
        name: "what is not committed is not read", scene: ONE,
        lines: &["create-topic orders assign=1,2,3", "@500", "add-consumer reader g orders", "add-producer web orders acks=1", "@12000", "send web a", "@2000", "pause 2", "pause 3", "@50", "send web b", "@3000"],
        read: Read::Why("reader"),
        says: [&["It has read all that is committed of orders-0: its log ends at 2, HW is 1."], &["日志到 2，HW 是 1。"]],
        never: [&["ends at 1"], &["到 1 为止"]],
    },
    Row {
        name: "an empty partition is not its topic", scene: ONE,
        lines: &["create-topic orders assign=1,2,3/2,3,1", "@500", "add-consumer r1 g orders", "add-consumer r2 g orders", "add-producer web orders acks=1", "@15000", "send web a partition=1", "@3000"],
        read: Read::Why("r1"),
        says: [&["orders-0 is empty: there is nothing to read."], &["orders-0 是空的：没有可读的。"]],
        never: [&["nobody has written"], &["没有人写过"]],
    },
    Row {
        name: "acks=1 waits for nobody but the link", scene: ONE,
        lines: &["create-topic orders assign=1,2,3", "@500", "add-producer web orders every=300ms acks=1", "@3000", "delay web 1 400ms", "@2000", "kill 3", "@5000"],
        read: Read::Why("web"),
        says: [&["Messages between web and Broker 1 take 400 ms longer."], &["web 和 Broker 1 之间的消息要多用 400 ms。"]],
        never: [&["acks=all", "killed"], &["acks=all"]],
    },
    Row {
        name: "acks=all waits for the ISR only where the leader has the batch", scene: ONE,
        lines: &["create-topic orders assign=1,2,3", "@500", "add-producer web orders", "add-producer other orders every=100ms", "@500", "send web a", "@500", "delay web 1 3s", "pause 3", "@1", "send web b", "@1000"],
        read: Read::Why("web"),
        says: [&["Messages between web and Broker 1 take 3 s longer."], &["要多用 3 s"]],
        never: [&["acks=all"], &["acks=all"]],
    },
    Row {
        name: "acks=all waits for a member that is far", scene: ONE,
        lines: &["create-topic orders assign=1,2,3", "@500", "add-producer web orders every=300ms", "@3000", "delay 1 3 2s", "@5000"],
        read: Read::Why("web"),
        says: [&["Messages between Broker 3 and Broker 1 take 2 s longer.", "acks=all: leader 1 answers when the whole ISR has it."], &["acks=all：整个 ISR 都有了，Leader 1 才回答。"]],
        never: [&["between web"], &[]],
    },
    Row {
        name: "a refresh is not the begin of a belief", scene: "",
        lines: &["create-topic solo assign=2,3", "@500", "add-producer p2 solo keys=a", "@100", "send p2 hi", "@300", "cut p2 1", "cut p2 3", "kill 2", "@10", "send p2 hi", "@12000"],
        read: Read::Why("p2"),
        says: [&["It believes in leader 2, as it last heard at "], &["它以为 Leader 是 2（最后一次得知是在 "]],
        never: [&[" since "], &[]],
    },
    Row {
        name: "the old session stands in the way", scene: "",
        lines: &["kill 2", "@1000", "start 2", "@5000"],
        read: Read::Why("2"),
        says: [&["c1 keeps the old session of broker 2 until 32.175 s and registers nobody else as 2."], &["c1 把 Broker 2 的旧会话保留到 32.175 s，这之前不接受新的注册。"]],
        never: [&["not through yet"], &["还没有完成"]],
    },
    Row {
        name: "members of other topics share nothing here", scene: ONE,
        lines: &["create-topic orders assign=1,2,3", "create-topic pay assign=1,2,3/2,3,1", "@500", "add-consumer a g orders", "add-consumer a2 g orders", "add-consumer b g pay", "@20000"],
        read: Read::Why("a2"),
        says: [&["2 members share 1 partition;"], &["2 个成员分 1 个分区"]],
        never: [&["3 members"], &["3 个成员"]],
    },
    Row {
        name: "a cut of one way leaves the other", scene: "",
        lines: &["cut-one-way c1 2", "@12000"],
        read: Read::Why("2"),
        says: [&["The way from c1 to Broker 2 was cut."], &["从 c1 到 Broker 2 的方向被切断。"]],
        never: [&["The link"], &["连接被切断"]],
    },
    Row {
        name: "two cuts of one way each are a whole one", scene: "",
        lines: &["cut-one-way c1 2", "cut-one-way 2 c1", "@12000"],
        read: Read::Why("2"),
        says: [&["The link Broker 2 to c1 was cut."], &["Broker 2 到 c1 的连接被切断。"]],
        never: [&["The way"], &["方向"]],
    },
];

#[rustfmt::skip]
const STORIES: &[Row] = &[
    Row {
        name: "a new leader may have had the rest", scene: NO_ELR,
        lines: &["create-topic solo assign=2,3", "@500", "add-producer web solo every=200ms", "@5000", "kill 3", "@12000", "power-off 2", "@15000", "start 2", "@300", "start 3", "@5000"],
        read: Read::Story,
        says: [&["The new leader does not have that part.", "Broker 3 finds solo-0 on its disk, ending at offset 24. It asks leader 2 for what follows."], &["新 Leader 没有多出来的部分。", "后面的它向 Leader 2 要。"]],
        never: [&["never had", "fetches the rest"], &["其余的"]],
    },
    Row {
        name: "one way is not both", scene: "",
        lines: &["cut-one-way c1 2", "@1000", "cut 1 3", "@1000"],
        read: Read::Story,
        says: [&["You cut the way from c1 to Broker 2. Broker 2 hears nothing of c1; the other way is as it was.", "You cut the link Broker 1 to Broker 3. Both sides hear silence."], &["你切断了从 c1 到 Broker 2 的方向。", "你切断了 Broker 1 到 Broker 3 的连接。"]],
        never: [&["You cut the link c1"], &["你切断了 c1 到"]],
    },
    Row {
        name: "a new session is no heartbeat", scene: "",
        lines: &["kill 2", "@6000", "kill c1", "@25000"],
        read: Read::Story,
        says: [&["None of its heartbeats had come since c"], &["接手负责，那以后没有收到它的心跳。"]],
        never: [&["fenced broker 2. Its last heartbeat"], &["隔离了 Broker 2。 它最后一次心跳"]],
    },
    Row {
        name: "what ends is the old session", scene: "",
        lines: &["kill 2", "@1000", "start 2", "@12000"],
        read: Read::Story,
        says: [&["It has started anew; this was its old session.", "The old session of broker 2, which has started anew, was over."], &["它已重新启动；到期的是旧会话。", "Broker 2 已重新启动，它的旧会话到期。"]],
        never: [&["Broker 2 was silent for too long"], &["Broker 2 沉默太久"]],
    },
    Row {
        name: "a deleted topic is led by nobody", scene: ONE,
        lines: &["create-topic old assign=2,3", "create-topic orders assign=1,2,3", "@1000", "delete-topic old", "@1000", "kill 2", "@500"],
        read: Read::Story,
        says: [&["You killed Broker 2."], &["你强制停止了 Broker 2。"]],
        never: [&["It led old-0"], &["它是 old-0"]],
    },
    Row {
        name: "a new life has led nothing", scene: ONE,
        lines: &["create-topic solo assign=2", "@1000", "stop 2", "@12000", "start 2", "@1", "kill 2", "@10"],
        read: Read::Story,
        says: [&["You killed Broker 2. //"], &["你强制停止了 Broker 2。 //"]],
        never: [&[], &[]],
    },
    Row {
        name: "a new life has read nothing", scene: ONE,
        lines: &["create-topic orders assign=1,2,3", "@500", "add-consumer a g orders", "@8000", "stop a", "@5000", "start a", "@3", "kill a", "@500"],
        read: Read::Story,
        says: [&["You killed a. //"], &["你强制停止了 a。 //"]],
        never: [&[], &[]],
    },
    Row {
        name: "each act is one", scene: "",
        lines: &["reset 1 2", "@1", "reset 1 2", "@1", "reset 1 2", "@100"],
        read: Read::Story,
        says: [&["3 × You broke the connections Broker 1 to Broker 2."], &["3 × 你打断了 Broker 1 到 Broker 2 的连接。"]],
        never: [&[], &[]],
    },
    Row {
        name: "who shuts down is alive", scene: ONE,
        lines: &["create-topic solo assign=2", "@500", "stop 2", "@10000"],
        read: Read::Story,
        says: [&["solo-0 has no leader. Broker 2 shuts down and can hand over to nobody. Nobody else may lead; it waits for 2."], &["solo-0 没有 Leader。 Broker 2 正常停止，但没有可移交的副本。别的副本不能担任；要等 2。"]],
        never: [&["is alive"], &["活着"]],
    },
    Row {
        name: "who is cut off is alive", scene: ONE,
        lines: &["create-topic solo assign=2", "@500", "cut 2 c1", "@12000"],
        read: Read::Story,
        says: [&["solo-0 has no leader. Broker 2 was silent for too long. Nobody else may lead; it waits for 2."], &["solo-0 没有 Leader。 Broker 2 沉默太久。别的副本不能担任；要等 2。"]],
        never: [&["is alive"], &["活着"]],
    },
];

#[rustfmt::skip]
const HEADLINES: &[Row] = &[
    Row {
        name: "a new life waits for the end of the old session", scene: "",
        lines: &["kill 2", "@1000", "start 2", "@5000"],
        read: Read::Headline,
        says: [&["Broker 2 has started anew; controller c1 keeps its old session until 32.175 s. orders-1 has no leader."], &["Broker 2 重新启动了；控制器 c1 把它的旧会话保留到 32.175 s。orders-1 没有 Leader。"]],
        never: [&["until broker 2 has started"], &["启动完成"]],
    },
    Row {
        name: "an old session that is over is looked at", scene: "",
        lines: &["kill 2", "@1000", "start 2", "@7200"],
        read: Read::Headline,
        says: [&["Broker 2 has started anew; its old session is over, controller c1 is about to act. orders-1 has no leader."], &["它的旧会话已到期，控制器 c1 即将处理。orders-1 没有 Leader。"]],
        never: [&[], &[]],
    },
    Row {
        name: "nor is one kept out that leads nothing", scene: ONE,
        lines: &["create-topic orders assign=1,2", "@500", "kill 3", "@1000", "start 3", "@3000"],
        read: Read::Headline,
        says: [&["Broker 3 has started anew; controller c1 keeps its old session until "], &["Broker 3 重新启动了；"]],
        never: [&["no leader", "is starting"], &["没有 Leader"]],
    },
    Row {
        name: "who is cut off cannot read", scene: BARE,
        lines: &["create-topic orders assign=2,3,1", "@500", "cut 3 c1", "cut 3 c2", "cut 3 c3", "@200", "stop 2", "@300"],
        read: Read::Headline,
        says: [&["c1 has decided that broker 3 leads orders-0. It cannot read the decision: its link is cut."], &["c1 已决定由 Broker 3 担任 orders-0 的 Leader。它读不到这个决定：它的链路断开。"]],
        never: [&["It reads"], &["正在读"]],
    },
    Row {
        name: "a decision outlives its controller", scene: BARE,
        lines: &["create-topic orders assign=2,3,1", "@500", "cut 3 c1", "cut 3 c2", "cut 3 c3", "@200", "stop 2", "@300", "kill c1", "@8000"],
        read: Read::Headline,
        says: [&["c1 has decided that broker 3 leads orders-0."], &["c1 已决定"]],
        never: [&["c2 has", "c3 has"], &["c2 已", "c3 已"]],
    },
    Row {
        name: "who runs and has not read is not starting", scene: BARE,
        lines: &["create-topic orders assign=2,3,1", "@500", "cut 3 c1", "cut 3 c2", "cut 3 c3", "@200", "stop 2", "@300", "kill c1", "kill c2", "@65000"],
        read: Read::Headline,
        says: [&["c1 has decided that broker 3 leads orders-0. It cannot read the decision: no controller is in charge."], &["它读不到这个决定：没有控制器负责。"]],
        never: [&["has started"], &["启动"]],
    },
    Row {
        name: "who has started needs somebody to let it in", scene: BARE,
        lines: &["create-topic orders assign=2,3,1", "@500", "kill 2", "kill c1", "kill c2", "@500", "start 2", "@5000"],
        read: Read::Headline,
        says: [&["orders-0 has no leader: broker 2 has started anew, and no controller is in charge."], &["orders-0 没有 Leader：Broker 2 重新启动了，但没有控制器负责。"]],
        never: [&["until"], &["要等"]],
    },
    Row {
        name: "what is refused does not flow", scene: BARE,
        lines: &["create-topic orders assign=1,2,3", "@500", "add-producer web orders every=1s max.request.size=10", "@10000"],
        read: Read::Headline,
        says: [&["web could not write its last message: MESSAGE_TOO_LARGE."], &["web 的上一条消息没能写入：MESSAGE_TOO_LARGE。"]],
        never: [&["flow"], &["流到"]],
    },
    Row {
        name: "what is refused by the broker does not flow", scene: BARE,
        lines: &["create-topic orders assign=1,2,3 max.message.bytes=100", "@500", "add-producer web orders every=500ms size=400", "@10000"],
        read: Read::Headline,
        says: [&["web could not write its last message: MESSAGE_TOO_LARGE."], &["web 的上一条消息没能写入：MESSAGE_TOO_LARGE。"]],
        never: [&["flow"], &["流到"]],
    },
    Row {
        name: "what is on its way for an hour does not flow", scene: BARE,
        lines: &["create-topic orders assign=1,2,3", "@500", "add-producer web orders every=1s", "@3000", "delay web 1 3600s", "@30000"],
        read: Read::Headline,
        says: [&["web has heard nothing of its messages for more than 5 s."], &["web 的消息已超过 5 s 没有回音。"]],
        never: [&["flow"], &["流到"]],
    },
    Row {
        name: "who sends every quarter of an hour lets nothing flow", scene: BARE,
        lines: &["create-topic orders assign=1,2,3", "@500", "add-producer web orders every=1000s", "@30000"],
        read: Read::Headline,
        says: [&["All is well: your topics have their leaders and all their copies."], &["一切正常"]],
        never: [&["flow"], &["流到"]],
    },
    Row {
        name: "who has not heard does not know", scene: BARE,
        lines: &["create-topic orders assign=2,1,3", "@500", "add-producer web orders every=40s", "@43000", "kill 2", "@34000"],
        read: Read::Headline,
        says: [&["Broker 2 is down. Broker 1 leads orders-0 now."], &["Broker 2 停了。orders-0 的 Leader 现在是 Broker 1。"]],
        never: [&["know"], &["知道"]],
    },
    Row {
        name: "nobody is no client", scene: BARE,
        lines: &["create-topic orders assign=2,1,3", "@500", "kill 2", "@54000"],
        read: Read::Headline,
        says: [&["Broker 2 is down. Broker 1 leads orders-0 now."], &["orders-0 的 Leader 现在是 Broker 1。"]],
        never: [&["know"], &["知道"]],
    },
    Row {
        name: "without clients no client notices", scene: BARE,
        lines: &["create-topic orders assign=2,1,3", "@500", "kill 2", "@20"],
        read: Read::Headline,
        says: [&["Broker 2 was killed. The controller has not noticed yet."], &["控制器还没有发现。"]],
        never: [&["clients"], &["客户端"]],
    },
    Row {
        name: "a delay is no cut", scene: "",
        lines: &["delay 2 3 5ms", "@1000", "kill 2", "@50"],
        read: Read::Headline,
        says: [&["Broker 2 was killed. Its clients notice at once, the controller not yet."], &["客户端立刻发现，控制器还没有。"]],
        never: [&["Nobody"], &["没有人"]],
    },
    Row {
        name: "a cut between brokers is none of the clients'", scene: "",
        lines: &["cut 2 3", "@1000", "kill 2", "@50"],
        read: Read::Headline,
        says: [&["Broker 2 was killed. Its clients notice at once, the controller not yet."], &["客户端立刻发现，控制器还没有。"]],
        never: [&["Nobody"], &["没有人"]],
    },
    Row {
        name: "a controller that takes charge is no news of a death", scene: "",
        lines: &["kill 2", "@6000", "kill c1", "@3200"],
        read: Read::Headline,
        says: [&["waits: after 9 s of silence it gives up broker 2. orders-1 has no leader."], &["沉默满 9 s 才会放弃 Broker 2。"]],
        never: [&["was killed"], &["强制停止"]],
    },
    Row {
        name: "stalled links part as cut ones do", scene: "",
        lines: &["stall c1 c2 60s", "stall c1 c3 60s", "stall c2 c3 60s", "@20000"],
        read: Read::Headline,
        says: [&["No controller can be elected: 3 of 3 run, but cut links part them."], &["3 个里有 3 个在运行，但链路断开"]],
        never: [&["asks for votes"], &["请求投票"]],
    },
    Row {
        name: "the first election comes when its timer says", scene: "brokers: 3\ncontrollers: 3\nopen: 1ms\n@1ms\n",
        lines: &["@500"],
        read: Read::Headline,
        says: [&["Nobody is in charge. c1 asks for votes at 1.084 s if it hears of no leader."], &["无人负责。到 1.084 s 还没有 Leader 的消息，c1 就请求投票。"]],
        never: [&["2 s of silence"], &[]],
    },
    Row {
        name: "who hangs does not answer", scene: "",
        lines: &["pause c2", "pause c3", "@5000"],
        read: Read::Headline,
        says: [&["No controller can be elected: 1 of 3 answers."], &["3 个里只有 1 个有响应。"]],
        never: [&["is up"], &["在运行"]],
    },
    Row {
        name: "two that hang are not down", scene: "",
        lines: &["pause 2", "@15000", "pause 3", "@15000"],
        read: Read::Headline,
        says: [&["Broker 3 and 1 other are out of reach."], &["Broker 3 和另外 1 个都联系不上。"]],
        never: [&["down"], &["停了"]],
    },
    Row {
        name: "who was cut off last went last", scene: "",
        lines: &["kill 3", "@40000", "cut 2 c1", "cut 2 c2", "cut 2 c3", "@12000"],
        read: Read::Headline,
        says: [&["Broker 2 and 1 other are out of reach."], &["Broker 2 和另外 1 个都联系不上。"]],
        never: [&["Broker 3 is down"], &["Broker 3 停了"]],
    },
    Row {
        name: "without power not all is there", scene: ONE,
        lines: &["create-topic solo assign=2", "@500", "add-producer web solo every=200ms", "@5000", "power-off 2", "@15000"],
        read: Read::Headline,
        says: [&["solo-0 has no leader. Only broker 2 may lead; what it had not flushed may be missing."], &["solo-0 没有 Leader。只有 Broker 2 能担任；它没有刷盘的部分可能丢失。"]],
        never: [&["has all"], &["全部消息"]],
    },
    Row {
        name: "another topic is another's", scene: ONE,
        lines: &["create-topic orders assign=1,2,3", "create-topic pay assign=1,2,3", "@500", "add-consumer a g orders", "add-consumer b g pay", "@10000", "kill a", "@60000"],
        read: Read::Headline,
        says: [&["a was killed. Nobody else of group g reads orders."], &["消费者组 g 没有别的成员读 orders。"]],
        never: [&["reads all"], &["分担"]],
    },
    Row {
        name: "one other reads all", scene: ONE,
        lines: &["create-topic orders assign=1,2,3/2,3,1", "@500", "add-consumer a g orders", "add-consumer b g orders", "@10000", "kill a", "@60000"],
        read: Read::Headline,
        says: [&["a was killed. 1 other of group g reads all of orders."], &["消费者组 g 的另外 1 个成员读 orders 的全部分区。"]],
        never: [&[], &[]],
    },
];

fn go(lab: &mut Lab, line: &str) {
    match line.strip_prefix('@') {
        Some(wait) => {
            let to = lab.now() + Span::from_millis(wait.parse().expect("milliseconds"));
            lab.dispatch(Intent::Seek(to)).expect("time goes on");
        }
        None => drop(lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"))),
    }
}

/// Three of each, with links as quick as they usually are; without a scene of its own a row goes on from here.
const USUAL: &str = "title: t\nseed: 1\nbrokers: 3\ncontrollers: 3\nopen: 24s
@5s create-topic orders assign=1,2,3/2,3,1/3,1,2
@6s add-consumer billing-1 billing orders
@6s add-consumer billing-2 billing orders
@6s add-consumer billing-3 billing orders
@15s add-producer web orders keys=order-1,order-2 every=900ms
@15300ms add-producer app orders keys=order-1,order-3 every=1100ms
@15600ms add-producer shop orders keys=order-4,order-5 every=1300ms
";

fn run(row: &Row) -> Lab {
    let scenario = match row.scene {
        "" => Scenario::parse(USUAL).expect("a scenario"),
        scene => Scenario::parse(scene).expect("a scenario"),
    };
    let mut lab = Lab::new(scenario);
    row.lines.iter().for_each(|line| go(&mut lab, line));
    lab
}

fn look<'a>(lab: &'a Lab, thing: Option<&'a Thing>, text: &'static Text) -> Look<'a> {
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    Look {
        selection: thing,
        ..Look::plain(&run.world, marks.told(lab.now()), Account::of(run, marks.pace(), lab.now()), text)
    }
}

fn thing(lab: &Lab, name: &str) -> Thing {
    let process = |name: &str| lab.run().world.find(name).expect("a process of that name").id;
    match name.split_once(' ') {
        Some((broker, partition)) => {
            let (topic, number) = partition.rsplit_once('-').expect("a partition");
            let partition = TopicPartition::new(topic, number.parse().expect("a number"));
            Thing::Replica { process: process(broker), partition }
        }
        None => Thing::Process(process(name)),
    }
}

/// All that is said, a sentence or line each.
fn said(lab: &Lab, read: &Read, text: &'static Text) -> Vec<String> {
    match read {
        Read::Headline => {
            let look = look(lab, None, text);
            let said = headline(&look);
            assert!(holds(&said, &look), "{said:?} does not hold");
            vec![(text.headline.say)(&said)]
        }
        Read::Why(about) => {
            let thing = thing(lab, about);
            let whys = whys(&look(lab, Some(&thing), text));
            let steps = whys.iter().flat_map(|why| why.told(lab.now(), text).steps);
            steps.map(|step| step.sentence).collect()
        }
        Read::Story => told(lab, text),
    }
}

/// The story's lines: `You killed Broker 2. It led orders-1.`, with `//` in place of a second half that is not there,
/// and `3 ×` before what is said three times.
fn told(lab: &Lab, text: &'static Text) -> Vec<String> {
    let facts = lab.history().branch().marks.told(lab.now());
    let wanted = Wanted { text, most: usize::MAX, since: base::Time::ZERO, waiting: None, sums: &[] };
    let lines = story(lab.run().world.first_cluster(), facts, wanted).lines.into_iter();
    let lines = lines.flat_map(|line| if line.more.is_empty() { vec![line] } else { line.more });
    let lines: Vec<String> =
        lines.map(|line| format!("{} {}", line.strong, if line.rest.is_empty() { "//" } else { &line.rest })).collect();
    let counted = |line: &String| format!("{} × {line}", lines.iter().filter(|other| *other == line).count());
    lines
        .iter()
        .map(|line| if lines.iter().filter(|one| *one == line).count() > 1 { counted(line) } else { line.clone() })
        .collect()
}

fn check(rows: &[Row]) {
    let mut wrong = Vec::new();
    let only = std::env::var("ROW").ok();
    for row in rows.iter().filter(|row| only.as_ref().is_none_or(|only| row.name.contains(only.as_str()))) {
        let lab = run(row);
        for (index, text) in [&EN, &ZH].into_iter().enumerate() {
            let said = said(&lab, &row.read, text);
            let is_said = |part: &str| said.iter().any(|sentence| sentence.contains(part));
            let missing: Vec<&&str> = row.says[index].iter().filter(|part| !is_said(part)).collect();
            let there: Vec<&&str> = row.never[index].iter().filter(|part| is_said(part)).collect();
            if !missing.is_empty() || !there.is_empty() {
                wrong.push(format!("{}: not said {missing:?}, said {there:?}, of {said:#?}", row.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn reasons_are_so() {
    check(REASONS);
}

#[test]
fn headlines_are_so() {
    check(HEADLINES);
}

#[test]
fn stories_are_so() {
    check(STORIES);
}
