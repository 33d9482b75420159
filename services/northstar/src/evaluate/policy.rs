//! The rule in a file.

use northstar_kernel::Refusal;
use northstar_mastery::standard::read_policy_document;
use northstar_mastery_domain::Policy;

/// Reads a policy document; all that is wrong with it otherwise, a line each.
pub(crate) fn policy(file: &str, bytes: &[u8]) -> Result<Policy, Vec<String>> {
    let text = str::from_utf8(bytes)
        .map_err(|_| vec![format!("{file}: WRONG_ENCODING: this is not UTF-8")])?;
    let draft = read_policy_document(text).map_err(|refusal| lines(file, &refusal))?;
    Policy::new(&draft).map_err(|refusal| lines(file, &refusal))
}

fn lines(file: &str, refusal: &impl Refusal) -> Vec<String> {
    let reason = refusal.reason();
    let violations = refusal.violations().into_iter();
    violations.map(|one| format!("{file}: {}: {reason}: {}", one.field, one.description)).collect()
}
