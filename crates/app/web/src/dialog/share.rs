//! Share: the link, how long it is and where it fits, its QR code, what it begins with and asks for, lines for other
//! pages, and files. Numbers, sentences and snippets are `view::share`'s.

use view::share::{BEGINNINGS, Begins, Embedding, Fit, HEIGHTS, HOSTS, QR_MOST, Wish, address, meter, qr};
use yew::prelude::*;

use super::{Copying, DialogProps};
use crate::files::{self, Bytes};
use crate::icon::icon;
use crate::intent::{Dialog, PageIntent, ShareIntent, Shown};
use crate::panel::send;

/// Command lines that are laid out at a time: an experiment may have fifteen thousand, and few are looked at.
const LINES: usize = 200;
/// Modules of a QR code that has its place beside the link; larger ones are drawn below it.
const BESIDE: u16 = 66;
/// The document's name of the snippet, by which it can be selected.
pub const SNIPPET: &str = "snippet";

fn spelled(script: &str) -> impl Iterator<Item = Html> {
    let lines: Vec<&str> = script.lines().collect();
    let blocks: Vec<Html> =
        lines.chunks(LINES).map(|block| html! { <span class="block">{ block.join("\n") }</span> }).collect();
    blocks.into_iter()
}

fn ask(props: &DialogProps, intent: ShareIntent) -> Callback<MouseEvent> {
    send(&props.act, PageIntent::Share(intent))
}

pub fn share(props: &DialogProps) -> Html {
    let (page, share) = (&props.words.page, &props.share);
    html! {
        <div class="fields share">
            if let Some(why) = &share.too_long {
                <div class="note warn" id="share-too-long" role="alert">
                    <b>{ why.title.clone() }</b>{ " " }{ why.text.clone() }
                    if !why.detail.is_empty() { <br />{ why.detail.clone() } }
                </div>
            } else {
                { beginnings(props) }
                if share.link.is_empty() {
                    <div class="note" role="status">{ page.writing_link }</div>
                } else {
                    { linked(props) }
                }
            }
            { saved(props) }
            if !share.script.is_empty() {
                <details class="command">
                    <summary class="muted">{ props.words.form.same_as_command }</summary>
                    <pre class="term" tabindex="0" role="group" aria-label={props.words.form.same_as_command}>{ for spelled(&share.script) }</pre>
                </details>
            }
        </div>
    }
}

/// A choice among a few, as one row of buttons.
fn chip(on: bool, words: &str, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button type="button" class={classes!("chip", on.then_some("on"))} aria-pressed={on.to_string()} {onclick}>
            if on { { icon("check") } }
            { words.to_owned() }
        </button>
    }
}

/// Where the link begins, and what it asks for.
fn beginnings(props: &DialogProps) -> Html {
    let (words, wish) = (&props.words.share, props.sharing.wish);
    let begin = |(begins, label): (Begins, &&str)| {
        let none = begins == Begins::BeforeLast && props.share.last.is_empty();
        let chosen = props.share.begins == begins;
        (!none).then(|| chip(chosen, label, ask(props, ShareIntent::Begin(begins))))
    };
    let (plays, reads_only) = (Wish { plays: !wish.plays, ..wish }, Wish { reads_only: !wish.reads_only, ..wish });
    html! {
        <div class="chips">
            { for BEGINNINGS.into_iter().zip(&words.begins).filter_map(begin) }
            <span class="push" aria-hidden="true"></span>
            { chip(!wish.plays, words.paused, ask(props, ShareIntent::Wish(plays))) }
            { chip(wish.reads_only, words.reads_only, ask(props, ShareIntent::Wish(reads_only))) }
        </div>
    }
}

fn linked(props: &DialogProps) -> Html {
    let link = address(&props.share.link, props.sharing.wish);
    let code = qr(&link);
    let image = code.as_ref().map(|code| {
        let side = code.side.to_string();
        html! {
            <svg class={classes!("qr", (code.side > BESIDE).then_some("large"))} viewBox={format!("0 0 {side} {side}")} role="img" aria-label={props.words.share.qr} shape-rendering="crispEdges">
                <title>{ props.words.share.qr }</title>
                <rect width={side.clone()} height={side} fill="#fff" /><path d={code.path.clone()} fill="#000" />
            </svg>
        }
    });
    let none = code.is_none().then(|| html! { <p class="muted">{ (props.words.share.no_qr)(QR_MOST) }</p> });
    html! {
        <>
            <div class="share-top">
                <div class="share-link">{ field(props, &link) }{ measure(props, &link) }{ truth(props) }</div>
                { for image }
            </div>
            { for none }
            { snippet(props) }
        </>
    }
}

fn field(props: &DialogProps, link: &str) -> Html {
    let (page, words, share) = (&props.words.page, &props.words.share, &props.share);
    let label = match share.begins {
        Begins::Start => words.link_to_start.to_owned(),
        Begins::BeforeLast => (words.link_before)(&share.last),
        Begins::Moment => (page.share_link)(&share.now_text),
    };
    html! {
        <div class="field">
            <label for="share-link">{ label }</label>
            <div class="copy-line">
                <input id="share-link" readonly=true value={link.to_owned()} />
                <button class="btn primary" onclick={send(&props.act, PageIntent::CopyLink)}>{ icon("copy") }{ page.copy }</button>
            </div>
            { copied(props, Shown::Link, page.copied) }
        </div>
    }
}

