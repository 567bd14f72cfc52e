//! lab

pub mod text;
pub mod view;
