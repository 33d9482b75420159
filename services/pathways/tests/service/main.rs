//! The service on an embedded log: tables imported, mastery followed, occupations ranked.

mod import;
mod rank;
mod support;
