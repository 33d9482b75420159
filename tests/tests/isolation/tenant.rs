//! A tenant's things by name, and how they come to be there.

use northstar_chassis::Role;
use northstar_kernel::{
    AchievementId, ClassId, CompetencyId, CriterionId, EvidenceId, FrameworkId, LevelId,
    OrganizationId, OverrideId, PersonId, RubricId, TenantId,
};
use northstar_wire::credentials::v1::{
    Achievement, Alignment, DefineAchievementRequest, GetStatusListRequest, ListCredentialsRequest,
    ListCredentialsResponse, SetRevocationListRequest,
};
use northstar_wire::evidence::v1::evidence_item::Judgement;
use northstar_wire::evidence::v1::{
    EvidenceItem, ListEvidenceRequest, ListEvidenceResponse, RecordEvidenceRequest,
};
use northstar_wire::mastery::v1::{
    OverrideSays, PublishPacePlanRequest, PublishPolicyRequest, PublishRollupRequest,
    SetOverrideRequest, Standing,
};
use northstar_wire::registry::v1::{
    CreateTenantRequest, ListLearnersRequest, ListLearnersResponse,
};
use tonic::Code;

use crate::answer::Answer;
use crate::authored;
use crate::beside;
use crate::rpc::{CREDENTIALS, EVIDENCE, MASTERY, REGISTRY};
use crate::world::{Caller, World};

/// 2025-01-04, in seconds.
const OBSERVED: i64 = 1_736_000_000;
const DAY: i64 = 86_400;

/// What a tenant's things are called, whether they exist or not. Names of the same kind have the
/// same length in all tenants.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// Five letters; every source id begins with it.
    pub(crate) slug: &'static str,
    pub(crate) tenant: TenantId,
    /// The learner most is asked about, and another one.
    pub(crate) ana: String,
    pub(crate) ben: String,
    pub(crate) framework: String,
    pub(crate) competency: String,
    pub(crate) criterion: String,
    pub(crate) rubric: String,
    /// A school and a class of it, as a policy's scope.
    pub(crate) school: String,
    pub(crate) class: String,
    /// One about each learner.
    pub(crate) evidence: String,
    pub(crate) bens_evidence: String,
    pub(crate) achievement: String,
    /// Ana's credential, and Ben's; random, unlike all the others.
    pub(crate) credential: String,
    pub(crate) bens_credential: String,
    /// Ana's record, something the tenant endorsed, and a badge of somebody else's of hers; the record's
    /// is random.
    pub(crate) record: String,
    pub(crate) endorsement: String,
    pub(crate) import: String,
    /// An override about Ana that waits for its second signer.
    pub(crate) overriding: String,
    /// Ana's credential as it is shown.
    pub(crate) jws: String,
    /// From the second page on: learners, Ana's evidence, credentials.
    pub(crate) pages: [String; 3],
}

impl Names {
    /// The names that a tenant's things will have, or would have.
    pub(crate) fn of(slug: &'static str) -> Self {
        let tenant = TenantId::from_slug(slug);
        let person = |name: &str| PersonId::derive(tenant, &format!("{slug}-{name}")).to_string();
        Self {
            slug,
            tenant,
            ana: person("ana"),
            ben: person("ben"),
            framework: FrameworkId::derive(tenant, "framework").to_string(),
            competency: CompetencyId::derive(tenant, "competency").to_string(),
            criterion: CriterionId::derive(tenant, "criterion").to_string(),
            rubric: RubricId::derive(tenant, "rubric").to_string(),
            school: format!(
                "organization:{}",
                OrganizationId::derive(tenant, &format!("{slug}-high"))
            ),
            class: format!("class:{}", ClassId::derive(tenant, &format!("{slug}-class"))),
            evidence: EvidenceId::derive(tenant, &format!("{slug}-ana-0")).to_string(),
            bens_evidence: EvidenceId::derive(tenant, &format!("{slug}-ben-0")).to_string(),
            achievement: AchievementId::derive(tenant, &format!("{slug}-keeps")).to_string(),
            credential: LevelId::derive(tenant, "no credential").to_string(),
            bens_credential: LevelId::derive(tenant, "no credential of Ben's").to_string(),
            record: LevelId::derive(tenant, "no record").to_string(),
            endorsement: LevelId::derive(tenant, "no endorsement").to_string(),
            import: LevelId::derive(tenant, "no import").to_string(),
            overriding: OverrideId::derive(tenant, &format!("{slug}-override")).to_string(),
            jws: String::new(),
            pages: Default::default(),
        }
    }

