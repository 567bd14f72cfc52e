//! Words of the card that is left when the engine has stopped. They are handed to a script at the start, because then
//! nothing can be asked of us any more.

/// Titles, sentences and buttons of the rescue card.
pub struct RescueText {
    pub panic_title: &'static str,
    pub panic: &'static str,
    pub memory_title: &'static str,
    pub memory: &'static str,
    /// Where the experiment is; only said when there is a link. It follows the sentence before it.
    pub safe: &'static str,
    pub reload: &'static str,
    pub without: &'static str,
    /// To the first scene, where a link has brought this about.
    pub opening: &'static str,
    pub link: &'static str,
    /// What was shown before another link was opened.
    pub left: &'static str,
    /// An act that was under way.
    pub last_act: &'static str,
    pub typed: &'static str,
    pub copied: &'static str,
    pub copy_failed: &'static str,
}
