//! A calendar: which competencies of a framework are to be reached in which term.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use northstar_kernel::{CompetencyId, Digest, FrameworkId, Kind, Refusal, Violation};

use crate::{Day, Json, Pace, Plan, PlanFlaw};

/// The most terms of a calendar.
const MOST_TERMS: usize = 1_000;
/// The longest name of a term, in characters.
const LONGEST_NAME: usize = 200;

/// A stretch of the calendar, and what is to be reached in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// What people call it.
    pub name: String,
    /// Its first day.
    pub begin: Day,
    /// The day by which all is to be reached.
    pub end: Day,
    /// What is to be reached.
    pub competencies: Vec<CompetencyId>,
}

/// A calendar as somebody wrote it down, not looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDraft {
    /// The framework.
    pub framework: FrameworkId,
    /// How far a learner may be off and still be on pace, in thousandths of what is wanted.
    pub buffer_milli: u32,
    /// The terms.
    pub terms: Vec<Term>,
}

/// A calendar that makes sense. It never changes; another one has another hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    draft: CalendarDraft,
    whole: Plan,
    terms: Vec<Plan>,
}

/// One thing that is wrong with a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarFlaw {
    /// There is no term, or more than 1,000.
    Terms(usize),
    /// The name of a term is empty, or longer than 200 characters.
    Name,
    /// The days of a term or of all, the buffer, or how much is wanted.
    Plan(PlanFlaw),
    /// A competency is wanted twice.
    Twice(CompetencyId),
    /// No such competency is in the framework.
    UnknownCompetency(CompetencyId),
}

impl fmt::Display for CalendarFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Terms(given) => {
                write!(f, "a calendar has from 1 to {MOST_TERMS} terms, not {given}")
            }
            Self::Name => write!(f, "a name has from 1 to {LONGEST_NAME} characters"),
            Self::Plan(flaw) => flaw.fmt(f),
            Self::Twice(id) => write!(f, "competency {id} is wanted twice; leave one"),
            Self::UnknownCompetency(id) => {
                write!(f, "there is no competency {id} in the framework")
            }
        }
    }
}

/// The draft is no calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarRefusal {
    /// All that is wrong with it and where, at least one thing: `terms[1].name`.
    pub flaws: Vec<(String, CalendarFlaw)>,
}

impl fmt::Display for CalendarRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the calendar is not valid")?;
        let mut separator = ": ";
        for (field, flaw) in &self.flaws {
            write!(f, "{separator}{field} {flaw}")?;
            separator = "; ";
        }
        Ok(())
    }
}

impl std::error::Error for CalendarRefusal {}

impl Refusal for CalendarRefusal {
    fn reason(&self) -> &'static str {
        "PACE_PLAN_INVALID"
    }

    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn violations(&self) -> Vec<Violation> {
        self.flaws.iter().map(|(field, flaw)| Violation::new(&**field, flaw.to_string())).collect()
    }
}

impl Calendar {
    /// The calendar of a draft; `known` says whether a competency is in the framework.
    ///
    /// # Errors
    /// [`CalendarRefusal`] with every flaw.
    pub fn new(
        draft: CalendarDraft,
        known: impl Fn(CompetencyId) -> bool,
    ) -> Result<Self, CalendarRefusal> {
        let mut flaws = draft.flaws(known);
        let buffer = u16::try_from(draft.buffer_milli).unwrap_or(u16::MAX);
        let mut plan = |field: String, begin, end, wanted: usize| {
            let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
            let plan = Plan::new(begin, end, wanted, buffer);
            plan.map_err(|flaw| flaws.push((field, CalendarFlaw::Plan(flaw)))).ok()
        };
        let terms: Vec<Option<Plan>> = (0..)
            .zip(&draft.terms)
            .map(|(at, term)| {
                plan(format!("terms[{at}]"), term.begin, term.end, term.competencies.len())
            })
            .collect();
        let begin = draft.terms.iter().map(|term| term.begin).min();
        let end = draft.terms.iter().map(|term| term.end).max();
        let wanted = draft.terms.iter().map(|term| term.competencies.len()).sum();
        let whole = begin.zip(end).filter(|_| terms.iter().all(Option::is_some));
        let whole = whole.and_then(|(begin, end)| plan("terms".to_owned(), begin, end, wanted));
        match whole {
            Some(whole) if flaws.is_empty() => {
                Ok(Self { whole, terms: terms.into_iter().flatten().collect(), draft })
            }
            _ => Err(CalendarRefusal { flaws }),
        }
    }

    /// As it was written down.
    pub const fn draft(&self) -> &CalendarDraft {
        &self.draft
    }

    /// From the first day of all terms to the last, all that is wanted.
    pub const fn whole(&self) -> &Plan {
        &self.whole
    }

    /// The plan of each term.
    pub fn terms(&self) -> &[Plan] {
        &self.terms
    }

    /// The pace over all terms, and in each, as of a day. `reached_on` has the days since which
    /// competencies are held without a break.
    pub fn pace(&self, reached_on: &BTreeMap<CompetencyId, Day>, as_of: Day) -> (Pace, Vec<Pace>) {
        let days = |term: &Term| -> Vec<Day> {
            term.competencies.iter().filter_map(|id| reached_on.get(id).copied()).collect()
        };
        let whole = Pace::on(&self.whole, self.draft.terms.iter().flat_map(days), as_of);
        let terms = self.terms.iter().zip(&self.draft.terms);
        (whole, terms.map(|(plan, term)| Pace::on(plan, days(term), as_of)).collect())
    }

    /// The calendar as canonical JSON, one way only.
    pub fn canonical(&self) -> String {
        let term = |term: &Term| {
            Json::object([
                ("begin", Json::text(term.begin)),
                ("competencies", Json::list(term.competencies.iter().map(Json::text))),
                ("end", Json::text(term.end)),
                ("name", Json::text(&term.name)),
            ])
        };
        Json::object([
            ("buffer_milli", self.draft.buffer_milli.into()),
            ("framework", Json::text(self.draft.framework)),
            ("terms", Json::list(self.draft.terms.iter().map(term))),
        ])
        .to_string()
    }

    /// SHA-256 of the canonical text.
    pub fn hash(&self) -> Digest {
        Digest::of(self.canonical().as_bytes())
    }
}

impl CalendarDraft {
    /// What is wrong beside the plans.
    fn flaws(&self, known: impl Fn(CompetencyId) -> bool) -> Vec<(String, CalendarFlaw)> {
        let mut flaws = Vec::new();
        if !(1..=MOST_TERMS).contains(&self.terms.len()) {
            flaws.push(("terms".to_owned(), CalendarFlaw::Terms(self.terms.len())));
        }
        let mut wanted = BTreeSet::new();
        for (at, term) in self.terms.iter().enumerate() {
            if !(1..=LONGEST_NAME).contains(&term.name.chars().count()) {
                flaws.push((format!("terms[{at}].name"), CalendarFlaw::Name));
            }
            for (place, id) in term.competencies.iter().enumerate() {
                let flaw = match wanted.insert(*id) {
                    false => CalendarFlaw::Twice(*id),
                    true if !known(*id) => CalendarFlaw::UnknownCompetency(*id),
                    true => continue,
                };
                flaws.push((format!("terms[{at}].competencies[{place}]"), flaw));
            }
        }
        flaws
    }
}
