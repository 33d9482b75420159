//! Open Badges 3.0, context 3.0.2: only what differs from 3.0.3 is written out.
//!
//! `https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json`, SHA-256
//! `00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53`.

use super::ob_3_0_3;
use super::term::{Context, term};

pub(super) static ACHIEVEMENT: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("achievementType", ob!("achievementType")),
        term("alignment", ob!("alignment")).set(),
        term("creator", ob!("creator")),
        term("creditsAvailable", ob!("creditsAvailable")).typed(xsds!("float")),
        term("criteria", ob!("Criteria")).iri(),
        term("fieldOfStudy", ob!("fieldOfStudy")),
        term("humanCode", ob!("humanCode")),
        term("image", ob!("Image")).iri(),
        term("otherIdentifier", ob!("otherIdentifier")).set(),
        term("related", ob!("related")).set(),
        term("resultDescription", ob!("resultDescription")).set(),
        term("specialization", ob!("specialization")),
        term("tag", schema!("keywords")).set(),
        term("version", ob!("version")),
    ],
};

pub(super) static ACHIEVEMENT_SUBJECT: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("achievement", ob!("achievement-0")),
        term("activityEndDate", ob!("activityEndDate")).typed(xsds!("date")),
        term("activityStartDate", ob!("activityStartDate")).typed(xsds!("date")),
        term("creditsEarned", ob!("creditsEarned")).typed(xsds!("float")),
        term("identifier", ob!("identifier")).set(),
        term("image", ob!("Image")).iri(),
        term("licenseNumber", ob!("licenseNumber")),
        term("result", ob!("result")).set(),
        term("role", ob!("role")),
        term("source", ob!("source")).iri(),
        term("term", ob!("term")),
    ],
};

pub(super) static PROFILE: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("additionalName", schema!("additionalName")),
        term("address", ob!("address")).iri(),
        term("dateOfBirth", ob!("dateOfBirth")).typed(xsds!("date")),
        term("email", schema!("email")),
        term("familyName", schema!("familyName")),
        term("familyNamePrefix", ob!("familyNamePrefix")),
        term("givenName", schema!("givenName")),
        term("honorificPrefix", schema!("honorificPrefix")),
        term("honorificSuffix", schema!("honorificSuffix")),
        term("image", ob!("Image")).iri(),
        term("official", ob!("official")),
        term("otherIdentifier", ob!("otherIdentifier")).set(),
        term("parentOrg", ob!("parentOrg")).iri(),
        term("patronymicName", ob!("patronymicName")),
        term("phone", ob!("phone")),
    ],
};

pub(super) static RELATED: Context =
    Context { protected: true, aliases: true, terms: &[term("version", ob!("version"))] };

pub(super) static ROOT: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("Achievement", ob!("Achievement")).within(&ACHIEVEMENT),
        term("AchievementCredential", ob!("OpenBadgeCredential")),
        term("AchievementSubject", ob!("AchievementSubject")).within(&ACHIEVEMENT_SUBJECT),
        term("Address", ob!("Address")).within(&ob_3_0_3::ADDRESS),
        term("Alignment", schema!("AlignmentObject")).within(&ob_3_0_3::ALIGNMENT),
        term("Criteria", ob!("Criteria")),
        term("EndorsementCredential", ob!("EndorsementCredential")),
        term("EndorsementSubject", ob!("EndorsementSubject"))
            .within(&ob_3_0_3::ENDORSEMENT_SUBJECT),
        term("Evidence", ob!("Evidence")).within(&ob_3_0_3::EVIDENCE),
        term("GeoCoordinates", ob!("GeoCoordinates")).within(&ob_3_0_3::GEO_COORDINATES),
        term("IdentifierEntry", ob!("IdentifierEntry")).within(&ob_3_0_3::IDENTIFIER_ENTRY),
        term("IdentityObject", ob!("IdentityObject")).within(&ob_3_0_3::IDENTITY_OBJECT),
        term("Image", ob!("Image")).within(&ob_3_0_3::IMAGE),
        term("OpenBadgeCredential", ob!("OpenBadgeCredential")),
        term("Profile", ob!("Profile")).within(&PROFILE),
        term("Related", ob!("Related")).within(&RELATED),
        term("Result", ob!("Result")).within(&ob_3_0_3::RESULT),
        term("ResultDescription", ob!("ResultDescription")).within(&ob_3_0_3::RESULT_DESCRIPTION),
        term("RubricCriterionLevel", ob!("RubricCriterionLevel"))
            .within(&ob_3_0_3::RUBRIC_CRITERION_LEVEL),
        term("alignment", ob!("alignment")).set(),
        term("description", schema!("description")),
        term("endorsement", ob!("endorsement")).set(),
        term("image", ob!("Image")).iri(),
        term("name", schema!("name")),
        term("narrative", ob!("narrative")),
        term("url", schema!("url")).typed(xsds!("anyURI")),
    ],
};
