//! What the tree of files keeps to.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use northstar_testkit::workspace;

const LONGEST_FILE: usize = 500;

/// All that is visible at the root; settings of tools live in dot-files.
const ROOT: [&str; 8] =
    ["Cargo.lock", "Cargo.toml", "LICENSE", "README.md", "deploy", "proto", "services", "tests"];

/// Every file of the project by its path from the root: what git ignores at the root is left out.
fn files() -> Vec<PathBuf> {
    let root = workspace();
    let mut files = Vec::new();
    for name in root_entries(&root) {
        collect(&root.join(name), &mut files);
    }
    assert!(files.len() > 50, "only {} files: the tree was not read", files.len());
    files.iter().map(|file| file.strip_prefix(&root).unwrap().to_owned()).collect()
}

fn root_entries(root: &Path) -> Vec<String> {
    let ignored = fs::read_to_string(root.join(".gitignore")).unwrap();
    let ignored: Vec<&str> = ignored.lines().map(|line| line.trim_matches('/')).collect();
    fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != ".git" && !ignored.contains(&name.as_str()))
        .collect()
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        files.push(path.to_owned());
        return;
    }
    for entry in fs::read_dir(path).unwrap() {
        collect(&entry.unwrap().path(), files);
    }
}

fn is_rust(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rs")
}

fn list(files: &[String]) -> String {
    files.join("\n  ")
}

#[test]
fn the_root_holds_the_house_and_nothing_else() {
    let strangers: Vec<String> = root_entries(&workspace())
        .into_iter()
        .filter(|name| !name.starts_with('.') && !ROOT.contains(&name.as_str()))
        .collect();
    assert!(strangers.is_empty(), "does not belong at the root:\n  {}", list(&strangers));
}

#[test]
fn no_file_is_longer_than_a_person_reads() {
    let too_long: Vec<String> = files()
        .iter()
        .filter(|file| is_rust(file))
        .filter_map(|file| {
            let lines = fs::read_to_string(workspace().join(file)).unwrap().lines().count();
            (lines > LONGEST_FILE).then(|| format!("{}: {lines} lines", file.display()))
        })
        .collect();
    assert!(too_long.is_empty(), "over {LONGEST_FILE} lines:\n  {}", list(&too_long));
}

#[test]
fn a_module_is_named_by_its_file() {
    let unnamed: Vec<String> = files()
        .iter()
        .filter(|file| file.file_name().is_some_and(|name| name == "mod.rs"))
        .map(|file| file.display().to_string())
        .collect();
    assert!(unnamed.is_empty(), "put beside the folder, under its name:\n  {}", list(&unnamed));
}

#[test]
fn nothing_names_a_folder_of_one_machine() {
    // In pieces, so that this file does not name them either.
    let folders = [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["/ho", "me/"].concat()];
    let named = |content: &[u8]| {
        folders
            .iter()
            .find(|folder| content.windows(folder.len()).any(|at| at == folder.as_bytes()))
    };
    assert!(named(["cd ", &folders[2], "someone"].concat().as_bytes()).is_some());
    let naming: Vec<String> = files()
        .iter()
        .filter_map(|file| {
            let content = fs::read(workspace().join(file)).unwrap();
            named(&content).map(|folder| format!("{}: {folder}", file.display()))
        })
        .collect();
    assert!(naming.is_empty(), "name a folder of one machine:\n  {}", list(&naming));
}
