### Without $level: the plan's own words stay Japanese.

nav-plan = Plan and progress
now = now
so-far = so far
again = printed again
sentence-gap = {" "}
list-comma = ,{" "}

plan-line-on-schedule = { $of } of { $n } measures are on schedule.
plan-line-late = { $of ->
    [one] One is late.
   *[other] { $of } are late.
}
plan-line-unreported = { $of ->
    [one] One has not been reported on this year.
   *[other] { $of } have not been reported on this year.
}
plan-line-not-yet = { $of ->
    [one] One has yet to begin.
   *[other] { $of } have yet to begin.
}
plan-line-finished = { $of ->
    [one] One is finished.
   *[other] { $of } are finished.
}
plan-line-reported = { $of } of { $n } measures have a report for this year.
plan-line-done = { $of } of { $n } measures were carried out as planned.
plan-line-partly = { $of ->
    [one] One was carried out in part.
   *[other] { $of } were carried out in part.
}
plan-line-not-done = { $of ->
    [one] One never came to be carried out.
   *[other] { $of } never came to be carried out.
}
plan-line-unknown = { $of ->
    [one] One has no record.
   *[other] { $of } have no record.
}
plan-line-timeless = { $n } measures, without fixed years.
plan-line-ahead = { $n } measures, about to begin.

standing-on-schedule = on schedule
standing-late = late
standing-short = fell short
standing-unreported = not reported
standing-not-yet = yet to begin
standing-reported = reported
standing-done = carried out
standing-partly = in part
standing-not-done = not carried out
standing-unknown = no record
standing-timeless = no fixed years

health-achieved = achieved
health-on-track = on track
health-behind = behind
health-missed = missed
health-no-data = no data

local-label = Ways to look at the plan
local-overview = Overview
local-schedule = Schedule
local-matrix = Who does what
local-indicators = Indicators
to-overview = See the whole plan

overview-years = { $from } to { $to }
overview-years-over = { $from } to { $to } (finished)
overview-progress = Progress this year
overview-outcome = Outcome of the plan
overview-yearbar = Years of the plan
overview-aim = What the city aims for
overview-aim-past = What the city aimed for
overview-definition = What collaboration means
overview-about = More about collaboration in this city
overview-principles = { $n } principles
overview-figures = Figures that were promised
overview-all-indicators = { $n ->
    [one] See the indicator
   *[other] See all { $n } indicators
}
overview-measures = { $n } measures
overview-measures-again = { $n } measures ({ $again } of them printed again)
overview-news = What changed this year
overview-bodies = Who looks after the plan
overview-data = Data of the plan
overview-data-text = Measures, schedule and departments, free to use.
policy-count = { $n ->
    [one] 1 measure.
   *[other] { $n } measures.
}{" "}
policy-part = { $word }: { $n }.{" "}
news-moved = Moved on from “{ $from }” to “{ $to }”.
rule-on-schedule = A measure is on schedule when this year’s actual stage reaches the planned one. Without a report it is not reported.
rule-outcome = Carried out means that the last year reached the planned stage; in part means that it began but did not get there.
rule-reported = This plan has no stages by year, so the page shows whether there is a report for this year.
figures-how-to-read = The dotted line leads to the target, filled points are past years, the hollow point is where this year is heading.

front-plan = The plan now
front-plan-past = What became of the plan
front-plan-button = See plan and progress

schedule-title = Schedule
schedule-lead = What is done when, and how far: the plan beside what really happened, year by year.
schedule-none = This plan has no schedule by year.
schedule-caption = Planned and actual by measure, { $from } to { $to }
schedule-rule = An arrow continues the stage of the year before. A measure is on schedule when the actual stage reaches the planned one.
schedule-rule-past = An arrow continues the stage of the year before. All years of this schedule are over.
print-a3 = Set for A3 paper
print-a4 = Set for A4 paper
lane = Row
lane-planned = planned
lane-actual = actual
planned-nothing = nothing planned
planned-goes-on = { $mark } goes on

