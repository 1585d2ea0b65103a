//! Exports for analysts and CRMs: checks who asks, then streams rows page by page. It holds one page at a time.

mod rows;
mod stream;

use chrono::NaiveDate;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, VARY};
use serde_json::json;
use spin_sdk::http_service;
use vikno_domain::OrgId;
use vikno_exports::{Dataset, Format, Range};
use vikno_identity::{Authorised, Permission};
use vikno_organisation::Organisation;
use vikno_shell::{Problem, Request, header, now_ms};
use vikno_storage::{Database, audit, journal};

#[http_service]
async fn handle(request: Request) -> stream::Response {
    let path = request.uri().path().to_owned();
    export(request)
        .await
        .unwrap_or_else(|problem| stream::whole(problem.into_response(&path)))
}

async fn export(request: Request) -> Result<stream::Response, Problem> {
    vikno_shell::method(&request, "GET")?;
    let org = vikno_shell::org(&request)?;
    let organisation = vikno_shell::served_organisation(&org).await?;
    let wanted = Wanted::read(&request, &organisation)?;
    let permit = permitted(&request, &org, &wanted).await?;

    let database = Database::open(org.as_str()).await?;
    journal::note_export_read(&database, &permit.person().id, &wanted.told(), now_ms()).await?;
    let rows = rows::Rows::begin(database, wanted.dataset, wanted.format, wanted.range).await?;
    let mut response = http::Response::new(stream::body(rows));
    let file = format!(
        "{org}-{}.{}",
        wanted.dataset.as_str(),
        wanted.format.ending()
    );
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static(wanted.format.content_type()),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static("Accept"));
    headers.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{file}\"")) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// What the request asks for.
struct Wanted {
    dataset: Dataset,
    format: Format,
    range: Range,
}

impl Wanted {
    fn read(request: &Request, organisation: &Organisation) -> Result<Self, Problem> {
        let segments = vikno_shell::path_segments(request);
        let [_, _, name] = &segments[..] else {
            return Err(Problem::new(
                404,
                "unknown_export",
                vikno_exports::UnknownDataset.to_string(),
            ));
        };
        let (dataset, ending) = Dataset::parse(name)
            .map_err(|error| Problem::new(404, "unknown_export", error.to_string()))?;
        let query = vikno_shell::query(request);
        let given = |name: &str| query.get(name).map(String::as_str);
        let bom = matches!(given("bom"), Some("1" | "true"));
        let format = Format::choose(ending, header(request, "accept"), bom)
            .map_err(|error| Problem::new(406, "not_acceptable", error.to_string()))?;
        let zone =
            jiff::tz::TimeZone::get(&organisation.hours.time_zone).map_err(Problem::fault)?;
        let range = Range::parse(given("from"), given("to"), now_ms(), |day| {
            day_start_ms(&zone, day)
        })
        .map_err(|error| Problem::new(400, "invalid_range", format!("{error}.")))?;
        Ok(Self {
            dataset,
            format,
            range,
        })
    }

    /// What and of which time, for whoever asks later who took it.
    fn told(&self) -> serde_json::Value {
        json!({
            "dataset": self.dataset.as_str(),
            "format": self.format.ending(),
            "from_ms": self.range.from_ms,
            "to_ms": self.range.to_ms,
        })
    }
}

/// A day begins at midnight where the organisation works.
fn day_start_ms(zone: &jiff::tz::TimeZone, day: NaiveDate) -> Option<i64> {
    use chrono::Datelike;
    let date = jiff::civil::Date::new(
        i16::try_from(day.year()).ok()?,
        i8::try_from(day.month()).ok()?,
        i8::try_from(day.day()).ok()?,
    );
    let start = date
        .ok()?
        .to_zoned(zone.clone())
        .ok()?
        .start_of_day()
        .ok()?;
    Some(start.timestamp().as_millisecond())
}

/// Lets analysts and their like in, and notes in the centre's audit who took what: an export is people's data leaving the house.
async fn permitted(request: &Request, org: &OrgId, wanted: &Wanted) -> Result<Authorised, Problem> {
    let permission = match wanted.dataset {
        Dataset::Journal => Permission::ExportJournal,
        Dataset::Conversations | Dataset::Messages | Dataset::Ratings => Permission::Export,
    };
    let core = Database::open("core").await?;
    let permit = vikno_access::permitted(request, &core, org, permission).await?;
    let address = vikno_access::client_address(request);
    let entry = audit::AuditEntry {
        person_id: Some(&permit.person().id),
        what: "data_exported",
        org: Some(org.as_str()),
        target: Some(wanted.dataset.as_str()),
        address: address.as_deref(),
        data: json!({ "from_ms": wanted.range.from_ms, "to_ms": wanted.range.to_ms, "format": wanted.format.ending() }),
    };
    audit::record(&core, entry, now_ms()).await?;
    Ok(permit)
}

#[cfg(test)]
mod tests {
    use super::day_start_ms;

    #[test]
    fn a_day_begins_at_local_midnight_in_summer_and_winter() {
        let kyiv = jiff::tz::TimeZone::get("Europe/Kyiv").unwrap();
        for (day, expected) in [
            ("2026-11-24", 1_795_471_200_000),
            ("2026-07-01", 1_782_853_200_000),
        ] {
            assert_eq!(
                day_start_ms(&kyiv, day.parse().unwrap()),
                Some(expected),
                "{day}"
            );
        }
    }
}
