use crate::text::SettingsText;
use config::Lack;

pub(super) const SETTINGS: SettingsText = SettingsText {
    lack,
    not_modelled: |lacking| format!("不接受 {}={}：{}", lacking.name, lacking.value, lack(lacking.lack)),
    without_effect: "在这里不起作用的配置",
};

fn lack(lack: Lack) -> &'static str {
    match lack {
        Lack::Transactions => "这里还没有事务。",
        Lack::GroupProtocol => "这里只有经典的消费者组协议。",
        Lack::Assignors => "这里只有 range 分配策略。",
        Lack::Serializers => "这里的键和值是文本及其字节。",
        Lack::Compaction => "这里的日志不做压实，只从最旧的一端删除。",
        Lack::TopicCodec => "这里的 Broker 保留生产者的压缩格式。",
        Lack::Codec => "这里不能用这种格式压缩；gzip、snappy 和 lz4 可以。",
        Lack::Flushing => "这里只在关闭日志段时刷盘。",
        Lack::OffsetExpiry => "这里已提交的偏移量不会过期。",
        Lack::Plan => "这由集群的布局逐个节点决定。",
        Lack::Names => "这由命令开头的名称决定。",
        Lack::Security => "这里的连接既不加密，也不验证身份。",
        Lack::PlugIns => "这里不能加载外部代码。",
        Lack::TieredStorage => "这里没有远程存储。",
        Lack::ClosestReplica => "这里的消费者只从 Leader 读取。",
        Lack::LogDirs => "这里每个 Broker 只有一个日志目录。",
        Lack::Voters => "这里的投票者不能增减。",
        Lack::IdleConnections => "这里的连接不会因为空闲而关闭。",
        Lack::Fixed => "这里只实现了 Kafka 的默认值。",
    }
}
