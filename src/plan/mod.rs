//! Stage 4: every output of the site, its path once, decided before anything is rendered.

mod outputs;
mod paginate;
mod route;

pub use outputs::{
    CardOf, EditionFile, FeedFormat, Output, OutputKind, PageKind, Plan, SITEMAP_LIMIT, Scope, SearchFile,
    TimelineFormat, TimelineOf, plan,
};
pub use paginate::{Pager, paginate};
pub use route::{Route, Urls};
