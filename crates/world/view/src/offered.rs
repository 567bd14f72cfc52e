//! What stands beside a word that completion offers, in the reader's language. Commands, settings and types are Kafka's and the
//! format's own words in both; what a command's form calls its places is not.

use crate::text::Language;
use config::{ConfigKey, Preset, Valid};
use script::scenario::{Hint, Offer, OfferKind};

/// The words beside an offer; never empty.
pub fn hint(offer: &Offer, language: Language) -> String {
    match &offer.hint {
        Hint::Kind => kind(offer.kind, language).to_owned(),
        Hint::Form(form) => match language {
            Language::English => (*form).to_owned(),
            Language::Chinese => form_in_chinese(form),
        },
        Hint::Values(values) => values.join(" | "),
        Hint::Setting(key) => setting(key, language),
        Hint::Application(one) => (language.text().form.of_setting)(one.name).to_owned(),
    }
}

fn kind(kind: OfferKind, language: Language) -> &'static str {
    match language {
        Language::English => kind.name(),
        Language::Chinese => match kind {
            OfferKind::Version => "版本",
            OfferKind::Header => "文件头",
            OfferKind::Value => "取值",
            OfferKind::Command => "命令",
            OfferKind::Option => "选项",
            OfferKind::Setting => "配置项",
            OfferKind::Name => "名称",
            OfferKind::Subject => "查看对象",
            OfferKind::Fact => "事件",
            OfferKind::Mark => "标记",
            OfferKind::Words => "文字",
        },
    }
}

/// What a form calls the places that have to be filled in.
const PLACES: [(&str, &str); 19] = [
    ("CONSUMER", "消费者"),
    ("OFFSET", "偏移量"),
    ("NAME", "名称"),
    ("TOPIC", "主题"),
    ("TOPIC-PARTITION", "主题-分区"),
    ("PRODUCER", "生产者"),
    ("GROUP", "消费者组"),
    ("CONFIG", "配置项"),
    ("VALUE", "值"),
    ("KEY", "键"),
    ("TOTAL", "总数"),
    ("COUNT", "次数"),
    ("ID", "编号"),
    ("FROM", "起点"),
    ("TO", "终点"),
    ("QUESTION", "问题"),
    ("WORD", "词"),
    ("MS", "毫秒"),
    ("STORE", "存储"),
];

fn form_in_chinese(form: &str) -> String {
    let is_place = |letter: char| letter.is_ascii_uppercase() || letter == '-';
    let mut told = String::new();
    let mut rest = form;
    while let Some(first) = rest.chars().next() {
        let end = match first.is_ascii_uppercase() {
            true => rest.find(|letter| !is_place(letter)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (word, behind) = rest.split_at(end);
        told.push_str(PLACES.iter().find(|(place, _)| *place == word).map_or(word, |(_, chinese)| chinese));
        rest = behind;
    }
    told
}

/// `INT, [0,...], default 1`: type, what is valid, and what it is when nobody sets it.
fn setting(key: &ConfigKey, language: Language) -> String {
    let default = match (key.default, language) {
        (Preset::Text(""), _) | (Preset::Null | Preset::Required, _) => String::new(),
        (Preset::Text(text), Language::English) => format!("default {text}"),
        (Preset::Text(text), Language::Chinese) => format!("默认 {text}"),
    };
    let (valid, between) = match language {
        Language::English => (key.valid.to_string(), ", "),
        Language::Chinese => (valid_in_chinese(&key.valid), "，"),
    };
    let parts = [key.kind.name().to_owned(), valid, default];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}

/// Brackets are Kafka's own; its English between them is not a name.
fn valid_in_chinese(valid: &Valid) -> String {
    match valid {
        Valid::OneOfAnyCase(values) => format!("[{}]，不分大小写", values.join(", ")),
        Valid::NonEmpty => "不能为空".to_owned(),
        Valid::NonNull => "必须有值".to_owned(),
        Valid::GzipLevel => "[1,...,9] 或 -1".to_owned(),
        Valid::QuorumVoters | Valid::BootstrapServers => "列表不能为空".to_owned(),
        Valid::ThrottledReplicas => "[分区号]:[broker 编号],[分区号]:[broker 编号],...".to_owned(),
        Valid::Any
        | Valid::Range { .. }
        | Valid::OneOf(_)
        | Valid::ListOf { .. }
        | Valid::OffsetReset
        | Valid::AcknowledgementMode
        | Valid::AcquireMode => valid.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use config::Scope;
    use script::text::VERBS;

    fn offered(kind: OfferKind, hint: Hint) -> Offer {
        Offer { text: "x".to_owned(), kind, hint }
    }

    #[test]
    fn every_kind_is_named_in_both_languages() {
        for kind in OfferKind::ALL {
            let offer = offered(kind, Hint::Kind);
            assert_eq!(hint(&offer, Language::English), kind.name());
            assert!(!hint(&offer, Language::Chinese).contains(|letter: char| letter.is_ascii_alphabetic()), "{kind:?}");
        }
    }

    /// The forms themselves say what they call their places.
    #[test]
    fn every_place_of_a_command_s_form_has_a_chinese_word() {
        for (verb, form) in VERBS {
            let said = hint(&offered(OfferKind::Command, Hint::Form(form)), Language::Chinese);
            assert!(said.starts_with(verb), "{said}");
            let words = said.split(|letter: char| !letter.is_ascii_uppercase()).filter(|word| !word.is_empty());
            // Examples of keys, a number, and what everybody calls an API.
            let left: Vec<&str> = words.filter(|word| !["A", "B", "N", "API"].contains(word)).collect();
            assert_eq!(left, [""; 0], "{said}");
        }
        let send = VERBS.iter().find(|(verb, _)| *verb == "send").expect("it is there").1;
        let said = hint(&offered(OfferKind::Command, Hint::Form(send)), Language::Chinese);
        assert_eq!(
            said,
            "send 生产者 [值 | value=值] [key=键] [topic=主题] [partition=N] [headers=a:1,b:2] [timestamp=毫秒]"
        );
    }

    #[test]
    fn settings_are_told_with_kafka_s_types_and_without_english_between_them() {
        let english = ["non-", " or ", "insensitive", "default", "partitionId"];
        for scope in [Scope::Broker, Scope::Topic, Scope::Producer, Scope::Consumer] {
            for key in config::keys(scope) {
                let offer = offered(OfferKind::Setting, Hint::Setting(key));
                let said = hint(&offer, Language::Chinese);
                let is_left = |word: &&str| valid_in_chinese(&key.valid).contains(*word);
                assert_eq!(english.iter().find(|word| is_left(word)), None, "{}: {said}", key.name);
                assert!(said.starts_with(key.kind.name()), "{said}");
            }
        }
    }
}
