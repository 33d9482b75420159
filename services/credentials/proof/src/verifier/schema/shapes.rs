//! The tables: members in the order in which the specifications list them.

use super::words::{
    ACHIEVEMENT_TYPE, ASSOCIATION_TYPE, IDENTIFIER_TYPE, IDENTITY_TYPE, RESULT_TYPE, TARGET_TYPE,
};
use super::{Kind, Member, Shape};

const fn member(name: &'static str, kind: Kind, needed: bool, many: bool) -> Member {
    Member { name, kind, needed, many }
}

/// At most one.
const fn may(name: &'static str, kind: Kind) -> Member {
    member(name, kind, false, false)
}

/// Just one.
const fn must(name: &'static str, kind: Kind) -> Member {
    member(name, kind, true, false)
}

/// Any number.
const fn some(name: &'static str, kind: Kind) -> Member {
    member(name, kind, false, true)
}

/// At least one.
const fn several(name: &'static str, kind: Kind) -> Member {
    member(name, kind, true, true)
}

const STATUS: [&str; 7] =
    ["Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"];

pub(super) static ACHIEVEMENT_CREDENTIAL: Shape = Shape {
    name: "AchievementCredential",
    types: &["AchievementCredential", "OpenBadgeCredential"],
    closed: false,
    members: &[
        must("id", Kind::Text),
        may("name", Kind::Text),
        may("description", Kind::Text),
        may("image", Kind::Object(&IMAGE)),
        may("awardedDate", Kind::Moment),
        must("credentialSubject", Kind::Object(&ACHIEVEMENT_SUBJECT)),
        some("endorsement", Kind::Credential),
        some("endorsementJwt", Kind::Token),
        must("issuer", Kind::Reference(&PROFILE)),
        must("validFrom", Kind::Moment),
        may("validUntil", Kind::Moment),
        some("proof", Kind::Object(&PROOF)),
        some("credentialSchema", Kind::Object(&CREDENTIAL_SCHEMA)),
        may("credentialStatus", Kind::Object(&CREDENTIAL_STATUS)),
        may("refreshService", Kind::Object(&REFRESH_SERVICE)),
        some("termsOfUse", Kind::Object(&TERMS_OF_USE)),
        some("evidence", Kind::Object(&EVIDENCE)),
    ],
};

pub(super) static CLR_CREDENTIAL: Shape = Shape {
    name: "ClrCredential",
    types: &["ClrCredential"],
    closed: false,
    members: &[
        must("id", Kind::Text),
        must("name", Kind::Text),
        may("description", Kind::Text),
        some("endorsement", Kind::Credential),
        some("endorsementJwt", Kind::Token),
        may("image", Kind::Object(&IMAGE)),
        may("partial", Kind::Flag),
        must("credentialSubject", Kind::Object(&CLR_SUBJECT)),
        may("awardedDate", Kind::Moment),
        must("issuer", Kind::Reference(&PROFILE)),
        must("validFrom", Kind::Moment),
        may("validUntil", Kind::Moment),
        some("proof", Kind::Object(&PROOF)),
        some("credentialSchema", Kind::Object(&CREDENTIAL_SCHEMA)),
        may("credentialStatus", Kind::Object(&CREDENTIAL_STATUS)),
        may("refreshService", Kind::Object(&REFRESH_SERVICE)),
        some("termsOfUse", Kind::Object(&TERMS_OF_USE)),
        some("evidence", Kind::Object(&EVIDENCE)),
    ],
};

pub(super) static ENDORSEMENT_CREDENTIAL: Shape = Shape {
    name: "EndorsementCredential",
    types: &["EndorsementCredential"],
    closed: false,
    members: &[
        must("id", Kind::Text),
        must("name", Kind::Text),
        may("description", Kind::Text),
        must("credentialSubject", Kind::Object(&ENDORSEMENT_SUBJECT)),
        may("awardedDate", Kind::Moment),
        must("issuer", Kind::Reference(&PROFILE)),
        must("validFrom", Kind::Moment),
        may("validUntil", Kind::Moment),
        some("proof", Kind::Object(&PROOF)),
        some("credentialSchema", Kind::Object(&CREDENTIAL_SCHEMA)),
        may("credentialStatus", Kind::Object(&CREDENTIAL_STATUS)),
        may("refreshService", Kind::Object(&REFRESH_SERVICE)),
        some("termsOfUse", Kind::Object(&TERMS_OF_USE)),
        some("evidence", Kind::Object(&EVIDENCE)),
    ],
};

pub(super) static ACHIEVEMENT_SUBJECT: Shape = Shape {
    name: "AchievementSubject",
    types: &["AchievementSubject"],
    closed: false,
    members: &[
        may("id", Kind::Text),
        may("activityEndDate", Kind::Moment),
        may("activityStartDate", Kind::Moment),
        may("creditsEarned", Kind::Number),
        must("achievement", Kind::Object(&ACHIEVEMENT)),
        some("identifier", Kind::Object(&IDENTITY_OBJECT)),
        may("image", Kind::Object(&IMAGE)),
        may("licenseNumber", Kind::Text),
        may("narrative", Kind::Text),
        some("result", Kind::Object(&RESULT)),
        may("role", Kind::Text),
        may("source", Kind::Object(&PROFILE)),
        may("term", Kind::Text),
    ],
};