filter-label = Filter
filter-department = Department
filter-actor = Actor
filter-mark = Stage
filter-words = Words
filter-late = Late only
filter-late-past = Fell short only
filter-all = All
filter-button = Filter
filter-clear = Clear the filter
filter-nothing = Nothing fits. Try fewer conditions or shorter words.
measures-count = { $n ->
    [one] 1 measure
   *[other] { $n } measures
}

matrix-title = Who does what
matrix-lead = Who leads each measure and who takes part.
matrix-lead-targets = Whom each measure is for. ■ marks its audience.
matrix-none = This plan has no table of who does what.
matrix-caption = Roles by measure
matrix-caption-targets = Audience by measure
matrix-words = What the columns mean
matrix-target = audience
role-leads = leads
role-supports = takes part

measure-way-in = To ask or to join in
measure-years = Planned and actual
measure-caption = Planned and actual: { $title }
measure-what = What will be done
measure-situation = Situation and problems
measure-situation-past = Situation and problems when the plan was made
measure-completion = When it is finished
measure-no-end = It goes on without a fixed end.
measure-below = { $level }
measure-reports = Reports by year
measure-figures = Related figures
measure-facts = Who carries it out
stands-now = In { $year } “{ $planned }” is planned; it stands at “{ $actual }”.
stands-planned-only = Planned for { $year }: “{ $planned }”.
stands-over = The last plan was “{ $planned }” in { $year }; it came to “{ $actual }”.
report-by = Report by { $who } ({ $day })
report-by-graded = Report by { $who } ({ $day }), own grade { $grade }
report-next = Next: { $next }
opinion-by = { $who }
opinion-by-graded = { $who }, grade { $grade }
grade = { $name } ({ $text })
fact-leads = Leads
fact-supports = Takes part
fact-departments = Department
fact-implementers = Carried out by
fact-targets = For
fact-tag = Kind
fact-heading = Heading
fact-place = Place in the plan
fact-related = Related plans
plan-tag-new = begun with this plan
plan-tag-continued = continued
plan-tag-expanded = expanded
again-text = This measure is printed in more than one place of the plan. There is one record.
place-real = Original: { $place }
place-again = Again: { $place }

indicators-title = Indicators
indicators-line = { $n } figures the plan promised: { $parts }.
indicators-line-past = { $n } figures the plan promised; the outcome: { $parts }.
indicators-part = { $word } { $n }
indicators-none = This plan has no numeric targets. Progress is told in the reports of its measures.
indicators-count = { $n ->
    [one] 1 indicator
   *[other] { $n } indicators
}
indicators-whole-plan = Indicators of the whole plan
indicators-table = Table of the figures
indicators-caption = Baseline, years, target and status of each indicator
indicators-name = Indicator
indicators-unit = Unit
indicators-baseline = Baseline
indicators-aim = Target
indicators-status = Status
indicator-so-far = { $value } so far this year.
indicator-so-far-compared = { $value } so far this year; { $before } by the same day last year.
indicator-no-figures = No figures yet.
indicator-no-target-no-figures = There is no numeric target. Counting begins now.
indicator-aim = Target: { $value } in { $year }.
indicator-latest = { $year } had { $value }.{" "}
indicator-no-aim = There is no numeric target.
indicator-reached = The target of { $aim } for { $year } is reached.
indicator-left = { $left } are left to the target of { $year }.
indicator-missed = It missed the target of { $year } by { $left }.
indicator-no-year-yet = There is no full year yet.
indicator-full-year = Full year { $year }
indicator-until = This year until { $day }
indicator-aim-of = Target for { $year }
indicator-chart = Until now and from here
indicator-source = Where this figure comes from
indicator-rule = How the status is found
indicator-meaning = What this figure tells
indicator-node = Place in the plan
indicator-note = Note
indicator-data = Data
unit-up = { $unit } (more is better)
unit-down = { $unit } (less is better)
source-entered = The department in charge enters the result of its survey or count once a year.
source-count = Counted one by one from { $what }, not retyped.
source-sum = Added up from { $what }, not retyped.
source-distinct = Counted from { $what }, each only once.
source-net = The start, plus { $what }, less those withdrawn.
sum-before = Until the year before
sum-added = Recorded this year until { $day }
sum-taken = Taken back or withdrawn
sum-so-far = This year so far
sum-projection-compared = The projection compares with the same day last year.
sum-projection-days = The projection goes by the share of days gone.
sum-last-year = All of last year
sum-ratio = This year so far ÷ same day last year
sum-projection = Projection for this year
health-rule = Achieved: the latest full year reaches the last target. On track: it reaches the line from baseline to target. Behind: it does not. No data: there is no target or no full year.
health-rule-past = Achieved: the latest full year reaches the last target. On track: it reaches the line from baseline to target. The year of the target is over; what does not reach it is missed. No data: there is no target or no full year.
health-line = The line for { $year } is { $line }; the figure is { $value }.
health-way = { $share } % of the way from baseline to target is gone.
health-projected = At the average pace until now, { $year } will have { $value }.

