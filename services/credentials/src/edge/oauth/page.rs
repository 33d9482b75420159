//! What a person sees who lets a wallet in: plain HTML without script.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use northstar_credentials_domain::wallet::{Client, Scope};

use super::loopback;
use crate::edge::host::meaning;
use crate::edge::page::{self, escaped};

/// Said when the code does not open anything.
pub(super) const WRONG_CODE: &str = "This code is not good, or not any more. Codes last ten minutes \
                                     and can be used once: ask for another.";

/// Passed on from the first page to the answer.
const CARRIED: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
];

/// Who asks whom for what.
pub(super) struct Asked<'a> {
    pub(super) tenant: &'a str,
    pub(super) client: &'a Client,
    pub(super) scopes: &'a [Scope],
}

impl Asked<'_> {
    /// The page; `wrong` is what was wrong with the answer before.
    pub(super) fn page(&self, form: &[(String, String)], wrong: Option<&str>) -> Response {
        let carried = |(name, value): &(String, String)| {
            let (name, value) = (escaped(name), escaped(value));
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n")
        };
        let known = |(name, _): &&(String, String)| CARRIED.contains(&name.as_str());
        let hidden: String = form.iter().filter(known).map(carried).collect();
        let wishes = self.scopes.iter().map(|scope| format!("<li>{}</li>\n", meaning(*scope)));
        let status = if wrong.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
        let wrong = wrong.map(|wrong| format!("<p class=\"state\">{wrong}</p>\n"));
        let body = format!(
            "<h1>{client} asks for access</h1>\n{wrong}<p>{program} \
             wants to do this with one learner's credentials at {tenant}:</p>\n<ul>\n{wishes}</ul>\n\
             <form method=\"post\" action=\"authorize\">\n{hidden}\
             <p><label>Code that you were given<br><input name=\"wallet_code\" autocomplete=\"off\" \
             autocapitalize=\"characters\" spellcheck=\"false\" size=\"22\"></label></p>\n\
             <p><button name=\"yes\" value=\"1\">Allow</button> \
             <button name=\"no\" value=\"1\">Do not allow</button></p>\n</form>\n",
            client = escaped(&self.client.name),
            wrong = wrong.unwrap_or_default(),
            program = self.program(),
            tenant = escaped(self.tenant),
            wishes = wishes.collect::<String>(),
        );
        // Browsers hold a form to the address that its answer leads on to.
        let back = self.back();
        let policy =
            page::policy().replace("form-action 'none'", &format!("form-action 'self' {back}"));
        let headers = [
            (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
            (CACHE_CONTROL, "no-store".to_owned()),
            (CONTENT_SECURITY_POLICY, policy),
        ];
        (status, headers, page::whole("Access to credentials", &body)).into_response()
    }

    /// Where the program is. One on this computer may call itself what it likes.
    fn program(&self) -> String {
        match self.client.host.as_str() {
            loopback::HOST => "A program on <strong>this computer</strong>".to_owned(),
            host => format!("The program at <strong>{}</strong>", escaped(host)),
        }
    }

    /// Where the answer leads on to, as a policy names it.
    fn back(&self) -> String {
        match self.client.host.as_str() {
            loopback::HOST => format!("http://{}:*", loopback::HOST),
            host => format!("https://{host}"),
        }
    }
}
