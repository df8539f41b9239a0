//! The list as it comes: a file or pasted text, read into lines, or told what is wrong with which cell.

use axum::extract::{FromRequest, Request};
use http::header::CONTENT_TYPE;
use kyodo_kernel::Language;
use kyodo_kernel::people::Role;
use kyodo_kernel::workbook;
use kyodo_web::{Ctx, Form, Frame, Result, Upload};

use crate::handover::{Conflict, Line};
use crate::stafflist::{self, CellFault, Column, Known, StaffLine};

/// What was sent.
pub(super) struct Sent {
    /// The fields.
    pub(super) form: Form,
    /// The name of the file, or what pasted text is called.
    pub(super) name: String,
    /// The list.
    pub(super) content: Vec<u8>,
    /// Why the file is not taken.
    pub(super) refused: Option<String>,
}

impl Sent {
    /// Reads what was sent: the page sends a file or text as one kind of form, a session that was over sends the text
    /// again as the other.
    pub(super) async fn of(ctx: &Ctx, request: Request) -> Result<Self> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let (form, file) = if kind.starts_with("multipart/") {
            let upload: Upload = Upload::from_request(request, &ctx.house).await?;
            let file = upload.file("file");
            (Form(upload.fields), file)
        } else {
            (Form::from_request(request, &()).await?, None)
        };
        let f = ctx.frame("");
        let pasted = form.text("list").as_bytes().to_vec();
        let sent = match file {
            None => Self { name: f.t("handover-pasted"), content: pasted, refused: None, form },
            Some(Ok(file)) => Self { name: file.name.clone(), content: file.content().to_vec(), refused: None, form },
            Some(Err(refusal)) => {
                let variables = refusal.variables();
                let refused = Some(said(&f, refusal.message(), &variables));
                // Whatever it is, something was sent.
                Self { name: String::new(), content: vec![0], refused, form }
            }
        };
        Ok(sent)
    }
}

/// A cell that must be put right, what stands for it in words, and how.
pub(super) struct Fault {
    pub(super) cell: String,
    pub(super) column: String,
    pub(super) text: String,
}

/// The lines of the list, or everything that is wrong with it.
pub(super) fn lines(f: &Frame, sent: &Sent) -> std::result::Result<Vec<Line>, Vec<Fault>> {
    let whole = |message: &str, variables: &[(&'static str, String)]| {
        vec![Fault { cell: sent.name.clone(), column: String::new(), text: said(f, message, variables) }]
    };
    let sheet =
        workbook::list(&sent.content, &sent.name).map_err(|fault| whole(fault.message(), &fault.variables()))?;
    let real = f.ctx.state.departments.iter().filter(|department| !department.placeholder);
    let departments: Vec<_> = real.map(|own| (own.key.clone(), own.name.clone())).collect();
    let words = f.ctx.state.words(Language::Japanese);
    let roles: Vec<_> = Role::ALL
        .iter()
        .filter(|role| **role != Role::Resident)
        .map(|role| (words.say(role.message()), role.name()))
        .collect();
    let known = Known { departments: &departments, roles: &roles };
    let list = stafflist::read(&sheet, &known).map_err(|fault| {
        let cell = match &fault {
            stafflist::ListFault::SameHeads { cell, .. } => cell.clone(),
            _ => String::new(),
        };
        whole(fault.message(), &[("cell", cell)])
    })?;
    if list.faults.is_empty() {
        Ok(list.lines.into_iter().map(Line::from).collect())
    } else {
        Err(list.faults.iter().map(|fault| cell_fault(f, &sheet.name, fault)).collect())
    }
}

/// A conflict with what the city knows, as a fault of the list.
pub(super) fn told(f: &Frame, conflict: &Conflict) -> Fault {
    let (line, by, column, message) = match conflict {
        Conflict::NumberTaken { line, by } => (line, by, Column::Number, "handover-number-taken"),
        Conflict::AddressTaken { line, by } => (line, by, Column::Email, "handover-address-taken"),
    };
    Fault {
        cell: f.n("handover-row", line.row),
        column: f.t(column.message()),
        text: f.with(message, &[("name", &line.name), ("by", by)]),
    }
}

/// The row that a conflict is about.
pub(super) fn row_of(conflict: &Conflict) -> u32 {
    let (Conflict::NumberTaken { line, .. } | Conflict::AddressTaken { line, .. }) = conflict;
    line.row
}

fn cell_fault(f: &Frame, sheet: &str, fault: &CellFault) -> Fault {
    Fault {
        cell: f.with("handover-cell", &[("sheet", sheet), ("cell", &fault.cell)]),
        column: f.t(fault.column.message()),
        text: said(f, fault.problem.message(), &fault.problem.variables()),
    }
}

fn said(f: &Frame, message: &str, variables: &[(&'static str, String)]) -> String {
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    f.with(message, &variables)
}

impl From<StaffLine> for Line {
    fn from(line: StaffLine) -> Self {
        let StaffLine { row, number, name, kana, email, department, role, .. } = line;
        Self { row, number, name, kana, email, department, role: role.and_then(Role::named) }
    }
}
