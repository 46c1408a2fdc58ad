//! The blocks of a source, read ahead on another thread.

use super::{Table, TableSource};
use crate::{Result, num_threads};
use std::sync::mpsc::sync_channel;
use std::thread;

/// The blocks that are read ahead.
const AHEAD: usize = 2;

/// Begins a pass over a source and passes its blocks on in their order, until `take` returns false. While it works on a block, the next ones
/// are read, where there is more than one thread.
pub(crate) fn each_table(source: &mut dyn TableSource, take: &mut dyn FnMut(Table) -> Result<bool>) -> Result<()> {
    source.rewind()?;
    if num_threads() == 1 {
        while let Some(block) = source.next_table()? {
            if !take(block)? {
                break;
            }
        }
        return Ok(());
    }
    let (sender, receiver) = sync_channel(AHEAD);
    thread::scope(|scope| {
        scope.spawn(move || {
            while let Some(read) = source.next_table().transpose() {
                let is_last = read.is_err();
                // Nothing is received any more once enough was taken.
                if sender.send(read).is_err() || is_last {
                    break;
                }
            }
        });
        for read in receiver {
            if !take(read?)? {
                break;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::super::FnTables;
    use super::*;
    use crate::Error;

    #[test]
    fn blocks_come_in_order_until_enough_was_taken_or_one_fails() {
        let mut read = 0;
        let table = |index: usize| Table::new().with_numbers("a", [index as f64]);
        let failing = || Error::Empty { what: "the cable".into(), advice: "plug it in".into() };
        for (enough, fails, expected) in [(3, 99, 3), (99, 5, 5), (99, 99, 10)] {
            let mut source = FnTables::new(|index| match index {
                index if index == fails => Err(failing()),
                10 => Ok(None),
                _ => table(index).map(Some),
            });
            for _ in 0..2 {
                read = 0;
                let result = each_table(&mut source, &mut |block| {
                    assert_eq!(block.numbers("a")?, [read as f64]);
                    read += 1;
                    Ok(read < enough)
                });
                assert_eq!((read, result.is_err()), (expected, fails < 10));
            }
        }
        assert_eq!(read, 10);
        let stopped = each_table(&mut FnTables::new(|index| table(index).map(Some)), &mut |_| Err(failing()));
        assert!(stopped.unwrap_err().to_string().contains("plug it in"));
    }
}
