//! Routes: exact, with `:named` segments, with a trailing `/...`; the most specific one wins.

use serde::{Serialize, Serializer};
use std::cmp::Ordering;

/// A route as the manifest gives it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Route {
    raw: String,
    segments: Vec<Segment>,
    wildcard: bool,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Segment {
    Exact(String),
    Named(String),
}

/// Which component answers a path.
#[derive(Default)]
pub struct Router(Vec<(Route, String)>);

/// A path's route and what it captured.
#[derive(Debug, PartialEq)]
pub struct Match<'a> {
    /// The component's id.
    pub component: &'a str,
    /// The route.
    pub route: &'a Route,
    /// Values of the named segments, as they stand in the path.
    pub named: Vec<(&'a str, &'a str)>,
    /// The rest below a trailing `/...`.
    pub path_info: &'a str,
}

impl Route {
    /// Reads a route; the error says what to write instead.
    pub fn parse(raw: &str) -> Result<Self, String> {
        let Some(path) = raw.strip_prefix('/') else {
            return Err(format!("route {raw:?} must start with /"));
        };
        let (path, wildcard) = match path.strip_suffix("...") {
            Some("") => ("", true),
            Some(rest) => match rest.strip_suffix('/') {
                Some(rest) => (rest, true),
                None => return Err(format!("route {raw:?}: write /... as a segment of its own")),
            },
            None => (path, false),
        };
        let segments = split(path)
            .map(|segment| match segment.strip_prefix(':') {
                Some("") => Err(format!("route {raw:?}: a segment is called only \":\"")),
                Some(name) => Ok(Segment::Named(name.to_owned())),
                None if segment.contains(['*', '{', '?', '#']) => Err(format!(
                    "route {raw:?}: {segment:?} is no segment; use :name or /..."
                )),
                None => Ok(Segment::Exact(segment.to_owned())),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            raw: raw.to_owned(),
            segments,
            wildcard,
        })
    }

    /// As it is written in the manifest.
    pub fn as_str(&self) -> &str {
        &self.raw
    }

    /// Without a trailing `/...`.
    pub fn prefix(&self) -> &str {
        self.raw.strip_suffix("/...").unwrap_or(&self.raw)
    }

    fn matches<'a>(&'a self, path: &'a str) -> Option<(Vec<(&'a str, &'a str)>, &'a str)> {
        let mut named = Vec::new();
        let mut rest = path;
        for segment in &self.segments {
            let tail = rest.strip_prefix('/')?;
            let (head, after) = tail.split_at(tail.find('/').unwrap_or(tail.len()));
            match segment {
                Segment::Exact(text) if text == head => {}
                Segment::Named(name) if !head.is_empty() => named.push((name.as_str(), head)),
                _ => return None,
            }
            rest = after;
        }
        (self.wildcard || rest.is_empty() || rest == "/").then_some((named, rest))
    }

    /// Exact before named before wildcard, segment by segment.
    fn specificity(&self, other: &Self) -> Ordering {
        let rank = |route: &Self, index: usize| match route.segments.get(index) {
            Some(Segment::Exact(_)) => 0,
            Some(Segment::Named(_)) => 1,
            None if route.wildcard => 3,
            None => 2,
        };
        (0..=self.segments.len().max(other.segments.len()))
            .map(|index| rank(self, index).cmp(&rank(other, index)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

fn split(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

impl Serialize for Route {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.raw)
    }
}

impl Router {
    /// Puts the routes in order.
    pub fn new(routes: impl IntoIterator<Item = (Route, String)>) -> Self {
        let mut routes: Vec<_> = routes.into_iter().collect();
        routes.sort_by(|(one, _), (other, _)| one.specificity(other));
        Self(routes)
    }

    /// The component that answers a path.
    pub fn find<'a>(&'a self, path: &'a str) -> Option<Match<'a>> {
        self.0.iter().find_map(|(route, component)| {
            let (named, rest) = route.matches(path)?;
            Some(Match {
                component,
                route,
                named,
                path_info: if route.wildcard { rest } else { "" },
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(routes: &[&str], path: &str) -> Option<String> {
        let router = Router::new(
            routes
                .iter()
                .map(|raw| (Route::parse(raw).unwrap(), raw.to_string())),
        );
        let found = router.find(path)?;
        let named: Vec<String> = found
            .named
            .iter()
            .map(|(name, value)| format!(" {name}={value}"))
            .collect();
        Some(format!(
            "{}{}{}{}",
            found.component,
            named.concat(),
            if found.path_info.is_empty() {
                ""
            } else {
                " rest="
            },
            found.path_info
        ))
    }

    #[test]
    fn the_most_specific_route_answers() {
        let routes = [
            "/...",
            "/:org/telegram",
            "/core/...",
            "/core/auth/...",
            "/metrics",
        ];
        for (path, expected) in [
            ("/", "/... rest=/"),
            ("/metrics", "/metrics"),
            ("/metrics/", "/metrics"),
            ("/mindov/telegram", "/:org/telegram org=mindov"),
            ("/mindov/viber", "/... rest=/mindov/viber"),
            ("/core/telegram", "/core/... rest=/telegram"),
            ("/core/auth", "/core/auth/..."),
            ("/core/auth/login", "/core/auth/... rest=/login"),
        ] {
            assert_eq!(find(&routes, path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn a_path_without_a_route_has_no_component() {
        assert_eq!(find(&["/a", "/:org/b"], "/a/b/c"), None);
        assert_eq!(find(&["/:org/b"], "//b"), None);
    }

    #[test]
    fn named_segments_and_a_trailing_wildcard_go_together() {
        let found = find(&["/:org/chat/..."], "/ukc/chat/messages/7");
        assert_eq!(
            found.as_deref(),
            Some("/:org/chat/... org=ukc rest=/messages/7")
        );
    }

    #[test]
    fn malformed_routes_say_what_to_write() {
        for route in ["chat", "/chat...", "/a/:/b", "/a/*"] {
            assert!(Route::parse(route).is_err(), "{route}");
        }
    }
}
