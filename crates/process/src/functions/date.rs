//! `$.date(format)` and `$.unixtime(format)`: the moment of the run in a zone, with its parts moved on.
//!
//! A format holds `%y %m %d %h %i %s`, each with a `+N` or `-N` behind it. Two digits after `%y-` or `%m-` are a
//! month or a day that is written out (`%y-01-01`), not a subtraction.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};
use serde_json::Value;

/// The text of the format for the moment.
pub(super) fn date(format: &str, now_ms: i64, zone_name: Option<&str>) -> Result<Value, String> {
    let zone = wanted_zone(zone_name)?;
    Ok(Value::from(written(format, local(now_ms, &zone)?)?))
}

/// Unix seconds. Without a format, of now; a zone then adds its offset, as the original does. With a format, of the
/// moment at which the zone's clocks show it. A second argument is seconds to add.
pub(super) fn unix_time(
    format: &str,
    now_ms: i64,
    zone_name: Option<&str>,
) -> Result<Value, String> {
    let zone = wanted_zone(zone_name)?;
    let (format, seconds) = match format.rsplit_once(',') {
        Some((format, more)) => {
            let seconds: i64 = more
                .trim()
                .trim_start_matches('+')
                .parse()
                .map_err(|_| format!("`{}` is no number of seconds", short(more)))?;
            (format.trim(), seconds)
        }
        None => (format.trim(), 0),
    };
    let at = if format.is_empty() {
        let now = Timestamp::from_millisecond(now_ms).map_err(|_| BEYOND)?;
        now.as_second() + i64::from(zone.to_offset(now).seconds())
    } else {
        let text = written(format, local(now_ms, &zone)?)?;
        let moment = read(&text)?.to_zoned(zone).map_err(|_| BEYOND)?;
        moment.timestamp().as_second()
    };
    Ok(Value::from(at.checked_add(seconds).ok_or(BEYOND)?))
}

const BEYOND: &str = "the moment is beyond the calendar";

/// A zone of the time zone database, or `GMT+2`.
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    let name = name.trim();
    let bare = name
        .strip_prefix("GMT")
        .or_else(|| name.strip_prefix("UTC"));
    match bare {
        Some("") => Some(TimeZone::UTC),
        Some(hours) => {
            let hours: i8 = hours.trim_start_matches('+').parse().ok()?;
            Some(TimeZone::fixed(Offset::from_hours(hours).ok()?))
        }
        None => TimeZone::get(name).ok(),
    }
}

fn wanted_zone(name: Option<&str>) -> Result<TimeZone, String> {
    match name {
        None => Ok(TimeZone::UTC),
        Some(name) => zone(name).ok_or_else(|| format!("`{}` is no time zone", short(name))),
    }
}

fn local(now_ms: i64, zone: &TimeZone) -> Result<DateTime, String> {
    let now = Timestamp::from_millisecond(now_ms).map_err(|_| BEYOND)?;
    Ok(zone.to_datetime(now))
}

/// One piece of a format: letters as they are, or a part of the date and how far to move it.
enum Piece {
    Letter(char),
    Part(char),
}

fn written(format: &str, mut moment: DateTime) -> Result<String, String> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        let part = after
            .chars()
            .next()
            .filter(|part| letter == '%' && "ymdhis".contains(*part));
        let Some(part) = part else {
            pieces.push(Piece::Letter(letter));
            rest = after;
            continue;
        };
        pieces.push(Piece::Part(part));
        rest = &after[1..];
        if let Some((by, after)) = shift(part, rest) {
            moment = moved(moment, part, by)?;
            rest = after;
        }
    }
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Letter(letter) => text.push(letter),
            Piece::Part('y') => text.push_str(&format!("{:04}", moment.year())),
            Piece::Part('m') => text.push_str(&format!("{:02}", moment.month())),
            Piece::Part('d') => text.push_str(&format!("{:02}", moment.day())),
            Piece::Part('h') => text.push_str(&format!("{:02}", moment.hour())),
            Piece::Part('i') => text.push_str(&format!("{:02}", moment.minute())),
            Piece::Part(_) => text.push_str(&format!("{:02}", moment.second())),
        }
    }
    Ok(text)
}

