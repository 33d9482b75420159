//! Comma-separated files of `../shared/data/evidence`, none of which quotes a comma.

use std::collections::BTreeMap;
use std::fs;

/// The lines of a file as fields by column name.
pub(crate) struct Lines {
    columns: BTreeMap<String, usize>,
    lines: Vec<Vec<String>>,
}

impl Lines {
    /// `None` if the file is not there.
    pub(crate) fn read(name: &str) -> Option<Self> {
        const FOLDER: &str =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/data/evidence/");
        let text = fs::read_to_string(format!("{FOLDER}{name}")).ok()?;
        let split = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let mut lines = text.lines().map(split);
        let columns = lines.next()?.into_iter().enumerate().map(|(at, name)| (name, at)).collect();
        Some(Self { columns, lines: lines.collect() })
    }

    /// The columns of these names, line by line.
    pub(crate) fn columns<'a, const N: usize>(
        &'a self,
        names: [&str; N],
    ) -> impl Iterator<Item = [&'a str; N]> {
        let places = names.map(|name| self.columns.get(name).copied());
        self.lines.iter().map(move |line| {
            places.map(|place| place.and_then(|at| line.get(at)).map_or("", String::as_str))
        })
    }
}
