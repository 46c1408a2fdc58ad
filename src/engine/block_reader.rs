//! Reads the blocks of a source ahead, on a separate thread.

use crate::batches::{BatchSource, Block, RowShape};
use crate::{Error, Result, Scalar, num_threads};
use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The number of blocks that are read ahead.
const AHEAD: usize = 2;

/// A request to begin a pass: the seed of its order, or `None` for the order of the source.
type Pass = Option<u64>;

/// The consumer's end of a source.
pub(crate) enum BlockReader<'a, T: Scalar> {
    /// Reads on the calling thread.
    Here(Box<dyn BatchSource<T> + 'a>),
    /// Receives blocks that another thread reads.
    Ahead(&'a Mailbox<T>),
}

/// A source that is read ahead, with the shape and number of its rows.
pub(crate) struct OpenSource<'a, T: Scalar> {
    pub(crate) reader: BlockReader<'a, T>,
    pub(crate) shape: RowShape,
    pub(super) rows: Option<usize>,
}

/// The state shared by the reading and the consuming thread.
pub(crate) struct Mailbox<T: Scalar> {
    state: Mutex<MailboxState<T>>,
    changed: Condvar,
}

struct MailboxState<T: Scalar> {
    /// Blocks to fill.
    free: Vec<Block<T>>,
    replies: VecDeque<Reply<T>>,
    /// The pass that the reading thread is asked to begin.
    rewind: Option<Pass>,
    /// Whether the current pass has ended, so that there is nothing to read until the next one begins.
    idle: bool,
    closed: bool,
}

enum Reply<T: Scalar> {
    Block(Block<T>),
    End,
    Failed(Error),
    Panicked(Box<dyn Any + Send>),
}

/// Calls `work` with the source, open for reading.
pub(crate) fn with_source<T: Scalar, R>(
    source: &mut dyn BatchSource<T>,
    work: impl FnOnce(OpenSource<'_, T>) -> R,
) -> R {
    let (shape, rows) = (source.shape(), source.rows());
    if num_threads() == 1 {
        return work(OpenSource { reader: BlockReader::Here(Box::new(source)), shape, rows });
    }
    let free = (0..AHEAD).map(|_| Block::new(shape)).collect();
    let state = MailboxState { free, replies: VecDeque::new(), rewind: None, idle: true, closed: false };
    let mailbox = Mailbox { state: Mutex::new(state), changed: Condvar::new() };
    std::thread::scope(|scope| {
        scope.spawn(|| mailbox.serve(source));
        // `work` drops the reader, which ends the thread.
        work(OpenSource { reader: BlockReader::Ahead(&mailbox), shape, rows })
    })
}

impl<T: Scalar> BlockReader<'_, T> {
    /// Begins a pass.
    pub(crate) fn rewind(&mut self, pass: Pass) -> Result<()> {
        match self {
            BlockReader::Here(source) => rewind(&mut **source, pass),
            BlockReader::Ahead(mailbox) => {
                let mut state = mailbox.lock();
                let MailboxState { free, replies, .. } = &mut *state;
                for reply in replies.drain(..) {
                    if let Reply::Block(block) = reply {
                        free.push(block);
                    }
                }
                (state.rewind, state.idle) = (Some(pass), false);
                mailbox.changed.notify_all();
                Ok(())
            }
        }
    }

    /// Replaces the rows of a block by the next ones; false at the end of the pass.
    pub(crate) fn next(&mut self, block: &mut Block<T>) -> Result<bool> {
        match self {
            BlockReader::Here(source) => {
                block.clear();
                source.next_block(block)
            }
            BlockReader::Ahead(mailbox) => mailbox.take(block),
        }
    }
}

impl<T: Scalar> Drop for BlockReader<'_, T> {
    fn drop(&mut self) {
        if let BlockReader::Ahead(mailbox) = self {
            mailbox.lock().closed = true;
            mailbox.changed.notify_all();
        }
    }
}

impl<T: Scalar> Mailbox<T> {
    fn lock(&self) -> MutexGuard<'_, MailboxState<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, MailboxState<T>>) -> MutexGuard<'s, MailboxState<T>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, block: &mut Block<T>) -> Result<bool> {
        let mut state = self.lock();
        loop {
            match state.replies.pop_front() {
                Some(Reply::Block(next)) => {
                    state.free.push(std::mem::replace(block, next));
                    self.changed.notify_all();
                    return Ok(true);
                }
                Some(Reply::End) => return Ok(false),
                Some(Reply::Failed(error)) => return Err(error),
                Some(Reply::Panicked(reason)) => {
                    drop(state);
                    resume_unwind(reason)
                }
                None if state.idle => return Ok(false),
                None => state = self.wait(state),
            }
        }
    }

    /// Reads whenever there is a block to fill, until the reader is dropped.
    fn serve(&self, source: &mut dyn BatchSource<T>) {
        let mut state = self.lock();
        loop {
            if state.closed {
                return;
            }
            let pass = state.rewind.take();
            let block = if state.idle { None } else { state.free.pop() };
            let Some(mut block) = block else {
                state.rewind = pass;
                state = self.wait(state);
                continue;
            };
            drop(state);
            let reply = match catch_unwind(AssertUnwindSafe(|| read(source, pass, &mut block))) {
                Ok(Ok(true)) => Reply::Block(block),
                other => {
                    self.lock().free.push(block);
                    match other {
                        Ok(Ok(_)) => Reply::End,
                        Ok(Err(error)) => Reply::Failed(error),
                        Err(reason) => Reply::Panicked(reason),
                    }
                }
            };
            state = self.lock();
            match (state.rewind.is_some(), reply) {
                // A new pass was requested while this block was read, so the block is discarded.
                (true, Reply::Block(block)) => state.free.push(block),
                (true, _) => {}
                (false, reply) => {
                    state.idle = !matches!(reply, Reply::Block(_));
                    state.replies.push_back(reply);
                    self.changed.notify_all();
                }
            }
        }
    }
}

fn rewind<T: Scalar>(source: &mut dyn BatchSource<T>, pass: Pass) -> Result<()> {
    match pass {
        Some(seed) => source.rewind_shuffled(seed),
        None => source.rewind(),
    }
}

/// Begins a pass if one is requested, and reads the next block.
fn read<T: Scalar>(source: &mut dyn BatchSource<T>, pass: Option<Pass>, block: &mut Block<T>) -> Result<bool> {
    if let Some(pass) = pass {
        rewind(source, pass)?;
    }
    block.clear();
    source.next_block(block)
}