/// What became of the wish to copy something, beside it.
fn copied(props: &DialogProps, what: Shown, done: &'static str) -> Html {
    let (said, class) = match props.copy {
        _ if props.sharing.copied != what => ("", None),
        Copying::Open => ("", None),
        Copying::Done => (done, None),
        Copying::ByHand if what == Shown::Link => (props.words.page.copy_failed, Some("c-warn")),
        Copying::ByHand => (props.words.dialogs.command_by_hand, Some("c-warn")),
    };
    html! { <small role="status" {class}>{ said }</small> }
}

/// How long it is, on a scale.
fn measure(props: &DialogProps, link: &str) -> Html {
    let (words, meter) = (&props.words.share, meter(link, props.words.0));
    let class = match meter.fit {
        Fit::Everywhere => "ok",
        Fit::Chats | Fit::Mails => "warn",
        Fit::Nowhere => "bad",
    };
    html! {
        <div class="meter">
            <p><b>{ meter.count }</b>{ " " }{ meter.words }</p>
            <div class="scale" aria-hidden="true"><i class={class} style={format!("width:{}.{}%", meter.share / 10, meter.share % 10)}></i></div>
            <p class="muted marks" aria-hidden="true">{ for words.scale.iter().map(|mark| html! { <span>{ *mark }</span> }) }</p>
        </div>
    }
}

/// What whoever opens it will get.
fn truth(props: &DialogProps) -> Html {
    let (page, share) = (&props.words.page, &props.share);
    let own = if share.hash.is_empty() {
        html! { <><b>{ props.words.share.do_it_yourself }</b>{ " " }</> }
    } else {
        html! { <><b>{ page.same_for_everyone }</b>{ " " }{ (page.state_hash)(&share.hash) }{ " " }</> }
    };
    html! { <div class="note ok">{ own }{ page.stays_in_browser }</div> }
}

/// Lines for another page.
fn snippet(props: &DialogProps) -> Html {
    let (words, sharing) = (&props.words.share, &props.sharing);
    let embedding = Embedding {
        link: &props.share.link,
        title: &props.title,
        language: props.words.language,
        wish: sharing.wish,
        height: sharing.height,
    };
    let host = HOSTS[sharing.host];
    let tab = |(index, host): (usize, &view::share::Host)| {
        let on = index == sharing.host;
        html! { <button type="button" class={on.then_some("on")} aria-pressed={on.to_string()} onclick={ask(props, ShareIntent::Host(index))}>{ host.name() }</button> }
    };
    let height = |pixels: &u16| {
        let on = *pixels == sharing.height;
        html! { <button type="button" class={on.then_some("on")} aria-pressed={on.to_string()} onclick={ask(props, ShareIntent::Height(*pixels))}>{ *pixels }</button> }
    };
    html! {
        <section class="hosts" aria-label={words.hosts}>
            <div class="seg wrap">{ for HOSTS.iter().enumerate().map(tab) }</div>
            <div class="host-line">
                <span class="muted">{ words.height }</span>
                <div class="seg" role="group" aria-label={words.height}>{ for HEIGHTS.iter().map(height) }</div>
                <a href={embedding.frame()} target="_blank" rel="noopener">{ words.try_it }</a>
                <span class="muted push">{ if host.wants_picture() { words.picture_beside } else { words.filled_in } }</span>
                <button type="button" class="btn" onclick={ask(props, ShareIntent::Snippet)}>{ icon("copy") }{ words.copy_snippet }</button>
            </div>
            <pre class="term" id={SNIPPET} tabindex="0" role="group" aria-label={words.hosts}>{ host.snippet(&embedding) }</pre>
            { copied(props, Shown::Snippet, words.snippet_copied) }
        </section>
    }
}

/// Files to save and to open.
fn saved(props: &DialogProps) -> Html {
    let words = &props.words.share;
    html! {
        <>
            <div class="buttons">
                <button type="button" class="btn" onclick={ask(props, ShareIntent::File)}>{ words.file }</button>
                <button type="button" class="btn" onclick={ask(props, ShareIntent::Png)}>{ words.png }</button>
                <button type="button" class="btn" onclick={ask(props, ShareIntent::Svg)}>{ words.svg }</button>
                if props.keeps {
                    { chooser(words.open_file, &props.opened_file) }
                    <button class="link" onclick={send(&props.act, PageIntent::Open(Dialog::Kept))}>{ props.words.kept.title }</button>
                }
            </div>
            <p class="muted">{ words.repacked }</p>
        </>
    }
}

/// Opens a file of this machine.
pub fn chooser(label: &'static str, heard: &Callback<Bytes>) -> Html {
    let heard = heard.clone();
    let onchange = Callback::from(move |event: Event| {
        if let Some(chooser) = event.target() {
            files::chosen(&chooser, heard.clone());
        }
    });
    html! {
        <label class="btn file">{ label }<input type="file" class="unseen" accept=".blumfeld,.txt,.png" {onchange} /></label>
    }
}
