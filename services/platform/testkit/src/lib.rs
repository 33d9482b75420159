//! Contract suites and real servers for tests.
