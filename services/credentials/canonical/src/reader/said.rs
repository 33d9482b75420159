//! Who is said things of, and where.
//!
//! Quads do not know which object of the document they stood in. If a credential's id is also
//! another object's, a member such as its status could be moved there with every signature still
//! sound, and a reader of the credential would not see it. So all that is said of a credential is
//! said in one object, or in equal ones.

use std::collections::HashMap;
use std::ptr;

use super::node::{Members, is_header};

const CREDENTIAL: &str = "https://www.w3.org/2018/credentials#VerifiableCredential";

/// The objects with an id and something to say, by id.
#[derive(Debug, Default)]
pub(super) struct Said<'a>(HashMap<&'a str, Thing<'a>>);

#[derive(Debug)]
struct Thing<'a> {
    first: &'a Members,
    /// All objects of this id are equal so far.
    alike: bool,
    /// One of them is a credential.
    credential: bool,
}

impl<'a> Said<'a> {
    /// Notes an object of these kinds. False if with it a credential is said in differing objects.
    pub(super) fn agrees<'k>(
        &mut self,
        members: &'a Members,
        mut kinds: impl Iterator<Item = &'k str>,
    ) -> bool {
        let Some(id) = members.get("id").and_then(|id| id.as_str()) else { return true };
        if members.keys().all(|name| is_header(name)) {
            return true;
        }
        let credential = kinds.any(|kind| kind == CREDENTIAL);
        let new = Thing { first: members, alike: true, credential };
        let thing = self.0.entry(id).or_insert(new);
        thing.alike &= ptr::eq(thing.first, members) || thing.first == members;
        thing.credential |= credential;
        thing.alike || !thing.credential
    }
}
