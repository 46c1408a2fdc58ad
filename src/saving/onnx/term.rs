//! Values of a graph, written as formulas: `(x * x + 4.0).sqrt()` adds three operators.

pub(super) use super::graph::Term;
use super::proto::{AttributeProto, DataType};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// The other operand of a term: another term, or a number that becomes a constant of the term's type.
pub(super) trait IntoTerm<'g> {
    fn into_term(self, other: &Term<'g>) -> Term<'g>;
}

impl<'g> IntoTerm<'g> for Term<'g> {
    fn into_term(self, _: &Term<'g>) -> Term<'g> {
        self
    }
}

impl<'g> IntoTerm<'g> for &Term<'g> {
    fn into_term(self, _: &Term<'g>) -> Term<'g> {
        self.clone()
    }
}

impl<'g> IntoTerm<'g> for f64 {
    fn into_term(self, other: &Term<'g>) -> Term<'g> {
        other.graph.constant(other.kind, &[], &[self])
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $op:literal),*) => {
        $(impl<'g, B: IntoTerm<'g>> $trait<B> for &Term<'g> {
            type Output = Term<'g>;

            fn $method(self, other: B) -> Term<'g> {
                self.with($op, other, self.kind)
            }
        }

        impl<'g, B: IntoTerm<'g>> $trait<B> for Term<'g> {
            type Output = Term<'g>;

            fn $method(self, other: B) -> Term<'g> {
                self.with($op, other, self.kind)
            }
        })*
    };
}

operators!(Add add "Add", Sub sub "Sub", Mul mul "Mul", Div div "Div");

impl<'g> Neg for &Term<'g> {
    type Output = Term<'g>;

    fn neg(self) -> Term<'g> {
        self.apply("Neg")
    }
}

impl<'g> Term<'g> {
    /// An operator of one input.
    pub(super) fn apply(&self, op: &str) -> Term<'g> {
        self.graph.node(op, &[self], vec![], self.kind)
    }

    /// An operator of one input whose result has another type.
    pub(super) fn apply_kind(&self, op: &str, kind: DataType) -> Term<'g> {
        self.graph.node(op, &[self], vec![], kind)
    }

    /// An operator of one input, with attributes.
    pub(super) fn apply_with(&self, op: &str, attributes: impl Into<Vec<AttributeProto>>) -> Term<'g> {
        self.graph.node(op, &[self], attributes.into(), self.kind)
    }

    fn with(&self, op: &str, other: impl IntoTerm<'g>, kind: DataType) -> Term<'g> {
        let other = other.into_term(self);
        self.graph.node(op, &[self, &other], vec![], kind)
    }

    pub(super) fn sqrt(&self) -> Term<'g> {
        self.apply("Sqrt")
    }

    pub(super) fn max(&self, other: impl IntoTerm<'g>) -> Term<'g> {
        self.with("Max", other, self.kind)
    }

    pub(super) fn min(&self, other: impl IntoTerm<'g>) -> Term<'g> {
        self.with("Min", other, self.kind)
    }

    /// Within both bounds.
    pub(super) fn clip(&self, low: f64, high: f64) -> Term<'g> {
        let (low, high) = (low.into_term(self), high.into_term(self));
        self.graph.node("Clip", &[self, &low, &high], vec![], self.kind)
    }

    pub(super) fn greater(&self, other: impl IntoTerm<'g>) -> Term<'g> {
        self.with("Greater", other, DataType::Bool)
    }

    pub(super) fn greater_or_equal(&self, other: impl IntoTerm<'g>) -> Term<'g> {
        self.with("GreaterOrEqual", other, DataType::Bool)
    }

    pub(super) fn equal(&self, other: impl IntoTerm<'g>) -> Term<'g> {
        self.with("Equal", other, DataType::Bool)
    }

    /// The first where this holds, the second elsewhere.
    pub(super) fn choose(&self, yes: &Term<'g>, no: impl IntoTerm<'g>) -> Term<'g> {
        let no = no.into_term(yes);
        self.graph.node("Where", &[self, yes, &no], vec![], yes.kind)
    }

    /// The value in another element type.
    pub(super) fn cast(&self, kind: DataType) -> Term<'g> {
        if kind == self.kind {
            return self.clone();
        }
        self.graph.node("Cast", &[self], vec![AttributeProto::int("to", kind as i64)], kind)
    }

    /// The value in another shape; 0 means an extent that stays, here that of the batch.
    pub(super) fn reshape(&self, shape: &[i64]) -> Term<'g> {
        let shape = self.graph.integers(shape);
        self.graph.node("Reshape", &[self, &shape], vec![], self.kind)
    }

    /// With a last dimension of 1 more, to be compared with a row of values.
    pub(super) fn unsqueeze(&self) -> Term<'g> {
        let axes = self.graph.integers(&[-1]);
        self.graph.node("Unsqueeze", &[self, &axes], vec![], self.kind)
    }

    /// The sum over an axis, which is kept with extent 1 or left out.
    pub(super) fn sum(&self, axis: i64, keep: bool) -> Term<'g> {
        let (axes, keep) = (self.graph.integers(&[axis]), AttributeProto::int("keepdims", keep.into()));
        self.graph.node("ReduceSum", &[self, &axes], vec![keep], self.kind)
    }

    /// The mean over the last axis, which is kept with extent 1.
    pub(super) fn mean(&self) -> Term<'g> {
        let axes = self.graph.integers(&[-1]);
        self.graph.node("ReduceMean", &[self, &axes], vec![AttributeProto::int("keepdims", 1)], self.kind)
    }

    /// The largest value over an axis, which is left out.
    pub(super) fn largest(&self, axis: i64) -> Term<'g> {
        let axes = self.graph.integers(&[axis]);
        self.graph.node("ReduceMax", &[self, &axes], vec![AttributeProto::int("keepdims", 0)], self.kind)
    }

    /// The rows of this table that the indices name; an index outside of it stops the runtime with an error.
    pub(super) fn gather(&self, indices: &Term<'g>) -> Term<'g> {
        self.graph.node("Gather", &[self, indices], vec![AttributeProto::int("axis", 0)], self.kind)
    }
}

/// Terms side by side, column after column.
pub(super) fn concat<'g>(terms: &[Term<'g>]) -> Option<Term<'g>> {
    match terms {
        [] => None,
        [one] => Some(one.clone()),
        [first, ..] => {
            let inputs: Vec<&Term<'g>> = terms.iter().collect();
            Some(first.graph.node("Concat", &inputs, vec![AttributeProto::int("axis", 1)], first.kind))
        }
    }
}
