//! Memory that each thread keeps for its kernels.

use super::aligned::Aligned;
use crate::kernels::simd::Float;
use std::cell::{Cell, RefCell};

/// An element type with thread-local memory for kernels.
#[doc(hidden)]
pub trait Workspaces: Float {
    /// Calls `use_panels` with the thread's memory for packed products, which is empty at first.
    #[allow(private_interfaces, private_bounds)]
    fn with_panels<R>(use_panels: impl FnOnce(&mut Aligned<Self>) -> R) -> R;

    /// Calls `use_workspace` with the thread's workspace for predictions, of any length and content. A nested call gets another one.
    #[allow(private_interfaces, private_bounds)]
    fn with_workspace<R>(use_workspace: impl FnOnce(&mut Aligned<Self>) -> R) -> R;
}

/// The largest number of elements of a workspace that a thread keeps.
const WORKSPACE_KEPT: usize = 1 << 20;

macro_rules! workspaces {
    ($t:ty) => {
        impl Workspaces for $t {
            #[allow(private_interfaces, private_bounds)]
            fn with_panels<R>(use_panels: impl FnOnce(&mut Aligned<Self>) -> R) -> R {
                thread_local! {
                    static PANELS: RefCell<Aligned<$t>> = RefCell::new(Aligned::default());
                }
                PANELS.with(|panels| use_panels(&mut panels.borrow_mut()))
            }

            #[allow(private_interfaces, private_bounds)]
            fn with_workspace<R>(use_workspace: impl FnOnce(&mut Aligned<Self>) -> R) -> R {
                thread_local! {
                    static WORKSPACE: Cell<Aligned<$t>> = const { Cell::new(Aligned::empty()) };
                }
                // Taken out while it is used, since a user-defined layer may predict with another model.
                let mut workspace = WORKSPACE.take();
                let result = use_workspace(&mut workspace);
                // The workspace of an unusually large batch is freed, not kept for the life of the thread.
                if workspace.len() <= WORKSPACE_KEPT {
                    WORKSPACE.set(workspace);
                }
                result
            }
        }
    };
}

workspaces!(f32);
workspaces!(f64);