/// `+N` or `-N` at the beginning of the text.
fn shift(part: char, text: &str) -> Option<(i64, &str)> {
    let sign = text.chars().next().filter(|sign| "+-".contains(*sign))?;
    let digits = text[1..].bytes().take_while(u8::is_ascii_digit).count();
    let written_out = sign == '-' && digits == 2 && matches!(part, 'y' | 'm');
    if digits == 0 || written_out {
        return None;
    }
    let by: i64 = text[1..=digits].parse().ok()?;
    Some((if sign == '-' { -by } else { by }, &text[1 + digits..]))
}

fn moved(moment: DateTime, part: char, by: i64) -> Result<DateTime, String> {
    let span = Span::new();
    let span = match part {
        'y' => span.try_years(by),
        'm' => span.try_months(by),
        'd' => span.try_days(by),
        'h' => span.try_hours(by),
        'i' => span.try_minutes(by),
        _ => span.try_seconds(by),
    };
    let span = span.map_err(|_| BEYOND)?;
    Ok(moment.checked_add(span).map_err(|_| BEYOND)?)
}

/// `2027-01-15`, `2027-01-15 9:00`, `2027-01-15 09:00:00`.
fn read(text: &str) -> Result<DateTime, String> {
    let unreadable = || format!("`{}` is no date such as 2027-01-15 09:00:00", short(text));
    let numbers: Vec<i16> = text
        .split(['-', ' ', ':', 'T', '.', '/'])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().map_err(|_| unreadable()))
        .collect::<Result<_, _>>()?;
    let small = |at: usize| {
        numbers.get(at).map_or(Ok(0), |number| {
            i8::try_from(*number).map_err(|_| unreadable())
        })
    };
    if !(3..=6).contains(&numbers.len()) {
        return Err(unreadable());
    }
    DateTime::new(
        numbers[0],
        small(1)?,
        small(2)?,
        small(3)?,
        small(4)?,
        small(5)?,
        0,
    )
    .map_err(|_| unreadable())
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2027-01-15 08:00:00 UTC.
    const NOW: i64 = 1_800_000_000_000;

    #[test]
    fn dates_are_written_and_moved() {
        for (format, zone, expected) in [
            ("%y-%m-%d %h:%i:%s", None, "2027-01-15 08:00:00"),
            ("%y-%m-%d+1 %h:%i:%s", None, "2027-01-16 08:00:00"),
            ("%d-15.%m.%y", None, "31.12.2026"),
            ("%y-%m+1-%d", None, "2027-02-15"),
            ("%y-01-01", None, "2027-01-01"),
            ("%y-%m-01", None, "2027-01-01"),
            ("%h:%i+90", None, "09:30"),
            ("%h:%i", Some("Europe/Kiev"), "10:00"),
            ("%h:%i", Some("GMT+3"), "11:00"),
            ("%h% of % %x", None, "08% of % %x"),
        ] {
            assert_eq!(date(format, NOW, zone), Ok(expected.into()), "{format}");
        }
    }

    #[test]
    fn moments_are_read_in_their_zone() {
        for (format, zone, expected) in [
            ("", None, 1_800_000_000),
            ("", Some("Europe/Kyiv"), 1_800_007_200),
            ("%y-%m-%d %h:%i+60:%s", None, 1_800_003_600),
            ("%y-%m-%d 02:00:00", None, 1_799_978_400),
            ("%y-%m-%d+1 09:00:00", Some("Europe/Kyiv"), 1_800_082_800),
            ("%y-%m-%d", None, 1_799_971_200),
            ("%y-%m-%d %h:%i:%s, +30", None, 1_800_000_030),
        ] {
            assert_eq!(
                unix_time(format, NOW, zone),
                Ok(expected.into()),
                "{format}"
            );
        }
        for format in ["tomorrow", "%y", "%y-%m-%d 99:00", "%y+99999-%m-%d", "1,x"] {
            assert!(unix_time(format, NOW, None).is_err(), "{format}");
        }
    }
}
