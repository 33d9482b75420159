//! `northstar rebuild`.

use northstar_wire::platform::v1::RebuildRequest;

use crate::cli::Rebuild;
use crate::client::{Client, contexts, refused};
use crate::output::{Format, json_line, say};

/// Rebuilds each context's projections in turn, and shows how far each has come.
pub(super) async fn run(options: &Rebuild) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    for context in contexts(&options.contexts)? {
        let request = RebuildRequest {
            context: context.to_owned(),
            workers: options.workers,
            batch_size: options.batch_size,
        };
        let doing = refused("rebuilding");
        let mut progress = client.log(context).rebuild(request).await.map_err(&doing)?.into_inner();
        while let Some(step) = progress.message().await.map_err(&doing)? {
            if options.client.output == Format::Json {
                let (events, documents) = (step.events, step.documents);
                json_line(&serde_json::json!({
                    "context": context, "events": events, "documents": documents, "done": step.done
                }))?;
            } else if step.done {
                let (events, documents) = (step.events, step.documents);
                say(&format!("{context}: {events} events folded, {documents} documents written"));
            }
        }
    }
    Ok(())
}
