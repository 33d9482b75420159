//! CASE 1.0 and 1.1 packages, as publishers really write them.
//!
//! Not looked at, because nothing depends on it: timestamps, subjects, licences, education levels,
//! `caseVersion`, and fields that either version of the schema forbids. Real packages get these
//! wrong, and refusing them would refuse whole states.

mod decimal;
mod element;
mod parts;
mod rubrics;

use std::collections::{BTreeMap, BTreeSet};

use element::{Element, Source};
use northstar_kernel::{AssociationId, FrameworkId, NodeId};
use northstar_registry_domain::framework::{
    Association, Competency, IS_CHILD_OF, Package, Rubric, Title, hierarchy,
};

use super::{Problem, utf8};

/// Largest package that is taken.
pub const BYTES_MAX: usize = 64 * 1024 * 1024;

/// Most items, associations and rubrics of a package, together: its events are written in one go.
pub const PARTS_MAX: usize = 30_000;

/// What a package came to.
#[derive(Debug)]
pub struct Reading {
    /// What could be read.
    pub package: Package,
    /// What could not, in order of line.
    pub problems: Vec<Problem>,
    /// How many parts of each kind were refused.
    pub refused: Refused,
    /// Associations with an end outside the document; allowed, and counted.
    pub outside: u64,
}

/// How many parts of each kind were refused. A rubric counts as refused if any of it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Refused {
    /// Competencies.
    pub competencies: u64,
    /// Associations.
    pub associations: u64,
    /// Rubrics.
    pub rubrics: u64,
}

/// Reads a package: JSON in UTF-8, with CFDocument at the root or inside CFPackage.
///
/// # Errors
/// When nothing of it can be used: it is too large, no JSON, cut off, or has no usable CFDocument.
/// A package that was cut off is never used in part, since what is missing from a package is
/// withdrawn from its framework.
pub fn read(file: &str, bytes: &[u8]) -> Result<Reading, Problem> {
    if bytes.len() > BYTES_MAX {
        let message = "a package may have at most 64 MiB; publish it in several documents";
        return Err(Problem::of_file(file, "FILE_TOO_LARGE", message));
    }
    let text = text(file, utf8::unmarked(file, bytes)?)?;
    let source = Source::new(file, text);
    let root = source.root()?;
    let root = root.object("CFPackage")?.unwrap_or(root);
    let parts = ["CFItems", "CFAssociations", "CFRubrics"].map(|field| root.list(field));
    if parts.into_iter().flatten().map(|list| list.len()).sum::<usize>() > PARTS_MAX {
        let message = "a package may have at most 30,000 parts; publish it in several documents";
        return Err(Problem::of_file(file, "FILE_TOO_LARGE", message));
    }
    let title = parts::title(&root)?;
    let mut reader = Reader { framework: title.id, problems: Vec::new() };
    let competencies = reader.competencies(&root);
    let associations = reader.associations(&root, &competencies.parts);
    let rubrics = reader.rubrics(&root);
    Ok(reader.reading(title, competencies, associations, rubrics))
}

fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
        let message = "this line is not UTF-8; save the file as UTF-8";
        Problem::new(file, line, "", "WRONG_ENCODING", message)
    })
}

struct Reader {
    framework: FrameworkId,
    problems: Vec<Problem>,
}

/// The parts of one kind, and how many could not be read.
struct Kind<K, T> {
    parts: BTreeMap<K, T>,
    refused: u64,
}

impl Reader {
    fn competencies(&mut self, root: &Element<'_>) -> Kind<NodeId, Competency> {
        let mut known = BTreeMap::new();
        let refused = self.each(root, "CFItems", |element| {
            let item = parts::competency(element)?;
            insert(&mut known, NodeId::from_uuid(item.id.uuid()), item, element)
        });
        Kind { parts: known, refused }
    }

