//! The world with real processes in it: one program, because each further one compiles and links everything again.

mod asks;
mod clusters;
mod codecs;
mod echo;
mod faults;
mod first_life;
mod limits;
mod listeners;
mod packing;
mod partitioners;
mod parts;
mod retention;
mod servers;
mod settings;
mod standstill;
