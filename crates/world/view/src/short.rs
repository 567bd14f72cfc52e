//! Names that have to fit: a partition's number stays, and so does the beginning of its topic.

use base::TopicPartition;

/// A partition's name in at most `most` characters: `paym…-0`. The number is never cut.
pub fn short_name(partition: &TopicPartition, most: usize) -> String {
    let number = format!("-{}", partition.partition);
    let room = most.saturating_sub(number.len());
    if partition.topic.chars().count() <= room {
        return partition.to_string();
    }
    let beginning: String = partition.topic.chars().take(room.saturating_sub(1)).collect();
    format!("{beginning}…{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_and_the_number_stay() {
        let short = |topic: &str, number, most| short_name(&TopicPartition::new(topic, number), most);
        assert_eq!(short("orders", 0, 9), "orders-0");
        assert_eq!(short("payments", 0, 9), "paymen…-0");
        assert_eq!(short("payments", 12, 9), "payme…-12");
        assert_eq!(short("a.very.long.topic", 7, 3), "…-7");
        assert_eq!(short("订单和付款记录", 3, 7), "订单和付…-3");
    }
}
