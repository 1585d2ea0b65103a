//! The forms in which the caller of an address may post data: JSON, pairs, XML.

use percent_encoding::percent_decode;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

use super::answer::BodyError;
use super::entrance::VerifiedBody;
use super::request::object;

/// Elements within elements; deeper ones are somebody's test of our stack.
const XML_DEPTH_MAX: usize = 32;
/// The words of an element that has attributes or elements beside them.
const XML_WORDS: &str = "#value";

/// By the segment of the path: `/api/2/json/…`, `/api/2/nvp/…`, `/api/2/xml/…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A JSON object.
    Json,
    /// `name=value&…`, as web forms are sent.
    Nvp,
    /// One element, with attributes as `@name` and its words beside others as `#value`.
    Xml,
}

impl Form {
    /// By the segment of the path.
    pub fn parse(segment: &str) -> Option<Self> {
        match segment {
            "json" => Some(Self::Json),
            "nvp" => Some(Self::Nvp),
            "xml" => Some(Self::Xml),
            _ => None,
        }
    }

    /// The posted body as a task's data; an empty one is no data.
    pub fn data(self, body: VerifiedBody<'_>) -> Result<Map<String, Value>, BodyError> {
        if body.bytes().iter().all(u8::is_ascii_whitespace) {
            return Ok(Map::new());
        }
        match self {
            Self::Json => object(body),
            Self::Nvp => Ok(pairs(body.bytes())),
            Self::Xml => xml(body.bytes()),
        }
    }
}

/// Of a repeated name the last value counts.
fn pairs(body: &[u8]) -> Map<String, Value> {
    let decoded = |part: &[u8]| {
        let spaced: Vec<u8> = part
            .iter()
            .map(|byte| if *byte == b'+' { b' ' } else { *byte })
            .collect();
        percent_decode(&spaced).decode_utf8_lossy().into_owned()
    };
    let pairs = body.trim_ascii().split(|byte| *byte == b'&');
    pairs
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &b""[..]),
            };
            (decoded(name), Value::String(decoded(value)))
        })
        .collect()
}

/// An element that is being read.
#[derive(Default)]
struct Element {
    name: String,
    fields: Map<String, Value>,
    words: String,
}

impl Element {
    fn open(start: &BytesStart<'_>) -> Option<Self> {
        let name = String::from_utf8(start.name().as_ref().to_vec()).ok()?;
        let mut fields = Map::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let name = std::str::from_utf8(attribute.key.as_ref()).ok()?;
            let value = attribute.unescape_value().ok()?;
            fields.insert(format!("@{name}"), value.into_owned().into());
        }
        Some(Self {
            name,
            fields,
            words: String::new(),
        })
    }

    /// Words alone are a text.
    fn close(mut self) -> (String, Value) {
        let words = self.words.trim();
        if self.fields.is_empty() {
            return (self.name, words.into());
        }
        if !words.is_empty() {
            self.fields.insert(XML_WORDS.to_owned(), words.into());
        }
        (self.name, self.fields.into())
    }

    /// A name that comes again makes a list.
    fn take(&mut self, name: String, value: Value) {
        match self.fields.get_mut(&name) {
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => drop(self.fields.insert(name, value)),
        }
    }
}

fn xml(body: &[u8]) -> Result<Map<String, Value>, BodyError> {
    let mut reader = Reader::from_reader(body);
    // The document itself, around the one element that it has.
    let mut open = vec![Element::default()];
    loop {
        let at = reader.buffer_position();
        let broken = BodyError::NotXml { at };
        match reader.read_event().map_err(|_| broken)? {
            Event::Start(start) if open.len() <= XML_DEPTH_MAX => {
                open.push(Element::open(&start).ok_or(broken)?);
            }
            Event::Empty(start) if open.len() <= XML_DEPTH_MAX => {
                let (name, value) = Element::open(&start).ok_or(broken)?.close();
                open.last_mut().ok_or(broken)?.take(name, value);
            }
            Event::End(_) => {
                let (name, value) = open.pop().ok_or(broken)?.close();
                open.last_mut().ok_or(broken)?.take(name, value);
            }
            Event::Text(text) => {
                let text = text.unescape().map_err(|_| broken)?;
                open.last_mut().ok_or(broken)?.words.push_str(&text);
            }
            Event::CData(text) => {
                let text = text.decode().map_err(|_| broken)?;
                open.last_mut().ok_or(broken)?.words.push_str(&text);
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => {
                let document = open.pop().filter(|document| {
                    open.is_empty()
                        && document.fields.len() == 1
                        && document.words.trim().is_empty()
                });
                return document.map(|document| document.fields).ok_or(broken);
            }
            // Too deep, or a document type: what it may define is not taken from strangers.
            _ => return Err(broken),
        }
    }
}
