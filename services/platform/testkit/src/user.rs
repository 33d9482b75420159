//! Whom a server runs as: PostgreSQL refuses to run as root.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

use crate::Trouble;

/// Whether this process may do anything to anybody.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// An account without privileges that a process of root's steps down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct User {
    uid: u32,
    gid: u32,
}

impl User {
    /// `None` when this process is not root and servers simply run as itself.
    pub(crate) fn unprivileged() -> Result<Option<Self>, Trouble> {
        if !is_root() {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
        Self::among(&accounts).map(Some).ok_or_else(|| {
            Trouble::new(
                "PostgreSQL does not run as root, and /etc/passwd has neither `postgres` nor \
                 `nobody` to step down to: run the tests as another user",
            )
        })
    }

    fn among(accounts: &str) -> Option<Self> {
        let find = |name: &str| {
            accounts.lines().find_map(|line| {
                let fields: Vec<&str> = line.split(':').collect();
                let &[account, _, uid, gid, ..] = fields.as_slice() else { return None };
                let user = Self { uid: uid.parse().ok()?, gid: gid.parse().ok()? };
                (account == name && user.uid != 0).then_some(user)
            })
        };
        find("postgres").or_else(|| find("nobody"))
    }

    /// Makes the command run as this account; supplementary groups are dropped with it.
    pub(crate) fn run(self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }

    /// Gives one file or folder to this account.
    pub(crate) fn own(self, path: &Path) -> Result<(), Trouble> {
        chown(path, Some(self.uid), Some(self.gid))
            .map_err(Trouble::when(format_args!("giving {} away", path.display())))
    }
}

/// Whether an account other than the owner can get at `path`: every folder on the way lets it pass.
///
/// Folders that do not exist yet count as open: they will be made so.
pub(crate) fn open_to_all(path: &Path) -> bool {
    path.ancestors()
        .filter_map(|folder| fs::metadata(folder).ok())
        .all(|folder| folder.mode() & 0o001 != 0)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn an_account_called_postgres_comes_before_nobody_and_root_is_never_taken() {
        let both = "nobody:x:65534:65534::/:/bin/false\npostgres:x:105:111::/var:/bin/sh";
        assert_eq!(User::among(both), Some(User { uid: 105, gid: 111 }));
        assert_eq!(
            User::among("broken\nnobody:x:65534:65533::/:/"),
            Some(User { uid: 65534, gid: 65533 })
        );
        assert_eq!(User::among("postgres:x:0:0::/root:/bin/sh\nroot:x:0:0::/root:/"), None);
    }

    #[test]
    fn one_closed_folder_on_the_way_closes_the_path() {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert!(open_to_all(&home.path().join("not/yet/there")));
        let closed = home.path().join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o750)).unwrap();
        assert!(!open_to_all(&closed.join("inside")));
    }
}
