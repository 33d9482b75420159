//! Who belongs where, as far as policies ask: small documents under the ids of what they are about.
//!
//! None of it is state: the registry keeps it as such, and here it is only at hand.

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{ClassId, EnrollmentId, FrameworkId, LearnerId, OrganizationId};
use prost::Message;
use uuid::Uuid;

mod path;

pub(crate) use path::{Documents, path};

/// A learner's classes and organizations: key = learner id. Removed when there are none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Belonging {
    /// As the roster has them of the person, in no order that means something.
    pub(crate) organizations: Vec<OrganizationId>,
    /// Each with the enrollment that says so, sorted.
    pub(crate) classes: Vec<(ClassId, EnrollmentId)>,
}

/// What an enrollment said last: key = enrollment id. Only students' are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Enrollment {
    pub(crate) learner: LearnerId,
    pub(crate) class: ClassId,
}

/// A class: key = class id. It may have students before the roster tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Class {
    /// `None` until the roster tells of the class, and after it has left.
    pub(crate) school: Option<OrganizationId>,
    /// Each with the enrollment that says so, sorted.
    pub(crate) students: Vec<(LearnerId, EnrollmentId)>,
}

/// An organization of the roster: key = organization id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Organization {
    /// The one above it.
    pub(crate) parent: Option<OrganizationId>,
}

/// The frameworks that have policies for less than everybody: one document a tenant, under
/// [`Scoped::KEY`]. While there are none, who belongs where makes no difference.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Scoped {
    pub(crate) frameworks: Vec<FrameworkId>,
}

impl Belonging {
    pub(crate) fn is_empty(&self) -> bool {
        self.organizations.is_empty() && self.classes.is_empty()
    }
}

impl Class {
    pub(crate) fn is_empty(&self) -> bool {
        self.school.is_none() && self.students.is_empty()
    }
}

impl Scoped {
    /// Where it is kept.
    pub(crate) const KEY: &'static [u8] = b"scoped";
}

/// Puts a value in its place of a sorted list, once.
pub(crate) fn insert<T: Ord>(list: &mut Vec<T>, value: T) {
    if let Err(place) = list.binary_search(&value) {
        list.insert(place, value);
    }
}

/// Takes a value out of a sorted list.
pub(crate) fn take_out<T: Ord>(list: &mut Vec<T>, value: &T) {
    if let Ok(place) = list.binary_search(value) {
        list.remove(place);
    }
}

impl Shape for Belonging {
    const NOUN: &'static str = "belonging";

    fn encode(&self) -> Document {
        let (classes, enrollments) = columns(&self.classes, ClassId::uuid, EnrollmentId::uuid);
        let organizations = bytes(self.organizations.iter().map(|id| id.uuid()));
        document(Columns { first: organizations, second: classes, third: enrollments })
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let [organizations, classes, enrollments] = read(Self::NOUN, document)?;
        let classes = classes.into_iter().map(ClassId::from_uuid);
        Ok(Self {
            organizations: organizations.into_iter().map(OrganizationId::from_uuid).collect(),
            classes: classes.zip(enrollments.into_iter().map(EnrollmentId::from_uuid)).collect(),
        })
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + 16 * self.organizations.len() + 32 * self.classes.len()
    }
}

impl Shape for Enrollment {
    const NOUN: &'static str = "enrollment";

    fn encode(&self) -> Document {
        let (first, second) =
            columns(&[(self.learner, self.class)], LearnerId::uuid, ClassId::uuid);
        document(Columns { first, second, third: Vec::new() })
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let [learner, class, _] = read(Self::NOUN, document)?;
        let ([learner], [class]) = (&learner[..], &class[..]) else {
            return Err(Malformed::new(Self::NOUN, "it is not of one learner in one class"));
        };
        let (learner, class) = (LearnerId::from_uuid(*learner), ClassId::from_uuid(*class));
        Ok(Self { learner, class })
    }

    fn weight(&self) -> usize {
        size_of::<Self>()
    }
}

impl Shape for Class {
    const NOUN: &'static str = "class";

    fn encode(&self) -> Document {
        let (students, enrollments) = columns(&self.students, LearnerId::uuid, EnrollmentId::uuid);
        let school = bytes(self.school.iter().map(|id| id.uuid()));
        document(Columns { first: school, second: students, third: enrollments })
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let [school, students, enrollments] = read(Self::NOUN, document)?;
        let students = students.into_iter().map(LearnerId::from_uuid);
        Ok(Self {
            school: school.into_iter().next().map(OrganizationId::from_uuid),
            students: students.zip(enrollments.into_iter().map(EnrollmentId::from_uuid)).collect(),
        })
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + 32 * self.students.len()
    }
}

impl Shape for Organization {
    const NOUN: &'static str = "organization";

    fn encode(&self) -> Document {
        let first = bytes(self.parent.iter().map(|id| id.uuid()));
        document(Columns { first, ..Columns::default() })
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let [parent, ..] = read(Self::NOUN, document)?;
        Ok(Self { parent: parent.into_iter().next().map(OrganizationId::from_uuid) })
    }

    fn weight(&self) -> usize {
        size_of::<Self>()
    }
}

impl Shape for Scoped {
    const NOUN: &'static str = "scoped";

    fn encode(&self) -> Document {
        let first = bytes(self.frameworks.iter().map(|id| id.uuid()));
        document(Columns { first, ..Columns::default() })
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let [frameworks, ..] = read(Self::NOUN, document)?;
        Ok(Self { frameworks: frameworks.into_iter().map(FrameworkId::from_uuid).collect() })
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + 16 * self.frameworks.len()
    }
}

/// Up to three lists of ids, sixteen bytes each without anything between.
#[derive(Clone, PartialEq, Message)]
struct Columns {
    #[prost(bytes = "vec", tag = "1")]
    first: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    second: Vec<u8>,
    #[prost(bytes = "vec", tag = "3")]
    third: Vec<u8>,
}

fn bytes(ids: impl Iterator<Item = Uuid>) -> Vec<u8> {
    ids.flat_map(Uuid::into_bytes).collect()
}

fn columns<A, B>(
    pairs: &[(A, B)],
    first: fn(&A) -> Uuid,
    second: fn(&B) -> Uuid,
) -> (Vec<u8>, Vec<u8>) {
    let column = |of: &dyn Fn(&(A, B)) -> Uuid| bytes(pairs.iter().map(of));
    (column(&|pair| first(&pair.0)), column(&|pair| second(&pair.1)))
}

fn document(columns: Columns) -> Document {
    Document { state: Vec::new(), extra: columns.encode_to_vec() }
}

fn read(noun: &'static str, document: &Document) -> Result<[Vec<Uuid>; 3], Malformed> {
    let stored = Columns::decode(&document.extra[..]).map_err(|why| Malformed::new(noun, why))?;
    let [first, second, third] = [stored.first, stored.second, stored.third].map(|bytes| {
        let (ids, rest) = bytes.as_chunks::<16>();
        let ids = ids.iter().copied().map(Uuid::from_bytes).collect();
        rest.is_empty().then_some(ids).ok_or_else(|| Malformed::new(noun, "an id is cut off"))
    });
    Ok([first?, second?, third?])
}

#[cfg(test)]
mod tests;
