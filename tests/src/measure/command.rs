//! What the command line of a benchmark asks for.

use std::time::Duration;

/// What can be measured.
pub trait Item: Copy + 'static {
    /// All of it, in the order of the table.
    const ALL: &'static [Self];

    /// Its name on the command line and in the table.
    fn letter(self) -> &'static str;
}

/// How many samples of each, and how long.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Turns that ours and the baseline take.
    pub rounds: usize,
    /// Length of a sample.
    pub sample: Duration,
    /// Events that are rebuilt from.
    pub events: u64,
}

/// The paces of a benchmark.
#[derive(Debug, Clone, Copy)]
pub struct Paces {
    /// What is judged.
    pub full: Pace,
    /// A look, with `--quick`.
    pub quick: Pace,
}

/// A run of measurements.
#[derive(Debug)]
pub struct Options<I> {
    /// What is measured.
    pub items: Vec<I>,
    /// How long.
    pub pace: Pace,
}

/// What this process is for.
#[derive(Debug)]
pub enum Command<I> {
    /// Started by `cargo test`, not to measure.
    Nothing,
    /// Measures.
    Measure(Options<I>),
    /// One sample, in a process of its own because its memory is measured: what it is told.
    Child(Vec<String>),
}

impl<I: Item> Command<I> {
    /// Reads the arguments, the program's name left out.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(arguments: impl Iterator<Item = String>, paces: Paces) -> Result<Self, String> {
        let mut options = Options { items: I::ALL.to_vec(), pace: paces.full };
        let mut asked = false;
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--bench" => asked = true,
                "--quick" => options.pace = paces.quick,
                "--events" => options.pace.events = number(arguments.next())?,
                "--only" => {
                    let letters = arguments.next().ok_or("--only needs letters: --only a,c")?;
                    options.items = letters.split(',').map(named).collect::<Result<_, _>>()?;
                }
                "--child" => return Ok(Self::Child(arguments.collect())),
                other => return Err(format!("{other:?} is not known; see the head of main.rs")),
            }
        }
        Ok(if asked { Self::Measure(options) } else { Self::Nothing })
    }
}

fn number(text: Option<String>) -> Result<u64, String> {
    let number = text.and_then(|text| text.parse().ok());
    number.ok_or_else(|| "--events needs a number".to_owned())
}

fn named<I: Item>(letter: &str) -> Result<I, String> {
    let found = I::ALL.iter().copied().find(|item| item.letter() == letter);
    found.ok_or_else(|| {
        let letters: Vec<_> = I::ALL.iter().map(|item| item.letter()).collect();
        format!("there is no measurement {letter:?}; there are {}", letters.join(", "))
    })
}
