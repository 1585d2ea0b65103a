//! What each step answers to what, as tables: event and status in, reply, intent and effects out.
#![allow(clippy::unwrap_used, reason = "tests")]

mod clicks;
mod code;
mod commands;
mod endings;
mod identity;
mod messages;
mod one_time_codes;
mod operators;
mod organisations;
mod outside;
mod queues;
mod reactions;
mod sending;
mod support;
