//! JetStream out and in, and the lanes that handle events: relay, feed, lane, rebuild.
