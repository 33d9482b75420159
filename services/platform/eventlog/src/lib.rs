//! The append-only log: append, read, follow, checkpoint; SQLite and Postgres engines.
