use super::*;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn get<'a>(yaml: &'a Yaml, path: &str) -> Option<&'a Yaml> {
    path.split('/').try_fold(yaml, |yaml, name| match name.parse::<usize>() {
        Ok(index) if !yaml.items().is_empty() => yaml.items().get(index),
        _name => yaml.get(name),
    })
}

#[test]
fn what_compose_files_are_made_of_is_read() {
    let source = "\
# a comment
x-common: &common
  image: apache/kafka:4.3.0   # the newest
  environment: &env
    KAFKA_A: \"1 # no comment\"
    KAFKA_B: 'it''s'
services:
  kafka-1:
    <<: *common
    ports: [ \"9092:9092\", 9093 ]
    environment:
      <<: *env
      KAFKA_NODE_ID: 1
      KAFKA_URL: PLAINTEXT://kafka-1:9092
    command: >
      one
      two
  other:
    environment:
    - A=1
    - B=two words
    empty:
    nested: {a: b, c: [d, e]}
    text: |
      first
        second
";
    let documents = Yaml::read(source).expect("it is of that part");
    let root = &documents[0];
    let at = |path: &str| get(root, path).map(|yaml| yaml.value.clone());
    assert_eq!(at("services/kafka-1/image"), Some(text("apache/kafka:4.3.0")));
    assert_eq!(at("services/kafka-1/environment/KAFKA_A"), Some(text("1 # no comment")));
    assert_eq!(at("services/kafka-1/environment/KAFKA_B"), Some(text("it's")));
    assert_eq!(at("services/kafka-1/environment/KAFKA_URL"), Some(text("PLAINTEXT://kafka-1:9092")));
    assert_eq!(at("services/kafka-1/ports/0"), Some(text("9092:9092")));
    assert_eq!(at("services/kafka-1/command"), Some(text("one two")));
    assert_eq!(at("services/other/environment/1"), Some(text("B=two words")));
    assert_eq!(at("services/other/empty"), Some(Value::None));
    assert_eq!(at("services/other/nested/c/1"), Some(text("e")));
    assert_eq!(at("services/other/text"), Some(text("first\n  second")));
    assert_eq!(get(root, "services/kafka-1/environment/KAFKA_NODE_ID").map(|yaml| yaml.line), Some(13));
}

#[test]
fn documents_are_parted() {
    let documents = Yaml::read("---\na: 1\n---\n# nothing\n---\nb: 2\n...\n").expect("three marks");
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[1].line, 6);
}

#[test]
fn what_is_not_of_that_part_is_refused_with_its_line() {
    for (source, line) in [
        ("a: 1\n\tb: 2", 2),
        ("a: \"x", 1),
        ("a:\n  b: 1\n c: 2", 3),
        ("a: 1\na: 2", 2),
        ("a: *nowhere", 1),
        ("a: [1, 2", 1),
        ("a: !tag x", 1),
        ("a: 1\n  b: 2", 2),
    ] {
        assert_eq!(Yaml::read(source).map_err(|bad| bad.line), Err(line), "{source}");
    }
}

#[test]
fn aliases_do_not_grow_beyond_all_measure() {
    let mut source = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        source.push_str(&format!("a{level}: &a{level}\n"));
        source.push_str(&format!("  - {before}\n").repeat(9));
    }
    assert!(Yaml::read(&source).is_err());
}
