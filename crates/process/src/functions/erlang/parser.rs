//! From tokens to the tree.

use serde_json::Value;

use super::lexer::{Token, tokens};
use super::syntax::{Binary, Clause, Expression, Pattern, Program, Statement, Unary};

/// Brackets inside brackets.
const DEPTH_MAX: usize = 32;

type Parsed<T> = Result<T, String>;

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    depth: usize,
}

pub(super) fn expression(text: &str) -> Parsed<Expression> {
    let mut parser = Parser::of(text)?;
    let expression = parser.expression()?;
    parser.end()?;
    Ok(expression)
}

pub(super) fn program(text: &str) -> Parsed<Program> {
    let mut parser = Parser::of(text)?;
    parser.want_word("fun")?;
    let mut clauses = Vec::new();
    loop {
        parser.want("(")?;
        let pattern = parser.pattern()?;
        parser.want(")")?;
        clauses.push(parser.clause(pattern)?);
        if !parser.take(";") {
            break;
        }
    }
    parser.want_word("end")?;
    parser.end()?;
    Ok(Program { clauses })
}

impl Parser {
    fn of(text: &str) -> Parsed<Self> {
        Ok(Self {
            tokens: tokens(text)?.into_iter().peekable(),
            depth: 0,
        })
    }

    fn take(&mut self, sign: &str) -> bool {
        self.tokens
            .next_if(|token| matches!(token, Token::Sign(found) if *found == sign))
            .is_some()
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.tokens
            .next_if(|token| matches!(token, Token::Word(found) if found == word))
            .is_some()
    }

    fn want(&mut self, sign: &str) -> Parsed<()> {
        if self.take(sign) {
            return Ok(());
        }
        Err(format!("`{sign}` is missing before {}", self.next_shown()))
    }

    fn want_word(&mut self, word: &str) -> Parsed<()> {
        if self.take_word(word) {
            return Ok(());
        }
        Err(format!("`{word}` is missing before {}", self.next_shown()))
    }

    fn end(&mut self) -> Parsed<()> {
        match self.tokens.peek() {
            None => Ok(()),
            Some(_) => Err(format!("{} is not expected", self.next_shown())),
        }
    }

    fn next_shown(&mut self) -> String {
        match self.tokens.peek() {
            None => "the end".to_owned(),
            Some(Token::Sign(sign)) => format!("`{sign}`"),
            Some(Token::Word(word)) => format!("`{word}`"),
            Some(Token::Value(value)) => format!("`{value}`"),
        }
    }

    fn clause(&mut self, pattern: Pattern) -> Parsed<Clause> {
        let guard = match self.take_word("when") {
            true => Some(self.expression()?),
            false => None,
        };
        self.want("->")?;
        Ok(Clause {
            pattern,
            guard,
            body: self.body()?,
        })
    }

    fn body(&mut self) -> Parsed<Vec<Statement>> {
        let mut body = vec![self.statement()?];
        while self.take(",") {
            body.push(self.statement()?);
        }
        Ok(body)
    }

    fn statement(&mut self) -> Parsed<Statement> {
        let value = self.expression()?;
        if !self.take("=") {
            return Ok(Statement { name: None, value });
        }
        let Expression::Word(name) = value else {
            return Err("only a variable can stand before `=`".to_owned());
        };
        Ok(Statement {
            name: Some(name),
            value: self.expression()?,
        })
    }

    fn pattern(&mut self) -> Parsed<Pattern> {
        let negative = self.take("-");
        Ok(match self.operand()? {
            Expression::Word(name) if name.starts_with('_') => Pattern::Anything,
            Expression::Word(name) => match atom(&name) {
                Some(value) => Pattern::Value(value),
                None => Pattern::Name(name),
            },
            Expression::Value(Value::Number(number)) if negative => {
                let number = number.as_i64().and_then(i64::checked_neg);
                Pattern::Value(number.ok_or("a pattern is a whole number")?.into())
            }
            Expression::Value(value) if !negative => Pattern::Value(value),
            _ => return Err("a pattern is a variable, a value or `_`".to_owned()),
        })
    }

