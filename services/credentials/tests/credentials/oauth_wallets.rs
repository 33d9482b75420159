//! What wallets may do beside the usual: live on the person's own computer, and ask for less.

use form_urlencoded::Serializer;
use serde_json::json;

use crate::edge::issued;
use crate::oauth::{ALL, OAUTH, Program, READ, metadata, offered, opens, refused, register, told};

#[tokio::test]
async fn a_program_on_ones_own_computer_is_sent_back_to_whatever_port() {
    let (region, face) = issued().await;
    let mut here = metadata();
    here["redirect_uris"] = json!(["http://127.0.0.1:4000/back"]);
    let program = Program::called(&face, &here).await;
    let other = [("redirect_uri", "http://127.0.0.1:5000/back")];
    let query = Serializer::new(String::new()).extend_pairs(program.wish(READ, &other)).finish();
    let page = face.get(&format!("{OAUTH}/authorize?{query}")).await;
    let text = page.text();
    assert!(text.contains("this computer") && !text.contains("wallet.example/"), "{text}");
    assert!(!text.contains("at <strong>wallet.example"), "it may call itself what it likes");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' http://127.0.0.1:*;"), "{policy}");
    let offered = offered(&region).await;
    let code = [other[0], ("wallet_code", &offered)];
    let answer = program.authorize(&face, READ, &code).await;
    assert!(answer.header("location").starts_with("http://127.0.0.1:5000/back?code="));
    for wrong in ["http://127.0.0.1:5000/other", "http://localhost:4000/back"] {
        let answer = program.authorize(&face, READ, &[("redirect_uri", wrong)]).await;
        refused(&answer, 400, "invalid_request");
    }
    here["redirect_uris"] = json!(["http://127.0.0.1:4000/back", "https://wallet.example/back"]);
    refused(&register(&face, &here).await, 400, "invalid_redirect_uri");
}

#[tokio::test]
async fn the_next_tokens_may_be_for_less_and_never_for_more() {
    let (region, face) = issued().await;
    let program = Program::register(&face).await;
    let first = program.connect(&region, &face, &format!("{READ} offline_access")).await;
    let wider = program.refresh_for(&face, &first, &[("scope", ALL)]).await;
    refused(&wider, 400, "invalid_scope");
    let unknown = program.refresh_for(&face, &first, &[("scope", "everything")]).await;
    refused(&unknown, 400, "invalid_scope");
    assert!(opens(&face, &first).await, "none of that used it up");
    let narrow = program.refresh_for(&face, &first, &[("scope", "offline_access")]).await.json();
    assert_eq!(narrow["scope"], "offline_access");
    assert!(!opens(&face, &narrow).await, "it is for nothing now");
    let whole = program.refresh_for(&face, &narrow, &[]).await.json();
    assert!(opens(&face, &whole).await, "the next may be for all again");
}

#[tokio::test]
async fn scopes_of_records_open_no_badges() {
    let (region, face) = issued().await;
    let mut both = metadata();
    let records = "https://purl.imsglobal.org/spec/clr/v2p0/scope/credential.readonly";
    both["scope"] = json!(format!("{READ} {records}"));
    let program = Program::called(&face, &both).await;
    let tokens = program.connect(&region, &face, records).await;
    assert!(!opens(&face, &tokens).await);
    let denied = program.authorize(&face, READ, &[("no", "1")]).await;
    assert_eq!(told(&denied, "error"), "access_denied");
}
