use super::*;

#[test]
fn every_line_is_printed_as_it_was_read() {
    for line in [
        "create-topic orders partitions=3 rf=3 min.insync.replicas=2",
        "create-topic t assign=1,2,3/2,3,1 timeout=15s",
        "delete-topic orders",
        "add-partitions orders 6",
        "alter-topic orders min.insync.replicas=2 delete=retention.ms",
        "elect-leaders preferred orders-0 orders-1",
        "add-broker 4 rack=a",
        "add-producer web orders keys=A,B every=500ms size=20 acks=all linger.ms=0",
        "add-producer load orders keys=k random-keys=100 every=1ms",
        "add-consumer billing-1 billing orders,payments work=2ms session.timeout.ms=6000",
        "send web 'two words' key=order-1 partition=2",
        "send web key=gone",
        "send web '' key=a",
        r"send web hello key=a headers='trace:7,empty:,none,a\:b:x\,y'",
        "send web late timestamp=1700000000000",
        "send web late key=a headers=trace:7 timestamp=0",
        "send web value=x=1 key=a=b",
        "send web 'what? x=1'",
        "send -- web --",
        "kill -- a=1",
        "create-topic rf=3 -- a=b",
        "alter-topic orders a=b=c 'max.}age=1' delete='\r'",
        "delete-topic 'orders\r'",
        "create-topic t partitions=3 =x config:config:=5 config:partitions=4",
        r"add-producer web orders keys='a\,b,C:\\,ende'",
        r"add-consumer c g 'a\,b,c'",
        "pace web off",
        "pace web 20ms",
        "read orders-0 from=5",
        "list-topics",
        "via broker-2:9092 list-topics",
        "via broker-2:9092,localhost:9092 create-topic orders partitions=3",
        "in west via broker-1.west:9092 ask describe-cluster",
        "kill 2",
        "power-off c1",
        "cut 1 3",
        "cut-one-way 1 web",
        "delay 1 2 20ms",
        "stall web 1 200ms",
        "hold 2 1 Fetch",
        "lose 1 web Produce 3",
        "heal 1 3",
        "heal-all",
        "slow-store db 200ms",
        "fail-store db",
        "heal-store 'the db'",
        "crash c failed-write",
    ] {
        let command = parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(print(&command), line);
    }
}

#[test]
fn wrong_lines_say_what_is_wrong() {
    for (line, words) in [
        ("", "the line is empty"),
        ("explode 1", "there is no command 'explode'; 'help' lists them"),
        ("send web x timestamp=soon", "'soon' is not milliseconds since 1970"),
        ("send web x timestamp=-1", "'-1' is not milliseconds since 1970"),
        ("send web x headers=,", "',' is not headers such as a:1,b:2"),
        ("kill", "kill needs a name"),
        ("kill 1 2", "kill does not know '2'"),
        ("send web 'open", "a quotation mark is not closed"),
        ("create-topic t partitions=many", "'many' is not a number of partitions"),
        ("hold 1 2", "hold needs an API such as Produce or Fetch"),
        ("lose 1 web Prodoce", "'Prodoce' is not an API such as Produce or Fetch"),
        ("lose 1 web Produce some", "'some' is not a number of messages"),
        ("via broker-2:9092", "the line is empty"),
        ("via broker-2:9092 kill 1", "'kill' is not something that an admin client is asked"),
        ("pace web soon", "'soon' is not a time such as 100ms"),
    ] {
        assert_eq!(parse(line).map(|_| ()).map_err(|error| error.to_string()), Err(words.to_owned()));
    }
}