pub(super) static CLR_SUBJECT: Shape = Shape {
    name: "ClrSubject",
    types: &["ClrSubject"],
    closed: false,
    members: &[
        may("id", Kind::Text),
        some("identifier", Kind::Object(&IDENTITY_OBJECT)),
        some("achievement", Kind::Object(&ACHIEVEMENT)),
        several("verifiableCredential", Kind::Credential),
        some("association", Kind::Object(&ASSOCIATION)),
    ],
};

pub(super) static ENDORSEMENT_SUBJECT: Shape = Shape {
    name: "EndorsementSubject",
    types: &["EndorsementSubject"],
    closed: false,
    members: &[must("id", Kind::Text), may("endorsementComment", Kind::Text)],
};

pub(super) static ACHIEVEMENT: Shape = Shape {
    name: "Achievement",
    types: &["Achievement"],
    closed: false,
    members: &[
        must("id", Kind::Text),
        some("alignment", Kind::Object(&ALIGNMENT)),
        may("achievementType", Kind::Vocabulary(&ACHIEVEMENT_TYPE)),
        may("creator", Kind::Object(&PROFILE)),
        may("creditsAvailable", Kind::Number),
        must("criteria", Kind::Object(&CRITERIA)),
        must("description", Kind::Text),
        some("endorsement", Kind::Credential),
        some("endorsementJwt", Kind::Token),
        may("fieldOfStudy", Kind::Text),
        may("humanCode", Kind::Text),
        may("image", Kind::Object(&IMAGE)),
        may("inLanguage", Kind::Text),
        must("name", Kind::Text),
        some("otherIdentifier", Kind::Object(&IDENTIFIER_ENTRY)),
        some("related", Kind::Object(&RELATED)),
        some("resultDescription", Kind::Object(&RESULT_DESCRIPTION)),
        may("specialization", Kind::Text),
        some("tag", Kind::Text),
        may("version", Kind::Text),
    ],
};

pub(super) static ALIGNMENT: Shape = Shape {
    name: "Alignment",
    types: &["Alignment"],
    closed: false,
    members: &[
        may("targetCode", Kind::Text),
        may("targetDescription", Kind::Text),
        must("targetName", Kind::Text),
        may("targetFramework", Kind::Text),
        may("targetType", Kind::Vocabulary(&TARGET_TYPE)),
        must("targetUrl", Kind::Text),
    ],
};

pub(super) static CRITERIA: Shape = Shape {
    name: "Criteria",
    types: &[],
    closed: false,
    members: &[may("id", Kind::Text), may("narrative", Kind::Text)],
};

pub(super) static RESULT: Shape = Shape {
    name: "Result",
    types: &["Result"],
    closed: false,
    members: &[
        may("achievedLevel", Kind::Text),
        some("alignment", Kind::Object(&ALIGNMENT)),
        may("resultDescription", Kind::Text),
        may("status", Kind::Word(&STATUS)),
        may("value", Kind::Text),
    ],
};

pub(super) static RESULT_DESCRIPTION: Shape = Shape {
    name: "ResultDescription",
    types: &["ResultDescription"],
    closed: false,
    members: &[
        must("id", Kind::Text),
        some("alignment", Kind::Object(&ALIGNMENT)),
        some("allowedValue", Kind::Text),
        must("name", Kind::Text),
        may("requiredLevel", Kind::Text),
        may("requiredValue", Kind::Text),
        must("resultType", Kind::Vocabulary(&RESULT_TYPE)),
        some("rubricCriterionLevel", Kind::Object(&RUBRIC_CRITERION_LEVEL)),
        may("valueMax", Kind::Text),
        may("valueMin", Kind::Text),
    ],
};

pub(super) static RUBRIC_CRITERION_LEVEL: Shape = Shape {
    name: "RubricCriterionLevel",
    types: &["RubricCriterionLevel"],
    closed: false,
    members: &[
        must("id", Kind::Text),
        some("alignment", Kind::Object(&ALIGNMENT)),
        may("description", Kind::Text),
        may("level", Kind::Text),
        must("name", Kind::Text),
        may("points", Kind::Text),
    ],
};

pub(super) static RELATED: Shape = Shape {
    name: "Related",
    types: &["Related"],
    closed: false,
    members: &[must("id", Kind::Text), may("inLanguage", Kind::Text), may("version", Kind::Text)],
};

pub(super) static EVIDENCE: Shape = Shape {
    name: "Evidence",
    types: &["Evidence"],
    closed: false,
    members: &[
        may("id", Kind::Text),
        may("narrative", Kind::Text),
        may("name", Kind::Text),
        may("description", Kind::Text),
        may("genre", Kind::Text),
        may("audience", Kind::Text),
    ],
};

