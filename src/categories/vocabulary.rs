//! A vocabulary: an index for each known category, and indices for unknown ones.

use super::OutputMode;
use super::encoding::MOST_COLUMNS;
use crate::items::{Spec, invalid};
use crate::sorting;
use crate::{Error, Result};
use std::collections::HashMap;
use std::fmt::Debug;

/// A token: a whole number or a string.
pub(crate) trait Token: Clone + Ord + std::hash::Hash + Debug {}

impl<K: Clone + Ord + std::hash::Hash + Debug> Token for K {}

/// The indices that come before those of the tokens.
#[derive(Debug, Clone)]
pub(crate) struct Special<K> {
    pub(crate) mask_token: Option<K>,
    pub(crate) oov_token: K,
    pub(crate) num_oov_indices: usize,
    pub(crate) max_tokens: Option<usize>,
    pub(crate) output_mode: OutputMode,
    pub(crate) invert: bool,
}

impl<K: Token> Special<K> {
    /// The first index for unknown tokens: after the mask, which only plain indices have.
    pub(crate) fn first_unknown(&self) -> usize {
        usize::from(self.mask_token.is_some() && self.output_mode == OutputMode::Int)
    }

    /// The index of the first token.
    pub(crate) fn first_token(&self) -> usize {
        self.first_unknown().saturating_add(self.num_oov_indices)
    }

    /// Learns the categories in descending order of frequency, ties in descending order of value; mask and unknown marker are skipped.
    pub(crate) fn learn(&self, layer: &dyn Spec, tokens: impl Iterator<Item = K>) -> Result<Vec<K>> {
        let mut counts: HashMap<K, usize> = HashMap::new();
        for token in tokens {
            *counts.entry(token).or_default() += 1;
        }
        self.most_frequent(layer, counts)
    }

    /// Learns the categories from counted tokens, as [`learn`](Self::learn).
    pub(crate) fn most_frequent(&self, layer: &dyn Spec, mut counts: HashMap<K, usize>) -> Result<Vec<K>> {
        for special in self.mask_token.iter().chain([&self.oov_token]) {
            counts.remove(special);
        }
        if counts.is_empty() {
            return Err(Error::Empty {
                what: format!("the vocabulary of {}", layer.class_name()),
                advice: "adapt to data that holds at least one token that is neither masked nor the one for unknowns"
                    .into(),
            });
        }
        let mut tokens: Vec<(K, usize)> = counts.into_iter().collect();
        sorting::by(&mut tokens, |(a, m), (b, n)| n.cmp(m).then_with(|| b.cmp(a)));
        if let Some(most) = self.max_tokens {
            tokens.truncate(most.saturating_sub(self.first_token()));
        }
        Ok(tokens.into_iter().map(|(token, _)| token).collect())
    }

    /// The tokens of a given vocabulary, without special ones in front.
    pub(crate) fn tokens_of<'a>(&self, layer: &dyn Spec, vocabulary: &'a [K]) -> Result<&'a [K]> {
        // Sums of smaller numbers are indices in any case.
        if self.num_oov_indices > MOST_COLUMNS {
            return Err(invalid(layer, "num_oov_indices", self.num_oov_indices, format!("at most {MOST_COLUMNS}")));
        }
        let tokens = match vocabulary.split_at_checked(self.first_token()) {
            Some((front, rest)) if front.iter().eq(self.special_tokens()) => rest,
            _ => vocabulary,
        };
        let refuse = |value: String, expected: &str| Err(invalid(layer, "vocabulary", value, expected));
        if tokens.is_empty() {
            return refuse(format!("{vocabulary:?}"), "at least one token");
        }
        let mut sorted: Vec<&K> = tokens.iter().collect();
        sorting::by(&mut sorted, Ord::cmp);
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return refuse(format!("with {:?} twice", pair[0]), "each token once");
        }
        if let Some(mask) = self.mask_token.as_ref().filter(|mask| tokens.contains(mask)) {
            return refuse(format!("with the mask token {mask:?} among them"), "tokens without the special ones");
        }
        if self.invert && tokens.contains(&self.oov_token) {
            let found = format!("with the token for unknowns {:?} among them", self.oov_token);
            return refuse(found, "tokens without the special ones");
        }
        let size = self.first_token().saturating_add(tokens.len());
        if self.max_tokens.is_some_and(|most| size > most) {
            return refuse(format!("{size} tokens, special ones included"), "at most max_tokens");
        }
        Ok(tokens)
    }

    /// The mask token and the tokens for unknown ones, in their order at the front of a vocabulary. They are not collected, since a
    /// malicious file can state a number of them that exceeds memory.
    pub(crate) fn special_tokens(&self) -> impl Iterator<Item = &K> {
        let mask = self.mask_token.iter().filter(|_| self.output_mode == OutputMode::Int);
        mask.chain(std::iter::repeat_n(&self.oov_token, self.num_oov_indices))
    }
}