fact-case-opened = records of consultations
fact-support-given = records of support given
fact-match-made = records of people and groups brought together
fact-talent-registered = records of people registered
fact-area-council-founded = records of bodies founded
fact-team-meeting-held = records of meetings held
fact-area-activity-done = records of activities in the areas
fact-exchange-held = records of exchange events
fact-message-sent = records of messages sent
fact-course-held = records of courses held
fact-proposal-adopted = records of proposals adopted
fact-youth-support-given = records of schools supported
fact-place-used = records of people using the halls
fact-page-viewed = records of pages read
fact-organisation-registered = records of organisations registered
fact-organisation-withdrawn = records of organisations withdrawn
fact-talent-withdrawn = records of people withdrawn
fact-intermediary-registered = records of intermediary bodies registered
fact-dispatch-done = records of people sent to help
fact-help-hours = records of hours of mutual help
fact-project-started = records of projects started
fact-project-finished = records of projects finished
fact-proposal-submitted = records of proposals submitted
fact-agreement-signed = records of agreements signed
fact-evaluation-done = records of evaluations
fact-grant-decided = records of grants decided
fact-grant-paid = records of grants paid
fact-grant-settled = records of grants settled
fact-application-received = records of applications received
fact-opinion-received = records of opinions received
fact-opinion-answered = records of opinions answered
fact-survey-answered = records of survey answers
fact-meeting-held = records of meetings with residents
fact-comment-received = records of public comments received
fact-council-met = records of council meetings
fact-minutes-published = records of minutes published
fact-member-appointed = records of council members appointed
fact-table-held = records of round tables held
fact-request-answered = records of requests answered
fact-booking-made = records of bookings
fact-course-attended = records of people attending courses
fact-post-published = records of posts published

sheet-plan = measures
sheet-key = Key
sheet-code = Code
sheet-level = Level
sheet-title = Title
sheet-purpose = Purpose
sheet-situation = Situation
sheet-text = Content
sheet-completion = Completion
sheet-standing = Standing
sheet-planned = { $year } planned
sheet-actual = { $year } actual
sheet-fiscal-year = Fiscal year (Western)
sheet-source = Source
sheet-entered = entered
sheet-counted = counted

# The description of the public data.
docs-path-plan = Title, period, levels and principles of the plan
docs-path-plan-nodes = Every line of the plan with its schedule
docs-path-plan-indicators = Indicators with baseline, targets and past years

