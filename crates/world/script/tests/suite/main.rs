//! Texts as strangers write them: one program, because each further one compiles and links everything again.

mod files;
mod texts;
