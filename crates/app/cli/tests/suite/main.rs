//! The program as it is called: one program, because each further one compiles and links everything again.

mod commands;
mod own;
mod posters;
mod texts;