nav-desk-plan = Texts of the plan
desk-list-lead = Departments write what residents read: the description, whom to ask, and how words are read.
desk-list-state = State
desk-list-public = In public
desk-list-open = Left to do
desk-list-act = What to do
desk-list-own = Measures of my department
desk-list-others = Measures of other departments
desk-list-edition = version { $n }, { $when }, { $who }
desk-list-draft = draft of { $who }, { $when }
desk-list-draft-own = my draft, { $when }
desk-state-edited = written by a department
desk-state-printed = as in the plan
desk-state-draft = with a draft
desk-state-undescribed = no description
desk-state-no-contact = no contact
desk-write = Write
desk-look = Look
desk-edit-title = Write about { $title }
desk-stands-printed = The plan's own text is public
desk-stands-edition = Version { $n } is public
desk-other-writes = { $who } is writing too (saved { $when })
desk-draft-title = Your draft
desk-draft-text = This is the draft saved on { $when }. It is not public yet.
desk-overtaken = Something newer was published after you began. You can compare both when you publish.
desk-draft-remove = Throw the draft away
desk-jump = Go to the form
desk-now = What residents see now
desk-now-nothing = There is no description yet.
desk-tips = When you write
desk-tips-text = First for whom and what. Add a few words to whatever is hard to understand.
desk-to-texts = See earlier versions
desk-to-public = See the public page
desk-publish = Publish
desk-rewrite = Go on writing
desk-to-preview = See it as residents will
desk-save = Save the draft
desk-saved = Draft saved { $when }
desk-save-failed = The draft cannot be saved. It is tried again as soon as there is a connection.
desk-they-write = This is written by { $who }.
desk-department-writes = This is written by the reporters and heads of { $department }.
desk-they-of-department-write = This is written by { $who } of { $department }.
desk-nobody-writes = Nobody has been named yet to write this.

text-purpose = Purpose
text-purpose-hint = What residents read first. Up to { NUMBER($n) } characters.
text-text = What is done
text-text-hint = Stands below the purpose. Up to { NUMBER($n) } characters.
text-situation = How things are
text-situation-hint = Up to { NUMBER($n) } characters.
text-completion = When it is finished
text-completion-hint = Up to { NUMBER($n) } characters.
text-contact = Whom to ask
text-contact-hint = Leave it empty if the department's own contact will do.
text-office = Name of the counter
text-phone = Telephone
text-fax = Fax
text-email = Mail
text-hours = Hours
text-address = Place
text-readings = How words are read
text-readings-hint = One word a line: the kanji, a space, the hiragana. Shown as furigana.

fault-nothing = Write something for residents under "Purpose" or "What is done".
fault-too-long = { $part } takes up to { NUMBER($most) } characters. Leave out { NUMBER($over) }.
fault-no-way = Give a telephone number, a mail address or a place.
fault-not-a-number = { $part }: write it in figures, such as 000-000-0000.
fault-not-an-address = Write the mail address like name@example.jp.
fault-too-many-readings = Up to 50 lines of readings.
fault-no-reading = Write a space and the reading after “{ $word }”.
fault-no-kanji = “{ $word }” has no kanji. Leave this line out.
fault-not-hiragana = Write the reading of “{ $word }” in hiragana.
fault-nowhere = “{ $word }” stands neither in the title nor in the texts.
fault-twice = “{ $word }” stands there twice. Keep one.
fault-long-reading = The line of “{ $word }” is too long. One word a line, please.

preview-title = Not public yet
preview-text = This is your draft as residents will see it. Nobody else sees this page.
preview-same = You have no draft. This is what is public now.
desk-preview = Preview
desk-preview-title = Preview: { $title }

desk-conflict = Somebody published first
desk-conflict-title = Somebody published first: { $title }
desk-conflict-lead = While you were writing, { $who } renewed the text of this measure. The text of { $own } is kept as a draft. Choose what to do.
desk-conflict-caption = How the two texts differ
desk-the-document = the plan's document
desk-conflict-lead-document = While you were writing, the plan was updated and with it the text of this measure. The text of { $own } is kept as a draft. Choose what to do.
desk-text-of = Text of { $who }
desk-not-public = not public yet
desk-field = Field
desk-differs = differs
desk-same = same
desk-take = What shall be done?
desk-take-both = Rewrite with both in view
desk-take-both-note = Begins from your text.
desk-take-mine = Publish your text
desk-take-mine-note = What is public now stays among the earlier versions.
desk-take-theirs = Leave what is public now
desk-take-theirs-note = Your text stays as a draft.
desk-take-button = Decide
desk-take-later = Decide later

desk-texts = Versions
desk-texts-title = Versions of { $title }
desk-texts-lead = Everything that was published is kept. Going back publishes an earlier text as a new version.
desk-texts-count = { $n ->
    [one] One version
   *[other] { $n } versions
}
desk-edition = Version { $n }
desk-stands = public
desk-against = Compared with { $edition }
desk-from-document = as in the plan
desk-from-document-at = { $when }, with an update of the plan
desk-published-by = { $when }, published by { $who }
desk-gone = taken out:
desk-come = put in:
desk-restore = Go back to this version

