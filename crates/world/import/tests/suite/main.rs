//! One's own cluster, read and brought to stand: one program, because each further one compiles and links everything again.

mod describe;
mod formats;
mod round;
