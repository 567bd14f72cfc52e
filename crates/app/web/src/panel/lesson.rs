//! A lesson's column: predict, run, check. Its words come ready from the session; here they are only placed.

use std::rc::Rc;

use session::{LessonIntent, Playback};
use view::{
    AnswerField, ChoiceMark, ChoiceView, LessonMark, LessonStep, LessonView, Passed, QuestionView, Style, TallyTable,
    VaryView, VerdictView, Worded,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::send;
use super::term::Terms;
use crate::icon::icon;
use crate::intent::{Intent, PageIntent};
use crate::words::Words;

#[derive(Properties, PartialEq)]
pub struct LessonProps {
    pub view: Rc<LessonView>,
    pub words: Words,
    pub act: Callback<Intent>,
}

/// Words with code in them.
pub fn worded(text: &Worded) -> Html {
    let part = |(style, part): &(Style, String)| match style {
        Style::Plain => html! { { part.clone() } },
        Style::Code => html! { <code>{ part.clone() }</code> },
    };
    html! { <>{ for text.0.iter().map(part) }</> }
}

/// Which of the two questions is answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Before,
    After,
}

impl Asked {
    fn answer(self, answer: String) -> LessonIntent {
        match self {
            Asked::Before => LessonIntent::Predict(answer),
            Asked::After => LessonIntent::Check(answer),
        }
    }

    fn hand_in(self) -> LessonIntent {
        match self {
            Asked::Before => LessonIntent::Lock,
            Asked::After => LessonIntent::HandIn,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Asked::Before => "lesson-predict",
            Asked::After => "lesson-check",
        }
    }
}

/// The column.
#[component]
pub fn Lesson(props: &LessonProps) -> Html {
    let (view, words, act) = (&props.view, props.words, &props.act);
    let step = |(step, name, open): &(LessonStep, String, bool)| {
        let on = *step == view.step;
        html! {
            <button class={on.then_some("on")} aria-current={on.then_some("step")} disabled={!open}
                onclick={send(act, LessonIntent::Go(*step))}>{ name.clone() }</button>
        }
    };
    let body = match view.step {
        LessonStep::Predict => predict(view, words, act),
        LessonStep::Run => run(view, words, act),
        LessonStep::Check => check(view, words, act),
    };
    html! {
        <div class="lesson-panel">
            <p class="eyebrow">{ view.place.clone() }</p>
            <h2>{ worded(&view.title) }</h2>
            <div class="seg steps">{ for view.steps.iter().map(step) }</div>
            if let Some(name) = &view.resume {
                <button class="btn wide resume" onclick={send(act, LessonIntent::Resume)}>{ icon("step") }{ name.clone() }</button>
            }
            { body }
            if !view.terms.is_empty() { <Terms terms={view.terms.clone()} {words} /> }
            <p class="lesson-foot">
                if view.done { <b class="chip ok">{ icon("check") }{ words.lesson.done }</b> }
                <button class="link" onclick={send(act, PageIntent::Library)}>{ words.lesson.library }</button>
            </p>
        </div>
    }
}

fn predict(view: &LessonView, words: Words, act: &Callback<Intent>) -> Html {
    let question = view.predict.as_ref().map(|question| asked(question, Asked::Before, words, act));
    html! {
        <>
            <p>{ worded(&view.before) }</p>
            { question }
            if view.predict.as_ref().is_some_and(|question| question.open) { <small>{ words.lesson.lock_hint }</small> }
        </>
    }
}

fn run(view: &LessonView, words: Words, act: &Callback<Intent>) -> Html {
    html! {
        <>
            { said(view) }
            if view.predict.is_none() { <p>{ worded(&view.before) }</p> }
            { for view.vary.iter().map(|vary| varied(vary, act)) }
            <ol class="chain lesson-marks">{ for view.marks.iter().map(|mark| marked(mark, words, act)) }</ol>
            if !view.marks.is_empty() { <p class="muted">{ words.lesson.pauses }</p> }
            if let Some(name) = view.play {
                <button class={classes!("btn", "wide", view.on.is_none().then_some("primary"))} onclick={send(act, LessonIntent::PlayOn)}>{ icon("play") }{ name }</button>
            }
            if let Some(name) = view.skip {
                <button class="btn wide" onclick={send(act, LessonIntent::Skip)}>{ icon("step") }{ name }</button>
            }
            if let Some((step, name)) = view.on {
                <button class="btn wide primary" onclick={send(act, LessonIntent::Go(step))}>{ name }</button>
            }
            if let Some(table) = &view.tally { { tally(table, words) } }
        </>
    }
}

fn check(view: &LessonView, words: Words, act: &Callback<Intent>) -> Html {
    let choices = view.predict.as_ref().filter(|question| matches!(question.field, AnswerField::Choices(_)));
    html! {
        <>
            { said(view) }
            if let Some(verdict) = &view.verdict { { verdict_of(verdict, act) } }
            if let Some(question) = choices { { field(question, Asked::Before, words, act) } }
            if let Some(question) = &view.check {
                <p class="eyebrow">{ words.lesson.without }</p>
                { asked(question, Asked::After, words, act) }
            }
            if let Some(checked) = &view.checked { { verdict_of(checked, act) } }
            if let Some(table) = &view.tally { { tally(table, words) } }
        </>
    }
}

