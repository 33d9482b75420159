//! The signals an orchestrator and a terminal send.

use std::process::{Command, id};

use northstar_chassis::server::termination;

#[tokio::test]
async fn both_signals_ask_for_a_drain_instead_of_killing() {
    for signal in ["-TERM", "-INT"] {
        let mut asked = Box::pin(termination());
        tokio::select! {
            biased;
            () = &mut asked => panic!("nobody has asked yet"),
            () = async {} => {}
        }
        let sent = Command::new("kill").args([signal, &id().to_string()]).status().unwrap();
        assert!(sent.success());
        asked.await;
    }
}
