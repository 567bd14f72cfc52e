//! Kafka's nouns in the other language: `terms=` sets them beside those of the page, or in place of them. Only nouns
//! that the page translates are in the list; Broker, Leader, ISR and the like are the same in both.

use super::Language;

/// Which language Kafka's nouns have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    Chinese,
    English,
    /// The page's own, followed by the other's.
    Both,
}

/// Chinese and English, longer ones before those that they contain.
const PAIRS: [(&str, &str); 18] = [
    ("消费者组", "consumer group"),
    ("优先副本", "preferred replica"),
    ("控制器", "controller"),
    ("生产者", "producer"),
    ("消费者", "consumer"),
    ("协调者", "coordinator"),
    ("偏移量", "offset"),
    ("高水位", "high watermark"),
    ("重平衡", "rebalance"),
    ("元数据", "metadata"),
    ("心跳", "heartbeat"),
    ("主题", "topic"),
    ("分区", "partition"),
    ("副本", "replica"),
    ("纪元", "epoch"),
    ("消息", "message"),
    ("集群", "cluster"),
    ("日志", "log"),
];

/// The sentence with its nouns as asked for.
pub fn with_terms(text: &str, language: Language, terms: Terms) -> String {
    match (language, terms) {
        (Language::English, Terms::English) | (Language::Chinese, Terms::Chinese) => text.to_owned(),
        (Language::English, Terms::Chinese) => from_english(text, |_, chinese| chinese.to_owned()),
        (Language::English, Terms::Both) => from_english(text, |word, chinese| format!("{word} ({chinese})")),
        (Language::Chinese, Terms::English) => from_chinese(text, |_, english| english.to_owned()),
        (Language::Chinese, Terms::Both) => from_chinese(text, |word, english| format!("{word}（{english}）")),
    }
}

fn from_chinese(text: &str, say: impl Fn(&str, &str) -> String) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((chinese, english)) = PAIRS.into_iter().find(|(chinese, _)| rest.starts_with(chinese)) {
            let said = say(chinese, english);
            let tail = &rest[chinese.len()..];
            // A space between Chinese and Latin letters.
            if said.starts_with(|c: char| c.is_ascii()) && out.ends_with(is_han) {
                out.push(' ');
            }
            out.push_str(&said);
            if said.ends_with(|c: char| c.is_ascii()) && tail.starts_with(is_han) {
                out.push(' ');
            }
            rest = tail;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

fn is_han(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

/// Part of a name such as `auto.offset.reset` or `topic-1`: that is no noun of ours.
fn joins(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-_./".contains(letter)
}

fn from_english(text: &str, say: impl Fn(&str, &str) -> String) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let starts = !out.ends_with(joins);
        let found = PAIRS.into_iter().filter(|_| starts).find_map(|(chinese, english)| {
            let word = word(rest, english)?;
            Some((word, chinese))
        });
        if let Some((word, chinese)) = found {
            out.push_str(&say(word, chinese));
            rest = &rest[word.len()..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// The noun at the start of the text, as it is written there, also in the plural.
fn word<'a>(text: &'a str, noun: &str) -> Option<&'a str> {
    let head = text.get(..noun.len()).filter(|head| head.eq_ignore_ascii_case(noun))?;
    let tail = &text[head.len()..];
    let plural = tail.starts_with('s') && !tail[1..].starts_with(joins_on);
    let end = head.len() + usize::from(plural);
    let over = plural || !tail.starts_with(joins_on);
    over.then(|| &text[..end])
}

/// A full stop may end a sentence; before a letter it joins.
fn joins_on(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-_/".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_stand_beside_each_other_or_are_exchanged() {
        let both = |text: &str, language| with_terms(text, language, Terms::Both);
        assert_eq!(both("还有 2 个分区。", Language::Chinese), "还有 2 个分区（partition）。");
        assert_eq!(
            both("Broker 3 从偏移量 8 起担任 orders-1 的 Leader。", Language::Chinese),
            "Broker 3 从偏移量（offset） 8 起担任 orders-1 的 Leader。"
        );
        assert_eq!(
            with_terms("消费者组有两个分区", Language::Chinese, Terms::English),
            "consumer group 有两个 partition"
        );
        assert_eq!(with_terms("消费者组", Language::Chinese, Terms::Chinese), "消费者组");
        assert_eq!(
            both("Broker 3 leads orders-1 from offset 8.", Language::English),
            "Broker 3 leads orders-1 from offset (偏移量) 8."
        );
        assert_eq!(
            with_terms(
                "Messages flow; topic-1 and auto.offset.reset stay, so do logs.",
                Language::English,
                Terms::Chinese
            ),
            "消息 flow; topic-1 and auto.offset.reset stay, so do 日志."
        );
    }
}