/// The place of an unknown number among those for unknown numbers: the remainder of its division by their count.
pub(crate) fn floormod(number: i64, places: usize) -> usize {
    number.rem_euclid(places.max(1) as i64) as usize
}

/// The mapping between tokens and indices.
#[derive(Debug, Clone)]
pub(crate) struct Lookup<K> {
    special: Special<K>,
    tokens: Vec<K>,
    indices: HashMap<K, usize>,
}

impl<K: Token> Lookup<K> {
    pub(crate) fn new(special: Special<K>, tokens: &[K]) -> Self {
        let first = special.first_token();
        let indices = tokens.iter().enumerate().map(|(i, token)| (token.clone(), first.saturating_add(i))).collect();
        Lookup { special, tokens: tokens.to_vec(), indices }
    }

    /// The number of indices.
    pub(crate) fn size(&self) -> usize {
        self.special.first_token().saturating_add(self.tokens.len())
    }

    /// All tokens in the order of their indices, special ones first.
    pub(crate) fn vocabulary(&self) -> Vec<K> {
        self.special.special_tokens().chain(&self.tokens).cloned().collect()
    }

    /// The known categories, without special ones.
    pub(crate) fn tokens(&self) -> &[K] {
        &self.tokens
    }

    /// Whether a token has an index, be it that of the mask or of unknown ones.
    pub(crate) fn knows<Q>(&self, token: &Q) -> bool
    where
        K: std::borrow::Borrow<Q>,
        Q: std::hash::Hash + Eq + ?Sized,
    {
        self.special.num_oov_indices > 0 || self.is_mask(token) || self.indices.contains_key(token)
    }

    /// The index of a token; none for a masked one, except where indices come out as they are and the mask's is 0.
    /// `place` returns which of the places for unknown tokens an unknown token has.
    pub(crate) fn index<Q>(&self, token: &Q, place: impl FnOnce() -> usize) -> Option<usize>
    where
        K: std::borrow::Borrow<Q>,
        Q: std::hash::Hash + Eq + ?Sized,
    {
        if self.is_mask(token) {
            return (self.special.output_mode == OutputMode::Int).then_some(0);
        }
        if let Some(index) = self.indices.get(token) {
            return Some(*index);
        }
        let places = self.special.num_oov_indices;
        (places > 0).then(|| self.special.first_unknown() + if places > 1 { place() } else { 0 })
    }

    /// The token at an index: the mask token at 0 if there is a mask; the token for unknown ones for an index without a token.
    pub(crate) fn token(&self, index: i64) -> &K {
        if let Some(mask) = self.special.mask_token.as_ref().filter(|_| index == 0) {
            return mask;
        }
        let place = usize::try_from(index).ok().and_then(|index| index.checked_sub(self.special.first_token()));
        place.and_then(|place| self.tokens.get(place)).unwrap_or(&self.special.oov_token)
    }

    fn is_mask<Q>(&self, token: &Q) -> bool
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + ?Sized,
    {
        self.special.mask_token.as_ref().is_some_and(|mask| mask.borrow() == token)
    }
}
