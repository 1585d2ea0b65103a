//! XML answers as JSON, as the original reads them: attributes as `@name`, text beside them as `#value`, repeated
//! elements as an array. Enough of XML for answers of services; no entities of a document's own, so nothing expands.

use serde_json::{Map, Value};

/// Elements inside elements: deeper than a task's data may be would be refused anyway.
const DEPTH_MAX: usize = 48;

/// `None` if the text is not well-formed. The root element is the only field.
pub(crate) fn to_json(text: &str) -> Option<Value> {
    let mut reader = Reader {
        rest: text.trim_start_matches('\u{feff}').trim(),
    };
    reader.skip_prologue()?;
    let (name, value) = reader.element(0)?;
    reader.skip_comments()?;
    reader
        .rest
        .is_empty()
        .then(|| Value::Object(Map::from_iter([(name, value)])))
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip_after(&mut self, end: &str) -> Option<()> {
        let (_, after) = self.rest.split_once(end)?;
        self.rest = after.trim_start();
        Some(())
    }

    fn skip_comments(&mut self) -> Option<()> {
        self.rest = self.rest.trim_start();
        loop {
            if self.rest.starts_with("<!--") {
                self.skip_after("-->")?;
            } else if self.rest.starts_with("<?") {
                self.skip_after("?>")?;
            } else {
                return Some(());
            }
        }
    }

    fn skip_prologue(&mut self) -> Option<()> {
        self.skip_comments()?;
        if self.rest.starts_with("<!DOCTYPE") {
            // One with declarations inside is refused.
            let (declaration, after) = self.rest.split_once('>')?;
            if declaration.contains('[') {
                return None;
            }
            self.rest = after;
        }
        self.skip_comments()
    }

    fn name(&mut self) -> Option<String> {
        let end = self
            .rest
            .find(|letter: char| letter.is_whitespace() || "=/><\"'".contains(letter))?;
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn element(&mut self, depth: usize) -> Option<(String, Value)> {
        if depth > DEPTH_MAX {
            return None;
        }
        self.rest = self.rest.strip_prefix('<')?;
        let name = self.name()?;
        let mut fields = Map::new();
        loop {
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix("/>") {
                self.rest = rest;
                return Some((name, value_of(fields, "")));
            }
            if let Some(rest) = self.rest.strip_prefix('>') {
                self.rest = rest;
                break;
            }
            let (attribute, value) = self.attribute()?;
            fields.insert(format!("@{attribute}"), value.into());
        }
        let text = self.content(&name, &mut fields, depth)?;
        Some((name, value_of(fields, &text)))
    }

    fn attribute(&mut self) -> Option<(String, String)> {
        let name = self.name()?;
        let rest = self.rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|quote| "\"'".contains(*quote))?;
        let (value, after) = rest[1..].split_once(quote)?;
        self.rest = after;
        Some((name, unescape(value)))
    }

    /// Reads to the end tag: elements into `fields`, and gives the text between them.
    fn content(
        &mut self,
        name: &str,
        fields: &mut Map<String, Value>,
        depth: usize,
    ) -> Option<String> {
        let mut text = String::new();
        loop {
            let (before, _) = self.rest.split_once('<')?;
            text.push_str(&unescape(before));
            self.rest = &self.rest[before.len()..];
            if let Some(rest) = self.rest.strip_prefix("</") {
                let after = rest.strip_prefix(name)?.trim_start();
                self.rest = after.strip_prefix('>')?;
                return Some(text.trim().to_owned());
            }
            if let Some(rest) = self.rest.strip_prefix("<![CDATA[") {
                let (data, after) = rest.split_once("]]>")?;
                text.push_str(data);
                self.rest = after;
            } else if self.rest.starts_with("<!--") || self.rest.starts_with("<?") {
                let end = if self.rest.starts_with("<?") {
                    "?>"
                } else {
                    "-->"
                };
                self.rest = self.rest.split_once(end)?.1;
            } else {
                let (name, value) = self.element(depth + 1)?;
                add(fields, name, value);
            }
        }
    }
}

fn add(fields: &mut Map<String, Value>, name: String, value: Value) {
    match fields.get_mut(&name) {
        None => {
            fields.insert(name, value);
        }
        // No element's own value is an array, so this one holds repeated elements.
        Some(Value::Array(items)) => items.push(value),
        Some(first) => {
            let both = vec![first.take(), value];
            *first = Value::Array(both);
        }
    }
}

fn value_of(mut fields: Map<String, Value>, text: &str) -> Value {
    if fields.is_empty() {
        return text.into();
    }
    if !text.is_empty() {
        fields.insert("#value".to_owned(), text.into());
    }
    Value::Object(fields)
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let entity = after
            .split_once(';')
            .and_then(|(name, after)| Some((entity(name)?, after)));
        match entity {
            Some((letter, after)) => {
                plain.push(letter);
                rest = after;
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn elements_attributes_and_texts_become_fields() {
        let text = r#"<?xml version="1.0"?><!-- c --><order id="5" kind='a&amp;b'>
            <item>one</item><item n="2">two &lt;&#33;</item><empty/><note><![CDATA[<b>]]></note></order>"#;
        assert_eq!(
            to_json(text),
            Some(json!({"order": {
                "@id": "5", "@kind": "a&b", "empty": "", "note": "<b>",
                "item": ["one", {"@n": "2", "#value": "two <!"}],
            }}))
        );
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a",
            "<a><b></a></b>",
            "<a/><b/>",
            "<a x></a>",
            "<a x=1/>",
            "<!DOCTYPE a [<!ENTITY x 'y'>]><a/>",
        ] {
            assert_eq!(to_json(text), None, "{text}");
        }
        let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
        assert_eq!(to_json(&deep), None);
    }
}
