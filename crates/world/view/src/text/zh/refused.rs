//! 中文：拒绝。

use crate::text::{By, Refused, RefusedText};

pub(super) const REFUSED: RefusedText = RefusedText { by, plainly };

fn by(by: &By<'_>) -> String {
    match by {
        By::Producer(name) => format!("生产者 {name} 自己拒绝"),
        By::ProducerGaveUp(name) => format!("生产者 {name} 自己放弃"),
        By::ToolGaveUp => "工具自己的客户端放弃".to_owned(),
        By::Tool => "工具自己的客户端拒绝".to_owned(),
        By::Broker(Some(id)) => format!("Broker {id} 拒绝"),
        By::Broker(None) => "回答的 Broker 拒绝".to_owned(),
        By::Controller(Some(id)) => format!("控制器拒绝，由 Broker {id} 转达"),
        By::Controller(None) => "控制器拒绝，由一个 Broker 转达".to_owned(),
    }
}

fn plainly(refused: Refused<'_>) -> String {
    match refused {
        Refused::NotMore(has) => format!("分区只能增加；主题已有 {has} 个。"),
        other => fixed(other).or_else(|| of_placement(other)).unwrap_or_else(|| of_client(other)).to_owned(),
    }
}

fn fixed(refused: Refused<'_>) -> Option<&'static str> {
    Some(match refused {
        Refused::NameTaken => "已经有同名的主题。",
        Refused::NameCollides => "另一个主题的名称只差点和下划线，指标会分不清。",
        Refused::NameInvalid => "字母、数字、点、下划线和连字符，最多 249 个字符。",
        Refused::NameMissing => "主题要有名称。",
        Refused::InternalTopic => "这个主题是集群自己用的。",
        Refused::ListedTwice => "同一个请求里要了两次。",
        Refused::NoPartition => "主题至少有一个分区。",
        Refused::NoCopy => "分区至少有一个副本。",
        Refused::TooManyCopies => "每个副本需要一个自己的 Broker。",
        Refused::NobodyToPlaceOn => "目前没有已放行的 Broker。",
        Refused::NoSuchTopic => "没有这个主题。",
        Refused::NoSuchPartition => "主题没有这个编号的分区。",
        Refused::NoSuchBroker => "没有注册过这个编号的 Broker。",
        Refused::DeletionOff => "delete.topic.enable 为 false。",
        Refused::Setting => "这个配置不接受该值。",
        Refused::SettingUnknown => "Kafka 在这里没有这个配置。",
        Refused::SettingsRequest => "这次配置变更自相矛盾。",
        Refused::Policy => "集群会变得太大，一个标签页放不下。",
        Refused::LeaderIsRight => "Leader 已经是对的。",
        Refused::HasLeader => "它有 Leader；这种选举只用于没有 Leader 的分区。",
        Refused::PreferredAway => "第一个副本没有运行，或不在 ISR 里。",
        Refused::NobodyEligible => "没有可以担任 Leader 的副本在运行。",
        _of_others => return None,
    })
}

fn of_placement(refused: Refused<'_>) -> Option<&'static str> {
    Some(match refused {
        Refused::CountedAndPlaced => "手工放置副本时，个数由放置本身决定。",
        Refused::PlacedOnUnknown => "放置里有没注册的 Broker。",
        Refused::PlacedTwice => "放置把两个副本放在同一个 Broker 上。",
        Refused::PlacedUnevenly => "一个主题的各分区副本数相同。",
        Refused::PlacedOnNobody => "放置里没有 Broker。",
        Refused::PlacedOnTheDead => "放置里的 Broker 都被隔离或在停止。",
        Refused::PlacementsMissing => "每个新分区都要有放置，编号不能有空缺。",
        _of_others => return None,
    })
}

fn of_client(refused: Refused<'_>) -> &'static str {
    match refused {
        Refused::TooFewInSync => "ISR 的成员少于 min.insync.replicas。",
        Refused::TooLargeForProducer => "消息超过生产者自己的限制，没有发出。",
        Refused::TooLargeForBroker => "消息超过 Broker 接受的大小（message.max.bytes）。",
        Refused::BatchTooLarge => "加在一起超过了一个日志段。",
        Refused::NegativePartition => "分区编号从 0 起。",
        Refused::NotInMetadata => "max.block.ms 内，生产者没有听说这个主题或分区。",
        Refused::NoMemory => "max.block.ms 内 buffer.memory 一直是满的。",
        Refused::NotDelivered => "delivery.timeout.ms 到了，还没有 Leader 确认。",
        Refused::NobodyAnswered => "没有按时得到回答，做没做成不知道。",
        Refused::NobodyAsked => "没有及时连上任何 Broker，什么也没问。",
        Refused::NoLeaderFound => "没有及时找到这个分区的 Leader。",
        Refused::Closed => "客户端已关闭。",
        Refused::Disconnected => "回答到之前连接断了。",
        Refused::OffsetGone => "日志里没有这个偏移量。",
        Refused::CannotRead => "读到的内容已损坏。",
        Refused::WrongProcess => "这个进程不做这件事。",
        Refused::NobodyInCharge => "目前没有控制器负责。",
        _any_other => "见 Kafka 自己的说明。",
    }
}
