//! Which form an export has: the path's ending decides, else the `Accept` header, else JSON.

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON array of objects.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// RFC 4180 with a heading row.
    Csv {
        /// Begins with a byte order mark, by which Excel knows UTF-8.
        bom: bool,
    },
}

/// No form that the caller would take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("exports come as application/json, application/x-ndjson or text/csv")]
pub struct FormatRefused;

impl Format {
    /// Chooses by the ending, the `Accept` header and `bom=1`. NDJSON is JSON too: it may be asked for on `.json`.
    pub fn choose(
        ending: Option<&str>,
        accept: Option<&str>,
        bom: bool,
    ) -> Result<Self, FormatRefused> {
        let accept = accept.unwrap_or("*/*").to_ascii_lowercase();
        let accepts = |name: &str| {
            accept
                .split(',')
                .filter_map(|range| range.split(';').next())
                .any(|range| range.trim() == name)
        };
        let ndjson = accepts("application/x-ndjson") || accepts("application/ndjson");
        match ending {
            Some("csv") => Ok(Self::Csv { bom }),
            _ if ndjson => Ok(Self::Ndjson),
            Some(_) => Ok(Self::Json),
            None if accepts("application/json") || accepts("*/*") || accepts("application/*") => {
                Ok(Self::Json)
            }
            None if accepts("text/csv") || accepts("text/*") => Ok(Self::Csv { bom }),
            None => Err(FormatRefused),
        }
    }

    /// Its media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Csv { .. } => "text/csv; charset=utf-8; header=present",
        }
    }

    /// The usual ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv { .. } => "csv",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_decides_then_the_accept_header() {
        let csv = Format::Csv { bom: false };
        for (ending, accept, expected) in [
            (None, None, Ok(Format::Json)),
            (None, Some("*/*"), Ok(Format::Json)),
            (None, Some("text/csv"), Ok(csv)),
            (
                None,
                Some("text/csv, application/json;q=0.5"),
                Ok(Format::Json),
            ),
            (None, Some("application/x-ndjson"), Ok(Format::Ndjson)),
            (None, Some("application/xml"), Err(FormatRefused)),
            (Some("json"), None, Ok(Format::Json)),
            (Some("json"), Some("text/html, */*;q=0.8"), Ok(Format::Json)),
            (
                Some("json"),
                Some("Application/X-NDJSON; q=1"),
                Ok(Format::Ndjson),
            ),
            (Some("csv"), Some("application/x-ndjson"), Ok(csv)),
        ] {
            assert_eq!(
                Format::choose(ending, accept, false),
                expected,
                "{ending:?} {accept:?}"
            );
        }
    }
}
