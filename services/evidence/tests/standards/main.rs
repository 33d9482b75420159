//! What the readers of foreign formats make of real files and of bad ones.

mod evidence_csv;
mod files;
mod oneroster_results;
mod table;
