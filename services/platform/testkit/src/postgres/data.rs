//! The data folder: made once for a version, then copied, which is ten times as fast.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Trouble, tools, user::User};

/// Where a server's data lies in its home.
pub(super) fn folder(home: &Path) -> PathBuf {
    home.join("data")
}

/// Puts a fresh data folder into `home`, and gives both to the account that the server runs as.
pub(super) fn lay(bin: &Path, user: Option<User>, home: &Path) -> Result<(), Trouble> {
    let version = tools::release(&bin.join("postgres"))?;
    let name = format!("postgres-data-{}.{}", version.0, version.1);
    let template = tools::once(&name, |staging| make(bin, user, staging))?;
    if let Some(user) = user {
        user.own(home)?;
    }
    copy(&template, &folder(home), user)
}

/// `initdb` must not run as root, and its account cannot write among the tools: it works in a
/// temporary folder, and the result is copied from there.
fn make(bin: &Path, user: Option<User>, staging: &Path) -> Result<(), Trouble> {
    let home = tempfile::Builder::new()
        .prefix("northstar-initdb-")
        .tempdir_in(tools::temporary()?)
        .map_err(Trouble::when("making a folder for initdb"))?;
    let mut command = Command::new(bin.join("initdb"));
    command
        .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"])
        .args(["--no-sync", "-D"])
        .arg(folder(home.path()))
        .current_dir(home.path());
    if let Some(user) = user {
        user.own(home.path())?;
        user.run(&mut command);
    }
    let made = command.output().map_err(Trouble::when("running initdb"))?;
    if !made.status.success() {
        let said = String::from_utf8_lossy(&made.stderr);
        return Err(Trouble::new(format!("initdb: {}", said.trim())));
    }
    copy(&folder(home.path()), staging, None)
}

/// Copies a tree with its permissions; `to` may be there already.
fn copy(from: &Path, to: &Path, user: Option<User>) -> Result<(), Trouble> {
    let failed = |cause: io::Error| Trouble::new(format!("copying to {}: {cause}", to.display()));
    let about = fs::metadata(from).map_err(failed)?;
    if about.is_dir() {
        fs::create_dir_all(to).map_err(failed)?;
        for entry in fs::read_dir(from).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            copy(&entry.path(), &to.join(entry.file_name()), user)?;
        }
        fs::set_permissions(to, about.permissions()).map_err(failed)?;
    } else {
        fs::copy(from, to).map_err(failed)?;
    }
    user.map_or(Ok(()), |user| user.own(to))
}

/// Whether the server with this process id has written that it takes connections: the eighth line of
/// the file by which `pg_ctl` knows it too.
pub(super) fn says_ready(data: &Path, pid: u32) -> bool {
    let status = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let mut lines = status.lines().map(str::trim);
    lines.next() == Some(pid.to_string().as_str()) && lines.nth(6) == Some("ready")
}
