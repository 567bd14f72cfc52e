//! The session as the page uses it: one program, because each further one compiles and links everything again.

mod anywhere;
mod beside;
mod clusters;
mod consoles;
mod corners;
mod forms;
mod full;
mod gestures;
mod large;
mod lines;
mod looking;
mod meters;
mod picture;
mod pipes;
mod preview;
mod rest;
mod sharing;
mod spacetime;
mod texts;
mod tools;
mod tutorial;
