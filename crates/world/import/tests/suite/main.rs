//! One's own cluster, read and brought to stand: one program, because each further one compiles and links everything again.

mod answers;
mod describe;
mod formats;
mod neutral;
mod round;
mod strangers;
