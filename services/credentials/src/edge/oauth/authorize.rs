//! The page where a person lets a wallet in: they see who asks and for what, and show the code that
//! was offered to them.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{IntoResponse as _, Response};
use form_urlencoded::Serializer;
use northstar_credentials_domain::wallet::{Client, Command, Consent, Scope};
use northstar_eventlog::{TenantLog, now};
use northstar_kernel::WalletClientId;

use super::no::No;
use super::page::{self, Asked};
use super::{Form, loopback};
use crate::edge::Edge;
use crate::links::Ticket;
use crate::links::code::Code;
use crate::wallets::{self, NotDone, cause};

/// SHA-256 in base64url without padding.
const CHALLENGE_LENGTH: usize = 43;

/// A request of a program that is known, back to an address of its own.
struct Wish {
    client: Client,
    redirect_uri: String,
    state: String,
}

impl Wish {
    /// # Errors
    /// Program or address is not known: nobody is sent anywhere then.
    async fn read(log: &TenantLog, form: &Form) -> Result<Self, No> {
        let unknown = || No::new("invalid_request", "client_id is not known here");
        let id: WalletClientId = form.get("client_id").parse().map_err(|_| unknown())?;
        let client = wallets::client(log, id).await?.ok_or_else(unknown)?;
        let redirect_uri = form.get("redirect_uri").to_owned();
        if !client.redirect_uris.iter().any(|known| loopback::alike(known, &redirect_uri)) {
            let wrong = "redirect_uri is none of those that the program registered";
            return Err(No::new("invalid_request", wrong));
        }
        Ok(Self { client, redirect_uri, state: form.get("state").to_owned() })
    }

    /// What it asks for.
    ///
    /// # Errors
    /// The error that the program is told.
    fn scopes(&self, form: &Form) -> Result<Vec<Scope>, &'static str> {
        if form.get("response_type") != "code" {
            return Err("unsupported_response_type");
        }
        let challenge = form.get("code_challenge");
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let sound = challenge.len() == CHALLENGE_LENGTH && challenge.bytes().all(letter);
        if !sound || form.get("code_challenge_method") != "S256" || self.state.is_empty() {
            return Err("invalid_request");
        }
        let mut scopes = Scope::read(form.get("scope"));
        scopes.retain(|scope| self.client.scopes.contains(scope));
        let only_offline = scopes.iter().all(|scope| *scope == Scope::Offline);
        if only_offline { Err("invalid_scope") } else { Ok(scopes) }
    }

    /// Sends the person back.
    fn back(&self, says: &[(&str, &str)]) -> Response {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(says);
        if !self.state.is_empty() {
            query.append_pair("state", &self.state);
        }
        let separator = if self.redirect_uri.contains('?') { '&' } else { '?' };
        let address = format!("{}{separator}{}", self.redirect_uri, query.finish());
        let headers = [(LOCATION, address), (CACHE_CONTROL, "no-store".to_owned())];
        (StatusCode::SEE_OTHER, headers).into_response()
    }
}

pub(super) async fn ask(
    State(edge): State<Edge>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, No> {
    let tenant = edge.issuing(&slug).await?.ok_or_else(No::absent)?;
    let form = Form::read(query.unwrap_or_default().as_bytes());
    let wish = Wish::read(&tenant.log, &form).await?;
    Ok(match wish.scopes(&form) {
        Err(error) => wish.back(&[("error", error)]),
        Ok(scopes) => {
            let asked = Asked { tenant: &tenant.name, client: &wish.client, scopes: &scopes };
            asked.page(&form.0, None)
        }
    })
}

pub(super) async fn answer(
    State(edge): State<Edge>,
    Path(slug): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, No> {
    let body = body.map_err(|why| No::body(why.status(), why.body_text()))?;
    let tenant = edge.issuing(&slug).await?.ok_or_else(No::absent)?;
    let form = Form::read(&body);
    let wish = Wish::read(&tenant.log, &form).await?;
    let scopes = match wish.scopes(&form) {
        Err(error) => return Ok(wish.back(&[("error", error)])),
        Ok(_) if !form.get("no").is_empty() => return Ok(wish.back(&[("error", "access_denied")])),
        Ok(scopes) => scopes,
    };
    let asked = Asked { tenant: &tenant.name, client: &wish.client, scopes: &scopes };
    let again = || asked.page(&form.0, Some(page::WRONG_CODE));
    let Some(offered) = Code::typed(form.get("wallet_code")) else { return Ok(again()) };
    match accept(&tenant.log, &wish, &form, &scopes, &offered).await {
        Ok(code) => {
            let scope = Scope::write(&scopes);
            Ok(wish.back(&[("code", &code.text()), ("scope", &scope)]))
        }
        Err(NotDone::Refused(_)) => Ok(again()),
        Err(NotDone::Fault(fault)) => Err(fault.into()),
    }
}

/// Takes the offer up; the code that the wallet changes for tokens.
async fn accept(
    log: &TenantLog,
    wish: &Wish,
    form: &Form,
    scopes: &[Scope],
    offered: &Code,
) -> Result<Ticket, NotDone> {
    let wallet = offered.wallet(log.tenant());
    let (state, _) = wallets::load(log, wallet).await?;
    // The name of an access is half of its code's digest; the whole must be the same.
    if state.offer.is_none_or(|offer| offer.code != offered.digest(log.tenant())) {
        return Err(NotDone::Refused(northstar_credentials_domain::wallet::Refusal::NotGood));
    }
    let code = Ticket::random(wallet.uuid());
    let consent = Consent {
        wallet,
        client: wish.client.id,
        scopes: scopes.to_vec(),
        redirect_uri: wish.redirect_uri.clone(),
        challenge: form.get("code_challenge").to_owned(),
        code: code.digest(),
        at: now(),
    };
    let cause = cause(&wish.client.name, wallet.uuid());
    wallets::decide(log, wallet, Command::Accept(consent), cause).await.map(|_| code)
}
