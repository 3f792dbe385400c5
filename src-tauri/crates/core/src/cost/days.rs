//! Days as people count them: in the time zone of the machine.

use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use synk_protocol::{ListCosts, WireError};

/// How many days are listed when nobody says.
const DAYS: i32 = 30;

/// Days from one to another, both included, as `2026-11-26`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) since: String,
    pub(super) until: String,
}

impl Days {
    /// What a request asks for.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Invalid`] for what is no day, and days in the wrong order.
    pub(super) fn asked(args: &ListCosts, today: Date) -> Result<Self, WireError> {
        let until = args.until.as_deref().map_or(Ok(today), parse)?;
        let since = match args.since.as_deref() {
            Some(since) => parse(since)?,
            None => until.saturating_sub(Span::new().days(DAYS - 1)),
        };
        if since > until {
            return Err(WireError::invalid(format!(
                "{since} is after {until}; name the earlier day first"
            )));
        }
        Ok(Self { since: since.to_string(), until: until.to_string() })
    }
}

fn parse(day: &str) -> Result<Date, WireError> {
    let wrong = || WireError::invalid(format!("{day:?} is no day; write it as 2026-11-26"));
    let date: Date = day.parse().map_err(|_| wrong())?;
    // Others would be out of order as text.
    if date.to_string() == day { Ok(date) } else { Err(wrong()) }
}

/// Today.
pub(super) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::system()).date()
}

/// The day of a time in milliseconds since 1970.
pub(super) fn day_of(at: u64) -> String {
    let at = i64::try_from(at).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    at.unwrap_or_default().to_zoned(TimeZone::system()).date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_asked_for_or_the_last_thirty() {
        let today: Date = "2026-11-26".parse().unwrap();
        let asked = |since: Option<&str>, until: Option<&str>| {
            let args =
                ListCosts { since: since.map(str::to_owned), until: until.map(str::to_owned) };
            Days::asked(&args, today).map(|days| (days.since, days.until))
        };
        let days = |since: &str, until: &str| Ok((since.to_owned(), until.to_owned()));
        assert_eq!(asked(None, None), days("2026-10-28", "2026-11-26"));
        assert_eq!(asked(Some("2026-11-01"), None), days("2026-11-01", "2026-11-26"));
        assert_eq!(asked(None, Some("2026-03-01")), days("2026-01-31", "2026-03-01"));
        assert_eq!(asked(Some("2026-02-02"), Some("2026-02-02")), days("2026-02-02", "2026-02-02"));
        for wrong in [
            "",
            "yesterday",
            "2026-13-01",
            "2026-2-1",
            "20260201",
            "2026-02-30",
            "2026-02-01T00:00",
        ] {
            asked(Some(wrong), None).unwrap_err();
        }
        asked(Some("2026-11-27"), None).unwrap_err();
    }
}
