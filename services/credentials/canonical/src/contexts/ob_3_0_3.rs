//! Open Badges 3.0, context 3.0.3 as published: with `endorsementJwt` and `jti`.
//!
//! `https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json`, SHA-256
//! `3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84`.

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
        term("image", ob!("image")).iri(),
        term("inLanguage", schema!("inLanguage")),
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
        term("achievement", ob!("achievement")),
        term("activityEndDate", ob!("activityEndDate")).typed(xsds!("date")),
        term("activityStartDate", ob!("activityStartDate")).typed(xsds!("date")),
        term("creditsEarned", ob!("creditsEarned")).typed(xsds!("float")),
        term("identifier", ob!("identifier")).set(),
        term("image", ob!("image")).iri(),
        term("licenseNumber", ob!("licenseNumber")),
        term("result", ob!("result")).set(),
        term("role", ob!("role")),
        term("source", ob!("source")).iri(),
        term("term", ob!("term")),
    ],
};

pub(super) static ADDRESS: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("addressCountry", schema!("addressCountry")),
        term("addressCountryCode", ob!("CountryCode")),
        term("addressLocality", schema!("addressLocality")),
        term("addressRegion", schema!("addressRegion")),
        term("geo", ob!("GeoCoordinates")),
        term("postOfficeBoxNumber", schema!("postOfficeBoxNumber")),
        term("postalCode", schema!("postalCode")),
        term("streetAddress", schema!("streetAddress")),
    ],
};

pub(super) static ALIGNMENT: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("targetCode", ob!("targetCode")),
        term("targetDescription", schema!("targetDescription")),
        term("targetFramework", schema!("targetFramework")),
        term("targetName", schema!("targetName")),
        term("targetType", ob!("targetType")),
        term("targetUrl", schema!("targetUrl")).typed(xsds!("anyURI")),
    ],
};

pub(super) static ENDORSEMENT_SUBJECT: Context = Context {
    protected: true,
    aliases: true,
    terms: &[term("endorsementComment", ob!("endorsementComment"))],
};

pub(super) static EVIDENCE: Context = Context {
    protected: true,
    aliases: true,
    terms: &[term("audience", schema!("audience")), term("genre", schema!("genre"))],
};

pub(super) static GEO_COORDINATES: Context = Context {
    protected: true,
    aliases: true,
    terms: &[term("latitude", schema!("latitude")), term("longitude", schema!("longitude"))],
};

pub(super) static IDENTIFIER_ENTRY: Context = Context {
    protected: true,
    aliases: true,
    terms: &[term("identifier", ob!("identifier")), term("identifierType", ob!("identifierType"))],
};

pub(super) static IDENTITY_OBJECT: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("hashed", ob!("hashed")).typed(xsds!("boolean")),
        term("identityHash", ob!("identityHash")),
        term("identityType", ob!("identityType")),
        term("salt", ob!("salt")),
    ],
};

pub(super) static IMAGE: Context =
    Context { protected: true, aliases: true, terms: &[term("caption", schema!("caption"))] };

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
        term("image", ob!("image")).iri(),
        term("official", ob!("official")),
        term("otherIdentifier", ob!("otherIdentifier")).set(),
        term("parentOrg", ob!("parentOrg")).iri(),
        term("patronymicName", ob!("patronymicName")),
        term("phone", ob!("phone")),
    ],
};

pub(super) static RELATED: Context = Context {
    protected: true,
    aliases: true,
    terms: &[term("inLanguage", schema!("inLanguage")), term("version", ob!("version"))],
};

pub(super) static RESULT: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("achievedLevel", ob!("achievedLevel")).typed(xsds!("anyURI")),
        term("resultDescription", ob!("resultDescription")).typed(xsds!("anyURI")),
        term("status", ob!("status")),
        term("value", schema!("value")),
    ],
};

pub(super) static RESULT_DESCRIPTION: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("allowedValue", ob!("allowedValue")).list(),
        term("requiredLevel", ob!("requiredLevel")).typed(xsds!("anyURI")),
        term("requiredValue", ob!("requiredValue")),
        term("resultType", ob!("resultType")),
        term("rubricCriterionLevel", ob!("rubricCriterionLevel")).set(),
        term("valueMax", ob!("valueMax")),
        term("valueMin", ob!("valueMin")),
    ],
};

pub(super) static RUBRIC_CRITERION_LEVEL: Context = Context {
    protected: true,
    aliases: true,
    terms: &[term("level", ob!("level")), term("points", ob!("points"))],
};

pub(super) static ROOT: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("Achievement", ob!("Achievement")).within(&ACHIEVEMENT),
        term("AchievementCredential", ob!("OpenBadgeCredential")),
        term("AchievementSubject", ob!("AchievementSubject")).within(&ACHIEVEMENT_SUBJECT),
        term("Address", ob!("Address")).within(&ADDRESS),
        term("Alignment", schema!("AlignmentObject")).within(&ALIGNMENT),
        term("Criteria", ob!("Criteria")),
        term("EndorsementCredential", ob!("EndorsementCredential")),
        term("EndorsementSubject", ob!("EndorsementSubject")).within(&ENDORSEMENT_SUBJECT),
        term("Evidence", ob!("Evidence")).within(&EVIDENCE),
        term("GeoCoordinates", ob!("GeoCoordinates")).within(&GEO_COORDINATES),
        term("IdentifierEntry", ob!("IdentifierEntry")).within(&IDENTIFIER_ENTRY),
        term("IdentityObject", ob!("IdentityObject")).within(&IDENTITY_OBJECT),
        term("Image", ob!("Image")).within(&IMAGE),
        term("OpenBadgeCredential", ob!("OpenBadgeCredential")),
        term("Profile", ob!("Profile")).within(&PROFILE),
        term("Related", ob!("Related")).within(&RELATED),
        term("Result", ob!("Result")).within(&RESULT),
        term("ResultDescription", ob!("ResultDescription")).within(&RESULT_DESCRIPTION),
        term("RubricCriterionLevel", ob!("RubricCriterionLevel")).within(&RUBRIC_CRITERION_LEVEL),
        term("alignment", ob!("alignment")).set(),
        term("awardedDate", ob!("awardedDate")).typed("xsd:dateTime"),
        term("description", schema!("description")),
        term("endorsement", ob!("endorsement")).set(),
        term("endorsementJwt", ob!("endorsementJwt")).set(),
        term("image", ob!("image")).iri(),
        term("inLanguage", schema!("inLanguage")),
        term("jti", jwt!("jti")).iri(),
        term("name", schema!("name")),
        term("narrative", ob!("narrative")),
        term("url", schema!("url")).typed(xsds!("anyURI")),
    ],
};
