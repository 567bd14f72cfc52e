//! The promises over whole runs: one program, because each further one compiles and links everything again.

mod administration;
mod deleted_topic;
mod unclean_elections;
