//! Settings: one program, because each further one compiles and links everything again.

mod honest;
mod resolve;
mod vectors;
