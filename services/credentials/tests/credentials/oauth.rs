//! How a wallet comes to its tokens, and how it loses them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use form_urlencoded::{Serializer, parse};
use northstar_chassis::{Principal, Role};
use northstar_kernel::{Digest, LearnerId};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::{Value, json};
use tonic::Status;

use crate::edge::issued;
use crate::http::{Answer, Face};
use crate::region::{FRONT_RANGE, Region, by, caller, learner};

pub(crate) const READ: &str = "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly";
pub(crate) const ALL: &str = "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly \
    https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.upsert \
    https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.readonly offline_access";
pub(crate) const OAUTH: &str = "/t/front-range/oauth";
const VERIFIER: &str = "a-secret-of-the-wallet-that-is-long-enough-to-be-one";
const BACK: &str = "https://wallet.example/back?from=here";

/// Offers a learner's credentials; the code.
pub(crate) async fn offer(
    region: &Region,
    who: &Principal,
    learner: LearnerId,
) -> Result<String, Status> {
    let request = wire::OfferToWalletRequest { learner_id: learner.to_string() };
    Ok(region.api.offer_to_wallet(by(who, request)).await?.into_inner().code)
}

pub(crate) async fn offered(region: &Region) -> String {
    let ana = learner("s1");
    offer(region, &caller(FRONT_RANGE, Role::Learner, &[ana]), ana).await.expect("her own")
}

pub(crate) fn metadata() -> Value {
    json!({
        "client_name": "A <wallet>",
        "client_uri": "https://wallet.example/",
        "logo_uri": "https://wallet.example/logo.png",
        "tos_uri": "https://wallet.example/terms",
        "policy_uri": "https://wallet.example/privacy",
        "software_id": "wallet",
        "software_version": "1",
        "redirect_uris": [BACK, "https://wallet.example/other"],
        "scope": ALL,
    })
}

pub(crate) async fn register(face: &Face, metadata: &Value) -> Answer {
    let body = metadata.to_string();
    face.post(&format!("{OAUTH}/register"), "application/json", body.as_bytes()).await
}

fn form(fields: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Digest::of(VERIFIER.as_bytes()).0)
}

/// A wallet's program.
pub(crate) struct Program {
    id: String,
    basic: String,
}

impl Program {
    pub(crate) async fn register(face: &Face) -> Self {
        Self::called(face, &metadata()).await
    }

    pub(crate) async fn called(face: &Face, metadata: &Value) -> Self {
        let answer = register(face, metadata).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let said = answer.json();
        let (id, secret) = (said["client_id"].as_str(), said["client_secret"].as_str());
        let (id, secret) = (id.expect("an id").to_owned(), secret.expect("a secret"));
        let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
        Self { id, basic }
    }

    /// The fields of a request, with these in place of its own.
    pub(crate) fn wish(&self, scope: &str, other: &[(&str, &str)]) -> Vec<(String, String)> {
        let challenge = challenge();
        let usual = [
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", BACK),
            ("scope", scope),
            ("state", "a state & more"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let kept = usual.iter().filter(|(name, _)| other.iter().all(|(given, _)| given != name));
        kept.chain(other).map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }

    /// What somebody's answer on the page leads to.
    pub(crate) async fn authorize(
        &self,
        face: &Face,
        scope: &str,
        other: &[(&str, &str)],
    ) -> Answer {
        let body = Serializer::new(String::new()).extend_pairs(self.wish(scope, other)).finish();
        let kind = "application/x-www-form-urlencoded";
        face.post(&format!("{OAUTH}/authorize"), kind, body.as_bytes()).await
    }

    async fn code(&self, region: &Region, face: &Face, scope: &str) -> String {
        let offered = offered(region).await;
        let answer = self.authorize(face, scope, &[("wallet_code", &offered)]).await;
        told(&answer, "code")
    }

    async fn post(&self, face: &Face, path: &str, fields: &[(&str, &str)]) -> Answer {
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers = [("Authorization", self.basic.as_str()), kind];
        face.send("POST", &format!("{OAUTH}/{path}"), &headers, form(fields).as_bytes()).await
    }

    async fn redeem(&self, face: &Face, code: &str, verifier: &str) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", verifier),
        ];
        self.post(face, "token", &fields).await
    }

