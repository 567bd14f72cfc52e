//! Every word of the page, one struct per language, so that a text that is missing in one of them is a
//! compile error. Kafka's own nouns, error names and command lines are never translated. English:
//! subject, verb, object, present tense, 14 words at most. 中文：一句一事，术语按 docs/glossary.md。

mod acts;
mod app;
mod budget;
mod cards;
mod clusters;
mod compare;
mod contents;
mod dense;
mod dialogs;
mod embed;
mod en;
mod facts;
mod form;
mod headline;
mod inspect;
mod kept;
mod keycard;
mod lanes;
mod lesson;
mod meters;
mod notice;
mod pace;
mod page;
mod producing;
mod refused;
mod rescue;
mod safety;
mod sessions;
mod settings;
mod share;
pub mod spacetime;
mod stage;
mod states;
mod story;
mod terms;
mod timers;
mod why;
mod zh;

pub use acts::ActsText;
pub use app::AppText;
pub use budget::BudgetText;
pub use cards::CardsText;
pub use clusters::ClustersText;
pub use compare::CompareText;
pub use contents::ContentsText;
pub use dense::DenseText;
pub use dialogs::DialogsText;
pub use embed::EmbedText;
pub use en::EN;
pub use facts::Names;
pub use form::FormText;
pub use headline::HeadlineText;
pub(crate) use headline::duration;
pub use inspect::{InspectText, SegmentState};
pub use kept::KeptText;
pub use keycard::KeyCardText;
pub use lanes::LanesText;
pub use lesson::LessonText;
pub use meters::MetersText;
pub use notice::{NoticeText, RefusalText};
pub use pace::PaceText;
pub use page::{HelpText, KeyText, LedgerText, LegendText, PageText};
pub use producing::ProducingText;
pub(crate) use producing::load_name;
pub use refused::{By, Refused, RefusedText};
pub use rescue::RescueText;
pub use safety::SafetyText;
pub use sessions::SessionsText;
pub use settings::SettingsText;
pub use share::ShareText;
pub use spacetime::SpacetimeText;
pub use stage::StageText;
pub use states::StatesText;
pub use story::{Asker, Contact, Disk, Doing, Dropping, Jump, Leaving, Said, Silence, StoryText};
pub use terms::{Terms, with_terms};
pub use timers::TimersText;
pub use why::WhyText;
pub use zh::ZH;

use port::Fact;

/// The languages that the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    English,
    Chinese,
}

/// All words of one language.
pub struct Text {
    pub language: Language,
    /// For `lang=`.
    pub tag: &'static str,
    pub acts: ActsText,
    pub app: AppText,
    pub page: PageText,
    pub ledger: LedgerText,
    pub legend: LegendText,
    pub help: HelpText,
    pub stage: StageText,
    pub spacetime: SpacetimeText,
    pub meters: MetersText,
    pub cards: CardsText,
    pub headline: HeadlineText,
    pub story: StoryText,
    pub form: FormText,
    pub inspect: InspectText,
    pub contents: ContentsText,
    pub compare: CompareText,
    pub clusters: ClustersText,
    pub producing: ProducingText,
    pub notice: NoticeText,
    pub refusal: RefusalText,
    pub dialogs: DialogsText,
    pub embed: EmbedText,
    pub settings: SettingsText,
    pub share: ShareText,
    pub safety: SafetyText,
    pub rescue: RescueText,
    pub kept: KeptText,
    pub lanes: LanesText,
    pub lesson: LessonText,
    pub sessions: SessionsText,
    pub dense: DenseText,
    pub key_card: KeyCardText,
    pub budget: BudgetText,
    pub pace: PaceText,
    pub why: WhyText,
    pub refused: RefusedText,
    pub states: StatesText,
    pub timers: TimersText,
    /// A fact in one sentence; whoever reported it stands beside it.
    pub facts: for<'a> fn(&Fact, &Names<'a>) -> String,
}

impl Language {
    pub fn text(self) -> &'static Text {
        match self {
            Language::English => &EN,
            Language::Chinese => &ZH,
        }
    }

    /// The language that a BCP 47 tag such as `zh-CN` asks for.
    pub fn from_tag(tag: &str) -> Language {
        if tag.to_ascii_lowercase().starts_with("zh") { Language::Chinese } else { Language::English }
    }

    pub fn other(self) -> Language {
        match self {
            Language::English => Language::Chinese,
            Language::Chinese => Language::English,
        }
    }
}

/// `1036` as `1,036`: digits in threes, in both languages.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Nanoseconds as people read them: `8.8 s`, `12 ms`, `1.2 ms`, `300 µs`.
pub fn span_of(nanoseconds: u64) -> String {
    let (number, unit) = span_parts(nanoseconds, nanoseconds);
    format!("{number} {unit}")
}

/// A length of time without its unit, and the unit that the longest of those beside it asks for.
pub fn span_parts(nanoseconds: u64, longest: u64) -> (String, &'static str) {
    const MICRO: u64 = 1_000;
    const MILLI: u64 = 1_000_000;
    const SECOND: u64 = 1_000_000_000;
    // Rounded, not cut off; whatever would round up to the next unit has that unit.
    let (unit, name) = match longest {
        0..999_500 => (MICRO, "µs"),
        999_500..999_500_000 => (MILLI, "ms"),
        _ => (SECOND, "s"),
    };
    let tenths = (nanoseconds + unit / 20) / (unit / 10);
    let has_tenths = unit == SECOND || unit == MILLI && longest < 99 * MILLI;
    match has_tenths {
        true => (format!("{}.{}", thousands(tenths / 10), tenths % 10), name),
        false => (thousands((nanoseconds + unit / 2) / unit), name),
    }
}

/// A count in three digits at most: `999`, `8k`, `12M`; what is left out is rounded down.
pub fn short(count: u64) -> String {
    match count {
        0..1_000 => count.to_string(),
        1_000..1_000_000 => format!("{}k", count / 1_000),
        _more => format!("{}M", count / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_come_in_threes() {
        assert_eq!([0, 999, 1_000, 1_036, 12_345_678].map(thousands), ["0", "999", "1,000", "1,036", "12,345,678"]);
    }

    #[test]
    fn tags_choose_the_language() {
        assert_eq!(Language::from_tag("zh-TW"), Language::Chinese);
        assert_eq!(Language::from_tag("de"), Language::English);
    }
}
