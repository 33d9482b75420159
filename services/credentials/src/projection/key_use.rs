//! How many documents in use rest on a key.
//!
//! Only keys are counted that were created while this was kept (or since a rebuild): a key from before
//! has no count, and so is never taken for one that nothing rests on.

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Document, Malformed, Shape};

/// How many live credentials, endorsements that stand and published status lists a key signed; kept under its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct KeyUse {
    /// So many.
    pub(crate) documents: u64,
}

impl KeyUse {
    /// From here on, documents that these keys signed are in use.
    pub(crate) async fn more(names: &[String], work: &mut Work) -> Result<(), HandleError> {
        for name in names {
            if let Some(used) = work.get_mut::<Self>(name.as_bytes()).await? {
                used.documents += 1;
            }
        }
        Ok(())
    }

    /// From here on, they no longer are.
    pub(crate) async fn fewer(names: &[String], work: &mut Work) -> Result<(), HandleError> {
        for name in names {
            if let Some(used) = work.get_mut::<Self>(name.as_bytes()).await? {
                used.documents = used.documents.saturating_sub(1);
            }
        }
        Ok(())
    }
}

impl Shape for KeyUse {
    const NOUN: &'static str = "key_use";

    fn encode(&self) -> Document {
        Document { state: Vec::new(), extra: self.documents.to_be_bytes().to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let documents = document.extra.first_chunk().map(|bytes| u64::from_be_bytes(*bytes));
        let documents = documents.ok_or_else(|| Malformed::new(Self::NOUN, "it is short"))?;
        Ok(Self { documents })
    }

    fn weight(&self) -> usize {
        8
    }
}
