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

    /// Lends the thread's room for predictions: any length, any content. Whoever needs it within gets another.
    #[allow(private_interfaces, private_bounds)]
    fn with_room<R>(use_room: impl FnOnce(&mut Aligned<Self>) -> R) -> R;
}

/// Elements of the room for predictions that a thread keeps.
const ROOM_KEPT: usize = 1 << 20;

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
            fn with_room<R>(use_room: impl FnOnce(&mut Aligned<Self>) -> R) -> R {
                thread_local! {
                    static ROOM: Cell<Aligned<$t>> = const { Cell::new(Aligned::empty()) };
                }
                // Taken out while it is used: a layer of the caller's own may predict with another model.
                let mut room = ROOM.take();
                let result = use_room(&mut room);
                // What an unusually large batch needed is not kept from other uses for the thread's life.
                if room.len() <= ROOM_KEPT {
                    ROOM.set(room);
                }
                result
            }
        }
    };
}

workspaces!(f32);
workspaces!(f64);
