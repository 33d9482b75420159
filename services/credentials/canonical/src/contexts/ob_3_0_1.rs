//! Open Badges 3.0, context 3.0.1: nothing protected, datatypes by the prefix `xsd`.
//!
//! `https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json`, SHA-256
//! `5f3d9dd6288ef437ff8286cf95ffbff609c748a66f24a1e9450c45ca64be1571`.

use super::term::{Context, term};

pub(super) static ACHIEVEMENT: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("achievementType", ob!("achievementType")).typed("xsd:string"),
        term("alignment", ob!("alignment")).set(),
        term("creator", ob!("creator")),
        term("creditsAvailable", ob!("creditsAvailable")).typed("xsd:float"),
        term("criteria", ob!("Criteria")).iri(),
        term("fieldOfStudy", ob!("fieldOfStudy")).typed("xsd:string"),
        term("humanCode", ob!("humanCode")).typed("xsd:string"),
        term("image", ob!("Image")).iri(),
        term("otherIdentifier", ob!("otherIdentifier")).set(),
        term("related", ob!("related")).set(),
        term("resultDescription", ob!("resultDescription")).set(),
        term("specialization", ob!("specialization")).typed("xsd:string"),
        term("tag", schema!("keywords")).typed("xsd:string").set(),
        term("version", ob!("version")).typed("xsd:string"),
    ],
};

pub(super) static ACHIEVEMENT_SUBJECT: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("achievement", ob!("achievement-0")),
        term("activityEndDate", ob!("activityEndDate")).typed("xsd:date"),
        term("activityStartDate", ob!("activityStartDate")).typed("xsd:date"),
        term("creditsEarned", ob!("creditsEarned")).typed("xsd:float"),
        term("identifier", ob!("identifier")).set(),
        term("image", ob!("Image")).iri(),
        term("licenseNumber", ob!("licenseNumber")).typed("xsd:string"),
        term("result", ob!("result")).set(),
        term("role", ob!("role")).typed("xsd:string"),
        term("source", ob!("source")).iri(),
        term("term", ob!("term")).typed("xsd:string"),
    ],
};

pub(super) static ADDRESS: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("addressCountry", schema!("addressCountry")).typed("xsd:string"),
        term("addressCountryCode", ob!("CountryCode")).typed("xsd:string"),
        term("addressLocality", schema!("addressLocality")).typed("xsd:string"),
        term("addressRegion", schema!("addressRegion")).typed("xsd:string"),
        term("geo", ob!("GeoCoordinates")),
        term("postOfficeBoxNumber", schema!("postOfficeBoxNumber")).typed("xsd:string"),
        term("postalCode", schema!("postalCode")).typed("xsd:string"),
        term("streetAddress", schema!("streetAddress")).typed("xsd:string"),
    ],
};

pub(super) static ALIGNMENT: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("targetCode", ob!("targetCode")).typed("xsd:string"),
        term("targetDescription", schema!("targetDescription")).typed("xsd:string"),
        term("targetFramework", schema!("targetFramework")).typed("xsd:string"),
        term("targetName", schema!("targetName")).typed("xsd:string"),
        term("targetType", ob!("targetType")).typed("xsd:string"),
        term("targetUrl", schema!("targetUrl")).typed("xsd:anyURI"),
    ],
};

pub(super) static ENDORSEMENT_SUBJECT: Context = Context {
    protected: false,
    aliases: false,
    terms: &[term("endorsementComment", ob!("endorsementComment")).typed("xsd:string")],
};

pub(super) static EVIDENCE: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("audience", schema!("audience")).typed("xsd:string"),
        term("genre", schema!("genre")).typed("xsd:string"),
    ],
};

pub(super) static GEO_COORDINATES: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("latitude", schema!("latitude")).typed("xsd:string"),
        term("longitude", schema!("longitude")).typed("xsd:string"),
    ],
};

pub(super) static IDENTIFIER_ENTRY: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("identifier", ob!("identifier")).typed("xsd:string"),
        term("identifierType", ob!("identifierType")).typed("xsd:string"),
    ],
};

pub(super) static IDENTITY_OBJECT: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("hashed", ob!("hashed")).typed("xsd:boolean"),
        term("identityHash", ob!("identityHash")).typed("xsd:string"),
        term("identityType", ob!("identityType")).typed("xsd:string"),
        term("salt", ob!("salt")).typed("xsd:string"),
    ],
};

pub(super) static IMAGE: Context = Context {
    protected: false,
    aliases: false,
    terms: &[term("caption", schema!("caption")).typed("xsd:string")],
};

pub(super) static PROFILE: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("additionalName", schema!("additionalName")).typed("xsd:string"),
        term("address", ob!("address")).iri(),
        term("dateOfBirth", ob!("dateOfBirth")).typed("xsd:date"),
        term("email", schema!("email")).typed("xsd:string"),
        term("familyName", schema!("familyName")).typed("xsd:string"),
        term("familyNamePrefix", ob!("familyNamePrefix")).typed("xsd:string"),
        term("givenName", schema!("givenName")).typed("xsd:string"),
        term("honorificPrefix", schema!("honorificPrefix")).typed("xsd:string"),
        term("honorificSuffix", schema!("honorificSuffix")).typed("xsd:string"),
        term("image", ob!("Image")).iri(),
        term("official", ob!("official")).typed("xsd:string"),
        term("otherIdentifier", ob!("otherIdentifier")).set(),
        term("parentOrg", ob!("parentOrg")).iri(),
        term("patronymicName", ob!("patronymicName")).typed("xsd:string"),
        term("phone", ob!("phone")).typed("xsd:string"),
    ],
};

pub(super) static RELATED: Context = Context {
    protected: false,
    aliases: false,
    terms: &[term("version", ob!("version")).typed("xsd:string")],
};

pub(super) static RESULT: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("achievedLevel", ob!("achievedLevel")).typed("xsd:anyURI"),
        term("resultDescription", ob!("resultDescription")).typed("xsd:anyURI"),
        term("status", ob!("status")).typed("xsd:string"),
        term("value", schema!("value")).typed("xsd:string"),
    ],
};

pub(super) static RESULT_DESCRIPTION: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("allowedValue", ob!("allowedValue")).typed("xsd:string").set(),
        term("requiredLevel", ob!("requiredLevel")).typed("xsd:anyURI"),
        term("requiredValue", ob!("requiredValue")).typed("xsd:string"),
        term("resultType", ob!("resultType")).typed("xsd:string"),
        term("rubricCriterionLevel", ob!("rubricCriterionLevel")).set(),
        term("valueMax", ob!("valueMax")).typed("xsd:string"),
        term("valueMin", ob!("valueMin")).typed("xsd:string"),
    ],
};

pub(super) static RUBRIC_CRITERION_LEVEL: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("level", ob!("level")).typed("xsd:string"),
        term("points", ob!("points")).typed("xsd:string"),
    ],
};

pub(super) static ROOT: Context = Context {
    protected: false,
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
        term("description", schema!("description")).typed("xsd:string"),
        term("endorsement", ob!("endorsement")).set(),
        term("image", ob!("image")).iri(),
        term("name", schema!("name")).typed("xsd:string"),
        term("narrative", ob!("narrative")).typed("xsd:string"),
        term("url", schema!("url")).typed("xsd:anyURI"),
        term("xsd", "https://www.w3.org/2001/XMLSchema#").prefix(),
    ],
};