    async fn refresh(&self, face: &Face, token: &Value) -> Answer {
        self.refresh_for(face, token, &[]).await
    }

    pub(crate) async fn refresh_for(
        &self,
        face: &Face,
        token: &Value,
        more: &[(&str, &str)],
    ) -> Answer {
        let token = token["refresh_token"].as_str().expect("a token");
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post(face, "token", &[&fields[..], more].concat()).await
    }

    /// The whole way from an offer of Ana's to tokens.
    pub(crate) async fn connect(&self, region: &Region, face: &Face, scope: &str) -> Value {
        let code = self.code(region, face, scope).await;
        let answer = self.redeem(face, &code, VERIFIER).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        answer.json()
    }
}

/// A field of what somebody is sent back with.
pub(crate) fn told(answer: &Answer, name: &str) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let query = answer.header("location").strip_prefix(BACK).expect("back").trim_start_matches('&');
    let fields: Vec<_> = parse(query.as_bytes()).into_owned().collect();
    assert!(fields.contains(&("state".into(), "a state & more".into())), "{query}");
    let found = fields.into_iter().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no {name} in {query}")).1
}

pub(crate) fn refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.status, answer.json()["error"].as_str()), (status, Some(error)));
    assert_eq!(answer.header("cache-control"), "no-store");
}

pub(crate) async fn opens(face: &Face, tokens: &Value) -> bool {
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().expect("a token"));
    let path = "/t/front-range/ims/ob/v3p0/credentials";
    face.send("GET", path, &[("Authorization", &bearer)], b"").await.status == 200
}

