//! The worksheet's own sentences, written for paper.

pub struct Paper {
    /// As in `lang=` and in the names of files.
    pub language: &'static str,
    pub colon: &'static str,
    /// The page that lists all lessons.
    pub library: &'static str,
    pub sheet: &'static str,
    pub back: &'static str,
    pub open: &'static str,
    pub print: &'static str,
    /// Its place in the course.
    pub course: fn(u32) -> String,
    pub goal: &'static str,
    pub name: &'static str,
    pub date: &'static str,
    pub scan: &'static str,
    pub qr: &'static str,
    /// Nobody said where the site stands.
    pub address: &'static str,
    pub predict: &'static str,
    pub answer: &'static str,
    pub because: &'static str,
    pub run: &'static str,
    pub pauses: fn(usize) -> String,
    pub change: &'static str,
    pub runs: &'static str,
    pub seen: &'static str,
    pub was_right: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub check: &'static str,
    pub explain: &'static str,
    pub explain_says: &'static str,
    pub terms: &'static str,
    /// As in the page's ledger, in the order of `COUNTS`.
    counts: [&'static str; 11],
}

/// What a lesson's table may count.
pub const COUNTS: [&str; 11] = [
    "sent",
    "waiting",
    "acked",
    "committed",
    "delivered",
    "duplicated",
    "reordered",
    "skipped",
    "failed",
    "unanswered",
    "lost",
];

impl Paper {
    pub fn count(&self, name: &str) -> &'static str {
        COUNTS.iter().position(|known| *known == name).map_or("", |place| self.counts[place])
    }
}

pub const EN: Paper = Paper {
    language: "en",
    colon: ": ",
    library: "library.html",
    sheet: "Worksheet",
    back: "Library",
    open: "Open the lesson",
    print: "Print this page: one or two sheets of A4.",
    course: |number| format!("· lesson {number} of 12"),
    goal: "Goal:",
    name: "Name",
    date: "Date",
    scan: "Scan it, or type the address:",
    qr: "QR code that opens the lesson",
    address: "The lesson is at this address:",
    predict: "Predict, before you press play",
    answer: "My answer:",
    because: "Because:",
    run: "Run it and watch",
    pauses: |count| match count {
        1 => "The run pauses once. What do you see there, and at which instant?".to_owned(),
        more => format!("The run pauses {more} times. What do you see each time, and at which instant?"),
    },
    change: "Change one thing, run it again, and fill in what comes of it.",
    runs: "run",
    seen: "what happens",
    was_right: "Was my prediction right?",
    yes: "yes",
    no: "no",
    check: "Answer without the picture",
    explain: "Explain it",
    explain_says: "Tell somebody who has not seen the run what happened, and why.",
    terms: "Words that help:",
    counts: [
        "sent",
        "waiting",
        "acked",
        "committed",
        "delivered",
        "repeated",
        "reordered",
        "skipped",
        "refused",
        "unanswered",
        "lost",
    ],
};

pub const ZH: Paper = Paper {
    language: "zh",
    colon: "：",
    library: "library.zh.html",
    sheet: "学习单",
    back: "实验库",
    open: "打开这一课",
    print: "打印本页即可，A4 纸一到两张。",
    course: |number| format!("· 第 {number} 课，共 12 课"),
    goal: "目标：",
    name: "姓名",
    date: "日期",
    scan: "扫码，或输入网址：",
    qr: "二维码，扫码打开这一课",
    address: "这一课的网址：",
    predict: "先预测，再播放",
    answer: "我的答案：",
    because: "理由：",
    run: "运行，观察",
    pauses: |count| match count {
        1 => "运行会暂停一次。记下那是什么时刻，看到了什么。".to_owned(),
        more => format!("运行会暂停 {more} 次。每次都记下时刻，以及看到了什么。"),
    },
    change: "每次只改一处，重新运行，把结果填进表里。",
    runs: "运行",
    seen: "结果",
    was_right: "我的预测对吗？",
    yes: "对",
    no: "不对",
    check: "不看画面，再答一题",
    explain: "用自己的话解释",
    explain_says: "讲给没看过这次运行的人听：发生了什么，为什么？",
    terms: "可以用到的词：",
    counts: ["已发送", "等待中", "已确认", "已提交", "已送达", "重复", "乱序", "跳过", "被拒", "无回音", "丢失"],
};
