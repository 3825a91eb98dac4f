//! What a built site holds, as a reader and a feed reader see it.

mod digests;
mod entities;
mod feeds;
mod omissions;
mod pages;
mod rich;
mod rights;
mod timeline;
mod timings;
