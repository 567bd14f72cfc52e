//! Valid examples, at least once valid in Kafka: what mutations begin with.

/// Lines of our own terminal.
pub const LINES: &[&str] = &[
    "create-topic orders partitions=3 rf=3",
    "create-topic t assign=1,2,3/2,3,1 min.insync.replicas=2 timeout=5s",
    "delete-topic orders",
    "in west create-topic orders rf=1",
    "in west send shop a key=b",
    "in w=est send shop a key=b",
    "add-partitions orders 6 assign=1,2/2,3",
    "alter-topic orders retention.ms=60000 delete=min.insync.replicas,cleanup.policy",
    "elect-leaders preferred",
    "elect-leaders unclean orders-0 orders-1",
    "add-broker 4 rack=a",
    "add-producer web orders keys=A,B every=500ms size=20 limit=100 acks=all",
    "add-producer p orders keys=order- random-keys=40 every=90us linger.ms=5 compression.type=zstd",
    "add-consumer billing-1 billing orders,payments work=2ms auto.offset.reset=earliest",
    "send web hello key=order-1",
    "send web 'two words' topic=orders partition=2",
    "send web key=gone",
    "send web late timestamp=1700000000000",
    "send 店 值 key=键",
    "pace web 250ms",
    "pace web off",
    "read orders-0 from=5",
    "list-topics",
    "kill 2",
    "stop billing-1",
    "leave billing-2",
    "start 2",
    "pause 3",
    "resume 3",
    "power-off 1",
    "cut 1 3",
    "cut-one-way 1 web",
    "delay 1 2 20ms",
    "stall web 1 200ms",
    "hold 2 1 Fetch",
    "lose 1 web Produce 3",
    "reset 1 2",
    "heal 1 3",
    "heal-all",
];

/// Lines of Kafka's tools, of its documentation and of old tutorials.
pub const KAFKA: &[&str] = &[
    "kafka-topics.sh --bootstrap-server broker-1:9092 --create --topic t --replica-assignment 1:2:3,2:3:1",
    "bin/kafka-topics.sh --bootstrap-server localhost:9092 --create --topic orders --partitions 3 --replication-factor 3",
    "kafka-topics --bootstrap-server b:9092 --create --topic conf --config retention.ms=1000000 --config cleanup.policy=compact",
    "kafka-topics --zookeeper localhost:2181 --create --replication-factor 3 --partitions 1 --topic order",
    "kafka-topics.sh --bootstrap-server broker-1:9092 --alter --topic my.topic --partitions 2",
    "kafka-topics.sh --bootstrap-server broker-1:9092 --delete --topic orders --if-exists",
    "kafka-topics.sh --list",
    "$ kafka-topics.bat --bootstrap-server broker-1:9092 --list",
    "kafka-configs.sh --bootstrap-server b:9092 --entity-type topics --entity-name t --alter --add-config retention.ms=86400000,max.message.bytes=2000000",
    "kafka-configs.sh --bootstrap-server b:9092 --entity-type topics --entity-name t --alter --delete-config max.message.bytes",
    "kafka-leader-election.sh --bootstrap-server broker-1:9092 --election-type preferred --all-topic-partitions",
    "kafka-leader-election.sh --bootstrap-server b:9092 --election-type unclean --topic orders --partition 1",
    "kafka-preferred-replica-election.sh --zookeeper localhost:2181",
    "echo 'a:b' | kafka-console-producer.sh --bootstrap-server b:9092 --topic orders --property parse.key=true --property key.separator=:",
    "kafka-console-producer.sh --broker-list b:9092 --topic orders <<< hello",
    "kafka-console-consumer.sh --bootstrap-server b:9092 --topic orders --from-beginning --group g",
    "kafka-console-consumer.sh --bootstrap-server b:9092 --topic orders --partition 0 --offset 5",
    "kafka-server-stop.sh --node-id=2",
    "kafka-server-start.sh -daemon config/server-2.properties",
    "kafka-consumer-groups.sh --bootstrap-server b:9092 --describe --group g",
];

/// What may stand behind an address.
pub const OPTIONS: &[&str] = &[
    "?embed=1&lang=zh&theme=dark&autoplay=1&speed=2&at=12.5s",
    "?s=opening&seed=7&v=0&until=mark:dies&controls=step&hide=ledger,story",
    "?allow=kill,join,produce&readonly=0&fork=0&links=0",
    "?api=https://example.org&ctl=1&motion=reduce&view=partitions",
    "?check=gate&terms=both&view=spacetime&at=mark%3AA%20b",
    "?LANG=EN&Theme=contrast&speed=%C3%970.5&at=250ms",
];