said-draft-saved = The draft is saved.
said-draft-removed = The draft is gone.
said-text-published = Published. The public page is new.
said-text-same = Nothing was changed: this is what is public already.
said-text-restored = The earlier text is public again.
said-text-newer = A newer version had been published. Look at it, then choose again.
said-text-left = What is public stays. Your text is kept as a draft.

notice-text-published = { $who } published the text of “{ $title }”.
notice-text-restored = { $who } went back to an earlier text of “{ $title }”.

task-draft = You began a text for residents. The draft was saved on { $when }.
task-undescribed = There is no description for residents yet.
task-no-contact = There is no contact yet.

# At the desk: who is in charge of a measure.
assign = Department in charge
assign-link = Decide which department is in charge
assign-title = Department in charge of { $title }
assign-about = Decide which department is in charge. Its reporters and heads may then write this text, and they are told.
assign-many = Put a department in charge of several
assign-many-about = Choose one department and tick what it is in charge of. Its reporters and heads are told.
assign-lead = Leading department
assign-lead-hint = It comes first where residents see whom to ask.
assign-lead-missing = Choose the leading department.
assign-nobody = Not decided yet
assign-others = Departments that share the work
assign-others-hint = Tick none if there are none.
assign-gone = A department you chose is no longer there. Choose again.
assign-overtaken = Somebody else decided while you were choosing. Open the page again and choose once more.
assign-choose = Choose
assign-department-missing = Choose a department.
assign-measures = What it is in charge of
assign-measures-hint = Where nobody is in charge yet it leads; elsewhere it shares the work.
assign-measures-missing = Tick at least one.
assign-now = { " " }(now { $departments })
assign-button = Put in charge
assign-back = Cancel and go back
assign-none = There are no departments yet
assign-none-text = The plan's document names no departments. Add them first, then choose them here.
assign-to-departments = Go to the departments
assign-needed = { $n ->
    [one] It is in charge of one part of the plan. Put another department in charge first.
   *[other] It is in charge of { NUMBER($n) } parts of the plan. Put another department in charge first.
}
desk-state-no-department = No department
said-departments-put = The department is in charge now.
said-departments-same = Nothing changed: the same departments are in charge.
notice-measure-assigned = { $who } put { $department } in charge of "{ $title }".
notice-measures-assigned = { $who } put { $department } in charge of { $n } parts of the plan.

# Documents of a measure.
documents = Documents
document-told = { " " }({ $kind }, { $size })
document-kind-pdf = PDF
document-kind-png = PNG picture
document-kind-jpeg = JPEG picture
document-kind-docx = Word document
document-kind-xlsx = Excel sheet
document-kind-pptx = PowerPoint slides
document-kind-odt = ODT document
document-kind-ods = ODS sheet
document-kind-csv = CSV table
document-kind-txt = text
document-kind-bytes = file
document-size-bytes = { $n ->
    [one] one byte
   *[other] { NUMBER($n) } bytes
}
document-size-kb = { NUMBER($n) } KB
document-size-mb = { $n } MB
documents-link = Add or remove documents ({ NUMBER($n) })
documents-look = Documents ({ NUMBER($n) })
documents-title = Documents of { $title }
documents-lead = Everybody can download these documents from the public page.
documents-others = Whoever may write this text may add and remove documents.
documents-none = There are no documents yet.
documents-count = { $n ->
    [one] One document
   *[other] { NUMBER($n) } documents
}
documents-name = Name
documents-kind = Kind
documents-size = Size
documents-who = Added by
documents-when = Added
documents-add = Add a document
documents-back = Back to the text
documents-file = File
documents-file-hint = One of { $endings }, up to { NUMBER($n) } MB. It is public at once: make sure that it holds nothing personal.
documents-file-missing = Choose the file to add.
documents-remove = Remove for good
said-document-added = The document is added. The public page shows it.
said-document-removed = The document is removed, from the public page as well.
said-document-gone = This document had been removed before.