    fn associations(
        &mut self,
        root: &Element<'_>,
        items: &BTreeMap<NodeId, Competency>,
    ) -> Kind<AssociationId, Association> {
        let document = NodeId::from_uuid(self.framework.uuid());
        let held = |node: &NodeId| *node == document || items.contains_key(node);
        let mut known = BTreeSet::new();
        let mut found = Vec::new();
        let mut refused = self.each(root, "CFAssociations", |element| {
            let association = parts::association(element)?;
            if !known.insert(association.id) {
                return Err(duplicate(element));
            }
            parts::check_hierarchy(element, &association, held)?;
            let refusal = parts::cycle(element);
            found.push((association, refusal));
            Ok(())
        });
        let cyclic = hierarchy::closing_cycles(found.iter().map(|(association, _)| association));
        let cyclic: BTreeSet<_> = cyclic.into_iter().collect();
        refused += cyclic.len() as u64;
        let mut parts = BTreeMap::new();
        for (association, refusal) in found {
            if cyclic.contains(&association.id) {
                self.problems.push(refusal);
            } else {
                parts.insert(association.id, association);
            }
        }
        Kind { parts, refused }
    }

    fn rubrics(&mut self, root: &Element<'_>) -> Kind<northstar_kernel::RubricId, Rubric> {
        let mut known = BTreeMap::new();
        let mut inside = Vec::new();
        let mut damaged = 0;
        let refused = self.each(root, "CFRubrics", |element| {
            let before = inside.len();
            let rubric = rubrics::rubric(element, &mut inside)?;
            insert(&mut known, rubric.id, rubric, element)?;
            damaged += u64::from(inside.len() > before);
            Ok(())
        });
        self.problems.append(&mut inside);
        Kind { parts: known, refused: refused + damaged }
    }

    /// Reads every element of a list; those that cannot be read become problems and are counted.
    fn each<'a>(
        &mut self,
        root: &Element<'a>,
        field: &str,
        mut read: impl FnMut(&Element<'a>) -> Result<(), Problem>,
    ) -> u64 {
        let before = self.problems.len();
        match root.list(field) {
            Err(problem) => self.problems.push(problem),
            Ok(elements) => {
                let results = elements.map(|element| element.and_then(|element| read(&element)));
                self.problems.extend(results.filter_map(Result::err));
            }
        }
        (self.problems.len() - before) as u64
    }

    fn reading(
        mut self,
        title: Title,
        competencies: Kind<NodeId, Competency>,
        associations: Kind<AssociationId, Association>,
        rubrics: Kind<northstar_kernel::RubricId, Rubric>,
    ) -> Reading {
        let document = NodeId::from_uuid(title.id.uuid());
        let held = |node: NodeId| node == document || competencies.parts.contains_key(&node);
        let leads_out = |edge: &&Association| !held(edge.origin) || !held(edge.destination);
        let outside = associations.parts.values().filter(leads_out).count() as u64;
        self.problems.sort_by_key(|problem| problem.line);
        let package = Package {
            title,
            competencies: competencies.parts.into_values().map(|item| (item.id, item)).collect(),
            associations: associations.parts,
            rubrics: rubrics.parts,
        };
        let refused = Refused {
            competencies: competencies.refused,
            associations: associations.refused,
            rubrics: rubrics.refused,
        };
        Reading { package, problems: self.problems, refused, outside }
    }
}

/// The first part with an identifier stays; a later one is a problem.
fn insert<K: Ord, T>(
    known: &mut BTreeMap<K, T>,
    id: K,
    part: T,
    element: &Element<'_>,
) -> Result<(), Problem> {
    if known.contains_key(&id) {
        return Err(duplicate(element));
    }
    known.insert(id, part);
    Ok(())
}

fn duplicate(element: &Element<'_>) -> Problem {
    let message =
        "an earlier part has the same identifier, and stands; remove or renumber this one";
    element.problem("identifier", "DUPLICATE_IDENTIFIER", message)
}

/// Whether an association puts one node below another.
fn is_hierarchy(association: &Association) -> bool {
    association.kind == IS_CHILD_OF
}

#[cfg(test)]
mod tests;