    /// One more UUID of the tenant's.
    pub(crate) fn derived(&self, key: &str) -> String {
        LevelId::derive(self.tenant, key).to_string()
    }

    /// Each name with its counterpart in `other`.
    pub(crate) fn beside(&self, other: &Self) -> Vec<(String, String)> {
        let names = |of: &Self| {
            [
                &of.ana,
                &of.ben,
                &of.framework,
                &of.competency,
                &of.criterion,
                &of.rubric,
                &of.school,
                &of.class,
                &of.evidence,
                &of.bens_evidence,
                &of.achievement,
                &of.credential,
                &of.bens_credential,
                &of.record,
                &of.endorsement,
                &of.import,
                &of.tenant.to_string(),
                &of.slug.to_owned(),
            ]
            .map(Clone::clone)
        };
        names(self).into_iter().zip(names(other)).collect()
    }

    /// Ana at a rung, judged by her teacher some days later.
    pub(crate) fn item(&self, level: u32, days: u32) -> EvidenceItem {
        EvidenceItem {
            learner_id: self.ana.clone(),
            competency_id: self.competency.clone(),
            judgement: Some(Judgement::Level(level)),
            kind: "classroom".to_owned(),
            assessor_id: "tim".to_owned(),
            assessor_role: "teacher".to_owned(),
            observed_at: Some(prost_types::Timestamp {
                seconds: OBSERVED + i64::from(days) * DAY,
                nanos: 0,
            }),
            note: format!("seen by somebody of {}", self.slug),
            ..EvidenceItem::default()
        }
    }

    pub(crate) fn achievement(&self, key: &str) -> Achievement {
        Achievement {
            achievement_id: String::new(),
            key: key.to_owned(),
            name: format!("Keeps commitments ({key})"),
            description: "Shown in class.".to_owned(),
            criteria: "Mastery at rung 2 or above.".to_owned(),
            alignment: Some(Alignment {
                competency_id: self.competency.clone(),
                code: "K".to_owned(),
                name: "Keep commitments".to_owned(),
                uri: format!("https://frameworks.example/{}", self.competency),
            }),
            required_level: 2,
            ..Achievement::default()
        }
    }

    /// The newest judgement counts.
    pub(crate) fn policy(&self) -> PublishPolicyRequest {
        self.policy_by("latest")
    }

    /// An override about Ana, in this competency.
    pub(crate) fn set_override(&self, competency: &str) -> SetOverrideRequest {
        SetOverrideRequest {
            request_id: format!("{}-override", self.slug),
            learner_id: self.ana.clone(),
            competency_id: competency.to_owned(),
            says: Some(OverrideSays { standing: Standing::AtMastery.into(), ..Default::default() }),
            reason: "Seen in the workshop".to_owned(),
            second_signer: format!("{}-cora", self.slug),
            from: Some(prost_types::Timestamp { seconds: OBSERVED, nanos: 0 }),
            until: Some(prost_types::Timestamp { seconds: 7_258_118_400, nanos: 0 }),
        }
    }

    /// What is held in a competency is what is seen of it itself.
    pub(crate) fn rollup_over(&self, competency: &str) -> PublishRollupRequest {
        let document = serde_json::json!({
            "framework": self.framework,
            "rollups": [{ "competency": competency, "criterion": { "kind": "own" } }],
        });
        PublishRollupRequest { document: document.to_string() }
    }

    /// A competency is to be reached in the year 2025.
    pub(crate) fn calendar_of(&self, competency: &str) -> PublishPacePlanRequest {
        let document = serde_json::json!({
            "framework": self.framework,
            "terms": [{
                "name": format!("2025 at {}", self.slug), "begin": "2025-01-01",
                "end": "2025-12-31", "competencies": [competency],
            }],
        });
        PublishPacePlanRequest { document: document.to_string(), ..Default::default() }
    }

    /// The same by another method.
    pub(crate) fn policy_by(&self, method: &str) -> PublishPolicyRequest {
        let document = serde_json::json!({
            "framework": self.framework,
            "method": { "name": method },
            "mastery_milli": 2_000,
        });
        PublishPolicyRequest { document: document.to_string(), ..Default::default() }
    }
}

