//! What models cost: the table that ships with Synk (`prices.json`, made by
//! `scripts/prices.mjs`), and what the user says instead.
//!
//! A name that is not in either has no price. What is certain to name the same model is taken
//! off it, a date or where it is offered; a similar name is never taken for it.

use serde::Deserialize;
use std::{collections::HashMap, sync::OnceLock};
use synk_protocol::{Cost, ModelPrice, PriceSettings};

use super::Tokens;
use crate::store::Used;

const TABLE: &str = include_str!("prices.json");
/// Sizes of a request's whole input above which some models cost more, the largest first.
/// What is summed up is told apart by them.
pub(crate) const LONG_CONTEXTS: [u64; 4] = [272_000, 200_000, 128_000, 100_000];
/// Digits of a price in the settings before and after the point, in dollars for a million
/// tokens. With three after it, a price is a whole number of billionths for one token.
const MAX_DIGITS: (usize, usize) = (7, 3);
/// Models with a price in the settings, and the longest name of one.
pub(crate) const MAX_MODELS: usize = 500;
const MAX_NAME_BYTES: usize = 128;
/// What may stand before the name of a model, wherever it is offered.
const PREFIXES: [&str; 5] = ["models/", "anthropic/", "openai/", "google/", "gemini/"];

#[derive(Debug, Deserialize)]
struct Table {
    date: String,
    models: HashMap<String, Price>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Price {
    #[serde(flatten)]
    rates: Rates,
    /// For a request whose input is larger than that.
    long: Option<Long>,
    /// How many times that much is asked for more speed.
    fast: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Long {
    above: u64,
    #[serde(flatten)]
    rates: Rates,
}

/// Billionths of a US dollar for one token. What has no price of its own is input.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rates {
    input: u64,
    output: u64,
    cache_read: Option<u64>,
    cache_write: Option<u64>,
    /// Without one, as [`Rates::cache_write`].
    cache_write_hour: Option<u64>,
}

impl Rates {
    fn of(&self, tokens: &Tokens) -> u64 {
        let write = self.cache_write.unwrap_or(self.input);
        [
            (tokens.input, self.input),
            (tokens.output, self.output),
            (tokens.cache_read, self.cache_read.unwrap_or(self.input)),
            (tokens.cache_write, write),
            (tokens.cache_write_hour, self.cache_write_hour.unwrap_or(write)),
        ]
        .iter()
        .fold(0, |sum, (tokens, rate)| sum.saturating_add(tokens.saturating_mul(*rate)))
    }
}

/// The table, read once.
fn table() -> Option<&'static Table> {
    static READ: OnceLock<Option<Table>> = OnceLock::new();
    READ.get_or_init(|| {
        serde_json::from_str(TABLE)
            .inspect_err(|error| tracing::error!("the price table cannot be read: {error}"))
            .ok()
    })
    .as_ref()
}

/// What models cost, by the table and the settings.
#[derive(Debug, Default)]
pub(crate) struct Prices {
    own: HashMap<String, Price>,
}

impl Prices {
    /// With what the user says, which was checked.
    pub(crate) fn new(settings: &PriceSettings) -> Self {
        let own = settings.models.iter().filter_map(|(name, price)| {
            Some((name.to_lowercase(), Price { rates: rates(price).ok()?, long: None, fast: None }))
        });
        Self { own: own.collect() }
    }

    /// The day of the table that ships with Synk.
    pub(crate) fn date() -> String {
        table().map(|table| table.date.clone()).unwrap_or_default()
    }

    /// What all of that costs.
    pub(crate) fn cost<'a>(&self, used: impl IntoIterator<Item = &'a Used>) -> Cost {
        let mut tokens = Tokens::default();
        let (mut priced, mut unpriced_tokens) = (None, 0_u64);
        for used in used {
            tokens.add(&used.tokens);
            match used.nanodollars.or_else(|| self.nanodollars(used)) {
                Some(cost) => priced = Some(priced.unwrap_or(0_u64).saturating_add(cost)),
                None => unpriced_tokens = unpriced_tokens.saturating_add(used.tokens.total()),
            }
        }
        Cost { tokens: tokens.counts(), nanodollars: priced, unpriced_tokens }
    }

    fn nanodollars(&self, used: &Used) -> Option<u64> {
        let price = self.price(&used.model)?;
        let rates = match &price.long {
            Some(long) if used.above >= long.above => &long.rates,
            _ => &price.rates,
        };
        let times = if used.fast { price.fast.unwrap_or(1) } else { 1 };
        Some(rates.of(&used.tokens).saturating_mul(times))
    }

    /// The price of a model, by the name that its agent has for it.
    fn price(&self, model: &str) -> Option<&Price> {
        let model = model.to_lowercase();
        let offered = PREFIXES.iter().find_map(|prefix| model.strip_prefix(prefix));
        let offered = offered.unwrap_or(&model);
        let sized = offered.strip_suffix("[1m]").unwrap_or(offered);
        [&*model, offered, sized, without_date(sized)].into_iter().find_map(|name| {
            self.own.get(name).or_else(|| table().and_then(|table| table.models.get(name)))
        })
    }
}

