use nalgebra::DMatrix;

/// The matrix with each row changed.
pub(super) fn each_row(p: &DMatrix<f64>, mut change: impl FnMut(&mut [f64])) -> DMatrix<f64> {
    let mut changed = p.clone();
    let mut row = vec![0.0; p.ncols()];
    for index in 0..p.nrows() {
        row.iter_mut().enumerate().for_each(|(column, value)| *value = p[(index, column)]);
        change(&mut row);
        row.iter().enumerate().for_each(|(column, value)| changed[(index, column)] = *value);
    }
    changed
}
