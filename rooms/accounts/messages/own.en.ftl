# An account in the hands of its owner.
own-title = My account
own-tabs = My settings
own-tab-me = My account
own-tab-ways = Ways to sign in
own-tab-sessions = Signed-in devices
own-tab-looks = Who looked
own-tab-mail = Mail
own-none = None
own-change = Change
own-change-what = : { $what }
own-stop = Cancel
own-act = Actions
own-and = {", "}
own-to-desk = To my desk
own-to-account = To my account

# What the city knows.
own-me = What is registered
own-name = Name
own-kana = Reading in kana
own-email = Email address
own-number = Staff number
own-me-wrong = If your name or staff number is wrong, please tell { -office }.
own-duties = Roles and periods
own-duties-none = You hold no role at present.
own-duty-role = Role
own-duty-from = From
own-duty-to = To
own-duty-open = No end set
own-duty-standing = Now
own-duty-now = In force
own-duty-later = Later
own-duty-over = Over
own-duty-deputy = {" "}(deputy)
own-ways = Ways to sign in
own-way-password = Password
own-way-passkeys = Passkeys
own-way-codes = One-time codes
own-since = since { $day }
own-passkeys-count = { $n ->
    [one] one passkey
   *[other] { $n } passkeys
}
own-recovery-left = { $n ->
    [one] One recovery code left
   *[other] { $n } recovery codes left
}
own-seen = What others see
own-seen-public = Nothing of your account stands on pages that everybody can open.
own-seen-desk = People who work here see each other’s names, roles and periods.
own-seen-resident = Of the people who work here, only administrators and auditors see you.
own-seen-keeper = Administrators and auditors also see how to reach you. Each look is recorded, and you can read the record.
own-data = My data
own-data-text = You can have everything { -city } keeps about you in one file (JSON).
own-data-take = Download my data
own-data-file = my-data

# Proving once more.
own-proof-title = Please prove once more that it is you
own-proof-lead = We ask before important settings are changed, once in ten minutes.
own-proof-either = One of the two is enough.
own-proof-button = Confirm
own-proof-passkey = Confirm with a passkey
own-proof-none = This account cannot be confirmed here. Please sign out, sign in again, and then make the change.
own-password-wrong = This is not the password. Please check it and try again.
said-own-proved = Confirmed. Please go on.

# Password.
own-password-title = Change my password
own-password-lead = All other devices are signed out when you change it.
own-password-current = Present password
own-password-same = This is the present password. Please choose another.
own-password-button = Change
said-own-password = Your password was changed. Other devices were signed out.

# Codes.
own-codes-title = One-time codes
own-codes-lead = Even if your password leaks, nobody else gets in. It takes about three minutes.
own-codes-need-app = You need an authenticator app on your phone.
own-codes-need-once = Each time you sign in, you type six figures after your password.
own-codes-need-recovery = You get ten recovery codes for when your phone is not at hand.
own-codes-begin = Begin
own-codes-take = Scan with your authenticator app
own-codes-apps = Google Authenticator, Microsoft Authenticator and others will do.
own-codes-spelled = If you cannot scan it, type these letters where the app asks for a key.
own-codes-type = Type the figures it shows
own-codes-first = Six-figure code
own-codes-set = Set up
own-codes-done = One-time codes are set up. You will use them when you next sign in.
own-codes-since = In use since { $day }.
own-codes-other = Move to another phone
own-codes-other-text = The present app works until the new one is set up.
own-codes-other-button = Move
own-codes-remove = Stop using codes
own-codes-remove-text = Your password alone will then be enough, and the recovery codes stop working.
own-codes-needed = Staff need one more proof besides the password. Once you have a passkey, you can stop using codes.
own-recovery-title = Recovery codes
own-recovery-text = If they are lost or few are left, make new ones. The old ones stop working.
own-recovery-new = Make new codes
own-recovery-done = New recovery codes were made. The old ones do not work any more.
own-recovery-once = These are for when you cannot use your app. Once you leave this page, they are not shown again.
own-recovery-keep = Print them or write them down, and keep them locked away.
own-recovery-single = Each code works once.
said-own-codes-begun = Do the two steps below to finish.
said-own-codes-stopped = The set-up was cancelled.
said-own-codes-gone = One-time codes are no longer used.
changed-recovery = New recovery codes were made.

