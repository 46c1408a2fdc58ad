//! Lists that are made in loops: chains of `flat_map`, `map` and `collect` are several times the code to compile.

/// The elements of the lists that are made of these items, in their order.
pub(crate) fn joined<T, U>(items: impl IntoIterator<Item = T>, mut list: impl FnMut(T) -> Vec<U>) -> Vec<U> {
    let mut all = Vec::new();
    for item in items {
        all.append(&mut list(item));
    }
    all
}

/// The results of `map` for all items, or the first error.
pub(crate) fn try_map<T, U, E>(
    items: impl IntoIterator<Item = T>,
    mut map: impl FnMut(T) -> Result<U, E>,
) -> Result<Vec<U>, E> {
    let mut all = Vec::new();
    for item in items {
        all.push(map(item)?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_follow_one_another() {
        assert_eq!(joined([2, 0, 1], |count| vec![count; count]), [2, 2, 1]);
    }

    #[test]
    fn the_first_error_ends_a_list() {
        let even = |number: i32| if number % 2 == 0 { Ok(number / 2) } else { Err(number) };
        assert_eq!((try_map([2, 4], even), try_map([2, 3, 4, 5], even)), (Ok(vec![1, 2]), Err(3)));
    }
}
