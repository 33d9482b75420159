//! What a competency may be judged at.

use std::fmt;

use northstar_kernel::{CompetencyId, FrameworkId};

use crate::item::Judgement;
use crate::refusal::Refusal;
use crate::value::Milli;

/// One rung of a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Place in the scale, from 1 at the bottom; what a level names.
    pub position: u32,
    /// Its name: Proficient.
    pub quality: String,
    /// What it counts as.
    pub score: Milli,
}

/// The rungs of a competency or criterion, bottom first; empty if the framework gives none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scale(pub Vec<Rung>);

/// What is known of a competency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Competency {
    /// The framework it belongs to.
    pub framework: FrameworkId,
    /// The levels it may be judged at.
    pub scale: Scale,
}

/// What is known of a rubric criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// The competency it judges; `None` if the rubric leaves it open to all of its framework.
    pub judges: Option<CompetencyId>,
    /// The framework its rubric belongs to.
    pub framework: FrameworkId,
    /// Its own rungs; where it has none, those of the competency hold.
    pub scale: Scale,
}

/// A judgement in thousandths, with the top of its scale where the framework gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) value: Milli,
    pub(crate) value_max: Option<Milli>,
}

impl Scale {
    /// The value a judgement stands for on this scale.
    pub(crate) fn judge(&self, judgement: &Judgement) -> Result<Judged, Refusal> {
        let value = match *judgement {
            Judgement::Level(level) => self.rung(level)?,
            Judgement::Score { value, max } => match (self.bounds(), max) {
                (None, max) => return unscaled(value, max),
                (Some((_, top)), Some(max)) if max != top => {
                    return Err(Refusal::ScaleMismatch { max, top });
                }
                (Some(bounds), _) => within(value, bounds)?,
            },
        };
        Ok(Judged { value, value_max: None })
    }

    fn rung(&self, level: u32) -> Result<Milli, Refusal> {
        self.0
            .iter()
            .find(|rung| rung.position == level)
            .map(|rung| rung.score)
            .ok_or_else(|| Refusal::UnknownLevel { level, levels: self.to_string() })
    }

    /// Lowest and highest score; rubrics are not obliged to rise with position.
    fn bounds(&self) -> Option<(Milli, Milli)> {
        let scores = || self.0.iter().map(|rung| rung.score);
        Some((scores().min()?, scores().max()?))
    }
}

fn within(value: Milli, (bottom, top): (Milli, Milli)) -> Result<Milli, Refusal> {
    if (bottom..=top).contains(&value) {
        Ok(value)
    } else {
        Err(Refusal::ScoreOutOfScale { score: value, bottom, top })
    }
}

/// A score for a competency whose framework gives no scale brings its own top; the bottom is 0.
fn unscaled(value: Milli, max: Option<Milli>) -> Result<Judged, Refusal> {
    let max = max.filter(|max| max.0 > 0).ok_or(Refusal::ScaleMissing)?;
    let value = within(value, (Milli(0), max))?;
    Ok(Judged { value, value_max: Some(max) })
}

/// The levels there are: `1 Beginning, 2 Developing`.
impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none, give a score");
        }
        for (index, rung) in self.0.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{} {}", rung.position, rung.quality)?;
        }
        Ok(())
    }
}
