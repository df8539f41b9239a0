//! Papers as files, read back by other people's programs.

mod docx;
mod literal;
mod pdf;
mod read;
mod small;
mod yearly_report;
