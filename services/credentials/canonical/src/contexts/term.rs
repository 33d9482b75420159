//! What a context says of a name.

/// One context: terms in the order of their names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Context {
    /// Whether later contexts must leave its terms as they are.
    pub(crate) protected: bool,
    /// Whether it lets `id` and `type` stand for the keywords.
    pub(crate) aliases: bool,
    /// Sorted by name.
    pub(crate) terms: &'static [Definition],
}

impl Context {
    pub(crate) fn get(&self, name: &str) -> Option<&'static Definition> {
        let at = self.terms.binary_search_by(|term| term.name.cmp(name)).ok()?;
        self.terms.get(at)
    }
}

/// What values without a type of their own become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coercion {
    /// Strings, integers, doubles and booleans as they are.
    Plain,
    /// Strings are IRIs.
    Iri,
    /// Strings are terms.
    Vocab,
    /// Anything, as JSON.
    Json,
    /// Literals of a datatype, whose name may begin with a prefix of the contexts in force.
    Typed(&'static str),
}

/// How several values hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    /// They do not.
    Plain,
    /// As a set, which is the same to quads, and not to a comparison of definitions.
    Set,
    /// In order.
    List,
    /// Each is a graph of its own.
    Graph,
}

/// The context that a term brings along: for its value if it is a property, for the object if it is
/// the object's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scoped {
    /// None.
    Nothing,
    /// No context at all.
    Null,
    /// This one.
    Context(&'static Context),
}

/// One term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    /// What it stands for.
    pub(crate) iri: &'static str,
    pub(crate) coercion: Coercion,
    pub(crate) container: Container,
    pub(crate) scoped: Scoped,
    /// Whether it may begin other names, before a colon.
    pub(crate) prefix: bool,
}

/// A plain term.
pub(super) const fn term(name: &'static str, iri: &'static str) -> Definition {
    Definition {
        name,
        iri,
        coercion: Coercion::Plain,
        container: Container::Plain,
        scoped: Scoped::Nothing,
        prefix: false,
    }
}

impl Definition {
    /// Whether it names a kind of thing. Contexts have capitals (or 1EdTech's digit) there, and some
    /// give a kind and a member one IRI: as a member, the kind's name would be a second name for it.
    pub(crate) fn is_kind(&self) -> bool {
        self.name.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())
    }

    pub(super) const fn iri(mut self) -> Self {
        self.coercion = Coercion::Iri;
        self
    }

    pub(super) const fn vocab(mut self) -> Self {
        self.coercion = Coercion::Vocab;
        self
    }

    pub(super) const fn json(mut self) -> Self {
        self.coercion = Coercion::Json;
        self
    }

    pub(super) const fn typed(mut self, datatype: &'static str) -> Self {
        self.coercion = Coercion::Typed(datatype);
        self
    }

    pub(super) const fn set(mut self) -> Self {
        self.container = Container::Set;
        self
    }

    pub(super) const fn list(mut self) -> Self {
        self.container = Container::List;
        self
    }

    pub(super) const fn graph(mut self) -> Self {
        self.container = Container::Graph;
        self
    }

    pub(super) const fn within(mut self, context: &'static Context) -> Self {
        self.scoped = Scoped::Context(context);
        self
    }

    pub(super) const fn without_context(mut self) -> Self {
        self.scoped = Scoped::Null;
        self
    }

    pub(super) const fn prefix(mut self) -> Self {
        self.prefix = true;
        self
    }
}
