//! When a site has to be published again although nobody edits it.

use jiff::{Timestamp, tz::TimeZone};

/// The moment to the minute, in UTC: `2026-12-01 09:00 UTC`.
pub fn moment(at: Timestamp) -> String {
    minute(at).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The five fields of `cron` for the moment, in UTC. They come round once a year.
pub fn cron(at: Timestamp) -> String {
    minute(at).strftime("%-M %-H %-d %-m *").to_string()
}

/// The first whole minute at which the moment has come.
fn minute(at: Timestamp) -> jiff::ZonedDateTime {
    let second = at.as_second() + i64::from(at.subsec_nanosecond() > 0);
    let whole = second.div_euclid(60) + i64::from(second.rem_euclid(60) > 0);
    Timestamp::from_second(whole * 60).unwrap_or(at).to_zoned_datetime(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_between_minutes_comes_with_the_next_one() {
        let cron_of = |text: &str| cron(text.parse().unwrap());
        assert_eq!(cron_of("2026-12-01T09:00:00Z"), "0 9 1 12 *");
        assert_eq!(cron_of("2026-12-01T09:00:01Z"), "1 9 1 12 *");
        assert_eq!(cron_of("2026-12-31T23:59:59.5Z"), "0 0 1 1 *");
        assert_eq!(cron_of("2026-12-01T00:30:00+02:00"), "30 22 30 11 *");
        assert_eq!(moment("2026-12-01T00:30:00+02:00".parse().unwrap()), "2026-11-30 22:30 UTC");
    }
}
