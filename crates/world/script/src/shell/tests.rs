//! Lines as bash takes them, and what is refused instead of being misread.

use super::*;
use crate::cli::Output;

/// What a line is made of: each step's feed, command and what its filters make of five lines.
fn told(line: &str) -> String {
    let steps = match steps(line) {
        Ok(steps) => steps,
        Err(error) => return format!("{error:?}"),
    };
    let step = |step: Step| {
        let Pipeline { feed, command, pipe } = step.pipeline;
        let joined = match step.join {
            Join::Then => "",
            Join::IfWell => "&& ",
            Join::WithFirst => "&",
        };
        let feed = feed.map(|feed| format!("{} > ", feed.trim_end().replace('\n', ","))).unwrap_or_default();
        let mut output = Output::default();
        ["b 2", "a 10", "b 2", "b 2", "C 1"].into_iter().for_each(|line| _ = output.out(line));
        let left = if pipe.is_empty() { String::new() } else { format!(" > {}", pipe.all(output).plain().join(",")) };
        format!("{joined}{feed}{command}{left}")
    };
    steps.into_iter().map(step).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_line_is_read_as_bash_reads_it() {
    for (line, means) in [
        ("", ""),
        ("  # a remark", ""),
        ("kill 2 # why", "kill 2"),
        ("kill 2; start 2", "kill 2; start 2"),
        ("kill 2\nstart 2;", "kill 2; start 2"),
        ("a --list&&b", "a --list; && b"),
        ("tool 'a|b;c' \"d && e\" f\\;g", "tool 'a|b;c' \"d && e\" f\\;g"),
        ("tool | grep b", "tool > b 2,b 2,b 2"),
        ("tool | grep -vi c", "tool > b 2,a 10,b 2,b 2"),
        ("tool | grep -c 'a\\|C'", "tool > 2"),
        ("tool | grep -E '^(a|C) '", "tool > a 10,C 1"),
        ("tool | grep '^[ab] .$'", "tool > b 2,b 2,b 2"),
        ("tool | grep -i '^c'", "tool > C 1"),
        ("tool | grep -e 1 | wc -l", "tool > 2"),
        ("tool | head -2", "tool > b 2,a 10"),
        ("tool | head -n 1", "tool > b 2"),
        ("tool | head -n1 | cat", "tool > b 2"),
        ("tool | tail -n 2", "tool > b 2,C 1"),
        ("tool | tail -1", "tool > C 1"),
        ("tool | tail -n +4", "tool > b 2,C 1"),
        ("tool | sort", "tool > C 1,a 10,b 2,b 2,b 2"),
        ("tool | sort -ru", "tool > b 2,a 10,C 1"),
        ("tool | uniq", "tool > b 2,a 10,b 2,C 1"),
        ("tool | sort | uniq -c | sort -rn | head -1", "tool >       3 b 2"),
        ("cat logs/web.log | tail -2", "cat logs/web.log > b 2,C 1"),
        ("tail -2 logs/web.log", "tail logs/web.log > b 2,C 1"),
        ("grep -c b logs/web.log", "grep logs/web.log > 3"),
        ("wc -l logs/web.log", "wc logs/web.log > 5 logs/web.log"),
        ("echo a b | tool -x", "a b > tool -x"),
        ("printf 'a\\nb' | tool | tail -1", "a,b > tool > C 1"),
        ("printf 'k%d:%s\\n' 1 x 2 y | tool", "k1:x,k2:y > tool"),
        ("seq 3 | tool", "1,2,3 > tool"),
        ("seq 9 -3 1 | grep -v 6 | tool", "9,3 > tool"),
        ("tool --x <<< 'one two'", "one two > tool --x"),
        ("echo done", "done > "),
        ("for i in 1 2; do echo $i; done | tool", "1,2 > tool"),
        ("for i in $(seq 2); do echo \"k$i:v${i}\"; done | tool -k", "k1:v1,k2:v2 > tool -k"),
        ("for i in {3..1}; do echo '$i' $i; done | head -2 | tool", "$i 3,$i 2 > tool"),
        ("for t in a 'b c'; do tool --topic $t; done; jps", "tool --topic a; tool --topic b c; jps"),
        ("for i in 1 2; do for j in x y; do echo $i$j; done; done | tool", "1x,1y,2x,2y > tool"),
        ("x && for n in 2 3; do kill $n; done", "x; && kill 2; &kill 3"),
        ("x && for n in 2; do a && b; c; done; d", "x; && a; && b; &c; d"),
        ("for i in 'b\nkill 2'; do tool $i; done", "tool b kill 2"),
    ] {
        assert_eq!(told(line), means, "{line}");
    }
}

#[test]
fn what_is_more_than_that_is_refused_in_words() {
    for (line, error) in [
        ("tool > out.txt", "Redirect"),
        ("tool >> out.txt", "Redirect"),
        ("tool 2>/dev/null", "Redirect"),
        ("tool 2>&1 | grep a", "Redirect"),
        ("tool &> x", "Redirect"),
        ("tool &", "Background"),
        ("tool || b", "Or"),
        ("kill $(jps)", "Substitution"),
        ("echo \"`jps`\" | tool", "Substitution"),
        ("tool <(echo a)", "Substitution"),
        ("tool <<EOF", "HereDocument"),
        ("tool < in.txt", "NoFile(\"in.txt\")"),
        ("tool 'a", "Quotes"),
        ("| tool", "Incomplete(\"|\")"),
        ("tool |", "Incomplete(\"|\")"),
        ("; tool", "Incomplete(\";\")"),
        ("tool &&", "Incomplete(\"&&\")"),
        ("tool | less", "Filter(\"less\")"),
        ("tool | awk '{print $1}'", "Filter(\"awk\")"),
        ("jps | kafka-topics.sh --list", "Feed(\"jps\")"),
        ("cat *.log", "Glob(\"*.log\")"),
        ("wc -l logs/*", "Glob(\"logs/*\")"),
        ("tool | grep -A 2 b", "Option { filter: \"grep\", word: \"-A\" }"),
        ("tool | wc", "Option { filter: \"wc\", word: \"\" }"),
        ("tool | grep '(' | grep -E '('", "Pattern(\"(\")"),
        ("tool | grep -E 'a{2}'", "Pattern(\"a{2}\")"),
        ("tail -f logs/web.log", "Option { filter: \"tail\", word: \"f\" }"),
        ("echo $HOME | tool", "Variable(\"HOME\")"),
        ("while read line; do echo $line; done", "Keyword(\"while\")"),
        ("for i in 1 2; echo $i", "Loop"),
        ("for i in 1 2; do tool $i; done | kafka-console-producer.sh", "Feed(\"tool\")"),
        ("seq 1001 | tool", "TooLong(1000)"),
        ("for i in $(seq 500); do seq 9; done | tool", "TooLong(1000)"),
    ] {
        assert_eq!(told(line), error, "{line}");
    }
    assert_eq!(only("kill 2; start 2"), Err(ShellError::Several));
}

/// Whatever is typed, it is read or refused.
#[test]
fn any_line_comes_to_an_end() {
    let parts = [
        "for", " i ", "in", ";", "do", "done", "|", "&&", "$i", "'", "\"", "$(", ")", "\\", "<<<", "grep", "é",
        "{1..3}", "\n", "`",
    ];
    let mut seed = 7_u64;
    for _ in 0..20_000 {
        let mut line = String::new();
        for _ in 0..seed % 9 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            line.push_str(parts[(seed >> 33) as usize % parts.len()]);
            line.push_str(if seed & 4 == 0 { " " } else { "" });
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let _read_or_refused = steps(&line);
    }
}

/// However short a line is, what it comes to has an end.
#[test]
fn what_a_line_comes_to_has_an_end() {
    let loops =
        "for a in {1..1000}; do for b in {1..1000}; do for c in {1..1000}; do for d in; do x; done; done; done; done";
    let grows = |level: usize| {
        let names = ["a", "b", "c", "d", "e", "f"];
        let inner =
            (1..level).map(|at| format!("for {} in {}; do ", names[at], format!("${}", names[at - 1]).repeat(10)));
        let ends = "; done".repeat(level);
        format!("for a in xxxxxxxxxx; do {}tool ${}{ends}", inner.collect::<String>(), names[level - 1])
    };
    let nested = |depth: usize| "for a in 1; do ".repeat(depth) + "x" + &"; done".repeat(depth);
    let newlines = format!("printf '{}%s' {}| tool", "\\n".repeat(20_000), "1 ".repeat(20_000));
    for line in [
        loops.to_owned(),
        format!("{loops} | tool"),
        grows(6),
        format!("for a in {}; do x; done", "{1..1000} ".repeat(1_000)),
        nested(5_000),
        newlines,
        format!("printf '{}' | tool", "\\n".repeat(5_000)),
        format!("echo -e '{}' | tool", "\\n".repeat(5_000)),
        "for a in {1..1000}; do for b in {1..1000}; do printf ''; done; done | tool".to_owned(),
    ] {
        assert_eq!(steps(&line), Err(ShellError::TooLong(MOST)), "{}", &line[..60]);
    }
    assert_eq!(steps(&nested(DEEPEST)).map(|steps| steps.len()), Ok(1));
    let assigned = "a=$(".repeat(5_000) + "kafka-storage" + &")".repeat(5_000);
    assert_eq!(steps(&assigned).map(|steps| steps.len()), Ok(1), "a command that nobody has");
    let deep = format!("tool | grep -E '{}a{}'", "(".repeat(5_000), ")".repeat(5_000));
    assert!(matches!(steps(&deep), Err(ShellError::Pattern(_))));
    // What grep would read otherwise is not read as something else.
    for pattern in ["\\borders\\b", "\\s", "\\<a", "\\d"] {
        assert!(matches!(steps(&format!("tool | grep '{pattern}'")), Err(ShellError::Pattern(_))), "{pattern}");
    }
    assert_eq!(told("tool | grep -i '\\W'"), "tool > b 2,a 10,b 2,b 2,C 1");
    for behind in ["while read t; do echo $t; done", "for a in 1; do x; done", "if x; then y; fi"] {
        assert!(matches!(steps(&format!("tool | {behind}")), Err(ShellError::Keyword(_))), "{behind}");
    }
}

/// Whoever only writes has called no tool.
#[test]
fn a_line_without_a_command_calls_no_tool() {
    for line in ["echo 'a:b' kafka-topics.sh --list", "seq 3", "printf a | head -1", "", "# kcat"] {
        assert!(crate::cli::run(line).is_err(), "{line}");
    }
}