    fn expression(&mut self) -> Parsed<Expression> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("its brackets are too deep".to_owned());
        }
        let expression = self.level(0)?;
        self.depth -= 1;
        Ok(expression)
    }

    /// Binary operators from the loosest level to the tightest.
    fn level(&mut self, level: usize) -> Parsed<Expression> {
        if level >= LEVELS {
            return self.unary();
        }
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(level) {
            // `++` and `--` bind from the right.
            let right = self.level(if level == 3 { 3 } else { level + 1 })?;
            left = Expression::Binary(operator, Box::new((left, right)));
        }
        Ok(left)
    }

    fn operator(&mut self, level: usize) -> Option<Binary> {
        let found = match self.tokens.peek()? {
            Token::Sign(sign) => binary(sign),
            Token::Word(word) => binary(word),
            Token::Value(_) => None,
        };
        let (operator, at) = found?;
        (at == level).then(|| {
            self.tokens.next();
            operator
        })
    }

    fn unary(&mut self) -> Parsed<Expression> {
        let operator = match self.tokens.peek() {
            Some(Token::Sign("-")) => Unary::Minus,
            Some(Token::Sign("+")) => Unary::Plus,
            Some(Token::Word(word)) if word == "not" => Unary::Not,
            Some(Token::Word(word)) if word == "bnot" => Unary::BitNot,
            _ => return self.with_fields(),
        };
        self.tokens.next();
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("its signs are too many".to_owned());
        }
        let operand = self.unary()?;
        self.depth -= 1;
        Ok(Expression::Unary(operator, Box::new(operand)))
    }

    fn with_fields(&mut self) -> Parsed<Expression> {
        let mut value = self.operand()?;
        while self.take(".") {
            match self.tokens.next() {
                Some(Token::Word(field)) => value = Expression::Field(Box::new(value), field),
                _ => return Err("a field's name is missing after `.`".to_owned()),
            }
        }
        Ok(value)
    }

    fn operand(&mut self) -> Parsed<Expression> {
        let token = self.tokens.next().ok_or("it ends too soon")?;
        match token {
            Token::Value(value) => Ok(Expression::Value(value)),
            Token::Word(word) if word == "case" => self.case(),
            Token::Word(word) if word == "if" => self.branches(),
            Token::Word(word) => self.word(word),
            Token::Sign("(") => {
                let inner = self.expression()?;
                self.want(")")?;
                Ok(inner)
            }
            Token::Sign("<<") => self.binary_text(),
            Token::Sign("[") => self.list(),
            Token::Sign("{") => {
                let key = self.expression()?;
                self.want(",")?;
                let value = self.expression()?;
                self.want("}")?;
                Ok(Expression::Pair(Box::new((key, value))))
            }
            Token::Sign("#{") => self.map(),
            Token::Sign(sign) => Err(format!("`{sign}` is not expected")),
        }
    }

    /// `<<"text">>`, `<<"text"/utf8>>`, `<<>>`.
    fn binary_text(&mut self) -> Parsed<Expression> {
        let text = match self
            .tokens
            .next_if(|token| matches!(token, Token::Value(Value::String(_))))
        {
            Some(Token::Value(text)) => text,
            _ => Value::String(String::new()),
        };
        if self.take("/") {
            self.want_word("utf8")?;
        }
        self.want(">>")?;
        Ok(Expression::Value(text))
    }

    fn word(&mut self, word: String) -> Parsed<Expression> {
        if self.take(":") {
            let Some(Token::Word(name)) = self.tokens.next() else {
                return Err(format!("a function's name is missing after `{word}:`"));
            };
            self.want("(")?;
            return Ok(Expression::Call(word, name, self.arguments()?));
        }
        if self.take("(") {
            return Ok(Expression::Call(
                "erlang".to_owned(),
                word,
                self.arguments()?,
            ));
        }
        Ok(Expression::Word(word))
    }

    fn arguments(&mut self) -> Parsed<Vec<Expression>> {
        let mut arguments = Vec::new();
        if self.take(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if self.take(")") {
                return Ok(arguments);
            }
            self.want(",")?;
        }
    }

    fn list(&mut self) -> Parsed<Expression> {
        let mut items = Vec::new();
        if self.take("]") {
            return Ok(Expression::List(items, None));
        }
        loop {
            items.push(self.expression()?);
            if self.take("|") {
                let rest = self.expression()?;
                self.want("]")?;
                return Ok(Expression::List(items, Some(Box::new(rest))));
            }
            if self.take("]") {
                return Ok(Expression::List(items, None));
            }
            self.want(",")?;
        }
    }

    fn map(&mut self) -> Parsed<Expression> {
        let mut fields = Vec::new();
        if self.take("}") {
            return Ok(Expression::Map(fields));
        }
        loop {
            let key = self.expression()?;
            self.want("=>")?;
            fields.push((key, self.expression()?));
            if self.take("}") {
                return Ok(Expression::Map(fields));
            }
            self.want(",")?;
        }
    }

    fn case(&mut self) -> Parsed<Expression> {
        let value = self.expression()?;
        self.want_word("of")?;
        let mut clauses = Vec::new();
        loop {
            let pattern = self.pattern()?;
            clauses.push(self.inner_clause(pattern)?);
            if !self.take(";") {
                break;
            }
        }
        self.want_word("end")?;
        Ok(Expression::Case(Box::new(value), clauses))
    }

    fn inner_clause(&mut self, pattern: Pattern) -> Parsed<Clause> {
        self.depth += 1;
        let clause = self.clause(pattern);
        self.depth -= 1;
        clause
    }

    fn branches(&mut self) -> Parsed<Expression> {
        let mut branches = Vec::new();
        loop {
            let condition = self.expression()?;
            self.want("->")?;
            branches.push((condition, self.body()?));
            if !self.take(";") {
                break;
            }
        }
        self.want_word("end")?;
        Ok(Expression::If(branches))
    }
}

