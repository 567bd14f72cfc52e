//! What commands need, in Chinese: the reader of commands names it in English only.

/// As the reader of commands says it, and in Chinese.
const NEEDED: [(&str, &str); 30] = [
    ("a consumer", "消费者"),
    ("an offset, begin, end or a time such as at:30s", "偏移量、begin、end，或者 at:30s 这样的时间"),
    ("a partition such as orders-0 and an offset", "orders-0 这样的分区，以及偏移量"),
    ("before-commit, after-commit or failed-write", "before-commit、after-commit 或 failed-write"),
    ("a group", "消费者组"),
    ("a name", "名称"),
    ("a node.id", "node.id"),
    ("a number of bytes", "字节数"),
    ("a number of messages", "消息条数"),
    ("a number of keys", "键的个数"),
    ("a number of partitions", "分区数"),
    ("a number of records", "消息条数"),
    ("a partition number", "分区号"),
    ("a partition such as orders-0", "分区，应写成 orders-0 这样"),
    ("a placement such as 1,2,3/2,3,1", "副本分配，应写成 1,2,3/2,3,1 这样"),
    ("a producer", "生产者"),
    ("a question", "问题"),
    ("a replication factor", "副本数"),
    ("a second name", "第二个名称"),
    ("a store", "存储"),
    ("a time between records, or off", "两条消息的间隔，或者 off"),
    ("a time such as 100ms", "时间，应写成 100ms 这样"),
    ("a time such as 20ms", "时间，应写成 20ms 这样"),
    ("a time such as 500ms", "时间，应写成 500ms 这样"),
    ("a topic", "主题"),
    ("a cluster", "集群名"),
    ("an API such as Produce or Fetch", "API，应写成 Produce、Fetch 这样"),
    ("an offset", "偏移量"),
    ("preferred or unclean", "preferred 或 unclean"),
    ("topics", "主题"),
];

/// What is not in the table stays as it is.
pub(super) fn chinese_of(what: &'static str) -> &'static str {
    NEEDED.iter().find(|(english, _)| *english == what).map_or(what, |(_, chinese)| chinese)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The source itself says what it can need.
    #[test]
    fn everything_that_a_command_can_need_has_a_chinese_word() {
        let sources = [include_str!("../../../script/src/text.rs"), include_str!("../../../script/src/call.rs")];
        let literals = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
        let needed = literals
            .filter(|text| text.starts_with("a ") || text.starts_with("an "))
            .filter(|text| !text.contains(" is "));
        let mut count = 0;
        for what in needed {
            assert!(NEEDED.iter().any(|(english, _)| *english == what), "{what}");
            count += 1;
        }
        assert!(count >= NEEDED.len() - 3, "{count}");
    }
}
