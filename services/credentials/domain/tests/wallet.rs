//! What the business says about wallets.

use northstar_credentials_domain::wallet::{
    ACCESS_MICROS, CODE_MICROS, CONSENT_MICROS, Command, Consent, End, Event, OFFER_MICROS, Offer,
    Refusal, Scope, State, Tokens, Wallets,
};
use northstar_kernel::{
    Decider as _, Digest, LearnerId, TenantId, Timestamp, WalletClientId, WalletId,
};

const NOW: i64 = 1_000_000_000_000;

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(NOW + micros)
}

fn wallet() -> WalletId {
    WalletId::derive(TenantId::COMMONS, "wallet")
}

fn client(name: &str) -> WalletClientId {
    WalletClientId::derive(TenantId::COMMONS, name)
}

fn learner() -> LearnerId {
    LearnerId::derive(TenantId::COMMONS, "ana")
}

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

fn offer() -> Command {
    let (id, learner, code) = (wallet(), learner(), digest("offer"));
    Command::Offer(Offer { id, learner, code, by: "ana".into(), at: at(0) })
}

fn accept(micros: i64) -> Command {
    Command::Accept(Consent {
        wallet: wallet(),
        client: client("w"),
        scopes: vec![Scope::ReadCredentials],
        redirect_uri: "https://w.example/cb".into(),
        challenge: "challenge".into(),
        code: digest("code"),
        at: at(micros),
    })
}

fn tokens(name: &str, micros: i64) -> Tokens {
    let (access, refresh) = (digest(&format!("{name}-a")), digest(&format!("{name}-r")));
    Tokens { wallet: wallet(), access, refresh, scopes: Vec::new(), at: at(micros) }
}

fn redeem(micros: i64) -> Command {
    Command::Redeem {
        code: digest("code"),
        client: client("w"),
        redirect_uri: "https://w.example/cb".into(),
        challenge: "challenge".into(),
        tokens: tokens("1", micros),
    }
}

fn refresh(from: &str, to: &str, micros: i64) -> Command {
    let (refresh, tokens) = (digest(&format!("{from}-r")), tokens(to, micros));
    Command::Refresh { refresh, client: client("w"), tokens }
}

fn after(commands: impl IntoIterator<Item = Command>) -> State {
    commands.into_iter().fold(State::default(), |state, command| {
        let events = Wallets::decide(&state, command).expect("allowed");
        events.iter().fold(state, Wallets::evolve)
    })
}

fn refused(state: &State, command: Command) {
    assert_eq!(Wallets::decide(state, command.clone()), Err(Refusal::NotGood), "{command:?}");
}

#[test]
fn an_offer_is_taken_up_once_and_in_time() {
    let offered = after([offer()]);
    assert!(Wallets::decide(&offered, accept(OFFER_MICROS - 1)).is_ok());
    refused(&offered, accept(OFFER_MICROS));
    refused(&State::default(), accept(0));
    refused(&after([offer(), accept(1)]), accept(2));
    let Command::Accept(mut nothing) = accept(1) else { panic!("it is one") };
    nothing.scopes.clear();
    assert_eq!(Wallets::decide(&offered, Command::Accept(nothing)), Err(Refusal::NoScope));
}

#[test]
fn a_code_is_changed_once_in_time_and_by_whom_it_was_sent_to() {
    let state = after([offer(), accept(0)]);
    refused(&after([offer()]), redeem(0));
    refused(&state, redeem(CODE_MICROS));
    for wrong in 0..4 {
        let Command::Redeem { mut code, mut client, mut redirect_uri, mut challenge, tokens } =
            redeem(1)
        else {
            panic!("it is one")
        };
        match wrong {
            0 => code = digest("other"),
            1 => client = WalletClientId::derive(TenantId::COMMONS, "other"),
            2 => redirect_uri.push('/'),
            _ => challenge.clear(),
        }
        refused(&state, Command::Redeem { code, client, redirect_uri, challenge, tokens });
    }
    let used = after([offer(), accept(0), redeem(1)]);
    let replayed = Wallets::decide(&used, redeem(2)).expect("an answer");
    let (wallet, why, by) = (wallet(), End::Replayed, String::new());
    assert_eq!(replayed, [Event::Ended { wallet, why, by, at: at(2) }]);
    let ended = replayed.iter().fold(used, Wallets::evolve);
    assert_eq!(ended.opened_by(digest("1-a"), at(3)), None, "whoever was first is out as well");
    refused(&ended, redeem(3));
    refused(&ended, refresh("1", "2", 3));
}

