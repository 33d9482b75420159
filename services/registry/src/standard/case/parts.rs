//! Document, items and associations.

use northstar_kernel::NodeId;
use northstar_registry_domain::framework::{Association, Competency, Title};

use super::{Element, Problem, is_hierarchy};

/// What CFDocument says; without it nothing of a package can be used.
pub(super) fn title(root: &Element<'_>) -> Result<Title, Problem> {
    let document = root.object("CFDocument")?.ok_or_else(|| {
        let message = "a CASE package needs a CFDocument, at its root or inside CFPackage";
        root.problem("CFDocument", "MISSING_DOCUMENT", message)
    })?;
    Ok(Title {
        id: document.id("identifier")?,
        title: document.required_text("title")?,
        version: document.text("version")?,
        adoption_status: document.text("adoptionStatus")?,
        creator: document.text("creator")?,
        uri: document.text("uri")?,
    })
}

/// An item; its scale is worked out when the framework is published.
pub(super) fn competency(item: &Element<'_>) -> Result<Competency, Problem> {
    Ok(Competency {
        id: item.id("identifier")?,
        code: item.text("humanCodingScheme")?,
        statement: item.required_text("fullStatement")?,
        short_statement: item.text("abbreviatedStatement")?,
        kind: kind(item)?,
        scale: Vec::new(),
        uri: item.text("uri")?,
    })
}

/// The item type as text, or else the title of the type that is referred to.
fn kind(item: &Element<'_>) -> Result<String, Problem> {
    let kind = item.text("CFItemType")?;
    if !kind.is_empty() {
        return Ok(kind);
    }
    item.object("CFItemTypeURI")?.map_or(Ok(String::new()), |kind| kind.text("title"))
}

/// An association, wherever it leads.
pub(super) fn association(element: &Element<'_>) -> Result<Association, Problem> {
    Ok(Association {
        id: element.id("identifier")?,
        kind: element.required_text("associationType")?,
        origin: node(element, "originNodeURI")?,
        destination: node(element, "destinationNodeURI")?,
        sequence_number: element.whole("sequenceNumber")?.unwrap_or(0),
    })
}

fn node(association: &Element<'_>, field: &str) -> Result<NodeId, Problem> {
    let node = association.object(field)?.ok_or_else(|| {
        association.problem(field, "MISSING_VALUE", "an association needs both its ends")
    })?;
    node.id("identifier")
}

/// A place in the hierarchy must be in the document: other associations may lead anywhere.
pub(super) fn check_hierarchy(
    element: &Element<'_>,
    association: &Association,
    held: impl Fn(&NodeId) -> bool,
) -> Result<(), Problem> {
    let ends =
        [("originNodeURI", &association.origin), ("destinationNodeURI", &association.destination)];
    let missing = |(_, node): &(&str, &NodeId)| !held(node);
    match ends.into_iter().find(missing) {
        Some((field, node)) if is_hierarchy(association) => {
            let message = format!(
                "isChildOf names {node}, which the document does not hold or which was refused; \
                 add the item or remove the association"
            );
            Err(element.problem(field, "DANGLING_REFERENCE", &message))
        }
        _ => Ok(()),
    }
}

/// The problem that an association would be, should it close a cycle.
pub(super) fn cycle(element: &Element<'_>) -> Problem {
    let message = "isChildOf leads back to its own origin; remove one association of the cycle";
    element.problem("", "HIERARCHY_CYCLIC", message)
}
