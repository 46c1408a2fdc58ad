//! Rust source as tokens, without comments and without code that is compiled for tests only.

/// An identifier, a punctuation mark (`::` is one), or a literal as `"`.
pub(crate) type Token = String;

/// The tokens of a file.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let text: Vec<char> = source.chars().collect();
    let at = |i: usize| text.get(i).copied().unwrap_or('\0');
    let (mut tokens, mut i) = (Vec::new(), 0);
    while i < text.len() {
        let letter = text[i];
        if letter.is_whitespace() {
            i += 1;
        } else if letter == '/' && at(i + 1) == '/' {
            while i < text.len() && text[i] != '\n' {
                i += 1;
            }
        } else if letter == '/' && at(i + 1) == '*' {
            let mut depth = 0;
            loop {
                match (at(i), at(i + 1)) {
                    ('/', '*') => (depth, i) = (depth + 1, i + 2),
                    ('*', '/') => (depth, i) = (depth - 1, i + 2),
                    ('\0', _) => break,
                    _ => i += 1,
                }
                if depth == 0 {
                    break;
                }
            }
        } else if let Some(hashes) = raw_string(&text[i..]) {
            let end: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            while at(i) != '"' {
                i += 1;
            }
            i += 1;
            while i < text.len() && !text[i..].iter().take(hashes + 1).copied().eq(end.chars()) {
                i += 1;
            }
            i += hashes + 1;
            tokens.push("\"".into());
        } else if letter == '"' {
            i = after_quoted(&text, i, '"');
            tokens.push("\"".into());
        } else if letter == '\'' {
            // A lifetime is an identifier after a quote that is not closed.
            let is_literal = at(i + 1) == '\\' || at(i + 2) == '\'';
            i = if is_literal { after_quoted(&text, i, '\'') } else { i + 1 };
        } else if letter.is_alphanumeric() || letter == '_' {
            let start = i;
            while at(i).is_alphanumeric() || at(i) == '_' {
                i += 1;
            }
            tokens.push(text[start..i].iter().collect());
        } else if letter == ':' && at(i + 1) == ':' {
            tokens.push("::".into());
            i += 2;
        } else {
            tokens.push(letter.into());
            i += 1;
        }
    }
    tokens
}

/// The number of `#` if a raw string begins here.
fn raw_string(text: &[char]) -> Option<usize> {
    let prefix = match text {
        ['r', ..] => 1,
        ['b' | 'c', 'r', ..] => 2,
        _ => return None,
    };
    let hashes = text[prefix..].iter().take_while(|letter| **letter == '#').count();
    (text.get(prefix + hashes) == Some(&'"')).then_some(hashes)
}

fn after_quoted(text: &[char], start: usize, quote: char) -> usize {
    let mut i = start + 1;
    while i < text.len() && text[i] != quote {
        i += if text[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

/// The position after the bracket that closes the one at `start`.
pub(crate) fn after_group(tokens: &[Token], start: usize) -> usize {
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(start) {
        match token.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    tokens.len()
}

/// The tokens without the items that an attribute `#[cfg(test)]`, or one that asks for more beside it, leaves out of the
/// crate; and the files among them, as modules.
pub(crate) fn without_tests(tokens: &[Token]) -> (Vec<Token>, Vec<String>) {
    let (mut kept, mut modules, mut i) = (Vec::new(), Vec::new(), 0);
    while i < tokens.len() {
        let is_attribute = tokens[i] == "#" && tokens.get(i + 1).is_some_and(|token| token == "[");
        let end = if is_attribute { after_group(tokens, i + 1) } else { i + 1 };
        if !is_attribute || !is_for_tests(&tokens[i..end]) {
            kept.extend_from_slice(&tokens[i..end]);
            i = end;
            continue;
        }
        i = end;
        while tokens.get(i).is_some_and(|token| token == "#") {
            i = after_group(tokens, i + 1);
        }
        let item = i;
        let is_use = tokens[item..].iter().take(6).any(|token| token == "use");
        while i < tokens.len() && tokens[i] != ";" && (is_use || tokens[i] != "{") {
            i = if matches!(tokens[i].as_str(), "(" | "[" | "{") { after_group(tokens, i) } else { i + 1 };
        }
        if tokens.get(i).is_some_and(|token| token == ";") {
            if let Some(name) = tokens[item..i].iter().position(|token| token == "mod") {
                modules.push(tokens[item + name + 1].clone());
            }
            i += 1;
        } else {
            i = after_group(tokens, i);
        }
    }
    (kept, modules)
}

fn is_for_tests(attribute: &[Token]) -> bool {
    let has = |name: &str| attribute.iter().any(|token| token == name);
    attribute.get(2).is_some_and(|token| token == "cfg") && has("test") && !has("not") && !has("any")
}