# Passkeys.
own-passkeys-title = Passkeys
own-passkeys-lead = Sign in with your finger, your face or your device’s PIN. It is safer than a password, and there is nothing to remember.
own-passkeys-mine = Registered passkeys
own-passkeys-none = None yet.
own-passkey-name = Name
own-passkey-name-hint = For you to tell them apart. Up to 60 characters
own-passkey-made = Registered
own-passkey-used = Last used
own-passkey-unused = Not used yet
own-passkey-remove = Remove
own-passkey-new = Add a passkey
own-passkey-make = Make one on this device
own-passkey-failed = No passkey could be made. Please open this page again and try once more.
own-passkey-last = This is your only way to sign in, so it cannot be removed. First set a password or add another passkey.
own-passkey-needed = Staff need one more proof besides the password. Once you use codes or have another passkey, this one can be removed.
said-own-passkey-made = The passkey was added.
said-own-passkey-gone = The passkey was removed.

# Sessions.
own-sessions-title = Signed-in devices
own-sessions-lead = If you do not know one of them, sign it out, then change your password.
own-sessions-count = { $n ->
    [one] One device
   *[other] { $n } devices
}
own-session-device = Device
own-session-here = This device
own-session-seen = Last used
own-session-now = Now
own-session-began = Signed in
own-session-method = By
own-session-end = Sign out
own-sessions-end = Sign out all other devices
own-method-password = Password
own-method-passkey = Passkey
own-method-provider = Another service
own-device = { $browser } on { $system }
own-device-unknown = Browser
said-own-session-ended = The device was signed out.
said-own-sessions-ended = All other devices were signed out.

# Address.
own-address-title = Email address
own-address-change = Change my email address
own-address-now = Present address
own-address-awaited = Waiting to be confirmed
own-address-until = Please open the link in the mail by { $until }.
own-address-new = New address
own-address-hint = We send a mail there. The address changes when you open its link.
own-address-button = Send the mail
own-address-wrong = This is not an email address. Please write it like hana@example.jp.
own-address-same = This is the present address.
own-undeliverable = Mail does not reach you
own-undeliverable-text = Mail to this address came back on { $since }.
own-undeliverable-again = If it works again, type the same address once more.
said-own-address-asked = The new address is being confirmed. Please open the link in the mail.
said-own-address-again = Mail will be sent to this address again.
changed-address-asked = Somebody began to change your email address. It changes once the new one is confirmed.

# Looks.
own-looks-title = Who looked
own-looks-lead = People who looked at your contact details and the like for their work.
own-looks-none = Nobody has looked yet
own-looks-none-text = When somebody looks at your data for their work, it is shown here.
own-look-at = When
own-look-who = Who
own-look-what = Where
own-look-system = The system
own-look-people = People and roles
own-look-handover = Handover of the new fiscal year
own-look-audit = Audit of the records
own-look-mail = Records of mail sent
own-look-account = Account data
own-looks-doubt = If something looks wrong to you, please ask { -office }.
own-looks-sealed = This record is kept so that later changes show.
own-looks-seals = Seals of the records

# Closing.
own-closing-title = Close my account
own-closing-what = What happens
own-closing-out = You are signed out at once and cannot sign in again. Your roles end today.
own-closing-gone = Your email address, password, passkeys, codes, drafts, notices and copies of mails are deleted.
own-closing-kept-work = Your name and the record of your work stay for as long as { -city } must keep its documents.
own-closing-kept = Your name and the record of what was done when stay. Contact details in that record are deleted.
own-closing-letter = A last mail to { $email } says that the account was closed.
own-closing-data = This cannot be undone. If you need your data, download it first.
own-closing-last = You are the only administrator, so the account cannot be closed. First make somebody else an administrator.
own-closing-unsure = Please tick the box if you want to close it.
own-closing-sure = I understand and want to close it
own-closing-button = Close my account
said-account-closed = Your account was closed. Thank you.
