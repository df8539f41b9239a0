# The page frame in English.
site-title = { -site }
city-name = { -city }
plan-name = { -plan }
office-name = { -office }
skip = Skip to content
menu = Menu
demo-notice = This is an example. Figures and texts are made up.
nav-main = Main pages
nav-foot = All pages
nav-tools = Language and display
nav-tools-foot = Language and display (bottom)
nav-crumbs = You are here
nav-api = Open data (API)
crumb-home = Home
furigana-on = Show furigana
furigana-off = Hide furigana
contact-fax = Fax
contact-unknown = No contact is registered yet. Please call the city hall.
contact-address = Counter
year-western = FY { $year }
count-exact = { $n ->
    [one] 1 item
   *[other] { NUMBER($n) } items
}
count-many = more than 10,000 items
pager-label = Pages
pager-next = Next
pager-first = Back to the start
download-csv = CSV
download-xlsx = Excel
download-json = JSON
search-label = Words to look for
search-button = Search
error-home = Back to the front page
error-request = Reference { $id }. Please mention it when you contact us.
error-not-found-title = Page not found
error-not-found-text = The page was renamed or is gone. Search for it, or start from the front page.
error-forbidden-title = Your role does not allow this
error-forbidden-text = Your present role does not allow this. If you need it, please contact { -office }.
error-too-large-title = This is too large
error-too-large-text = Please shorten the text or choose a smaller file, and try again.
error-method-title = This cannot be done here
error-method-text = This page is for reading. Please go back and try again.
error-invalid-title = Please correct your input
error-invalid-text = Some values cannot be used. Please correct what is named below.
error-away-title = Not available just now
error-away-text = The records cannot be reached. Please try again in a little while.
error-internal-title = Sorry, this could not be shown
error-internal-text = It is our fault. It has been recorded and we will mend it.
api-limit = limit must be a number from 1 to 500.
api-after = after takes the next value of the answer before, unchanged.
chart-title = Chart of { $name }
chart-target = target { $value }
chart-table = Table of the figures
chart-year = Year
chart-line = Line to the target
chart-value = Actual
chart-kind = Kind
chart-kind-baseline = baseline
chart-kind-year = full year
chart-kind-so-far = this year so far
chart-says-baseline = It began with { $value } in { $year }.{" "}
chart-says-latest = The latest full year is { $year } with { $value }.{" "}
chart-says-so-far = { $year } has { $value } so far.{" "}
chart-says-projection = At this pace { $year } ends with { $value }.{" "}
chart-says-target = The target is { $value } in { $year }.{" "}

# Signing in, and errors that have to do with it.
sign-in = Sign in
sign-out = Sign out
sign-in-again = Sign in and go on
nav-desk = Desk
error-forbidden-roles = Who may do this
error-forbidden-helpers = Who can help
error-over-title = Your session has ended
error-over-text = What you wrote is kept. Sign in to send it.
error-over-lost = Please sign in again.
error-over-unsent = What you wrote has not been sent yet. Keep this page open and go on like this.
resend-sign-in = Sign in in a new tab
resend-text = Come back to this page and send it again.
resend-send = Send again
error-foreign-title = This could not be accepted
error-foreign-text = It seems to come from another site. Please open this page again and try once more.
error-too-many-title = Please wait a little
error-too-many-text = There were too many tries. You can go on at { $time }.
error-gone-title = This link cannot be used
error-gone-text = It has expired or was used before. Please start again.
form-kind = Please send it from the page.
form-token = Please open the page again before you send it.

# Forms.
field-need = required
form-wrong = { $n ->
    [one] Please correct one thing
   *[other] Please correct { NUMBER($n) } things
}
said-saved = Saved.

# Roles.
role-administrator = Administrator
role-coordinator = Plan office
role-reporter = Department reporter
role-head = Department head
role-committee-member = Committee member
role-centre-staff = Centre staff
role-auditor = Auditor
role-resident = Resident
# Letters and jobs.
mail-unsubscribe = To stop receiving these letters, open this page:
job-mail = Sending a letter
job-sweep = Clearing away old records
schedule-sweep = Clearing away old records
job-sweep-files = Removing files that nothing needs
schedule-sweep-files = Removing files that nothing needs
# Why a file is not taken.
file-refused-empty = This file is empty. Please choose one with content.
file-refused-large = Files may have up to { $n } MB. Please make it smaller or send it in parts.
file-refused-kind = This kind of file cannot be taken. Please send PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), ODT, ODS, CSV, text, PNG or JPEG.
file-refused-closed = This file has an old format or a password. Please save it as docx, xlsx or pptx without a password.
file-refused-ending = The file's name does not fit its content. Please let the name end in { $ending }, or choose the right file.
file-refused-macros = Files with macros cannot be taken. Please save it without macros.
file-refused-damaged = This file seems to be damaged. Please open it, check it and save it again.
file-refused-my-number = This file holds a number of 12 digits that looks like an individual number (My Number). Please remove it first.
# Why a file is no spreadsheet.
sheet-not-a-sheet = Please choose an Excel, ODS or CSV file.
sheet-closed = Please save it without a password.
sheet-damaged = It cannot be read. Please save it again.
sheet-empty = Nothing stands in it.
sheet-too-long = Sheet { $sheet }, { $cell }: at most { $most } rows.
sheet-too-wide = Sheet { $sheet }, { $cell }: at most { $most } columns.
sheet-too-much = Sheet { $sheet }, { $cell }: at most { $most } letters.
