//! 中文，页面的每一部分一个文件。

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
mod spacetime;
mod stage;
mod states;
mod story;
mod timers;
mod why;

use super::{Language, Text, short};

/// All words in Chinese.
pub static ZH: Text = Text {
    language: Language::Chinese,
    tag: "zh-CN",
    acts: acts::ACTS,
    app: app::APP,
    page: page::PAGE,
    ledger: page::LEDGER,
    legend: page::LEGEND,
    help: page::HELP,
    stage: stage::STAGE,
    spacetime: spacetime::SPACETIME,
    meters: meters::METERS,
    cards: cards::CARDS,
    headline: headline::HEADLINE,
    story: story::STORY,
    form: form::FORM,
    inspect: inspect::INSPECT,
    contents: contents::CONTENTS,
    compare: compare::COMPARE,
    clusters: clusters::CLUSTERS,
    producing: producing::PRODUCING,
    notice: notice::NOTICE,
    refusal: notice::REFUSAL,
    dialogs: dialogs::DIALOGS,
    embed: embed::EMBED,
    settings: settings::SETTINGS,
    share: share::SHARE,
    safety: safety::SAFETY,
    rescue: rescue::RESCUE,
    kept: kept::KEPT,
    lanes: lanes::LANES,
    lesson: lesson::LESSON,
    sessions: sessions::SESSIONS,
    dense: dense::DENSE,
    key_card: keycard::KEY_CARD,
    budget: budget::BUDGET,
    pace: pace::PACE,
    why: why::WHY,
    refused: refused::REFUSED,
    states: states::STATES,
    timers: timers::TIMERS,
    facts: facts::fact,
};

fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [firsts @ .., last] => format!("{} 和 {last}", firsts.join("、")),
    }
}