#[tokio::test]
async fn a_program_says_everything_about_itself_on_one_host() {
    let (_region, face) = issued().await;
    let answer = register(&face, &metadata()).await;
    assert_eq!((answer.status, answer.header("cache-control")), (201, "no-store"));
    let said = answer.json();
    assert_eq!(said["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!((&said["scope"], &said["client_secret_expires_at"]), (&json!(ALL), &json!(0)));
    for name in metadata().as_object().expect("members").keys() {
        let mut without = metadata();
        without.as_object_mut().expect("members").remove(name);
        let answer = register(&face, &without).await;
        assert_eq!(answer.status, 400, "{name}");
        assert!(answer.json()["error_description"].as_str().expect("why").contains(name.as_str()));
    }
    for (name, value, error) in [
        ("tos_uri", json!("https://other.example/terms"), "invalid_client_metadata"),
        ("logo_uri", json!("http://wallet.example/logo.png"), "invalid_client_metadata"),
        ("redirect_uris", json!(["https://other.example/back"]), "invalid_client_metadata"),
        ("redirect_uris", json!(["javascript:alert(1)"]), "invalid_redirect_uri"),
        ("redirect_uris", json!(["https://wallet.example/#x"]), "invalid_redirect_uri"),
        ("redirect_uris", json!(["https://a@wallet.example/"]), "invalid_redirect_uri"),
        ("redirect_uris", json!([]), "invalid_redirect_uri"),
        ("scope", json!("everything"), "invalid_client_metadata"),
        ("token_endpoint_auth_method", json!("none"), "invalid_client_metadata"),
        ("grant_types", json!(["implicit"]), "invalid_client_metadata"),
    ] {
        let mut wrong = metadata();
        wrong[name] = value;
        refused(&register(&face, &wrong).await, 400, error);
    }
    let nowhere = face.post("/t/nobody/oauth/register", "application/json", b"{}").await;
    assert_eq!(nowhere.status, 400);
}

#[tokio::test]
async fn not_everybody_registers_in_the_same_minute() {
    let (_region, face) = issued().await;
    let mut answers = Vec::new();
    // The minute may end among them, once.
    for _ in 0..62 {
        answers.push(register(&face, &metadata()).await.status);
    }
    assert!(answers.contains(&503) && answers[..30].iter().all(|status| *status == 201));
}

#[tokio::test]
async fn a_person_sees_who_asks_for_what_and_may_say_no() {
    let (region, face) = issued().await;
    let program = Program::register(&face).await;
    let query = Serializer::new(String::new()).extend_pairs(program.wish(READ, &[])).finish();
    let page = face.get(&format!("{OAUTH}/authorize?{query}")).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let text = page.text();
    assert!(text.contains("A &lt;wallet&gt; asks") && text.contains("wallet.example"), "{text}");
    assert!(text.contains("<li>read the credentials</li>") && !text.contains("<script"));
    assert!(text.contains("value=\"a state &amp; more\""));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://wallet.example;"), "{policy}");
    let answer = program.authorize(&face, READ, &[("no", "1")]).await;
    assert_eq!(told(&answer, "error"), "access_denied");
    for (other, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("scope", "offline_access"), "invalid_scope"),
        (("scope", "everything"), "invalid_scope"),
    ] {
        assert_eq!(told(&program.authorize(&face, READ, &[other]).await, "error"), error);
    }
    for other in [("redirect_uri", "https://evil.example/"), ("client_id", "x")] {
        refused(&program.authorize(&face, READ, &[other]).await, 400, "invalid_request");
    }
    let offered = offered(&region).await;
    let spaced = offered.to_lowercase().replace('-', " ");
    let answer = program.authorize(&face, READ, &[("wallet_code", &spaced)]).await;
    assert_eq!(told(&answer, "scope"), READ);
    for wrong in [offered.as_str(), "0000-0000-0000-0000", "", "x"] {
        let answer = program.authorize(&face, READ, &[("wallet_code", wrong)]).await;
        assert_eq!(answer.status, 403, "{wrong} is not good, or not any more");
        assert!(answer.text().contains("This code is not good"));
    }
}

#[tokio::test]
async fn a_code_without_its_secret_is_worth_nothing() {
    let (region, face) = issued().await;
    let (program, other) = (Program::register(&face).await, Program::register(&face).await);
    let code = program.code(&region, &face, READ).await;
    for verifier in ["", "another-secret-that-is-long-enough-to-be-one-of-them", &challenge()] {
        refused(&program.redeem(&face, &code, verifier).await, 400, "invalid_grant");
    }
    refused(&other.redeem(&face, &code, VERIFIER).await, 400, "invalid_grant");
    let stranger = Program { id: program.id.clone(), basic: other.basic.replace("Basic ", "") };
    refused(&stranger.redeem(&face, &code, VERIFIER).await, 401, "invalid_client");
    refused(&program.redeem(&face, "nonsense", VERIFIER).await, 400, "invalid_grant");
    let fields = [("grant_type", "password"), ("code", &code)];
    refused(&program.post(&face, "token", &fields).await, 400, "unsupported_grant_type");
    let tokens = program.redeem(&face, &code, VERIFIER).await;
    assert_eq!(tokens.status, 200, "none of that used it up");
    assert_eq!(tokens.json().get("refresh_token"), None, "it was not asked for");
    assert!(opens(&face, &tokens.json()).await);
}

#[tokio::test]
async fn a_code_that_comes_twice_was_stolen() {
    let (region, face) = issued().await;
    let program = Program::register(&face).await;
    let code = program.code(&region, &face, ALL).await;
    let tokens = program.redeem(&face, &code, VERIFIER).await.json();
    assert!(opens(&face, &tokens).await);
    refused(&program.redeem(&face, &code, VERIFIER).await, 400, "invalid_grant");
    assert!(!opens(&face, &tokens).await, "and nobody knows by whom");
    refused(&program.refresh(&face, &tokens).await, 400, "invalid_grant");
    assert!(region.event_types().await.contains(&"wallet_ended".to_owned()));
}

#[tokio::test]
async fn of_many_who_come_with_one_code_one_gets_tokens() {
    let (region, face) = issued().await;
    let program = Program::register(&face).await;
    let code = program.code(&region, &face, READ).await;
    let asked = (0..4).map(|_| program.redeem(&face, &code, VERIFIER));
    let answers = futures::future::join_all(asked).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    let given = region.event_types().await;
    assert_eq!(given.iter().filter(|name| *name == "wallet_tokens_given").count(), 1);
}

#[tokio::test]
async fn tokens_are_changed_for_others_once() {
    let (region, face) = issued().await;
    let program = Program::register(&face).await;
    let first = program.connect(&region, &face, ALL).await;
    let second = program.refresh(&face, &first).await.json();
    assert!(opens(&face, &second).await && !opens(&face, &first).await);
    assert_eq!(second["scope"], ALL);
    refused(&program.refresh(&face, &first).await, 400, "invalid_grant");
    assert!(!opens(&face, &second).await, "whoever has the old one is not the wallet");
}

#[tokio::test]
async fn what_is_given_back_opens_nothing() {
    let (region, face) = issued().await;
    let (program, other) = (Program::register(&face).await, Program::register(&face).await);
    for name in ["access_token", "refresh_token"] {
        let tokens = program.connect(&region, &face, ALL).await;
        let token = tokens[name].as_str().expect("a token");
        assert_eq!(other.post(&face, "revoke", &[("token", token)]).await.status, 200);
        assert!(opens(&face, &tokens).await, "it is not theirs to give back");
        for _ in 0..2 {
            assert_eq!(program.post(&face, "revoke", &[("token", token)]).await.status, 200);
            assert!(!opens(&face, &tokens).await);
        }
    }
    assert_eq!(program.post(&face, "revoke", &[("token", "nonsense")]).await.status, 200);
    let unknown = face.post(&format!("{OAUTH}/revoke"), "text/plain", b"token=x").await;
    refused(&unknown, 401, "invalid_client");
    assert!(unknown.header("www-authenticate").starts_with("Basic"));
}

#[tokio::test]
async fn whoever_consented_may_take_it_back() {
    let (region, face) = issued().await;
    let program = Program::register(&face).await;
    let tokens = program.connect(&region, &face, ALL).await;
    region.settled().await;
    let ana = learner("s1");
    let (mother, stranger) = (
        caller(FRONT_RANGE, Role::Guardian, &[ana]),
        caller(FRONT_RANGE, Role::Guardian, &[learner("s2")]),
    );
    let list = wire::ListWalletsRequest { learner_id: ana.to_string() };
    let listed = region.api.list_wallets(by(&mother, list.clone())).await.expect("hers");
    let wallets = listed.into_inner().wallets;
    let [wallet] = &wallets[..] else { panic!("one wallet") };
    assert_eq!((wallet.program.as_str(), wallet.host.as_str()), ("A <wallet>", "wallet.example"));
    assert_eq!((wallet.scopes.join(" ").as_str(), wallet.ended), (ALL, false));
    assert!(region.api.list_wallets(by(&stranger, list.clone())).await.is_err());

    let withdraw = wire::WithdrawWalletRequest { wallet_id: wallet.wallet_id.clone() };
    let absent = wire::WithdrawWalletRequest { wallet_id: ana.to_string() };
    let absent = region.api.withdraw_wallet(by(&mother, absent)).await.expect_err("none");
    for who in [stranger, caller("other", Role::NetworkAdmin, &[])] {
        let refused = region.api.withdraw_wallet(by(&who, withdraw.clone())).await;
        let refused = refused.expect_err("not theirs");
        assert_eq!((refused.code(), refused.message()), (absent.code(), absent.message()));
    }
    assert!(opens(&face, &tokens).await);
    for changed in [true, false] {
        let done = region.api.withdraw_wallet(by(&mother, withdraw.clone())).await.expect("hers");
        assert_eq!(done.into_inner().changed, changed);
        assert!(!opens(&face, &tokens).await);
    }
    refused(&program.refresh(&face, &tokens).await, 400, "invalid_grant");
    let listed = region.api.list_wallets(by(&mother, list)).await.expect("hers").into_inner();
    assert!(listed.wallets[0].ended);
}