pub(super) static ASSOCIATION: Shape = Shape {
    name: "Association",
    types: &["Association"],
    closed: true,
    members: &[
        must("type", Kind::Text),
        must("associationType", Kind::Word(&ASSOCIATION_TYPE)),
        must("sourceId", Kind::Text),
        must("targetId", Kind::Text),
    ],
};

pub(super) static PROFILE: Shape = Shape {
    name: "Profile",
    types: &["Profile"],
    closed: false,
    members: &[
        must("id", Kind::Text),
        may("name", Kind::Text),
        may("url", Kind::Text),
        may("phone", Kind::Text),
        may("description", Kind::Text),
        some("endorsement", Kind::Credential),
        some("endorsementJwt", Kind::Token),
        may("image", Kind::Object(&IMAGE)),
        may("email", Kind::Text),
        may("address", Kind::Object(&ADDRESS)),
        some("otherIdentifier", Kind::Object(&IDENTIFIER_ENTRY)),
        may("official", Kind::Text),
        may("parentOrg", Kind::Object(&PROFILE)),
        may("familyName", Kind::Text),
        may("givenName", Kind::Text),
        may("additionalName", Kind::Text),
        may("patronymicName", Kind::Text),
        may("honorificPrefix", Kind::Text),
        may("honorificSuffix", Kind::Text),
        may("familyNamePrefix", Kind::Text),
        may("dateOfBirth", Kind::Date),
    ],
};

pub(super) static ADDRESS: Shape = Shape {
    name: "Address",
    types: &["Address"],
    closed: false,
    members: &[
        may("addressCountry", Kind::Text),
        may("addressCountryCode", Kind::Text),
        may("addressRegion", Kind::Text),
        may("addressLocality", Kind::Text),
        may("streetAddress", Kind::Text),
        may("postOfficeBoxNumber", Kind::Text),
        may("postalCode", Kind::Text),
        may("geo", Kind::Object(&GEO_COORDINATES)),
    ],
};

pub(super) static GEO_COORDINATES: Shape = Shape {
    name: "GeoCoordinates",
    types: &["GeoCoordinates"],
    closed: false,
    members: &[
        must("type", Kind::Text),
        must("latitude", Kind::Number),
        must("longitude", Kind::Number),
    ],
};

pub(super) static IMAGE: Shape = Shape {
    name: "Image",
    types: &["Image"],
    closed: true,
    members: &[must("type", Kind::Text), must("id", Kind::Text), may("caption", Kind::Text)],
};

pub(super) static IDENTITY_OBJECT: Shape = Shape {
    name: "IdentityObject",
    types: &["IdentityObject"],
    closed: true,
    members: &[
        must("type", Kind::Text),
        must("hashed", Kind::Flag),
        must("identityHash", Kind::Text),
        must("identityType", Kind::Vocabulary(&IDENTITY_TYPE)),
        may("salt", Kind::Text),
    ],
};

pub(super) static IDENTIFIER_ENTRY: Shape = Shape {
    name: "IdentifierEntry",
    types: &["IdentifierEntry"],
    closed: true,
    members: &[
        must("type", Kind::Text),
        must("identifier", Kind::Text),
        must("identifierType", Kind::Vocabulary(&IDENTIFIER_TYPE)),
    ],
};

pub(super) static PROOF: Shape = Shape {
    name: "Proof",
    types: &[],
    closed: false,
    members: &[
        must("type", Kind::Text),
        may("created", Kind::Moment),
        may("cryptosuite", Kind::Text),
        may("challenge", Kind::Text),
        may("domain", Kind::Text),
        may("nonce", Kind::Text),
        may("proofPurpose", Kind::Text),
        may("proofValue", Kind::Text),
        may("verificationMethod", Kind::Text),
    ],
};

pub(super) static CREDENTIAL_SCHEMA: Shape = Shape {
    name: "CredentialSchema",
    types: &[],
    closed: false,
    members: &[must("type", Kind::Text), must("id", Kind::Text)],
};

pub(super) static CREDENTIAL_STATUS: Shape = Shape {
    name: "CredentialStatus",
    types: &[],
    closed: false,
    members: &[must("type", Kind::Text), may("id", Kind::Text)],
};

pub(super) static REFRESH_SERVICE: Shape = Shape {
    name: "RefreshService",
    types: &[],
    closed: false,
    members: &[must("type", Kind::Text), must("id", Kind::Text)],
};

pub(super) static TERMS_OF_USE: Shape = Shape {
    name: "TermsOfUse",
    types: &[],
    closed: false,
    members: &[must("type", Kind::Text), may("id", Kind::Text)],
};

/// What any credential of the data model must have.
pub(super) static BASIC: Shape = Shape {
    name: "VerifiableCredential",
    types: &["VerifiableCredential"],
    closed: false,
    members: &[
        must("issuer", Kind::Reference(&ID)),
        may("validFrom", Kind::Moment),
        may("validUntil", Kind::Moment),
        several("credentialSubject", Kind::Any),
    ],
};

/// Something with an id.
static ID: Shape =
    Shape { name: "reference", types: &[], closed: false, members: &[must("id", Kind::Text)] };
