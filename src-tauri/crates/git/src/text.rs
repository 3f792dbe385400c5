//! What is text and what is not, as git decides: by the attributes of a path first, then by
//! whether there is a zero byte near the beginning.

use git2::{AttrCheckFlags, AttrValue, Repository};

use crate::working::as_path;

/// How far git looks for a zero byte.
const LOOKED_AT: usize = 8000;

/// Decides for the paths of one repository.
pub(crate) struct Text<'repo>(pub(crate) &'repo Repository);

impl Text<'_> {
    /// Whether a file is compared as a whole and not by lines.
    pub(crate) fn is_binary(&self, path: &[u8], content: &[u8]) -> bool {
        let attribute =
            self.0.get_attr_bytes(&as_path(path), "diff", AttrCheckFlags::FILE_THEN_INDEX);
        match attribute.map(AttrValue::from_bytes) {
            Ok(AttrValue::True) => false,
            Ok(AttrValue::False) => true,
            Ok(AttrValue::String(driver)) => {
                let config = self.0.config().and_then(|mut config| config.snapshot());
                let says = config.and_then(|it| it.get_bool(&format!("diff.{driver}.binary")));
                says.unwrap_or_else(|_| has_zero(content))
            }
            _ => has_zero(content),
        }
    }

    /// Whether the heading of a run of lines is found by a pattern from the configuration. Such
    /// a pattern can be made to take hours, so it is not used.
    pub(crate) fn has_pattern(&self, path: &[u8]) -> bool {
        let attribute =
            self.0.get_attr_bytes(&as_path(path), "diff", AttrCheckFlags::FILE_THEN_INDEX);
        let Ok(AttrValue::String(driver)) = attribute.map(AttrValue::from_bytes) else {
            return false;
        };
        let Ok(config) = self.0.config().and_then(|mut config| config.snapshot()) else {
            return true;
        };
        ["xfuncname", "funcname"]
            .iter()
            .any(|name| config.get_bytes(&format!("diff.{driver}.{name}")).is_ok())
    }

    /// How a file of text is merged. A driver that is a program is not run: what it would say is
    /// taken to be what git would.
    pub(crate) fn merging(&self, path: &[u8]) -> Merging {
        let attribute =
            self.0.get_attr_bytes(&as_path(path), "merge", AttrCheckFlags::FILE_THEN_INDEX);
        match attribute.map(AttrValue::from_bytes) {
            Ok(AttrValue::False | AttrValue::String("binary")) => Merging::Whole,
            Ok(AttrValue::String("union")) => Merging::Union,
            _ => Merging::Lines,
        }
    }
}

/// How both sides' changes to one file are brought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merging {
    /// Line by line.
    Lines,
    /// By taking the lines of both, so there is never a conflict.
    Union,
    /// Not at all: it is one or the other.
    Whole,
}

/// Whether it looks like something other than text.
pub(crate) fn has_zero(content: &[u8]) -> bool {
    content.iter().take(LOOKED_AT).any(|byte| *byte == 0)
}
