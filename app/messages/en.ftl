# The city's own pages in English.
nav-about = About collaboration
nav-search = Search

# The front page.
front-title = The city that { -residents } and city hall build together
front-lead = See what was promised in the { -plan }, and how far it has come.
front-search = Search measures and figures by words
front-wishes = Start from what you want to do
front-contact = Ask a person

# What collaboration means here.
about-title = What collaboration means here
about-toc = On this page
about-source = Written in plain Japanese from the { -plan-short }. What the city itself says stays in Japanese.
about-empty = There is no explanation yet. Please ask the { -office }.
about-definition = Meaning
about-vision = What we aim for
about-why = Why we need it
about-standards = Standards of conduct
about-principles = Principles
about-subsidiarity = Subsidiarity: help begins close by
about-effects = What it makes better
about-actors = Who takes part
about-roles = Roles that support areas and activities
about-example = For example:
about-suited = Work that suits collaboration
about-suited-caption = Work that suits collaboration, with examples
about-suited-name = Work
about-suited-examples = Examples
about-suited-text = Explanation
about-zones = Who leads: from { -residents } to the city
about-zones-text = The dark part is the role of { -residents }, the light part that of the city. The three in the middle are collaboration.
about-forms = Forms of collaboration
about-form-points = Points to watch
about-form-cases = Examples in the city
about-steps = How to go about it
about-programmes = What supports collaboration
about-kind-place = Places
about-kind-fund = Money
about-kind-programme = Programmes
about-kind-body = Groups and councils
about-kind-publication = Things to read
about-kind-other = Others
about-wishes = Start from what you want to do
about-glossary = Words explained
about-sdgs = Sustainable Development Goals
about-goal = Goal { $n }
about-position = Where the plan stands
about-position-upper = Plans above it
about-position-ordinance = Ordinance behind it
about-position-related = Plans it goes with
about-position-plans = Plans before and after
about-position-history = The way until now

# The seventeen goals, as the United Nations word them.
sdg-1 = No poverty
sdg-2 = Zero hunger
sdg-3 = Good health and well-being
sdg-4 = Quality education
sdg-5 = Gender equality
sdg-6 = Clean water and sanitation
sdg-7 = Affordable and clean energy
sdg-8 = Decent work and economic growth
sdg-9 = Industry, innovation and infrastructure
sdg-10 = Reduced inequalities
sdg-11 = Sustainable cities and communities
sdg-12 = Responsible consumption and production
sdg-13 = Climate action
sdg-14 = Life below water
sdg-15 = Life on land
sdg-16 = Peace, justice and strong institutions
sdg-17 = Partnerships for the goals

# Search.
search-title = Search
search-title-for = Results for “{ $q }”
search-field = Search measures, figures and explanations
search-examples = Try words like these
search-what = What you can find
search-scope = Looks through the plan’s measures, figures and yearly reports, and what collaboration means here. The texts are in Japanese, so please use Japanese words.
search-hits = What was found
search-found = found
search-none = Nothing found for “{ $q }”
search-none-single = Try the words one at a time.
search-none-shorter = Try a shorter word, such as 図書館 instead of 図書館の利用.
search-none-other = Try another word, such as 補助金 instead of お金. The texts are in Japanese.
search-none-plan = Look through the plan instead
search-none-contact = You can also ask a person
search-kind-about = Explanation
search-kind-node = Measure
search-kind-indicator = Figure
search-kind-report = Report
search-about-title = What collaboration means here: { $section }

# The public data.
docs-title = Open data (API)
docs-lead = Anyone can use the data of the { -plan }, without signing in.
docs-description = The description for programs (OpenAPI)
docs-data = What there is
docs-parameters = Parameters
docs-param-limit = How many items to get at once: 50 unless you say otherwise, 500 at most.
docs-param-after = Where to go on: the next of the answer before, unchanged.
docs-fields = What the answer holds
docs-example = Example of an answer
docs-try = Try it
docs-rules = Rules for all of it
docs-format = Format
docs-format-text = JSON in UTF-8. Names are lower-case English words joined by _. What is absent is null. Unknown parameters are ignored.
docs-lists = Lists
docs-lists-text = A list stands in items. When there is more, next has a value: put it into after and ask again. When next is null, that was all.
docs-years = Fiscal years
docs-years-text = A fiscal year is written as the Western year in which it begins, in April: 令和6年度 is 2024.
docs-dates = Dates and times
docs-dates-text = A date is written 2026-11-20, a time with its offset 2026-11-20T09:00:00+09:00 (RFC 3339).
docs-money = Money
docs-money-text = Whole yen, without separators.
docs-errors = When something is wrong
docs-errors-text = The status is 400 or above, and the answer says in JSON what is wrong and what to do (RFC 9457). Please mention the request_id when you contact us.
docs-problem = Example of such an answer

# My desk.
mydesk-title = My desk
mydesk-lead = { $n ->
    [one] One task is waiting for you.
   *[other] { NUMBER($n) } tasks are waiting for you.
}
mydesk-lead-late = { $n ->
    [one] { "" } One is past its date.
   *[other] { "" } { NUMBER($n) } are past their dates.
}
mydesk-over = Past the date
mydesk-week = This week
mydesk-later = Later
mydesk-undated = Without a date
mydesk-sent = What you handed in
mydesk-no-date = No date
mydesk-late = { $n ->
    [one] 1 day late
   *[other] { NUMBER($n) } days late
}
mydesk-today = Due today
mydesk-days-left = { $n ->
    [one] 1 day left
   *[other] { NUMBER($n) } days left
}
mydesk-months-left = { $n ->
    [one] 1 month left
   *[other] { NUMBER($n) } months left
}
mydesk-none = Nothing is waiting for you
mydesk-none-text = When there is something to write or to check, it stands here, the nearest date first. What you have begun to write can be continued from here.
mydesk-notices = Notices
mydesk-unread = { NUMBER($n) } unread
mydesk-new = Unread
mydesk-notices-none = Here you are told what others did that concerns you.
mydesk-notices-read = Mark all as read
mydesk-days = Coming up
mydesk-role-in = { $role } ({ $department })
mydesk-duty-ends = Your duty as { $role } ends
mydesk-standing-in-ends = You stop standing in as { $role }
mydesk-deputy-ends = { $name } stops standing in for you
mydesk-handover = The handover of April
said-notices-read = Your notices are marked as read.

# A form whose sender's session was over.
unsent-heading = Not sent yet
unsent-note = Your session was over, and this was not sent.
unsent-title = Not sent yet
unsent-title-of = Not sent yet, for “{ $page }”
unsent-crumb = Not sent yet
unsent-lead = This was not sent at { $when }, because your session was over. What you typed was kept.
unsent-secrets = Passwords and codes are not kept.
unsent-send = Send this
unsent-remove = Throw it away
unsent-nowhere = There is nowhere to send this any more. Copy what you need, then throw it away.
said-unsent-removed = It was thrown away.
