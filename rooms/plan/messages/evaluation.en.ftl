# Evaluation and answers: the committee's list, publishing what the meeting said, the departments' answers.
nav-desk-evaluations = The committee’s evaluation
nav-desk-opinions = Opinions and answers
evaluation-name = Evaluation of { $year }
evaluations-lead = Every year the committee evaluates how far the measures are.
evaluations-none = No evaluation has been opened yet
evaluations-none-text = When the office opens one, its year stands here and you are told.
evaluations-none-office = You can open the evaluation of a year whose reports are public. Its items then stand on the members’ desks.
evaluation-body = Who evaluates
evaluation-body-hint = The name that residents read.
evaluation-body-missing = Write the name of the body that evaluates.
evaluation-committee = Evaluation committee
evaluation-opens = First day to write
evaluation-opens-hint = Members can write from this day.
evaluation-due = Members’ last day
evaluation-due-hint = The last day for members to write. Three days before it, those who are not done are told. From the day after, the office reads what everybody wrote.
evaluation-note = To the members
evaluation-note-hint = It stands above the list. Up to 500 characters.
evaluation-opens-early = This day lies before the year that is evaluated.
evaluation-which = What is evaluated
evaluation-which-all = Every item whose report is public
evaluation-which-chosen = Only what is chosen below
evaluation-items-missing = Choose what is evaluated.
evaluation-open-title = Open an evaluation
evaluation-open-years = Years whose reports are public and that have no evaluation yet.
evaluation-open-year = Open the evaluation of { $year }
evaluation-open-note = Choose what is evaluated ({ $level }) and until when. Every member is told.
evaluation-open-button = Open the evaluation
evaluation-days = Change days and items
evaluation-days-note = With a later last day members can write again. An item of which somebody wrote stays on the list.
evaluation-items-count = { $n ->
    [one] 1 item
   *[other] { $n } items
}
evaluation-done-of = { $n } of { $of } written
evaluation-said-of = The meeting has spoken of { $n } of { $of }
evaluation-members-of = { $n } of { $of }
evaluation-stage-ahead = Not begun
evaluation-stage-open = Members write
evaluation-stage-meeting = The meeting speaks
evaluation-stage-published = Public
evaluation-todo = To do
evaluation-begun = Begun
evaluation-done = Written
evaluation-unspoken = No opinion
evaluation-spoken = Opinion written
evaluation-begin = Begin
evaluation-go-on = Go on
evaluation-act = Evaluate
evaluation-act-again = Look again
evaluation-act-say = Write the opinion
evaluation-wrote = Members who wrote
evaluation-remind = { $n ->
    [one] Remind the one who is not done
   *[other] Remind the { $n } who are not done
}
evaluation-comments = Print what members wrote
evaluation-item-title = Evaluation of { $year }: { $title }
evaluation-at = { $n } of { $of }
evaluation-opens-on = You can write from { $day }.
evaluation-was-due = { $day } was the last day. Tell the office if you want to add something.
evaluation-was-published = The meeting’s opinion is public, so you can write no more. Tell the office if you want to add something.
evaluation-jump = To the form
evaluation-report = The department’s report
evaluation-figures = Figures
evaluation-aim = Target { $year } { $value }
evaluation-arithmetic = How it is counted
evaluation-records = The records behind it
evaluation-past = Earlier years
evaluation-opinions = Earlier opinions and answers
evaluation-to-list = All items
evaluation-before = Previous item
evaluation-after = Next item
evaluation-own = My evaluation
evaluation-own-note = Only you, the office and those who audit read what you write; the office from the day after the last day. Residents read only what the meeting said.
evaluation-written-at = Written { $when }
evaluation-grade = Grade
evaluation-cannot-say = I cannot judge
evaluation-no-grade = No grade
evaluation-comment = Comment
evaluation-comment-hint = What is good, what is missing, what next. Up to { $n } characters.
evaluation-next = Write and go to the next
evaluation-write = Write
evaluation-draft-text = This is your draft of { $when }. It does not count as written yet.
evaluation-overtaken = You wrote in another window after you began. You can compare both when you write.
draft-kept-text = This is your draft of { $when }. Nobody else can read it yet.
draft-overtaken = Somebody else or another window changed this after you began. You can compare both when you send it.
draft-unsent = A draft that was not sent
draft-unsent-text = Kept { $when }. Only you can read it. It cannot be sent now.
evaluation-fault-no-grade = Choose a grade. If you cannot, choose “I cannot judge”.
evaluation-fault-unknown-grade = The plan has no such grade. Choose again.
evaluation-fault-no-comment = Write a comment.
evaluation-fault-long-comment = { $n ->
    [one] Too long by 1 character.
   *[other] Too long by { $n } characters.
}
evaluation-members = What members wrote
evaluation-people = { $n ->
    [one] 1 person
   *[other] { $n } people
}
evaluation-hidden = You can read what members wrote from the day after { $day }. So far { $n } of { $of } have written.
evaluation-silent = Have not written: { $who }
evaluation-add = Add to the text below
evaluation-meeting = The meeting’s opinion
evaluation-meeting-note = Write down the one opinion of the meeting. Until it is published, only the office reads it.
evaluation-opinion = Opinion
evaluation-opinion-hint = Residents read it, and the department answers it. Up to { $n } characters.
evaluation-say = Save the opinion
evaluation-say-next = Save and go to the next
evaluation-unsay = Remove the opinion
evaluation-to-opinion = See the opinion and its answer
evaluation-open = Change or see
evaluation-whole-lead = What the meeting says of the plan as a whole. There may be several.
evaluation-whole-none = Nothing has been said of the whole yet.
evaluation-whole-new = Write an opinion of the whole
evaluation-members-title = How far the members are
evaluation-members-none = Nobody is a member of the committee. Name them on the page of people and roles.
evaluation-publish-title = Publish the opinions
evaluation-publish-text = They then stand on the pages of the measures and in the yearly report, and those in charge are asked to answer. Whatever is changed after that is a correction, which shows residents the reason and what it said before.
evaluation-publish-count = { $n ->
    [one] 1 opinion becomes public.
   *[other] { $n } opinions become public.
}
evaluation-publish-without = { $n ->
    [one] Of 1 item nothing is said.
   *[other] Of { $n } items nothing is said.
}
evaluation-publish-early = The members’ last day has not come. Once this is public they can write no more.
evaluation-publish-check = Make sure
evaluation-publish-sure = These are the opinions of the meeting.
evaluation-publish-unsure = Tick the box to publish.
evaluation-publish = Publish the opinions
evaluation-answer-by = Answers until
evaluation-answer-by-hint = The last day for departments to answer.
evaluation-answer-past = This day is over.
evaluation-comments-title = What members wrote ({ $evaluation })
evaluation-comments-lead = { $of } items; members wrote { $n } times.
evaluation-comments-note = For the meeting. Residents do not read this.
evaluation-comments-none = No member wrote of this.
evaluation-sheet-reported = The department’s grade
evaluation-sheet-member = Member
evaluation-conflict = Something was saved before this
evaluation-conflict-own = While you were writing, you saved the same item in another window. What stands in this window is kept as a draft. Choose what to do.
evaluation-conflict-office = While you were writing, somebody else or another window saved first. What stands in this window is kept as a draft. Choose what to do.
evaluation-this-window = In this window
evaluation-other-window = Saved first
evaluation-not-public = Not saved yet
evaluation-take-both = Write anew, seeing both
evaluation-take-both-note = Begins with what stands in this window.
evaluation-take-mine = Take what stands in this window
evaluation-take-mine-note = What was saved first is gone.
evaluation-take-theirs = Leave what was saved first
evaluation-take-theirs-note = What stands in this window stays a draft.
opinion-answer = The department’s answer
opinion-answer-office = The office’s answer
opinion-answers = The department’s answer
opinion-answered = { $day }
opinion-before = Before the correction:
opinion-title = Opinion on { $year }: { $title }
opinion-act-answer = Answer
opinion-act-publish = Read and publish
opinion-correct = Correct what is public
opinion-same = This is what is public already. Change what is wrong.
correction-of-resident = A resident’s words are not reworded. Only replace what is to be covered by ●.
correction-of-resident-hint = Nothing is reworded. Replace what is to be covered by ●. What it said before is not shown.
opinion-withdraw = Withdraw what is public
opinion-withdrawn = This comment was withdrawn on { $day }. { $reason }
withdrawal = Withdrawal
withdrawal-title = Withdrawal: { $title }
withdrawal-lead = The words of the opinion and of its answer go, with those before corrections, and cannot be brought back. The day and the reason stay on the public page. Yearly reports that were adopted do not change.
withdrawal-said = What is public now
withdrawal-reason = Why it is withdrawn
withdrawal-reason-hint = Residents read it. For example: Its writer asked for it.
withdrawal-reason-missing = Write why it is withdrawn.
withdrawal-check = To be sure
withdrawal-sure = I know that the words go
withdrawal-unsure = Make sure, then tick the box.
withdrawal-button = Withdraw
opinion-kind-third-party = Third party
opinion-kind-mutual = Partner
opinion-kind-resident = Resident
opinions-lead = Everything public that others said, with the answers.
opinions-none = Nothing has been published yet
opinions-none-text = When opinions are published they stand here, and those in charge can answer.
opinions-own = My department
opinions-mine = Waiting for me
opinions-unanswered = No public answer
opinions-late = Late
opinions-about = About
opinions-said = Opinion
opinions-kind = Kind
opinions-who = Who said it
opinions-due = Answer until
opinions-answered = Answered on
opinions-answer = Answer
opinions-back = All opinions
answer-stage-missing = Waits for an answer
answer-stage-returned = Sent back
answer-stage-sent = Waits to be published
answer-stage-public = Public
answer-stage-withdrawn = Withdrawn
answer-not-asked = No answer asked for
answer-by = To be answered by { $who }
answer-due = Answer until { $day }
answer-sent-by = Sent { $when } by { $who }
answer-hint = Residents read it. What do you make of it, what will you do, and when? Up to { $n } characters.
answer-jump = To the form
answer-missing = Write the answer.
answer-returned = Why it was sent back
answer-send = Send to the office
answer-send-again = Send again
answer-publish = Publish the answer
answer-return-title = Send back to the department
answers-publish-all = { $n ->
    [one] Publish the answer that waits
   *[other] Publish the { $n } answers that wait
}
yearly-opinions = Of the plan as a whole
task-evaluation = { $n ->
    [one] Evaluate: 1 item left
   *[other] Evaluate: { $n } items left
}
task-evaluation-meeting = Write down and publish what the meeting said
task-answer = Answer an opinion: { $title }
task-answer-returned = Write the answer anew: { $title }
task-answers-publish = { $n ->
    [one] 1 answer waits to be published
   *[other] { $n } answers wait to be published
}
notice-evaluation-opened = { $evaluation } is open: { $n } items. You can write from { $opens } until { $due }.
notice-evaluation-reminder = { $n } items are left to evaluate until { $due }.
notice-opinions-published = { $n } opinions were published. Please answer until { $due }.
notice-opinions-reminder = { $n } opinions wait for your answer until { $due }.
notice-answer-sent = { $who } has answered an opinion of “{ $title }”. Please read and publish it.
notice-answer-published = The answer to an opinion of “{ $title }” is public.
notice-answer-returned = { $who } sent back the answer to an opinion of “{ $title }”: “{ $note }”
notice-opinion-corrected = { $who } corrected an opinion of “{ $title }” or its answer: “{ $note }”
notice-opinion-withdrawn = { $who } withdrew an opinion of “{ $title }”: “{ $note }”
job-evaluation-reminders = Remind of evaluations and answers
schedule-evaluation-reminders = Three days before the last day of evaluations and answers, remind those who are not done
said-evaluation-there = This year’s evaluation is open already.
said-evaluation-opened = The evaluation is open. The members were told.
said-evaluation-changed = Days and items were changed.
said-evaluation-public = It is public already. Please make a correction.
said-evaluation-public-kept = It is public already. Your words are kept as a draft. Please make a correction.
said-evaluation-closed = You cannot write now. Your words are kept as a draft.
said-evaluation-left = What was saved first stays. Your words are kept as a draft.
said-evaluation-written = Written.
said-evaluation-next = Written. This is the next item.
said-evaluation-all = You have written of every item. You can look again until the last day.
said-evaluation-hidden = You can read what members wrote from the day after the last day.
said-evaluation-added = The member’s words were added to the draft.
said-evaluation-said = The meeting’s opinion is saved.
said-evaluation-unsaid = The meeting’s opinion was removed.
said-evaluation-nothing = There is nothing to publish.
said-evaluation-overtaken = The opinions changed while you were looking, and nothing was published. Please look again.
said-evaluation-published = The opinions are public. Those in charge were told.
said-evaluation-published-seen = The opinions are public, and those in charge were told. What was written meanwhile is not public yet. Please look at it.
said-answer-sent = The answer went to the office, which reads and publishes it.
said-answer-published = The answer is public.
said-answer-returned = It went back. Those who wrote were told.
said-answer-elsewhere = Somebody else was faster. See how things are now.
said-answers-published = The answers that waited are public.
said-answers-none = There were no answers to publish.
said-opinion-corrected = The correction is public.
said-opinion-withdrawn = The opinion was withdrawn.