/// The name without the date of a version: `-20251001`, `-2025-10-01`.
fn without_date(name: &str) -> &str {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let cut =
        |length: usize| name.len().checked_sub(length).and_then(|at| name.split_at_checked(at));
    match (cut(9), cut(11)) {
        (Some((base, date)), _) if date.starts_with('-') && digits(&date[1..]) => base,
        (_, Some((base, date))) if is_dashed(date, digits) => base,
        _ => name,
    }
}

fn is_dashed(date: &str, digits: impl Fn(&str) -> bool) -> bool {
    let parts: Vec<_> = date.split('-').collect();
    matches!(&*parts, ["", year, month, day]
        if [year.len(), month.len(), day.len()] == [4, 2, 2]
            && digits(year) && digits(month) && digits(day))
}

/// Checks the price of a model in the settings.
///
/// # Errors
/// What is wrong, and how it is written.
pub(crate) fn check(name: &str, price: &ModelPrice) -> Result<(), String> {
    if name.is_empty() || name.len() > MAX_NAME_BYTES {
        return Err(format!("prices.models: a name has 1 to {MAX_NAME_BYTES} bytes"));
    }
    rates(price).map(drop).map_err(|(field, said)| {
        format!(
            "prices.models.{name}.{field} is {said:?}; it is dollars for a million tokens, as in \
             \"2.50\", with at most {} digits after the point",
            MAX_DIGITS.1
        )
    })
}

/// A price from the settings; the error is the field that is none, and what it says.
fn rates(price: &ModelPrice) -> Result<Rates, (&'static str, &str)> {
    let given = |field, text| per_token(text).ok_or((field, text));
    let perhaps = |field, text| match text {
        "" => Ok(None),
        _ => given(field, text).map(Some),
    };
    Ok(Rates {
        input: given("input", &*price.input)?,
        output: given("output", &*price.output)?,
        cache_read: perhaps("cacheRead", &*price.cache_read)?,
        cache_write: perhaps("cacheWrite", &*price.cache_write)?,
        cache_write_hour: None,
    })
}

/// Dollars for a million tokens as billionths for one: `2.5` is 2,500.
fn per_token(text: &str) -> Option<u64> {
    decimal(text, MAX_DIGITS)
}

