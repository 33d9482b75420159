//! Codes and tokens at a host's token endpoint.

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::{Serializer, byte_serialize};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Address, Program, Web};

/// Longest answer, in bytes.
const LONGEST: usize = 64 << 10;

/// What opens the API, and what is changed for the next.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    /// Only of a host that gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<String>,
}

/// Asks for tokens.
///
/// # Errors
/// The host gives none.
pub(super) fn ask(
    web: &Web,
    at: &Address,
    program: &Program,
    fields: &[(&str, &str)],
) -> anyhow::Result<Tokens> {
    let asking = || format!("asking {at} for tokens");
    let answer = post(web, at, program, fields)?.good().with_context(asking)?;
    let said: Value = serde_json::from_slice(&answer.body).with_context(asking)?;
    let bearer = said["token_type"].as_str().is_some_and(|it| it.eq_ignore_ascii_case("bearer"));
    ensure!(bearer, "{at} gave a token of a kind that is not known here");
    let text = |name: &str| said[name].as_str().filter(|it| is_token(it)).map(ToOwned::to_owned);
    let access_token = text("access_token").with_context(|| format!("{at} gave no token"))?;
    Ok(Tokens { access_token, refresh_token: text("refresh_token") })
}

/// Gives a token back.
///
/// # Errors
/// The host does not take it.
pub(super) fn give_back(
    web: &Web,
    at: &Address,
    program: &Program,
    token: &str,
) -> anyhow::Result<()> {
    let answer = post(web, at, program, &[("token", token)])?;
    answer.good().with_context(|| format!("giving the token back at {at}")).map(drop)
}

fn post(
    web: &Web,
    at: &Address,
    program: &Program,
    fields: &[(&str, &str)],
) -> anyhow::Result<super::web::Answer> {
    let escaped = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let shown = format!("{}:{}", escaped(&program.client_id), escaped(&program.client_secret));
    let basic = format!("Basic {}", STANDARD.encode(shown));
    let headers = [
        ("Authorization", basic.as_str()),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Accept", "application/json"),
    ];
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    web.post(at, &headers, body.as_bytes(), LONGEST)
}

/// What can stand in a header.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}
