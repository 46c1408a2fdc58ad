//! Disjoint groups of the rows of a validation part, whose scores are compared between trials.

use crate::random::{Purpose, shuffle, stream};
use crate::scores::{Score, ScoreInput, Truth};
use crate::sorting;
use nalgebra::DMatrix;

/// The largest number of groups.
const MOST_GROUPS: usize = 20;
/// The smallest number of rows of each class in a group, or of all its rows where there are no classes.
const FEWEST_ROWS: usize = 5;

/// Divides rows into groups of equal size with the same fractions of the classes; empty if there are too few rows.
pub(super) fn row_groups(rows: usize, classes: Option<&[usize]>, seed: u64) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..rows).collect();
    shuffle(&mut order, &mut stream(seed, Purpose::SearchGroups, 0));
    let mut rarest = rows;
    if let Some(classes) = classes {
        // The sort is stable: within a class the order stays random.
        sorting::by_integer(&mut order, |&row| classes.get(row).map_or(-1, |&class| class as i64));
        rarest = order.chunk_by(|&a, &b| classes.get(a) == classes.get(b)).map(<[usize]>::len).min().unwrap_or(0);
    }
    let count = (rarest / FEWEST_ROWS).min(MOST_GROUPS);
    if count < 2 {
        return Vec::new();
    }
    // Rows go to the groups in turn, so that every group has the same fraction of every class.
    let mut groups = vec![Vec::with_capacity(rows / count + 1); count];
    order.iter().enumerate().for_each(|(index, &row)| groups[index % count].push(row));
    groups
}

/// The score of each group; empty if one of them has no finite score.
pub(super) fn group_scores(score: &dyn Score, input: &ScoreInput<'_>, groups: &[Vec<usize>]) -> Vec<f64> {
    let of_group = |rows: &Vec<usize>| {
        let take = |matrix: &DMatrix<f64>| matrix.select_rows(rows);
        let prediction = take(input.prediction);
        let weights: Option<Vec<f64>> = input.weights.map(|weights| rows.iter().map(|&row| weights[row]).collect());
        let (classes, matrix);
        let truth = match input.truth {
            Truth::Classes { labels, n_classes } => {
                classes = rows.iter().map(|&row| labels[row]).collect::<Vec<_>>();
                Truth::Classes { labels: &classes, n_classes }
            }
            Truth::Numbers(numbers) => {
                matrix = take(numbers);
                Truth::Numbers(&matrix)
            }
            Truth::Indicators(indicators) => {
                matrix = take(indicators);
                Truth::Indicators(&matrix)
            }
        };
        let input =
            ScoreInput { truth, prediction: &prediction, threshold: input.threshold, weights: weights.as_deref() };
        score.score(&input).ok().filter(|score| score.is_finite())
    };
    groups.iter().map(of_group).collect::<Option<Vec<f64>>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_have_the_same_fractions_of_the_classes() {
        let classes: Vec<usize> = (0..1000).map(|row| usize::from(row % 5 == 0)).collect();
        let groups = row_groups(1000, Some(&classes), 1);
        assert_eq!((groups.len(), groups.iter().map(Vec::len).sum::<usize>()), (20, 1000));
        for group in &groups {
            assert_eq!((group.len(), group.iter().filter(|&&row| classes[row] == 1).count()), (50, 10));
        }
        let mut all: Vec<usize> = groups.into_iter().flatten().collect();
        all.sort_unstable();
        assert_eq!(all, (0..1000).collect::<Vec<_>>());
        assert_eq!(row_groups(30, None, 1).len(), 6);
        assert!(
            row_groups(9, None, 1).is_empty()
                && row_groups(100, Some(&[0; 96].iter().chain(&[1; 4]).copied().collect::<Vec<_>>()), 1).is_empty()
        );
    }
}