/// The atoms that are values of JSON.
pub(super) fn atom(word: &str) -> Option<Value> {
    Some(match word {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" | "undefined" => Value::Null,
        _ => return None,
    })
}

const LEVELS: usize = 6;

/// An operator and how loosely it binds, from 0.
fn binary(sign: &str) -> Option<(Binary, usize)> {
    Some(match sign {
        "orelse" => (Binary::OrElse, 0),
        "andalso" => (Binary::AndAlso, 1),
        "==" => (Binary::Equal, 2),
        "/=" => (Binary::NotEqual, 2),
        "=:=" => (Binary::ExactlyEqual, 2),
        "=/=" => (Binary::NotExactlyEqual, 2),
        "<" => (Binary::Less, 2),
        "=<" | "<=" => (Binary::LessOrEqual, 2),
        ">" => (Binary::More, 2),
        ">=" => (Binary::MoreOrEqual, 2),
        "++" => (Binary::Append, 3),
        "--" => (Binary::Without, 3),
        "+" => (Binary::Add, 4),
        "-" => (Binary::Subtract, 4),
        "bor" => (Binary::BitOr, 4),
        "bxor" => (Binary::BitXor, 4),
        "bsl" => (Binary::ShiftLeft, 4),
        "bsr" => (Binary::ShiftRight, 4),
        "or" => (Binary::Or, 4),
        "xor" => (Binary::Xor, 4),
        "*" => (Binary::Multiply, 5),
        "/" => (Binary::Divide, 5),
        "div" => (Binary::Div, 5),
        "rem" => (Binary::Rem, 5),
        "band" => (Binary::BitAnd, 5),
        "and" => (Binary::And, 5),
        _ => return None,
    })
}
