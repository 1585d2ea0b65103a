//! The tree of an expression.

use serde_json::Value;

/// A function of one argument, in clauses.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Program {
    pub(super) clauses: Vec<Clause>,
}

impl Program {
    /// Reads `fun(X) -> … end`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        super::parser::program(text)
    }
}

/// One way to take a value, and what then is made of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clause {
    pub(super) pattern: Pattern,
    pub(super) guard: Option<Expression>,
    pub(super) body: Vec<Statement>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Pattern {
    Anything,
    /// A variable.
    Name(String),
    Value(Value),
}

/// `Name = value` or a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    pub(super) name: Option<String>,
    pub(super) value: Expression,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Value(Value),
    /// A variable if there is one of that name, else the atom.
    Word(String),
    /// `[a, b | rest]`.
    List(Vec<Expression>, Option<Box<Expression>>),
    /// `{key, value}`: a field of an object.
    Pair(Box<(Expression, Expression)>),
    /// `#{key => value}`.
    Map(Vec<(Expression, Expression)>),
    /// `object.field`.
    Field(Box<Expression>, String),
    Unary(Unary, Box<Expression>),
    Binary(Binary, Box<(Expression, Expression)>),
    /// `module:name(arguments)`; the module is `erlang` when not named.
    Call(String, String, Vec<Expression>),
    Case(Box<Expression>, Vec<Clause>),
    If(Vec<(Expression, Vec<Statement>)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unary {
    Plus,
    Minus,
    Not,
    BitNot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Div,
    Rem,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
    And,
    Or,
    Xor,
    AndAlso,
    OrElse,
    Equal,
    NotEqual,
    ExactlyEqual,
    NotExactlyEqual,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    Append,
    Without,
}