fn said(view: &LessonView) -> Html {
    match &view.said {
        Some((said, answer)) => html! { <p class="note plain"><b>{ *said }</b>{ " " }{ worded(answer) }</p> },
        None => Html::default(),
    }
}

fn verdict_of(verdict: &VerdictView, act: &Callback<Intent>) -> Html {
    let show = verdict.show.as_ref().map(|(at, name)| {
        html! { <>{ " " }<button class="link" onclick={send(act, PageIntent::LookAt(*at))}>{ name.clone() }</button></> }
    });
    html! {
        <p class={classes!("note", if verdict.right { "ok" } else { "bad" })} role="status">
            <b>{ verdict.strong }</b>{ " " }{ worded(&verdict.text) }{ show }
        </p>
    }
}

fn asked(question: &QuestionView, which: Asked, words: Words, act: &Callback<Intent>) -> Html {
    html! {
        <form class="lesson-question" onsubmit={|event: SubmitEvent| event.prevent_default()}>
            <p id={which.name()}><b>{ worded(&question.text) }</b></p>
            { field(question, which, words, act) }
            if question.open {
                <button type="submit" class="btn wide primary" disabled={!question.answered} onclick={handing_in(which, act)}>{ question.submit }</button>
            }
        </form>
    }
}

/// By a click, which the Enter key makes too: a frame in a sandbox submits no forms.
fn handing_in(which: Asked, act: &Callback<Intent>) -> Callback<MouseEvent> {
    let act = act.clone();
    Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        act.emit(which.hand_in().into());
    })
}

fn field(question: &QuestionView, which: Asked, words: Words, act: &Callback<Intent>) -> Html {
    let typed = |value: &String, mode: &'static str| {
        let act = act.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(input) = input {
                act.emit(which.answer(input.value()).into());
            }
        });
        html! {
            <div class="field">
                <input aria-labelledby={which.name()} inputmode={mode} autocomplete="off" value={value.clone()} readonly={!question.open} placeholder={words.lesson.answer} {oninput} />
            </div>
        }
    };
    match &question.field {
        AnswerField::Number(value) => typed(value, "numeric"),
        AnswerField::Name(value) => {
            html! { <>{ typed(value, "text") }<small>{ words.lesson.click_or_type }</small></> }
        }
        AnswerField::Choices(choices) => {
            html! { <div class="choices" role="radiogroup" aria-labelledby={which.name()}>{ for choices.iter().map(|choice| choice_of(choice, question.open, (which, act))) }</div> }
        }
    }
}

fn choice_of(choice: &ChoiceView, open: bool, (which, act): (Asked, &Callback<Intent>)) -> Html {
    let sign = match choice.mark {
        ChoiceMark::Open => None,
        ChoiceMark::Right => Some("check"),
        ChoiceMark::Wrong => Some("x"),
    };
    let class = classes!(
        "choice",
        choice.chosen.then_some("on"),
        match choice.mark {
            ChoiceMark::Open => None,
            ChoiceMark::Right => Some("right"),
            ChoiceMark::Wrong => Some("wrong"),
        }
    );
    let onchange = send(act, which.answer(choice.number.to_string()));
    html! {
        <label {class}>
            <input type="radio" name={which.name()} checked={choice.chosen} disabled={!open} {onchange} />
            <span>{ worded(&choice.text) }</span>
            if let Some(sign) = sign { { icon(sign) } }
        </label>
    }
}

fn marked(mark: &LessonMark, words: Words, act: &Callback<Intent>) -> Html {
    let class = match mark.passed {
        Passed::Before => "",
        Passed::Here => "here",
        Passed::Ahead => "ahead",
    };
    html! {
        <li {class} aria-current={(mark.passed == Passed::Here).then_some("step")}>
            <button class="instant" disabled={mark.passed == Passed::Ahead} aria-label={(words.page.go_there)(&mark.at_text)} onclick={send(act, Playback::Seek(mark.at))}><time>{ mark.at_text.clone() }</time></button>
            <div>{ worded(&mark.text) }</div>
        </li>
    }
}

fn varied(vary: &VaryView, act: &Callback<Intent>) -> Html {
    let value = |(value, called, on): &(view::Str, Worded, bool)| {
        let onclick = send(act, LessonIntent::Vary(vary.name.clone(), value.clone()));
        html! { <button class={on.then_some("on")} aria-pressed={on.to_string()} {onclick}>{ worded(called) }</button> }
    };
    html! {
        <div class="vary" role="group" aria-label={vary.called.plain()}>
            <span>{ worded(&vary.called) }</span>
            <div class="seg">{ for vary.values.iter().map(value) }</div>
        </div>
    }
}

fn tally(table: &TallyTable, words: Words) -> Html {
    let row = |(name, counts): &(String, Option<Vec<u64>>)| {
        let cells = match counts {
            Some(counts) => html! { <>{ for counts.iter().map(|count| html! { <td class="n">{ *count }</td> }) }</> },
            None => html! { <td class="muted" colspan={table.heads.len().to_string()}>{ words.lesson.not_run }</td> },
        };
        html! { <tr><th scope="row">{ name.clone() }</th>{ cells }</tr> }
    };
    html! {
        <table class="plain tally">
            <thead><tr><th>{ words.lesson.runs }</th>{ for table.heads.iter().map(|head| html! { <th class="n">{ head.clone() }</th> }) }</tr></thead>
            <tbody>{ for table.rows.iter().map(row) }</tbody>
        </table>
    }
}