impl World {
    /// Who may do most in a tenant.
    pub(crate) fn admin(&self, names: &Names) -> Caller<'_> {
        self.caller(names.tenant, Role::NetworkAdmin, &[])
    }

    /// Makes a tenant with one of everything, and `times` pieces of evidence about Ana; fills in the
    /// names that the server chooses.
    pub(crate) async fn found(&self, slug: &'static str, times: u32) -> Names {
        let mut names = Names::of(slug);
        let (operator, admin) = (self.platform(Role::PlatformOperator), self.admin(&names));
        let request = CreateTenantRequest { slug: slug.to_owned(), name: format!("All of {slug}") };
        done(&operator.ask((REGISTRY, "CreateTenant"), request).await);
        done(&admin.ask_all((REGISTRY, "ImportRoster"), &authored::roster(&names)).await);
        let package = authored::framework(&names, &format!("Framework of {slug}"));
        done(&admin.ask((REGISTRY, "ImportFramework"), package).await);
        admin.settled().await;
        done(&admin.ask((MASTERY, "PublishPolicy"), names.policy()).await);
        let overriding = names.set_override(&names.competency);
        done(&admin.ask((MASTERY, "SetOverride"), overriding).await);
        let rollup = names.rollup_over(&names.competency);
        done(&admin.ask((MASTERY, "PublishRollup"), rollup).await);
        let calendar = names.calendar_of(&names.competency);
        done(&admin.ask((MASTERY, "PublishPacePlan"), calendar).await);
        let achievement = Some(names.achievement(&format!("{slug}-keeps")));
        let request = DefineAchievementRequest { achievement };
        done(&admin.ask((CREDENTIALS, "DefineAchievement"), request).await);
        let listed = SetRevocationListRequest { published: true };
        done(&admin.ask((CREDENTIALS, "SetRevocationList"), listed).await);
        for day in 0..times {
            // Every piece changes what is held, and none takes mastery away.
            record(&admin, &format!("{slug}-ana-{day}"), names.item(2 + day % 2, day)).await;
        }
        let ben = EvidenceItem { learner_id: names.ben.clone(), ..names.item(3, 0) };
        record(&admin, &format!("{slug}-ben-0"), ben).await;
        admin.settled().await;
        // It is published because time passes; from here on time brings nothing.
        let list = GetStatusListRequest { list: 0 };
        while admin.ask((CREDENTIALS, "GetStatusList"), list).await.code() == Code::NotFound {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        admin.settled().await;
        names.look(&admin).await;
        beside::found(&admin, &mut names).await;
        names
    }
}

pub(crate) async fn record(caller: &Caller<'_>, request_id: &str, item: EvidenceItem) {
    let request = RecordEvidenceRequest { request_id: request_id.to_owned(), item: Some(item) };
    done(&caller.ask((EVIDENCE, "RecordEvidence"), request).await);
}

pub(crate) fn done(answer: &Answer) {
    assert_eq!(answer.code(), Code::Ok, "{answer:?}");
}

impl Names {
    async fn look(&mut self, admin: &Caller<'_>) {
        let request = ListCredentialsRequest { page_size: 1_000, ..Default::default() };
        let credentials: ListCredentialsResponse =
            admin.ask((CREDENTIALS, "ListCredentials"), request).await.only();
        for credential in credentials.credentials {
            if credential.learner_id == self.ana {
                (self.credential, self.jws) = (credential.credential_id, credential.compact_jws);
            } else {
                self.bens_credential = credential.credential_id;
            }
        }
        assert!(!self.jws.is_empty(), "Ana has earned what there is");
        let request = ListLearnersRequest { page_size: 1, ..Default::default() };
        let learners: ListLearnersResponse =
            admin.ask((REGISTRY, "ListLearners"), request).await.only();
        let (page_size, learner_id) = (1, self.ana.clone());
        let request = ListEvidenceRequest { page_size, learner_id, ..Default::default() };
        let evidence: ListEvidenceResponse =
            admin.ask((EVIDENCE, "ListEvidence"), request).await.only();
        let request = ListCredentialsRequest { page_size: 1, ..Default::default() };
        let credentials: ListCredentialsResponse =
            admin.ask((CREDENTIALS, "ListCredentials"), request).await.only();
        self.pages =
            [learners.next_page_token, evidence.next_page_token, credentials.next_page_token];
        assert!(self.pages.iter().all(|token| !token.is_empty()), "there is more than one of each");
    }
}