#[test]
fn tokens_open_for_an_hour_and_are_changed_for_ninety_days() {
    let state = after([offer(), accept(0), redeem(1)]);
    let scopes = [Scope::ReadCredentials];
    assert_eq!(state.opened_by(digest("1-a"), at(2)), Some((learner(), &scopes[..])));
    assert_eq!(state.opened_by(digest("1-r"), at(2)), None);
    assert_eq!(state.opened_by(digest("1-a"), at(1 + ACCESS_MICROS)), None);
    let state = after([offer(), accept(0), redeem(1), refresh("1", "2", CONSENT_MICROS - 1)]);
    assert!(state.opened_by(digest("2-a"), at(CONSENT_MICROS)).is_some());
    assert_eq!(state.opened_by(digest("1-a"), at(2)), None, "the one before is over");
    refused(&state, refresh("2", "3", CONSENT_MICROS));
    refused(&state, refresh("9", "3", 2));
}

#[test]
fn the_next_tokens_may_be_for_less() {
    let state = after([offer(), accept(0), redeem(1)]);
    let asking = |scope| {
        let (refresh, client) = (digest("1-r"), client("w"));
        let tokens = Tokens { scopes: vec![scope], ..tokens("2", 2) };
        Command::Refresh { refresh, client, tokens }
    };
    let more = Wallets::decide(&state, asking(Scope::BringCredentials));
    assert_eq!(more, Err(Refusal::NoScope));
    let state = after([offer(), accept(0), redeem(1), asking(Scope::ReadCredentials)]);
    let scopes = [Scope::ReadCredentials];
    assert_eq!(state.opened_by(digest("2-a"), at(3)), Some((learner(), &scopes[..])));
}

#[test]
fn a_refresh_token_that_comes_twice_ends_it_all() {
    let state = after([offer(), accept(0), redeem(1), refresh("1", "2", 2), refresh("1", "3", 3)]);
    assert!(state.ended && state.opened_by(digest("2-a"), at(4)).is_none());
}

#[test]
fn what_is_given_back_is_over() {
    let back = |token: &str, client| Command::Return { token: digest(token), client, at: at(5) };
    let before = [offer(), accept(0), redeem(1), refresh("1", "2", 2)];
    for token in ["2-a", "2-r", "1-r"] {
        let state = after(before.clone().into_iter().chain([back(token, client("w"))]));
        assert!(state.ended, "{token}");
    }
    for nothing in [back("2-a", client("other")), back("9-a", client("w"))] {
        assert_eq!(Wallets::decide(&after(before.clone()), nothing), Ok(Vec::new()));
    }
}

#[test]
fn a_consent_is_taken_back_at_any_time() {
    let withdraw = || Command::Withdraw { by: "ana".into(), at: at(9) };
    let steps = [offer(), accept(0), redeem(1)];
    for many in 1..=steps.len() {
        let state = after(steps[..many].iter().cloned().chain([withdraw()]));
        assert!(state.ended, "{many}");
        assert_eq!(Wallets::decide(&state, withdraw()), Ok(Vec::new()), "once");
        assert_eq!(state.opened_by(digest("1-a"), at(10)), None);
    }
    refused(&after([offer(), withdraw()]), accept(1));
    refused(&after([offer(), accept(0), withdraw()]), redeem(1));
    assert_eq!(Wallets::decide(&State::default(), withdraw()), Err(Refusal::NotFound));
}

#[test]
fn scopes_are_read_once_and_in_order() {
    let [read, bring, ..] = Scope::ALL;
    let text = format!("{} unknown {} {}", bring.name(), read.name(), bring.name());
    assert_eq!(Scope::read(&text), [read, bring]);
    assert_eq!(Scope::read(&Scope::write(&Scope::ALL)), Scope::ALL);
    assert!(Scope::read("").is_empty());
}
