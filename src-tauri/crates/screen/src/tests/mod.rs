//! The screen as its users see it: a table of single facts, and two properties over
//! streams that nobody thought of.

mod facts;
mod picture;
mod properties;
mod query_filter;
mod replies;
mod streams;
