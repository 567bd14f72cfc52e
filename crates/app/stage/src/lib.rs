//! The stage as a pure function: from a view, a room and a theme to boxes, texts and paths. It knows neither Yew nor
//! the browser: the page draws a [`Scene`] mark by mark, native tests read it, and a poster is made from it.
//!
//! It holds no truth about the cluster. Every number and sentence comes from `view`; what is decided here is where
//! things stand, how densely they are drawn and what has to be shortened, with a sign that it was.

mod draw;
pub mod geometry;
pub mod glyph;
mod halves;
mod mark;
pub mod measure;
mod one;
mod page;
mod parcel;
mod places;
mod plan;
mod room;
mod scene;
pub mod spacetime;

pub use draw::hue;
pub use halves::Stand;
pub use mark::{Align, Button, Circle, Gathered, Mark, Part, Press, Size, Spelling, Switch, Tag, Words};
pub use one::shown;
pub use page::{ClusterTabs, LessonColumn, Page, PageFrame, Terminal};
pub use parcel::Parcel;
pub use places::{Card, Frame, Lane, Places, Rack};
pub use plan::{CardDetail, Head, LanesPlan, Plan};
pub use room::{Crowd, Room, Sight, Step, step};
pub use scene::{Scene, scene};
