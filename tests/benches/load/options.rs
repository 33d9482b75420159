//! What the command line asks for.

use std::time::Duration;

use crate::rebuild::Task;

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    Appends,
    LoneAppend,
    Recording,
    Latency,
    Rebuild,
    IdleMemory,
}

impl Item {
    const ALL: [Self; 6] = [
        Self::Appends,
        Self::LoneAppend,
        Self::Recording,
        Self::Latency,
        Self::Rebuild,
        Self::IdleMemory,
    ];

    /// Its name on the command line and in the table.
    pub(crate) fn letter(self) -> &'static str {
        match self {
            Self::Appends => "a",
            Self::LoneAppend => "b",
            Self::Recording => "c",
            Self::Latency => "d",
            Self::Rebuild => "e",
            Self::IdleMemory => "f",
        }
    }

    fn named(letter: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|item| item.letter() == letter);
        found.ok_or_else(|| format!("there is no measurement {letter:?}; there are a to f"))
    }
}

/// How many samples of each, and how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Turns that ours and the baseline take.
    pub(crate) rounds: usize,
    /// Length of a sample.
    pub(crate) sample: Duration,
    /// Events that are rebuilt from.
    pub(crate) events: u64,
}

impl Pace {
    const FULL: Self = Self { rounds: 7, sample: Duration::from_secs(3), events: 2_000_000 };
    const QUICK: Self = Self { rounds: 3, sample: Duration::from_secs(1), events: 200_000 };
}

/// A run of measurements.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) items: Vec<Item>,
    pub(crate) pace: Pace,
}

/// What this process is for.
#[derive(Debug)]
pub(crate) enum Command {
    /// Started by `cargo test`, not to measure.
    Nothing,
    Measure(Options),
    /// One sample of a rebuild, in a process of its own because its memory is measured.
    Child(Task),
}

impl Command {
    /// Reads the arguments, the program's name left out.
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Options { items: Item::ALL.to_vec(), pace: Pace::FULL };
        let mut asked = false;
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--bench" => asked = true,
                "--quick" => options.pace = Pace::QUICK,
                "--only" => {
                    let letters = arguments.next().ok_or("--only needs letters: --only a,c")?;
                    options.items =
                        letters.split(',').map(Item::named).collect::<Result<_, _>>()?;
                }
                "--child" => return Task::read(&mut arguments).map(Self::Child),
                other => return Err(format!("{other:?} is not known; see the head of main.rs")),
            }
        }
        Ok(if asked { Self::Measure(options) } else { Self::Nothing })
    }
}