/// A decimal number, in the units of its last possible digit.
pub(super) fn decimal(text: &str, (before, after): (usize, usize)) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str, most| {
        (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    (is_number(whole, before) && is_number(part, after))
        .then(|| format!("{whole}{part:0<after$}").parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(model: &str, tokens: Tokens) -> Used {
        Used { model: model.to_owned(), tokens, ..Used::default() }
    }

    fn nanodollars(model: &str) -> Option<u64> {
        let tokens = Tokens { input: 1, ..Tokens::default() };
        Prices::default().cost([&used(model, tokens)]).nanodollars
    }

    #[test]
    fn the_table_is_dated_and_every_price_in_it_makes_sense() {
        let table = table().unwrap();
        table.date.parse::<jiff::civil::Date>().unwrap();
        for name in ["claude-opus-5-5", "claude-haiku-4-5", "gpt-6-sol", "gemini-2.5-pro"] {
            assert!(table.models.contains_key(name), "{name}");
        }
        for (name, price) in &table.models {
            for rates in [Some(&price.rates), price.long.as_ref().map(|long| &long.rates)] {
                let Some(rates) = rates else { continue };
                // From a thousandth of a cent to a thousand dollars for a million tokens.
                assert!((10..1_000_000).contains(&rates.input), "{name}");
                assert!((10..1_000_000).contains(&rates.output), "{name}");
                assert!(rates.cache_read.is_none_or(|read| read <= rates.input), "{name}");
                assert!(rates.cache_write.is_none_or(|write| write >= rates.input), "{name}");
                assert!(rates.cache_write_hour >= rates.cache_write.and(rates.cache_write_hour));
            }
            // What is summed up has to be told apart where a price changes.
            let above = price.long.as_ref().map(|long| long.above);
            assert!(above.is_none_or(|above| LONG_CONTEXTS.contains(&above)), "{name}");
        }
    }

    #[test]
    fn a_model_is_known_by_names_that_are_certainly_its_own() {
        for same in [
            "claude-haiku-4-5",
            "claude-haiku-4-5-20251001",
            "Claude-Haiku-4-5",
            "anthropic/claude-haiku-4-5",
            "claude-haiku-4-5[1m]",
            "claude-haiku-4-5-20251001[1m]",
        ] {
            assert_eq!(nanodollars(same), Some(1000), "{same}");
        }
        assert_eq!(nanodollars("models/gemini-2.5-flash"), Some(300));
        assert_eq!(nanodollars("gpt-5-2025-08-07"), Some(1250));
        // A dated version may have had a price of its own.
        assert_eq!(
            (nanodollars("gpt-4o"), nanodollars("gpt-4o-2024-05-13")),
            (Some(2500), Some(5000))
        );
        for other in [
            "claude-haiku-4",
            "claude-haiku-4-5-mini",
            "my-claude-haiku-4-5",
            "claude-haiku-4-5-2025",
            "claude-haiku-4-5-2025-1001",
            "-20251001",
            "é-20251001",
            "",
        ] {
            assert_eq!(nanodollars(other), None, "{other}");
        }
    }

    #[test]
    fn each_kind_of_token_has_its_price_and_a_long_input_another() {
        let tokens = Tokens {
            input: 1_000_000,
            output: 100_000,
            cache_read: 10_000,
            cache_write: 1000,
            cache_write_hour: 100,
        };
        let cost = |model, above, fast| {
            let used = Used { fast, above, ..used(model, tokens) };
            Prices::default().cost([&used]).nanodollars
        };
        // In dollars: 4 + 2 + 0.002 + 0.005 + 0.0008, and twice that for more speed.
        assert_eq!(cost("claude-opus-5-5", 0, false), Some(6_007_800_000));
        assert_eq!(cost("claude-opus-5-5", 272_000, true), Some(12_015_600_000));
        // 0.1 + 0.05 + 0.0001 + 0.000125 + 0.00002; five times that from 100,000 on.
        assert_eq!(cost("claude-haiku-5-5", 0, false), Some(150_245_000));
        assert_eq!(cost("claude-haiku-5-5", 100_000, false), Some(751_225_000));
        assert_eq!(cost("claude-haiku-5-5", 272_000, false), Some(751_225_000));
        // No price for writing to a cache: it is input. 1.25 + 1 + 0.00125 + 0.00125 + 0.000125.
        assert_eq!(cost("gpt-5", 0, false), Some(2_252_625_000));
    }

    #[test]
    fn what_has_no_price_is_tokens() {
        let tokens = Tokens { input: 5, output: 7, ..Tokens::default() };
        let cost =
            Prices::default().cost([&used("claude-haiku-4-5", tokens), &used("own", tokens)]);
        assert_eq!((cost.nanodollars, cost.unpriced_tokens), (Some(40_000), 12));
        assert_eq!((cost.tokens.input, cost.tokens.output), (10, 14));
        let cost = Prices::default().cost([&used("own", tokens)]);
        assert_eq!((cost.nanodollars, cost.unpriced_tokens), (None, 12));
    }

    #[test]
    fn the_user_knows_better() {
        let price = |input: &str, write: &str| ModelPrice {
            input: input.to_owned(),
            output: "10".to_owned(),
            cache_read: String::new(),
            cache_write: write.to_owned(),
        };
        let models = [
            ("own".to_owned(), price("0.075", "")),
            ("Claude-Haiku-4-5".to_owned(), price("2", "4")),
        ];
        for (name, price) in &models {
            assert_eq!(check(name, price), Ok(()));
        }
        let prices = Prices::new(&PriceSettings { models: models.into() });
        let tokens =
            Tokens { input: 1, output: 1, cache_read: 1, cache_write: 1, cache_write_hour: 1 };
        let cost = |model| prices.cost([&used(model, tokens)]).nanodollars;
        assert_eq!(cost("own"), Some(75 + 10_000 + 3 * 75));
        assert_eq!(cost("claude-haiku-4-5-20251001"), Some(2000 + 10_000 + 2000 + 2 * 4000));
        for wrong in ["", "-1", "1e3", "1.2345", "1,5", ".5", "1.", "12345678", "NaN", " 1"] {
            let why = check("own", &price(wrong, "")).unwrap_err();
            assert!(why.starts_with("prices.models.own.input is"), "{why}");
        }
        assert!(check("own", &price("1", "x")).unwrap_err().contains("cacheWrite"));
    }
}
