//! Sharing: what the dialog asks for, and files that are opened.

use std::rc::Rc;

use view::share::{Embedding, HOSTS, Wish, address, file_name};
use yew::prelude::*;

use super::{App, Msg};
use crate::dialog::Copying;
use crate::files::{self, Bytes};
use crate::intent::{ShareIntent, Shown};

impl App {
    /// The link as it is shown, with what is wished.
    fn shown_link(&self) -> String {
        address(&self.state.share.link, self.state.sharing.wish)
    }

    /// Browsers let a page copy only while it answers to a press.
    #[inline(never)]
    pub(super) fn copy_link(&mut self, ctx: &Context<App>) {
        self.state.sharing.copied = Shown::Link;
        let link = self.shown_link();
        self.copy(ctx, &link);
    }

    /// What is asked for in the dialog.
    #[inline(never)]
    pub(super) fn share(&mut self, ctx: &Context<App>, intent: ShareIntent) {
        let state = &mut self.state;
        state.copy = Copying::Open;
        match intent {
            ShareIntent::Begin(begins) => {
                state.share = Rc::new(self.session.borrow_mut().share(begins, state.language));
            }
            ShareIntent::Wish(wish) => state.sharing.wish = wish,
            ShareIntent::Host(host) => state.sharing.host = host,
            ShareIntent::Height(height) => state.sharing.height = height,
            ShareIntent::Snippet => {
                state.sharing.copied = Shown::Snippet;
                let text = self.snippet();
                self.copy(ctx, &text);
            }
            ShareIntent::File => self.save_file(ctx),
            ShareIntent::Png => files::picture(&self.frame.title, ctx.link().callback(Msg::Picture)),
            ShareIntent::Svg => {
                let name = file_name(&self.frame.title, "svg");
                files::still(&self.frame.title, &name, ctx.link().callback(Msg::Picture));
            }
        }
    }

    fn snippet(&self) -> String {
        let (state, sharing) = (&self.state, &self.state.sharing);
        HOSTS[sharing.host].snippet(&Embedding {
            link: &state.share.link,
            title: &self.frame.title,
            language: state.language,
            wish: sharing.wish,
            height: sharing.height,
        })
    }

    /// The experiment as a scenario's text.
    fn file_text(&self) -> Result<String, String> {
        self.session.borrow().file_text(&self.state.share.link, &self.frame.title, self.state.language)
    }

    fn save_file(&mut self, ctx: &Context<App>) {
        match self.file_text() {
            Ok(text) => self.save_as(ctx, ("blumfeld", "text/plain;charset=utf-8"), text.as_bytes()),
            Err(sentence) => self.toast(ctx, sentence, true),
        }
    }

    /// Under the experiment's title with an ending, as a kind of file.
    fn save_as(&self, ctx: &Context<App>, (ending, kind): (&str, &str), content: &[u8]) {
        let name = file_name(&self.frame.title, ending);
        files::save(&name, kind, content, ctx.link().callback(Msg::Picture));
    }

    /// The browser has drawn the stage, or has not: its experiment goes into it. A lesson's text, its link, or its text
    /// where no link holds it.
    #[inline(never)]
    pub(super) fn pictured(&mut self, ctx: &Context<App>, bytes: Bytes) -> bool {
        let carried = self.session.borrow().carried(&self.state.share.link);
        let text = match (carried, self.state.share.link.is_empty()) {
            (Some(lesson), _) => Ok(crate::options::address() + &lesson),
            (None, false) => Ok(self.shown_link()),
            (None, true) => self.file_text(),
        };
        let text = match text {
            Ok(text) => text,
            Err(sentence) => {
                self.toast(ctx, sentence, true);
                return true;
            }
        };
        match bytes.and_then(|bytes| script::png::with_text(&bytes, &text).ok()) {
            Some(png) => {
                self.save_as(ctx, ("png", "image/png"), &png);
                false
            }
            None => {
                self.toast(ctx, self.state.language.text().share.no_picture.to_owned(), true);
                true
            }
        }
    }

    /// A file was chosen or dropped: its experiment takes the place of this one, which is kept first.
    #[inline(never)]
    pub(super) fn open_file(&mut self, ctx: &Context<App>, bytes: Bytes) -> bool {
        self.save();
        self.state.dialog = None;
        let opens = self.session.borrow_mut().open_file(&bytes.unwrap_or_default());
        if opens {
            self.put_branches_aside();
            self.keeper.start_anew();
            self.state.act_toast = None;
            self.came_by();
        }
        self.refresh(ctx);
        true
    }
}

/// What is chosen in the dialog, while the page is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sharing {
    pub wish: Wish,
    /// Of [`HOSTS`].
    pub host: usize,
    /// Pixels.
    pub height: u16,
    /// What was copied last.
    pub copied: Shown,
}

impl Default for Sharing {
    fn default() -> Sharing {
        Sharing { wish: Wish::default(), host: 0, height: view::share::HEIGHTS[1], copied: Shown::Link }
    }
}
