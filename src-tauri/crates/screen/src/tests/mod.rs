//! The screen as its users see it: tables of single facts, properties over streams that
//! nobody thought of, recordings of real programs, and xterm.js beside it all.

mod describe;
mod facts;
mod fuzz;
mod picture;
mod properties;
mod query_filter;
mod recordings;
mod replies;
mod streams;
mod told;
mod viewer;
mod widths;
mod xterm;
