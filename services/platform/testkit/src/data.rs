use std::{
    env,
    path::{Path, PathBuf},
};

/// The root of the workspace that this was built from.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).unwrap_or(here).to_owned()
}

/// The sample data in the folder `shared` beside the workspace.
///
/// A machine need not have it. The test that asks is then told `None`, has said on its output that it
/// was skipped, and should return.
pub fn shared_data() -> Option<PathBuf> {
    let folder = workspace().parent()?.join("shared");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no shared data");
    None
}

/// Whether tests are to run their long schedules: more seeds, more kills, more input. They are when
/// `NORTHSTAR_THOROUGH` is `1`; without it they keep to what a developer waits for.
pub fn thorough() -> bool {
    env::var_os("NORTHSTAR_THOROUGH").is_some_and(|value| value == "1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_the_folder_with_the_lock_file() {
        assert!(workspace().join("Cargo.lock").is_file());
    }

    #[test]
    fn shared_data_is_a_folder_or_nothing() {
        assert!(shared_data().is_none_or(|folder| folder.is_dir()));
    }
}