/// Scenarios; transcripts of `tests/scenarios` are added.
pub const SCENARIOS: &[&str] = &[
    include_str!("../../crates/world/script/src/opening.txt"),
    "title: A leader dies\nseed: 11\nbrokers: 3\ncontrollers: 3\nopen: 20s\nset: replica.lag.time.max.ms=10000\n\
     @3s create-topic orders assign=1,2,3/2,3,1 min.insync.replicas=2\n@10s add-producer web orders every=200ms\n\
     @30s kill 1\nsee leader orders-0 2\n",
    "scene: opening\nset: num.partitions=2\n@24s kill 2; kill c1; remember\n+500ms see no fact Truncated orders-0 on 1 after 2s [x]\n\
     send web 'a; \\'b' key=\"c; d\"\nsee count RecordsAcked is 3\nsee leader orders-0 is not none [y]\n@60s\n----\n@1s x\n",
    "blumfeld 1\nid: m12\ntopic: acks\nclaims: 55\nvary: slow = yes | no\nvary: acks = all | 1\ntally: lost\n\
     show: row=orders-0\nallow: kill send\npredict: choice 2 of 3; 1 at waits; at done\n\
     check: number of acked at done; when slow=no\n@8s create-topic orders assign=1,2,3\n\
     +500ms add-producer web orders acks=$acks\nwhen slow=yes acks=all|1: @9s delay 1 3 2s\n@12s mark waits; send web a\n\
     @20s see acked 1 [x]; mark done\n== en\ntitle: Who?\ngoal: You\n  can\npredict: What?\n- a\n- b\n  c\n- d\n\
     wrong 1: no\nwrong: no\nmark waits: it\nvary slow: Slow\n- y\n- n\nterms: ISR, HW\n== zh\ntitle: \u{8c01}\u{ff1f}\n",
    "combined: 3\nelr: off\ntitle-zh: 三\n@0s create-topic t\n@1500ms heal-all\n# a remark\n",
];

/// A few lines each: as much can be wrong in them, and they are read fast.
pub const SHORT: &[&str] = &[
    "blumfeld 1\nseed: 7\n@0s create-topic t\n+1s see leader t-0 1\n",
    "vary: a = 1 | 2\n@1s add-producer web t acks=$a\nwhen a=1: @2s kill 1\n",
    "@1s kill 2; mark dies\n+2s see no fact Truncated\n",
    "set: min.insync.replicas=2\nbrokers: 2\n@1s pace web off\nsee acked 0\n",
    "id: x\npredict: number\ncheck: number of lost at end\n@1s mark end\n== en\ntitle: A\npredict: B?\n== zh\ntitle: 甲\n",
];

/// Drawings of kept experiments, as storage holds them.
pub const POSTERS: &[&str] = &["1|r0L1f;f2f;s|2", "0||0", "3|p7L7L7f0f;d|6"];

/// Places on the stage, as attributes hold them.
pub const PLACES: &[&str] = &["key 7 0", "record 2 my-topic-0 18446744073709551615", "read 104 3", "packet 9 1"];

/// Where a program wants to be.
pub const INSTANTS: &[&str] = &["12.5s", "250ms", "mark:dies", "12500000000", "12.5e9", "-1", "Mark: A b", "604800s"];

/// A link that somebody has kept: an opening scene with one act.
pub const LINK: &str = "#b1.AT0Awv8ABwA1tsjPv3i2iJ3yPMDEB-_Nq4lnRSMBEDJUdpi63P4CogACFe85IFqMzBhWb5wqsfHDQTYOHfFDOJwA";

/// A picture of one pixel.
pub const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";
/// Two notes that contradict each other, and one that is only text.
pub const NOTES: &[&str] = &[
    "blumfeld notes 1\n\nnote 40\ntopic: commits\nverdict: wrong\nera: never\nagainst: 41\ntest: m10 m11\nwaits: consumer \
     policy; ZooKeeper era\nsource: KIP-62; OffsetAndMetadata\n== en\nclaim: The last one read.\nsays: The next one.\nseen: \
     Five.\n== zh\nclaim: 最后一条。\nsays: 下一条。\nseen: 是 5。\n\nnote 41\ntopic: log\nverdict: true\nera: since 0.9.0\nagainst: \
     40\ntest: hand\nsource: x\n== en\nclaim: a\nsays: b\nseen: c\n== zh\nclaim: 甲\nsays: 乙\nseen: 丙\n",
    "blumfeld notes 1\n# remark\nnote 53b\ntopic: history\nverdict: dated\nera: 0.8.2 to 3.9\ntest: text\nsource: release 4.0\n\
     == zh\nclaim: 甲\nsays: 乙\n== en\nclaim: a\nsays: b\n",
];

/// Terms with words in both languages, and with English ones only.
pub const GLOSSARIES: &[&str] = &[
    "blumfeld glossary 1\n\nterm ISR\nsource: KIP-966; Partition\n== en\nalso: in-sync replicas, sync set\nsays: Who keeps up.\n\
     == zh\nalso: \u{540c}\u{6b65}\u{526f}\u{672c}\u{96c6}\nsays: \u{8ddf}\u{5f97}\u{4e0a}\u{3002}\n\nterm lag\nsource: x\n== en\nsays: b\n\
     == zh\nname: Lag\nsays: \u{4e59}\u{3002}\n",
    "blumfeld glossary 1\n# remark\nterm key\nsource: ProducerRecord\n== en\nsays: It chooses the partition.\n",
];
