# Mutual evaluation: partners are asked by mail what they think of a year.
partners-title = Partners’ views of { $year }
partners-lead = Organisations that worked on it with the city are asked by mail. They answer from the link in the letter, without an account.
partners-none = Nobody is asked yet
partners-none-text = When you enter a partner, a letter with their link leaves at once.
partners-count = { $n } partners are asked
partners-publish-all = Publish { $n } views that came in
partners-remind-all = Remind { $n } partners
partner-new = Ask a partner
partner-new-lead = A letter goes to the partner. Its link is good until a week after the last day.
partner-organisation = Organisation
partner-organisation-hint = Suggested as the name under which the view is published.
partner-organisation-missing = Enter the name of the organisation.
partner-name = Person
partner-name-hint = If you know one. Used in the letter, never published.
partner-email = Mail address
partner-email-hint = Another address gets a new link; the old one ends.
partner-email-wrong = No letter can go to this address. Example: kyodo@example.jp
partner-items = Items
partner-items-missing = Choose the items.
partner-asked-already = This person is asked about “{ $item }” already.
partner-due = Answer by
partner-due-hint = Kyodo reminds those who are missing three days before.
partner-due-past = This day is over.
partner-note = Note to the partner
partner-note-hint = It stands in the letter and above the answer. Up to { $n } characters.
partner-long = Take away { $n } characters.
partner-send = Send the letter
partner-state = State
partner-stage-asked = Waiting for an answer
partner-stage-answered = View received
partner-stage-aside = Not published
partner-stage-published = Published
partner-ended = Link ended
partner-late = Late
partner-answered-of = { $n } of { $of } answered
partner-answers = Answers
partner-forgotten = Erased a year after the last day
partner-asked-at = Asked
partner-asked-by = Asked by
partner-reminded-at = Last reminded
partner-ended-at = Link ended
partner-publish = Publish
partner-set-aside = If it is not to be published
partner-set-aside-button = Do not publish
partner-reason = Why it is not published
partner-reason-hint = Stays at the desk. Neither the partner nor residents see it.
partner-reason-missing = Say why it is not published.
partner-take-up = Take up again
partner-letters = Letters
partner-letters-text = Whoever has the link can answer. If it went astray, end the link or change the address.
partner-remind = Remind
partner-send-again = Send the same letter again
partner-revoke = End the link
partner-change = Change address or day
partner-change-button = Change
partner-to-list = All partners
round-partners = Partners’ views
said-partner-asked = The letter is on its way.
said-partner-sent = The same letter is on its way again.
said-partner-moved = A letter with a new link is on its way to the new address. The old link has ended.
said-partner-changed = The day was changed.
said-partner-revoked = The link has ended. What was answered stays.
said-partner-reminded = A reminder is on its way.
said-partners-reminded = Reminders are on their way to those who are missing.
said-partner-published = The view is public.
said-partners-published = The views are public.
said-partners-none = There was nothing to publish.
said-partner-aside = It will not be published.
said-partner-taken-up = It can be published again.
said-partner-elsewhere = This changed meanwhile, or a reminder was sent already. Look at how things are now.
task-partners = Read and publish { $n } views of partners
job-partner-reminders = Remind partners who have not answered
schedule-partner-reminders = Reminders to partners, three days before their day
job-plan-forgetting = Erase addresses that are not needed any more
schedule-plan-forgetting = Erase addresses that are not needed any more
partner-whom = { $organisation }
partner-whom-named = { $organisation }, { $name }
letter-partner-item = - { $item }
letter-partner-phone = Telephone { $phone }
letter-partner-asked-subject = { -plan-short }: your view of { $year }
letter-partner-asked-text = Dear { $who },

    { -office } of { -city } asks for your view of what you worked on with the city in { $year }.

    { $items }

    Open this link and write. You need no account and no password.

    { $link }

    Please answer by { $due }. Until it is published you can change it as often as you like.
    The city may publish your view with the name of your organisation.
    The link is for your organisation only.

    If you have a question, please ask { -office } of { -city }.
    { $phone }
letter-partner-reminded-subject = By { $due }: { -plan-short }, your view of { $year }
letter-partner-reminded-text = Dear { $who },

    the last day for your view of { $year } is near.

    { $items }

    Open this link and write. You need no account and no password.

    { $link }

    Please answer by { $due }. If you have a question, please ask { -office } of { -city }.
    { $phone }
partner-closed-title = This link cannot be used
partner-closed-text = One of these may be the reason.
partner-closed-over = The last day to answer is over
partner-closed-new = A letter with a new link is in your mailbox
partner-closed-cut = The link was cut in the letter. Copy it to its very end
partner-closed-ask = If you still want to write, please tell whoever sent you the letter, or the office named at the foot of this page. You will be sent a new link.
partner-to-plan = See the plan
partner-ask-title = Please tell us your view
partner-ask-text = Please write what went well and what should be better in what you worked on with the city in { $year }. An item takes about five minutes.
partner-until = Please answer by { $day }. Until it is published you can change it as often as you like.
partner-begin = Begin
partner-next = The next item
partner-thanks = Thank you
partner-thanks-text = You have answered everything about { $year }.
partner-thanks-then = The office reads it and prepares it for publication. Departments answer what is published and learn from it for the next year.
partner-items-title = What we ask about
partner-item = Item
partner-not-yet = Not yet
partner-done = Written
partner-write = Write
partner-rewrite = Change
partner-look = Look
partner-reported = What the city did in { $year }
partner-planned = Planned
partner-reached = Reached
partner-unreported = The city’s own report is still being written. Please write what you saw yourself.
partner-to-public = More about this item
partner-opinion = Your view
partner-grade = How far do you think it is?
partner-grade-none = No grade
partner-grade-unknown = Choose the grade again.
partner-comment = Your words
partner-comment-hint = What went well, what should be better. Up to { $n } characters.
partner-comment-missing = Please write something.
partner-comment-long = Up to { $most } characters. Take away { $over }.
partner-my-number = There is a number of twelve digits that looks like an individual number. Please take it away.
partner-shown = Name it is published under
partner-shown-hint = Such as your organisation’s. Leave a person’s name out if it should not be public.
partner-shown-missing = Enter the name it is published under.
partner-consent = Publication
partner-consent-text = The city may publish this view with the name above.
partner-consent-missing = Tick the box if you agree. If you do not, please get in touch with the office.
partner-keep = Send this
partner-back = Back to the list
partner-public-now = This view is public. To change it, please get in touch with the office.
partner-theirs = Somebody else has written
partner-theirs-text = While you were writing, this was sent by the same link. Your own words stand below. Compare them, and send yours again if you want to.
partner-mine = What you were writing
partner-mine-text = Your earlier view was published before you sent this, so it could not be taken. To change it, please copy this and send it to the office.
said-partner-kept = We have received it. You can change it until it is published.
