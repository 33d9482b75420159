//! The page that a link leads to: HTML that a phone shows without script, and that a parent reads
//! without knowing what a signature is. The learner is not named, as in the credential itself.

use std::borrow::Cow;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use northstar_credentials_proof::verifier;
use northstar_kernel::{Digest, Timestamp};
use northstar_wire::credentials::v1 as wire;
use serde_json::Value;

const STYLE: &str = include_str!("page.css");

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What browsers may load and do: the page's own style, its own picture, and nothing else.
pub(super) fn policy() -> &'static str {
    static POLICY: OnceLock<String> = OnceLock::new();
    POLICY.get_or_init(|| {
        let style = STANDARD.encode(Digest::of(STYLE.as_bytes()).0);
        format!(
            "default-src 'none'; style-src 'sha256-{style}'; img-src 'self'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'"
        )
    })
}

/// What is to be shown.
pub(super) struct Page<'a> {
    pub(super) token: &'a str,
    pub(super) credential: &'a wire::Credential,
    /// What the credential says.
    pub(super) said: &'a Value,
    /// What verification said a moment ago.
    pub(super) report: &'a wire::VerifyCredentialResponse,
}

/// Whether it holds, in a word and in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    word: &'static str,
    sentence: &'static str,
}

impl Page<'_> {
    /// The page; `now` is the moment of the verification.
    pub(super) fn html(&self, now: Timestamp) -> String {
        let achievement = &self.said["credentialSubject"]["achievement"];
        let name = escaped(&self.credential.achievement_name);
        let Standing { word, sentence } = self.standing();
        let class = word.split(' ').next().unwrap_or_default().to_ascii_lowercase();
        let token = escaped(self.token);
        let body = format!(
            "<p class=\"state {class}\"><strong>{word}</strong> {sentence}</p>\n\
             <img src=\"{token}/badge.svg\" alt=\"\" width=\"160\" height=\"160\">\n\
             <h1>{name}</h1>\n{description}<dl>\n{facts}</dl>\n\
             <h2>What was checked</h2>\n\
             <p>On {now}, by the service that issued it:</p>\n<ul>\n{checks}</ul>\n\
             <h2>Take it along</h2>\n\
             <p>Anybody can check these files without asking us: <a href=\"{token}/credential.json\">\
             signed document</a>, <a href=\"{token}/badge.svg\">picture (SVG)</a>, \
             <a href=\"{token}/badge.png\">picture (PNG)</a>.</p>\n",
            description = paragraph(&achievement["description"]),
            facts = self.facts(achievement),
            now = moment(now),
            checks = self.checks(),
        );
        whole(&name, &body)
    }

    fn standing(&self) -> Standing {
        let failed = |name: &str| self.report.checks.iter().any(|it| it.name == name && !it.passed);
        let (word, sentence) = match self.credential.status() {
            wire::CredentialStatus::Revoked => {
                ("Revoked", "The issuer has ended this credential. It counts no longer.")
            }
            wire::CredentialStatus::Held => {
                ("Held", "The issuer is looking at this credential. It does not count for now.")
            }
            _ if self.report.verified => {
                ("Valid", "Everything that can be checked is as it must be.")
            }
            _ if failed("time") && self.has_ended() => ("Expired", "Its time is over."),
            _ => ("Not verified", "Something is not as it must be; see below."),
        };
        Standing { word, sentence }
    }

    fn has_ended(&self) -> bool {
        let [_, until] = verifier::bounds(self.said);
        until.is_some()
    }

    fn facts(&self, achievement: &Value) -> String {
        let mut facts = String::new();
        let mut fact = |name: &str, value: Cow<'_, str>| {
            if !value.is_empty() {
                facts.push_str(&format!("<dt>{name}</dt><dd>{value}</dd>\n"));
            }
        };
        let issuer = &self.said["issuer"];
        fact("Issued by", text(&issuer["name"]));
        fact("Issuer's address", text(issuer.get("id").unwrap_or(issuer)));
        let [from, until] = verifier::bounds(self.said).map(Option::unwrap_or_default);
        fact("Issued on", date(from));
        fact("Valid until", date(until));
        if self.credential.level > 0 {
            fact("Level", self.credential.level.to_string().into());
        }
        let criteria = &achievement["criteria"];
        fact("What had to be shown", text(&criteria["narrative"]));
        fact("More about that", text(&criteria["id"]));
        facts
    }

    fn checks(&self) -> String {
        let line = |check: &wire::Check| {
            let (mark, class) = if check.passed { ("✓", "good") } else { ("✗", "bad") };
            let (name, detail) = (meaning(&check.name), escaped(&check.detail));
            format!(
                "<li class=\"{class}\"><span>{mark}</span> <strong>{name}</strong><br>{detail}</li>\n"
            )
        };
        self.report.checks.iter().map(line).collect()
    }
}

/// What somebody sees who has no link that leads anywhere.
pub(super) fn nothing() -> String {
    let body = "<h1>There is nothing here</h1>\n<p>Links to credentials end on the day that was \
                chosen for them, or when they are taken back. Ask whoever sent it for another.</p>\n";
    whole("There is nothing here", body)
}

pub(super) fn whole(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex, nofollow\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

fn meaning(check: &str) -> Cow<'_, str> {
    match check {
        "form" => "It is well formed".into(),
        "arithmetic" => "Nobody has changed it since it was signed".into(),
        "key owner" => "It was signed by the issuer".into(),
        "schema" => "It has everything that the standard asks for".into(),
        "status" => "The issuer has not ended it".into(),
        "time" => "It is within its dates".into(),
        "endorsements" => "What it carries along is sound too".into(),
        "policy" => "It meets this service's terms".into(),
        other => escaped(other),
    }
}

fn text(value: &Value) -> Cow<'_, str> {
    escaped(value.as_str().unwrap_or_default())
}

fn paragraph(value: &Value) -> String {
    let text = text(value);
    if text.is_empty() { String::new() } else { format!("<p>{text}</p>\n") }
}

/// The day, as people say it; as it was written where it is no moment.
fn date(text: &str) -> Cow<'_, str> {
    verifier::instant(text).map_or_else(|| escaped(text), |moment| day(moment).into())
}

fn day(at: Timestamp) -> String {
    let (year, month, day, ..) = at.civil();
    let month = usize::try_from(month).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
    format!("{day} {} {year}", month.copied().unwrap_or_default())
}

fn moment(at: Timestamp) -> String {
    let (_, _, _, hour, minute, ..) = at.civil();
    format!("{} at {hour:02}:{minute:02} UTC", day(at))
}

/// For use in HTML and XML, in text and within quotes. Characters that XML has none for are left out.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let plain = |c: char| !matches!(c, '&' | '<' | '>' | '"' | '\'') && !is_foreign(c);
    if text.chars().all(plain) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars().filter(|c| !is_foreign(*c)) {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            plain => escaped.push(plain),
        }
    }
    escaped.into()
}

fn is_foreign(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}
