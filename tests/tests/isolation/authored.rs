//! What a tenant brings: a roster, a framework, figures. All of it follows from the tenant's names.

use northstar_wire::pathways::v1::ImportReferenceRequest;
use northstar_wire::registry::v1::{ImportFrameworkRequest, ImportRosterRequest};
use serde_json::json;

use crate::tenant::Names;

/// Two learners and a teacher in a class of a school.
pub(crate) fn roster(names: &Names) -> Vec<ImportRosterRequest> {
    let s = names.slug;
    let orgs = format!("sourcedId,name,type,parentSourcedId\n{s}-high,{s} High,school,\n");
    let users = format!(
        "sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName,grades\n\
         {s}-ana,true,{s}-high,student,ana,Ana,Of {s},10\n\
         {s}-ben,true,{s}-high,student,ben,Ben,Of {s},11\n\
         {s}-tim,true,{s}-high,teacher,tim,Tim,Of {s},\n"
    );
    let classes = format!("sourcedId,title,schoolSourcedId\n{s}-class,Seminar,{s}-high\n");
    let enrollments = format!(
        "sourcedId,classSourcedId,userSourcedId,role\n\
         {s}-e1,{s}-class,{s}-ana,student\n{s}-e2,{s}-class,{s}-tim,teacher\n"
    );
    files([
        ("orgs.csv", orgs),
        ("users.csv", users),
        ("classes.csv", classes),
        ("enrollments.csv", enrollments),
    ])
}

/// Rows of one's own that refer to `theirs`.
pub(crate) fn roster_into(theirs: &Names) -> Vec<ImportRosterRequest> {
    let t = theirs.slug;
    let users = format!(
        "sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName,grades\n\
         stray,true,{t}-high,student,stray,Stray,Student,10\n"
    );
    let orgs = format!("sourcedId,name,type,parentSourcedId\nstray,Stray,school,{t}-high\n");
    let classes = format!("sourcedId,title,schoolSourcedId\nstray,Stray,{t}-high\n");
    let enrollments =
        format!("sourcedId,classSourcedId,userSourcedId,role\nstray,{t}-class,{t}-ana,student\n");
    files([
        ("orgs.csv", orgs),
        ("users.csv", users),
        ("classes.csv", classes),
        ("enrollments.csv", enrollments),
    ])
}

fn files<const N: usize>(files: [(&str, String); N]) -> Vec<ImportRosterRequest> {
    let file = |(name, text): (&str, String)| ImportRosterRequest {
        file_name: name.to_owned(),
        chunk: text.into_bytes(),
    };
    files.map(file).into()
}

/// One competency, judged on a rubric of three rungs.
pub(crate) fn framework(names: &Names, title: &str) -> ImportFrameworkRequest {
    let uri = |id: &str| format!("https://frameworks.example/{id}");
    let Names { framework, competency, criterion, rubric, .. } = names;
    let level = |rung: u32| {
        let id = names.derived(&format!("level-{rung}"));
        json!({ "identifier": id, "quality": format!("Rung {rung}"), "score": rung, "position": rung })
    };
    let package = json!({
        "CFDocument": {
            "identifier": framework, "uri": uri(framework), "creator": names.slug, "title": title,
        },
        "CFItems": [{
            "identifier": competency, "uri": uri(competency), "fullStatement": "Keep commitments",
            "humanCodingScheme": "K",
        }],
        "CFAssociations": [{
            "identifier": names.derived("association"), "associationType": "isChildOf",
            "originNodeURI": { "identifier": competency },
            "destinationNodeURI": { "identifier": framework },
        }],
        "CFRubrics": [{
            "identifier": rubric, "title": "Keeping commitments",
            "CFRubricCriteria": [{
                "identifier": criterion, "description": "How they are kept",
                "CFItemURI": { "identifier": competency },
                "CFRubricCriterionLevels": [level(1), level(2), level(3)],
            }],
        }],
    });
    let chunk = package.to_string().into_bytes();
    ImportFrameworkRequest { file_name: "framework.json".to_owned(), chunk }
}

/// An occupation, and what the tenants' competencies speak for.
pub(crate) fn reference(tenants: [&Names; 2]) -> Vec<ImportReferenceRequest> {
    let links = tenants.map(|it| format!("all,{},2.A.1.a,Reading,1000\n", it.competency)).concat();
    let tables = [
        ("occupations.csv", "code,title,job_zone\n15-1252.00,Developers,4\n".to_owned()),
        ("ratings.csv", "code,2.A.1.a.IM,2.A.1.a.LV\n15-1252.00,412,450\n".to_owned()),
        ("regions.csv", "region_code,name,kind,release\n0800000,Colorado,S,oews-2025\n".to_owned()),
        (
            "wages.csv",
            "region_code,soc_code,annual_median_dollars,median_is_lower_bound,employment\n\
             0800000,15-1252,132000,,30000\n"
                .to_owned(),
        ),
        (
            "crosswalk.csv",
            format!("crosswalk,competency_id,element_id,element_name,weight_milli\n{links}"),
        ),
    ];
    let table = |(name, text): (&str, String)| ImportReferenceRequest {
        file_name: name.to_owned(),
        chunk: text.into_bytes(),
    };
    tables.map(table).into()
}
