//! Memory that each thread keeps for its kernels.

use super::aligned::Aligned;
use crate::kernels::simd::Float;
use std::cell::{Cell, RefCell};

/// An element type with memory of each thread.
#[doc(hidden)]
pub trait Workspaces: Float {
    /// Lends the thread's panels for packed products, empty at first.
    #[allow(private_interfaces, private_bounds)]
    fn with_panels<R>(use_panels: impl FnOnce(&mut Aligned<Self>) -> R) -> R;

    /// Lends the thread's workspace for predictions: any length, any content. Within `use_workspace` another one is lent.
    #[allow(private_interfaces, private_bounds)]
    fn with_workspace<R>(use_workspace: impl FnOnce(&mut Aligned<Self>) -> R) -> R;
}

/// Elements of the workspace for predictions that a thread keeps.
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
                // Taken out while it is used: a user-defined layer may predict with another model.
                let mut workspace = WORKSPACE.take();
                let result = use_workspace(&mut workspace);
                // What an unusually large batch needed is not kept from other uses for the thread's life.
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
