//! A small check that markup is well-formed XML, for the tests of the pictures.

/// The names of all elements in the order in which they open; panics if the markup is not well-formed.
pub(crate) fn elements(markup: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut all = Vec::new();
    let mut rest = markup;
    while let Some(start) = rest.find('<') {
        check_text(&rest[..start]);
        assert!(!open.is_empty() || rest[..start].trim().is_empty(), "text outside of the root: {}", &rest[..start]);
        let end = rest.find('>').expect("a tag is not closed");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closed out of turn");
            continue;
        }
        let body = tag.strip_suffix('/').unwrap_or(tag);
        let name = body.split_whitespace().next().expect("a tag has a name");
        assert!(!open.is_empty() || all.is_empty(), "a second root: {name}");
        check_attributes(body[name.len()..].trim());
        all.push(name.to_string());
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    assert!(rest.trim().is_empty() && !all.is_empty());
    all
}

/// The text of every `text` element, unescaped.
pub(crate) fn text_contents(markup: &str) -> Vec<String> {
    let bodies = markup.split("<text ").skip(1).map(|t| {
        let inner = &t[t.find('>').expect("closed") + 1..t.find("</text>").expect("closed")];
        inner
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&")
    });
    bodies.collect()
}

fn check_attributes(mut rest: &str) {
    let mut seen = Vec::new();
    while !rest.is_empty() {
        let (name, value) = rest.split_once("=\"").expect("an attribute has a quoted value");
        assert!(!name.contains(char::is_whitespace) && !seen.contains(&name), "attribute {name}");
        seen.push(name);
        let (value, after) = value.split_once('"').expect("a value is closed");
        check_text(value);
        assert!(after.is_empty() || after.starts_with(' '), "attributes run together: {after}");
        rest = after.trim_start();
    }
}

fn check_text(text: &str) {
    for (i, _) in text.match_indices('&') {
        let entity = &text[i..text[i..].find(';').map_or(text.len(), |e| i + e + 1)];
        assert!(["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].contains(&entity), "entity {entity}");
    }
    assert!(!text.chars().any(|c| c < ' ' && !matches!(c, '\t' | '\n' | '\r')), "a control character in {text:?}");
}

#[test]
fn broken_markup_is_found() {
    for broken in
        ["<a><b></a></b>", "<a", "<a x=1/>", "<a x=\"1\"y=\"2\"/>", "<a>&</a>", "<a>\u{1}</a>", "<a/><b/>", "<a>", ""]
    {
        assert!(std::panic::catch_unwind(|| elements(broken)).is_err(), "{broken}");
    }
    assert_eq!(elements("<a x=\"1\"><b/>1 &lt; 2</a>"), ["a", "b"]);
}
