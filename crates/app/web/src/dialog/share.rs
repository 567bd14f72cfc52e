//! Share: the link to this moment, how long it is, and what whoever opens it will get.

use yew::prelude::*;

use super::{Copying, DialogProps};
use crate::icon::icon;
use crate::intent::{Dialog, PageIntent};
use crate::panel::send;

/// Longer links are cut by some chat programs.
const CHAT: usize = 2_000;
/// Command lines that are laid out at a time: an experiment may have fifteen thousand, and few are looked at.
const LINES: usize = 200;

fn spelled(script: &str) -> impl Iterator<Item = Html> {
    let lines: Vec<&str> = script.lines().collect();
    let blocks: Vec<Html> =
        lines.chunks(LINES).map(|block| html! { <span class="block">{ block.join("\n") }</span> }).collect();
    blocks.into_iter()
}

pub fn share(props: &DialogProps) -> Html {
    let (page, share) = (&props.words.page, &props.share);
    let length = share.link.chars().count();
    let fits = if length <= CHAT { (page.link_fits)(length) } else { (page.link_long)(length) };
    let said = match props.copy {
        Copying::Open => "",
        Copying::Done => page.copied,
        Copying::ByHand => page.copy_failed,
    };
    let link = html! {
        <>
            <div class="field">
                <label for="share-link">{ (page.share_link)(&share.now_text) }</label>
                <div class="copy-line">
                    <input id="share-link" readonly=true value={share.link.clone()} />
                    <button class="btn primary" onclick={send(&props.act, PageIntent::CopyLink)}>{ icon("copy") }{ page.copy }</button>
                </div>
                <small>{ fits }</small>
                <small role="status" class={(props.copy == Copying::ByHand).then_some("c-warn")}>{ said }</small>
            </div>
            <div class="note ok"><b>{ page.same_for_everyone }</b>{ " " }{ (page.state_hash)(&share.hash) }{ " " }{ page.stays_in_browser }</div>
        </>
    };
    html! {
        <div class="fields">
            if let Some(why) = &share.too_long {
                <div class="note warn" id="share-too-long" role="alert">
                    <b>{ why.title.clone() }</b>{ " " }{ why.text.clone() }
                    if !why.detail.is_empty() { <br />{ why.detail.clone() } }
                </div>
            } else {
                if share.link.is_empty() {
                    <div class="note" role="status">{ page.writing_link }</div>
                } else {
                    { link }
                }
            }
            if props.keeps {
                <p><button class="link" onclick={send(&props.act, PageIntent::Open(Dialog::Kept))}>{ props.words.kept.title }</button></p>
            }
            if !share.script.is_empty() {
                <div class="command">
                    <div class="eyebrow">{ props.words.form.same_as_command }</div>
                    <pre class="term" tabindex="0" role="group" aria-label={props.words.form.same_as_command}>{ for spelled(&share.script) }</pre>
                </div>
            }
        </div>
    }
}
