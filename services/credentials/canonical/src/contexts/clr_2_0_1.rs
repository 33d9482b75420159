//! Comprehensive Learner Record 2.0. It uses the prefix `xsd` and defines it nowhere.
//!
//! `https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json`, SHA-256
//! `880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6`.

use super::term::{Context, term};

pub(super) static ASSOCIATION: Context = Context {
    protected: false,
    aliases: false,
    terms: &[
        term("associationType", clr!("AssociationType")),
        term("sourceId", clr!("sourceId")).typed("xsd:anyURI"),
        term("targetId", clr!("targetId")).typed("xsd:anyURI"),
    ],
};

pub(super) static CLR_CREDENTIAL: Context = Context {
    protected: false,
    aliases: true,
    terms: &[term("partial", clr!("partial")).typed("xsd:boolean")],
};

pub(super) static CLR_SUBJECT: Context = Context {
    protected: false,
    aliases: true,
    terms: &[
        term("achievement", clr!("achievement")).typed("obi:Achievement").set(),
        term("association", clr!("association")).typed(clr!("Association")).set(),
        term("cred", "https://www.w3.org/2018/credentials#").prefix(),
        term("identifier", clr!("identifier-1")).typed("obi:Identifier").set(),
        term("obi", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#").prefix(),
        term("verifiableCredential", clr!("verifiableCredential"))
            .typed("cred:verifiableCredential")
            .set(),
    ],
};

pub(super) static ROOT: Context = Context {
    protected: false,
    aliases: true,
    terms: &[
        term("Association", clr!("Association")).within(&ASSOCIATION),
        term("ClrCredential", clr!("ClrCredential")).within(&CLR_CREDENTIAL),
        term("ClrSubject", clr!("ClrSubject")).within(&CLR_SUBJECT),
    ],
};
