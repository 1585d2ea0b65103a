//! How buttons are laid out in rows, the same on every channel that has rows.

use vikno_domain::{Button, ButtonKind};

/// Two labels of this many characters fit side by side on a telephone.
const HALF_ROW_LABEL: usize = 18;
/// Five labels of this many characters fit side by side.
const VOTE_LABEL: usize = 6;

/// Rows in reading order: a vote in one row, short labels in pairs, longer ones alone.
pub(crate) fn rows<'a>(buttons: impl IntoIterator<Item = &'a Button>) -> Vec<Vec<&'a Button>> {
    let mut rows: Vec<Vec<&Button>> = Vec::new();
    for button in buttons {
        match rows.last_mut() {
            Some(row) if row.len() < room(row, button) => row.push(button),
            _ => rows.push(vec![button]),
        }
    }
    rows
}

/// How many buttons the row may hold if this one joins it.
fn room(row: &[&Button], button: &Button) -> usize {
    let all = |fits: fn(&Button) -> bool| fits(button) && row.iter().all(|other| fits(other));
    if all(is_short_vote) {
        5
    } else if all(is_short_reply) {
        2
    } else {
        1
    }
}

fn is_short_vote(button: &Button) -> bool {
    button.id.starts_with("vote:") && button.label.chars().count() <= VOTE_LABEL
}

fn is_short_reply(button: &Button) -> bool {
    button.kind == ButtonKind::Reply
        && button.label.chars().count() <= HALF_ROW_LABEL
        && !is_short_vote(button)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(buttons: &[Button]) -> String {
        let rows = rows(buttons);
        let rows = rows.iter().map(|row| {
            row.iter()
                .map(|button| button.id.as_str())
                .collect::<Vec<_>>()
                .join(" ")
        });
        rows.collect::<Vec<_>>().join(" / ")
    }

    #[test]
    fn short_labels_share_a_row_and_long_ones_stand_alone() {
        let buttons = [
            Button::reply("a", "Субсидії"),
            Button::reply("b", "Пенсії"),
            Button::reply("c", "Виплати внутрішньо переміщеним особам"),
            Button::reply("operator", "Оператор"),
        ];
        assert_eq!(layout(&buttons), "a b / c / operator");
    }

    #[test]
    fn a_vote_is_one_row() {
        let mut buttons: Vec<Button> = (1..=5)
            .rev()
            .map(|score| Button::reply(format!("vote:{score}"), format!("{score} ⭐")))
            .collect();
        buttons.push(Button::reply("menu", "Меню"));
        assert_eq!(
            layout(&buttons),
            "vote:5 vote:4 vote:3 vote:2 vote:1 / menu"
        );
    }

    #[test]
    fn no_buttons_make_no_rows() {
        assert_eq!(layout(&[]), "");
    }
}
