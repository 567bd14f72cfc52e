//! What is wrong with a scenario's text, as one sentence in the writer's language. Kafka's own words stay as they are. It is
//! no part of [`Text`](crate::text::Text): the page's first picture needs none of it.

mod words;

use crate::text::Language;
use script::claim::ClaimProblem;
use script::scenario::{AskedWrongly, Lacking};
use script::{Fixed, Problem, TextError, brief, brief_sentence};
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
        Problem::NoVersion(word) => format!("第一行要写“blumfeld 1”，而不是“{}”", brief(word)),
        Problem::TooLarge(most) => format!("文本最多 {most} 字节，后面的没有读"),
        Problem::NoLine(text) => format!("“{}”既不是文件头，也不是命令", brief(text)),
        Problem::NoHeader(name) => format!("没有“{}”这个文件头", brief(name)),
        Problem::LateHeader(name) => format!("文件头“{}”要写在第一条命令之前", brief(name)),
        Problem::Twice(name) => format!("“{}”写了两次", brief(name)),
        Problem::BadHeader { name, value } => format!("{} 不接受“{}”", brief(name), brief(value)),
        Problem::NoWord { name, word } => format!("{} 里没有“{}”这个词", brief(name), brief(word)),
        Problem::BadTime(text) => format!("“{}”不是时间，应写成 @2s 这样", brief(text)),
        Problem::TooLate(text) => format!("一次运行最长一周，“{}”超出了", brief(text)),
        Problem::Backwards => "这个时刻比上一行还早".to_owned(),
        Problem::Command(error) => of_command(error),
        // Kafka's words, and those of the cluster's own check and of tools.
        Problem::Setting { message, .. } | Problem::Cluster(message) | Problem::Tool(message) => {
            brief_sentence(message).to_string()
        }
        Problem::Claim(problem) => of_claim(problem),
        Problem::BadMark(name) => format!("标记名只能用小写字母、数字和连字符，不能是“{}”", brief(name)),
        Problem::NoMark(name) => format!("没有“{}”这个标记", brief(name)),
        Problem::NoVary(name) => format!("没有名为“{}”的可变项", brief(name)),
        Problem::NoValue { name, value } => format!("{} 的取值里没有“{}”", brief(name), brief(value)),
        Problem::TooVaried => "最多三个可变项，取值合计最多九个".to_owned(),
        Problem::Question(AskedWrongly::Form(text)) => format!("“{}”不成问题，没法回答", brief(text)),
        Problem::Question(AskedWrongly::Choice(text)) => format!("没有第“{}”个选项", brief(text)),
        Problem::NoSection(tag) => format!("没有“{}”这种语言的文字", brief(tag)),
        Problem::NoWordLine(name) => format!("文字部分没有“{}”这一行", brief(name)),
        Problem::Lack(lacking) => of_lack(lacking),
    }
}

/// What is wrong with a command's line, without a full stop.
pub fn text_error(error: &TextError, language: Language) -> String {
    match language {
        Language::English => error.to_string(),
        Language::Chinese => of_command(error),
    }
}

fn of_command(error: &TextError) -> String {
    match error {
        TextError::Empty => "这一行是空的".to_owned(),
        TextError::Quotes => "引号没有配对".to_owned(),
        TextError::UnknownVerb(verb) => format!("没有“{}”这个命令", brief(verb)),
        TextError::Missing { verb, what } => format!("{verb} 后面缺少{}", chinese_of(what)),
        TextError::Bad { what, value } => format!("“{}”不是{}", brief(value), chinese_of(what)),
        TextError::Anywhere(verb) => format!("{verb} 用的是进程名，不分集群：去掉 in"),
        TextError::Fixed(Fixed::Change) => "Kafka 没有能修改已写消息的请求；可以再发一条，它排在日志末尾".to_owned(),
        TextError::Fixed(Fixed::Insert) => "Leader 按顺序给每条消息分配下一个偏移量，已写消息之前插不进别的".to_owned(),
        TextError::Extra { verb, word } => format!("{verb} 不认识“{}”", brief(word)),
    }
}

pub(crate) fn of_claim(problem: &ClaimProblem) -> String {
    match problem {
        ClaimProblem::NoFact(word) => format!("没有“{}”这种事件", brief(word)),
        ClaimProblem::NoSubject(word) => format!("“{}”不是能看到的东西", brief(word)),
        ClaimProblem::BadTime(text) => format!("“{}”不是时间，应写成 2s 这样", brief(text)),
        ClaimProblem::Unfinished(text) => format!("“{}”没有写完", brief(text)),
        ClaimProblem::NoMeter(word) => format!("没有“{}”这个指标", brief(word)),
        ClaimProblem::TooMuch(word) => format!("“{}”是多余的", brief(word)),
        ClaimProblem::NoSuchWindow(text) => format!("这个时间范围里什么也看不到（{}）", brief(text)),
    }
}

fn of_lack(lacking: &Lacking) -> String {
    match lacking {
        Lacking::Words { section, what } => format!("{section} 部分缺少“{}”", brief(what)),
        Lacking::Long { what, letters, most } => format!("“{}”有 {letters} 个字，最多放得下 {most} 个", brief(what)),
        Lacking::Choices { asked, worded } => format!("问题有 {asked} 个选项，文字里写了 {worded} 个"),
        Lacking::Term(term) => format!("术语表里没有“{}”", brief(term)),
        Lacking::TooManyTerms(most) => format!("最多解释 {most} 个术语"),
        Lacking::Claim(number) => format!("没有第 {number} 条说法"),
        Lacking::NoSee => "没有一行 see 说明应当看到什么".to_owned(),
    }
}

#[cfg(test)]
mod tests;
