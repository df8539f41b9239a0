### Without $unit: units are the plan's own words, which stay Japanese, and a hint cannot mark them.

# Figures of indicators: how they are kept, entered and shown.
job-fold-figures = Fold the figures of indicators
job-check-figures = Check the figures against the records
schedule-fold-figures = Fold the figures of indicators
schedule-check-figures = Check the figures against the records
source-share = The computer counts which part of the { $what } fits. Nobody copies it by hand.

# Figures at the desk: the list.
nav-desk-indicators = Figures
figures-lead = The figures of the latest full year are all there.
figures-lead-missing = { $n ->
    [one] One indicator has
   *[other] { NUMBER($n) } indicators have
} no figure for the latest full year.
figures-state-missing = Figure missing
figures-state-entered = Entered by hand
figures-state-counted = Counted
figures-state-corrected = Was corrected
figures-who = Who enters it
figures-latest = Latest figure
figures-open = To do
figures-missing = No figure for { $year }
figures-enter = Enter
task-figures = Enter the figures of { $year }

# One indicator, and the people of the city.
entry-title = Figures: { $title }
entry-who = Reporters and heads of { $department } may enter it, and whoever runs the plan.
entry-counted = What is entered is used for years before the counting began only.
entry-part-figure = Figures by year
entry-part-target = Targets by year
entry-about-figure = A correction never removes what stood before. Residents see the source and the department.
entry-about-target = Targets of a year may be added after the plan was adopted. Those printed in the plan stay as they are.
entry-none-figure = Nothing was entered yet.
entry-none-target = No target was added yet.
entry-year = Fiscal year
entry-value-figure = Figure
entry-value-target = Target
entry-value-population = Population
entry-value-hint = Full or half width; its unit may stand behind it.
entry-source = Source
entry-source-hint-figure = Which figure it is, in words residents understand, e.g. 住民アンケート（令和8年1月）
entry-source-hint-target = Who decided it, e.g. 推進会議（令和8年6月）
entry-source-hint-population = Which population it is, e.g. 住民基本台帳（令和8年3月末）
entry-button-figure = Enter this figure
entry-button-target = Add this target
entry-button-population = Enter this population
entry-whose = Entered by
entry-when = Entered at
entry-before = Before correction
entry-correct = Correct
entry-take-back = Take back
entry-taken-back = Taken back
entry-document = From the plan’s documents
entry-not-yet = Not entered yet
entry-fault-year = Choose a year from the list.
entry-fault-missing = Enter a figure.
entry-fault-number = Write it in digits only, e.g. 1,234.
entry-fault-whole = Write a whole number.
entry-fault-exact = Write at most { $n ->
    [one] one decimal
   *[other] { NUMBER($n) } decimals
}.
entry-fault-large = The figure is too large. Check its digits.
entry-fault-nobody = Enter a number above zero.
entry-fault-source = Say where the figure comes from.
entry-fault-long = Write at most { NUMBER($n) } characters.
entry-overtaken = Somebody was faster
entry-overtaken-lead = Somebody else has entered the figure of { $year } meanwhile. Choose one; both stay on record.
entry-theirs = What stands now
entry-mine = Yours
entry-take-mine = Correct it to yours
entry-leave-theirs = Leave what stands
said-entry-put = Entered. Residents can see it.
said-entry-corrected = Corrected. What stood before stays on record.
said-entry-same = It is the same as before, so nothing was changed.
said-entry-taken-back = Taken back. The record stays.
said-entry-overtaken = Somebody else changed it first. Look at it and choose again.
population-title = Population at the year’s end
population-lead = Figures per head are divided by it. Where a year has none, that of the year before is used.
population-none = No population was entered yet.
population-link = Population at the year’s end

# What everybody may know of what was entered.
entered-figures = Figures that were entered
entered-aims = Targets added after the plan
entered-who = Department
entered-when = Entered on
entered-before = { $value } before correction
entered-document = The plan’s documents

# The arithmetic of what is counted.
sum-fitting = Records that fit, this year until { $day }
sum-whole = All records, this year until { $day }
sum-heads = Population at the end of { $year }
sum-people = { $n } people
sum-words = { $added } recorded, less { $taken } taken back, make { $value }.
sum-words-share = Records that fit, divided by all records, times 100.
sum-words-heads = The sum of the records, divided by the latest population at a year’s end.
sum-words-distinct = Each is counted once. They are counted again every ten minutes.

# The records behind a figure.
records = Records
records-link = See the records behind it
records-title = Records: { $title }
records-lead = These are the { $what }, the newest first.
records-tags = Only those tagged “{ $tags }”.
records-prefix = Only those whose subject begins with “{ $prefix }”.
records-distinct = The same subject is counted once.
records-which = Which records
records-added = Added
records-taken = Taken away
records-fitting = Those that fit
records-whole = All
records-none = There are no records of this year.
records-newest = Newest first
records-back = Back to the indicator
records-id = Number
records-day = Day
records-kind = Kind
records-subject = Subject
records-tag = Tag
records-quantity = Quantity
records-state = State
records-takes-back = Takes back number { $id }
records-taken-back = Taken back by number { $id }
records-reverses = Takes back number
records-reversed = Taken back by number
records-recorded = Recorded at
