//! An identity provider: makes tokens good and bad, as somebody outside would.

use std::time::{SystemTime, UNIX_EPOCH};

use northstar_chassis::Role;
use northstar_credentials_proof::{SecretKey, jws};
use northstar_kernel::TenantId;
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://id.example";
pub(crate) const AUDIENCE: &str = "northstar";
const KID: &str = "one";
/// Seconds.
const LIFE: u64 = 3_600;

/// Signs as the deployment's provider, whose key the server knows.
pub(crate) struct Provider {
    key: SecretKey,
    stranger: SecretKey,
}

impl Provider {
    pub(crate) fn new() -> Self {
        let key = |byte| SecretKey::p256(&[byte; 32]).unwrap();
        Self { key: key(1), stranger: key(2) }
    }

    /// What the server believes: the first key alone.
    pub(crate) fn jwks(&self) -> String {
        let mut key: Value = self.key.public().jwk();
        key["kid"] = KID.into();
        key["use"] = "sig".into();
        json!({ "keys": [key] }).to_string()
    }

    /// A good token.
    pub(crate) fn token(
        &self,
        tenant: Option<TenantId>,
        roles: &[Role],
        learners: &[&str],
    ) -> String {
        self.signed(&claims(tenant, roles, learners))
    }

    fn signed(&self, claims: &Value) -> String {
        jws::sign(&self.key, KID, claims).unwrap()
    }

    /// Tokens that are not to be believed, each with the reason; but for one thing they are those of
    /// somebody who may do everything in `tenant`.
    pub(crate) fn bad_tokens(&self, tenant: TenantId) -> Vec<(Option<String>, &'static str)> {
        let good = claims(Some(tenant), &Role::ALL, &[]);
        let but = |claim: &str, value: Value| {
            let mut claims = good.clone();
            claims[claim] = value;
            Some(self.signed(&claims))
        };
        let without = |claim: &str| {
            let mut claims = good.clone();
            claims.as_object_mut().unwrap().remove(claim);
            Some(self.signed(&claims))
        };
        vec![
            (None, "TOKEN_MISSING"),
            (Some("a.b.c".to_owned()), "TOKEN_MALFORMED"),
            (but("exp", 1_000_000_000_u64.into()), "TOKEN_EXPIRED"),
            (but("nbf", (now() + LIFE).into()), "TOKEN_NOT_YET_VALID"),
            (but("iss", "https://id.elsewhere.example".into()), "TOKEN_ISSUER_WRONG"),
            (but("aud", "somebody-else".into()), "TOKEN_AUDIENCE_WRONG"),
            (but("roles", json!(["emperor"])), "TOKEN_ROLE_UNKNOWN"),
            (without("roles"), "TOKEN_CLAIM_MISSING"),
            (Some(jws::sign(&self.stranger, KID, &good).unwrap()), "TOKEN_SIGNATURE_INVALID"),
            (Some(jws::sign(&self.stranger, "two", &good).unwrap()), "TOKEN_KEY_UNKNOWN"),
        ]
    }
}

fn claims(tenant: Option<TenantId>, roles: &[Role], learners: &[&str]) -> Value {
    let roles: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
    let mut claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "somebody", "nbf": now() - LIFE, "exp": now() + LIFE,
        "roles": roles, "learners": learners,
    });
    if let Some(tenant) = tenant {
        claims["tenant"] = tenant.to_string().into();
    }
    claims
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
