//! Wrong usage, said in Japanese: what was not understood, what was probably meant, how the command is used.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::failure::{Failure, Result};
use crate::terminal;

/// Help that was asked for is an answer; everything else is wrong usage.
pub(super) fn tell(error: &Error) -> Result<()> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => terminal::print(&error.to_string()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Err(Failure::usage(error.to_string().trim_end())),
        kind => Err(Failure::usage(sentence(kind, error))),
    }
}

fn sentence(kind: ErrorKind, error: &Error) -> String {
    let said = |kind| error.get(kind).map(words).unwrap_or_default();
    let argument = said(ContextKind::InvalidArg);
    let value = said(ContextKind::InvalidValue);
    let text = match kind {
        ErrorKind::UnknownArgument => format!("「{argument}」という指定はありません。"),
        ErrorKind::InvalidSubcommand => {
            format!("「{}」というコマンドはありません。", said(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => "コマンドを指定してください。".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("{argument} を指定してください。"),
        ErrorKind::ArgumentConflict => {
            format!("{argument} と {} は、いっしょに指定できません。", said(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues if value.is_empty() => {
            format!("{argument} に値がありません。")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{argument} に「{value}」は使えません。")
        }
        ErrorKind::NoEquals => format!("{argument} は = に続けて値を書いてください。"),
        _ => "指定を読み取れません。".to_owned(),
    };
    // Of several that come near, the nearest stands last.
    let nearest = |kind| error.get(kind).map(nearest).unwrap_or_default();
    let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand].map(nearest).concat();
    let meant = if meant.is_empty() { meant } else { format!("「{meant}」のことですか。") };
    let usage = said(ContextKind::Usage);
    let usage = usage.trim_start_matches("Usage:").trim();
    let usage = if usage.is_empty() { String::new() } else { format!("\n\n使い方: {usage}") };
    format!("{text}{meant}{usage}\nくわしくは --help を付けて実行してください。")
}

fn nearest(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(words) => words.last().cloned().unwrap_or_default(),
        other => words(other),
    }
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(word) => word.clone(),
        ContextValue::Strings(words) => words.join(" "),
        other => other.to_string(),
    }
}
