//! What is wrong with a scenario's text, as one sentence in the writer's language. Kafka's own words stay as they are. It is
//! no part of [`Text`](crate::text::Text): the page's first picture needs none of it.

mod words;

use crate::text::Language;
use script::claim::ClaimProblem;
use script::scenario::{AskedWrongly, Lacking};
use script::{Problem, TextError};
use words::chinese_of;

/// The sentence, without a full stop: places and nearest words stand around it.
pub fn mistake(problem: &Problem, language: Language) -> String {
    match language {
        Language::English => problem.to_string(),
        Language::Chinese => in_chinese(problem),
    }
}

fn in_chinese(problem: &Problem) -> String {
    match problem {
        Problem::NoVersion(word) if word.is_empty() => "第一行要写“blumfeld 1”".to_owned(),
        Problem::NoVersion(word) => format!("第一行要写“blumfeld 1”，而不是“{word}”"),
        Problem::TooLarge(most) => format!("文本最多 {most} 字节，后面的没有读"),
        Problem::NoLine(text) => format!("“{text}”既不是文件头，也不是命令"),
        Problem::NoHeader(name) => format!("没有“{name}”这个文件头"),
        Problem::LateHeader(name) => format!("文件头“{name}”要写在第一条命令之前"),
        Problem::Twice(name) => format!("“{name}”写了两次"),
        Problem::BadHeader { name, value } => format!("{name} 不接受“{value}”"),
        Problem::NoWord { name, word } => format!("{name} 里没有“{word}”这个词"),
        Problem::BadTime(text) => format!("“{text}”不是时间，应写成 @2s 这样"),
        Problem::TooLate(text) => format!("一次运行最长一周，“{text}”超出了"),
        Problem::Backwards => "这个时刻比上一行还早".to_owned(),
        Problem::Command(error) => of_command(error),
        // Kafka's words, and those of the cluster's own check.
        Problem::Setting { message, .. } | Problem::Cluster(message) => message.to_string(),
        Problem::Claim(problem) => of_claim(problem),
        Problem::BadMark(name) => format!("标记名只能用小写字母、数字和连字符，不能是“{name}”"),
        Problem::NoMark(name) => format!("没有“{name}”这个标记"),
        Problem::NoVary(name) => format!("没有名为“{name}”的可变项"),
        Problem::NoValue { name, value } => format!("{name} 的取值里没有“{value}”"),
        Problem::TooVaried => "最多三个可变项，取值合计最多九个".to_owned(),
        Problem::Question(AskedWrongly::Form(text)) => format!("“{text}”不成问题，没法回答"),
        Problem::Question(AskedWrongly::Choice(text)) => format!("没有第“{text}”个选项"),
        Problem::NoSection(tag) => format!("没有“{tag}”这种语言的文字"),
        Problem::NoWordLine(name) => format!("文字部分没有“{name}”这一行"),
        Problem::Lack(lacking) => of_lack(lacking),
    }
}

fn of_command(error: &TextError) -> String {
    match error {
        TextError::Empty => "这一行是空的".to_owned(),
        TextError::Quotes => "引号没有配对".to_owned(),
        TextError::UnknownVerb(verb) => format!("没有“{verb}”这个命令"),
        TextError::Missing { verb, what } => format!("{verb} 后面缺少{}", chinese_of(what)),
        TextError::Bad { what, value } => format!("“{value}”不是{}", chinese_of(what)),
        TextError::Extra { verb, word } => format!("{verb} 不认识“{word}”"),
    }
}

fn of_claim(problem: &ClaimProblem) -> String {
    match problem {
        ClaimProblem::NoFact(word) => format!("没有“{word}”这种事件"),
        ClaimProblem::NoSubject(word) => format!("“{word}”不是能看到的东西"),
        ClaimProblem::BadTime(text) => format!("“{text}”不是时间，应写成 2s 这样"),
        ClaimProblem::Unfinished(text) => format!("“{text}”没有写完"),
        ClaimProblem::TooMuch(word) => format!("“{word}”是多余的"),
        ClaimProblem::NoSuchWindow(text) => format!("这个时间范围里什么也看不到（{text}）"),
    }
}

fn of_lack(lacking: &Lacking) -> String {
    match lacking {
        Lacking::Words { section, what } => format!("{section} 部分缺少“{what}”"),
        Lacking::Long { what, letters, most } => format!("“{what}”有 {letters} 个字，最多放得下 {most} 个"),
        Lacking::Choices { asked, worded } => format!("问题有 {asked} 个选项，文字里写了 {worded} 个"),
        Lacking::Term(term) => format!("术语表里没有“{term}”"),
        Lacking::TooManyTerms(most) => format!("最多解释 {most} 个术语"),
        Lacking::Claim(number) => format!("没有第 {number} 条说法"),
        Lacking::NoSee => "没有一行 see 说明应当看到什么".to_owned(),
    }
}

#[cfg(test)]
mod tests;
