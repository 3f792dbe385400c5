//! Themes of iTerm2: a property list in XML, with a dictionary of components for each colour.
//! It is read element by element, so that no depth of nesting is one too many.

use quick_xml::{Reader, events::Event};

use super::Theme;
use crate::settings::check::excerpt;

/// From the colours of Display P3 to those of sRGB, both linear.
const SRGB_OF_P3: [[f64; 3]; 3] = [
    [1.224_940_176_3, -0.224_940_176_3, 0.0],
    [-0.042_056_954_7, 1.042_056_954_7, 0.0],
    [-0.019_637_554_6, -0.078_636_045_6, 1.098_273_600_1],
];

/// A colour that is being read.
#[derive(Debug, Default)]
struct Components {
    /// Red, green, blue, from 0 to 1.
    values: [Option<f64>; 3],
    is_p3: bool,
}

/// Where the reader is.
#[derive(Debug, Default)]
struct Place {
    /// Dictionaries and arrays that are open.
    depth: usize,
    /// The last key at the depth of the colours, and at that of their components.
    color: String,
    component: String,
    components: Components,
}

pub(super) fn theme(text: &str) -> Result<Theme, String> {
    let mut reader = Reader::from_str(text);
    let mut theme = Theme::default();
    let mut place = Place::default();
    let mut content = String::new();
    let mut is_plist = false;
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().map_err(|error| {
            let before = text.get(..usize::try_from(at).unwrap_or_default()).unwrap_or_default();
            format!("line {}: {error}", before.lines().count().max(1))
        })?;
        match event {
            Event::Start(start) => {
                content.clear();
                match start.name().as_ref() {
                    "plist" => is_plist = true,
                    "dict" | "array" => {
                        place.depth += 1;
                        place.components = Components::default();
                    }
                    _ => {}
                }
            }
            Event::Text(text) => content.push_str(&text.xml10_content()),
            Event::End(end) => match end.name().as_ref() {
                "dict" | "array" => {
                    if place.depth == 2 {
                        place.take(&mut theme)?;
                    }
                    place.depth = place.depth.saturating_sub(1);
                }
                "key" if place.depth == 1 => place.color = std::mem::take(&mut content),
                "key" if place.depth == 2 => place.component = std::mem::take(&mut content),
                "real" | "integer" if place.depth == 2 => place.number(content.trim())?,
                "string" if place.depth == 2 && place.component == "Color Space" => {
                    place.components.is_p3 = content.trim() == "P3";
                }
                _ => {}
            },
            Event::Eof if is_plist && place.depth == 0 => return Ok(theme),
            Event::Eof if is_plist => return Err("it ends in the middle".to_owned()),
            Event::Eof => return Err("it is XML, but no theme of iTerm2".to_owned()),
            _ => {}
        }
    }
}

impl Place {
    fn number(&mut self, text: &str) -> Result<(), String> {
        let at = match &*self.component {
            "Red Component" => 0,
            "Green Component" => 1,
            "Blue Component" => 2,
            _ => return Ok(()),
        };
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        let value = value.ok_or_else(|| {
            let (color, component) = (excerpt(&self.color), &self.component);
            format!("{color}: {component} is “{}”, which is no number", excerpt(text))
        })?;
        self.components.values[at] = Some(value);
        Ok(())
    }

    /// A colour is whole.
    fn take(&mut self, theme: &mut Theme) -> Result<(), String> {
        let place = match &*self.color {
            "Background Color" => &mut theme.background,
            "Foreground Color" => &mut theme.foreground,
            "Cursor Color" => &mut theme.cursor,
            "Selection Color" => &mut theme.selection,
            name => {
                let number =
                    name.strip_prefix("Ansi ").and_then(|rest| rest.strip_suffix(" Color"));
                let number = number.and_then(|number| number.parse::<usize>().ok());
                let Some(place) = number.and_then(|number| theme.colors.get_mut(number)) else {
                    return Ok(());
                };
                place
            }
        };
        let Components { values: [Some(red), Some(green), Some(blue)], is_p3 } = self.components
        else {
            return Err(format!("{} has not red, green and blue", excerpt(&self.color)));
        };
        let color = [red, green, blue];
        *place = Some(hex(if is_p3 { from_p3(color) } else { color }));
        Ok(())
    }
}

/// A colour of Display P3 in sRGB, as near as that has it.
fn from_p3(color: [f64; 3]) -> [f64; 3] {
    let linear = color.map(|value| {
        let value = value.clamp(0.0, 1.0);
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    SRGB_OF_P3.map(|row| {
        let value: f64 = row.iter().zip(linear).map(|(factor, value)| factor * value).sum();
        let value = value.clamp(0.0, 1.0);
        if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 }
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
fn hex(color: [f64; 3]) -> String {
    let [red, green, blue] = color.map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}
