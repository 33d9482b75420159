//! Finds the servers' programs, and installs them once where the machine has none.
//!
//! Looked at in turn: an environment variable, the `PATH`, and packages of Python's registry that
//! carry the very programs, put under `target/tools`.

mod install;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use crate::{Trouble, user};

pub(crate) use install::once;

/// Names the folder that holds `postgres`, `initdb` and `createdb`.
pub const POSTGRES_VARIABLE: &str = "NORTHSTAR_POSTGRES_BIN";
/// Names the `nats-server` program itself.
pub const NATS_VARIABLE: &str = "NORTHSTAR_NATS_SERVER";

const POSTGRES_OLDEST: Release = Release(15, 0);
const NATS_OLDEST: Release = Release(2, 12);

/// The folder of PostgreSQL's programs, version 15 or newer, reachable for the account it runs as.
pub fn postgres_bin() -> Result<PathBuf, Trouble> {
    static FOUND: OnceLock<Result<PathBuf, Trouble>> = OnceLock::new();
    FOUND.get_or_init(find_postgres).clone()
}

/// The program `nats-server`, version 2.12 or newer.
pub fn nats_server() -> Result<PathBuf, Trouble> {
    static FOUND: OnceLock<Result<PathBuf, Trouble>> = OnceLock::new();
    FOUND.get_or_init(find_nats).clone()
}

fn find_postgres() -> Result<PathBuf, Trouble> {
    if let Some(named) = env::var_os(POSTGRES_VARIABLE) {
        return check_postgres(Path::new(&named)).map_err(Trouble::when(POSTGRES_VARIABLE));
    }
    // Distributions link single programs into the PATH; the others stand beside the link's target.
    let on_path = on_path("postgres").find_map(|program| {
        let program = program.canonicalize().ok()?;
        check_postgres(program.parent()?).ok()
    });
    match on_path {
        Some(found) => Ok(found),
        None => check_postgres(&install::POSTGRES.installed(POSTGRES_VARIABLE)?),
    }
}

fn find_nats() -> Result<PathBuf, Trouble> {
    if let Some(named) = env::var_os(NATS_VARIABLE) {
        return check(Path::new(&named), NATS_OLDEST).map_err(Trouble::when(NATS_VARIABLE));
    }
    let on_path = on_path("nats-server").find_map(|program| check(&program, NATS_OLDEST).ok());
    match on_path {
        Some(found) => Ok(found),
        None => check(&install::NATS.installed(NATS_VARIABLE)?, NATS_OLDEST),
    }
}

fn on_path(name: &'static str) -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    folders.into_iter().map(move |folder| folder.join(name)).filter(|program| program.is_file())
}

fn check_postgres(folder: &Path) -> Result<PathBuf, Trouble> {
    if user::is_root() && !user::open_to_all(folder) {
        return Err(Trouble::new(format!(
            "{} is closed to other accounts, and PostgreSQL does not run as root",
            folder.display()
        )));
    }
    for program in ["postgres", "initdb", "createdb"] {
        check(&folder.join(program), POSTGRES_OLDEST)?;
    }
    Ok(folder.to_owned())
}

fn check(program: &Path, oldest: Release) -> Result<PathBuf, Trouble> {
    let found = release(program)?;
    if found < oldest {
        return Err(Trouble::new(format!(
            "{} is version {}.{}, older than {}.{}",
            program.display(),
            found.0,
            found.1,
            oldest.0,
            oldest.1
        )));
    }
    Ok(program.to_owned())
}

/// Major and minor version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Release(pub(crate) u32, pub(crate) u32);

/// What the program says of itself when asked for its version.
pub(crate) fn release(program: &Path) -> Result<Release, Trouble> {
    let asked = Command::new(program)
        .arg("--version")
        .output()
        .map_err(Trouble::when(format_args!("running {}", program.display())))?;
    let answer = String::from_utf8_lossy(&asked.stdout);
    Release::read(&answer).ok_or_else(|| {
        Trouble::new(format!("{} tells no version: {:?}", program.display(), answer.trim()))
    })
}

impl Release {
    /// The first word of the shape `18.6` or `v2.15.1`.
    fn read(answer: &str) -> Option<Self> {
        answer.split_whitespace().find_map(|word| {
            let mut parts = word.trim_start_matches('v').split('.');
            Some(Self(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
        })
    }
}

/// Where tools are kept: `target/tools`, or a folder of ours among the temporary files when a
/// server's account could not reach that one.
pub(crate) fn home() -> Result<PathBuf, Trouble> {
    let usual = target().join("tools");
    if !user::is_root() || user::open_to_all(&usual) {
        return Ok(usual);
    }
    let open = temporary()?.join("northstar-tools");
    fs::create_dir_all(&open).map_err(Trouble::when(format_args!("making {}", open.display())))?;
    install::is_ours(&open)?;
    Ok(open)
}

/// A folder for temporary files that a server's account can reach.
pub(crate) fn temporary() -> Result<PathBuf, Trouble> {
    let usual = env::temp_dir();
    [usual.clone(), PathBuf::from("/tmp"), PathBuf::from("/var/tmp")]
        .into_iter()
        .find(|folder| folder.is_dir() && (!user::is_root() || user::open_to_all(folder)))
        .ok_or_else(|| {
            Trouble::new(format!(
                "{} is closed to other accounts: set TMPDIR to a folder that is not",
                usual.display()
            ))
        })
}

/// The build folder this test runs from: the one that cargo has marked as its own.
fn target() -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    program
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file())
        .map_or_else(|| crate::workspace().join("target"), Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_programs_say() {
        let debian = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n";
        assert_eq!(Release::read(debian), Some(Release(15, 18)));
        assert_eq!(Release::read("nats-server: v2.15.1\n"), Some(Release(2, 15)));
        assert_eq!(Release::read("no number here."), None);
    }

    #[test]
    fn a_program_that_is_too_old_or_absent_is_refused_by_name() {
        let absent = check(Path::new("/nowhere/nats-server"), NATS_OLDEST).unwrap_err();
        assert!(absent.to_string().contains("/nowhere/nats-server"), "{absent}");
        let program = nats_server().unwrap();
        let old = check(&program, Release(99, 0)).unwrap_err();
        assert!(old.to_string().contains("older than 99.0"), "{old}");
    }
}
