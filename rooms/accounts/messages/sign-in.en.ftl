# Choosing a password: the city's rules, and what is wrong with one.
password-rule-length = Use { $n } or more characters. Spaces and any writing are welcome.
password-rule-classes = Use at least { $n } of these: small letters, capitals, figures, others.
password-rule-guess = Common words will not do, nor will only names, addresses or the name of the city.
password-rule-reuse = { $n ->
    [one] Your last password cannot come again.
   *[other] Your last { $n } passwords cannot come again.
}
password-rule-expires = { $n ->
    [one] Choose a new one every day.
   *[other] Choose a new one every { $n } days.
}
password-rule-lock = { $n ->
    [one] After one wrong try you cannot sign in for a while.
   *[other] After { $n } wrong tries in a row you cannot sign in for a while.
}
password-rule-lock-minutes = { $n ->
    [one] You can sign in again after a minute.
   *[other] You can sign in again after { $n } minutes.
}
password-fault-short = Use { $n } or more characters.
password-fault-long = Use no more than { $n } characters.
password-fault-classes = Use at least { $n } of these: small letters, capitals, figures, others.
password-fault-common = Many people use this password. Add other words, or choose another.
password-fault-simple = It repeats, or goes along the alphabet or the keyboard. Add other words.
password-fault-about = It can be guessed from a name, an address or the name of the city. Add other words.
password-fault-reused = You have used this password before. Choose another.

# Passkeys: why none can be used here, and what went wrong with one.
no-passkeys-address = Passkeys cannot be used here because the page was opened by a number. Open it by its name.
no-passkeys-insecure = Passkeys cannot be used here because the connection is not encrypted. Open the page with https.
passkey-fault-again = The passkey could not be checked. Please try again.
passkey-fault-stale = Too much time has passed. Please try again.
passkey-fault-unverified = Your device did not check that it is you. Set up its screen lock, then try again.
passkey-fault-known = This passkey is registered already.
passkey-fault-unknown = This passkey is not registered here. Please sign in another way.
passkey-fault-copied = This passkey may have been copied. Sign in another way and remove it.
oidc-fault-expired = You were not signed in, because more than ten minutes have passed. Please start again.
oidc-fault-state = You were not signed in, because this sign-in was not started here. Please go back to the sign-in page and start again.
oidc-fault-issuer = The answer did not come from { $provider }, so you were not signed in. Please tell the people who look after this site.
oidc-fault-denied = Signing in at { $provider } was cancelled. To sign in, please start again and go through to the end.
oidc-fault-refused = { $provider } does not accept this site. Its registration has to be corrected: please tell the people who look after this site.
oidc-fault-code = The confirmation from { $provider } has been used already or is too old. Please start again.
oidc-fault-client = { $provider } does not accept this site's key. Its registration has to be corrected: please tell the people who look after this site.
oidc-fault-unreachable = { $provider } cannot be reached. Please wait a little and start again. If you are in a hurry, sign in another way.
oidc-fault-trouble = { $provider } says that it cannot answer at the moment. Please wait a little and start again.
oidc-fault-answer = The answer from { $provider } cannot be read. The settings have to be checked: please tell the people who look after this site.
oidc-fault-clock = The clocks of { $provider } and of this site differ. They have to be set: please tell the people who look after this site.
oidc-fault-token = The proof from { $provider } is not valid, so you were not signed in. Please tell the people who look after this site.
oidc-fault-account = { $provider } did not say whose account this is. Please tell the people who look after this site.
oidc-fault-email = { $provider } has not verified your mail address yet. Please verify it at { $provider }, then start again.

oidc-settings-issuer = The issuer must be an address that starts with https:// (http:// only on this machine itself).
oidc-settings-proof = Name one of key_file and client_secret_file, and only one.
oidc-settings-file = { $file } cannot be read. Check its place and its permissions.
oidc-settings-open = Others can read { $file }. Set its permissions to 600 (chmod 600).
oidc-settings-key = { $file } is no private key that can be used. Put a P-256 key, or an RSA key of 2,048 bits or more, there as PEM.
oidc-settings-algorithm = The key in { $file } cannot sign by key_algorithm. Correct one of them.
oidc-settings-empty = { $file } is empty.
oidc-settings-certificates = The certificates of authorities cannot be read. Check ca_file or the certificates of this machine.
oidc-settings-chance = No key could be made. Check that this machine's source of random numbers works.

nav-people = People and roles
nav-audit = Records
nav-jobs = Jobs

# Letters. What changed: said in letter-changed-text.
letter-invitation-subject = Invitation to { -site }
letter-invitation-text = Dear { $name },

    an account was made for you at { -site } of { -city }.
    Please open this link and choose a password.

    { $link }

    The link is good once, until { $until }.
    If you do not know what this is about, please delete this mail.
letter-reset-subject = A new password
letter-reset-text = Dear { $name },

    with this link you can choose a new password.

    { $link }

    The link is good once, until { $until }.
    If you did not ask for it, please delete this mail. Your password stays as it is.
letter-address-subject = Your new address
letter-address-text = Dear { $name },

    please open this link to confirm this address.

    { $link }

    The link is good once, until { $until }.
    If you do not know what this is about, please delete this mail.
letter-changed-subject = Your account has changed
letter-changed-text = Dear { $name },

    on { $when } this was changed in your account:

    { $what }

    If it was not you, please change your password at once and contact { -office }.

    { $link }
changed-password = The password was changed.
changed-passkey-made = A passkey was added.
changed-passkey-gone = A passkey was removed.
changed-codes-made = One-time codes were switched on.
changed-codes-gone = One-time codes were switched off.
changed-address = The address was changed.
changed-closed = The account was closed.

# Signing in.
sign-in-lead = For staff, committee members, the centre and registered residents.
sign-in-name = Mail address or staff number
sign-in-password = Password
sign-in-wrong = You could not be signed in. Please check the address and the password and try again.
sign-in-forgotten = Forgotten your password?
sign-in-ways = Other ways in
sign-in-passkey = Sign in with a passkey
sign-in-passkey-script = Passkeys need JavaScript in your browser.
sign-in-provider = Sign in with { $provider }
sign-in-first = Here for the first time?
sign-in-first-text = { -city } sends you an invitation by mail. Open its link and choose a password.
sign-in-demo = The accounts of this demo were printed when it was started.
sign-in-help = If you need help
passkey-cancelled = The passkey was not used. Press again to try once more.
provider-away = On the way to { $provider }
provider-away-text = If nothing happens, please press the button.
provider-away-link = Go on
provider-unknown = There is no account for this user of { $provider }. Please contact { -office }.
code-title = Please enter your code
code-lead = The six figures that the app on your phone shows.
code-label = Code
code-hint = It changes every 30 seconds.
code-wrong = The code does not fit. Please wait for the next one and try again.
code-button = Go on
code-again = Start again
code-lost = If you cannot use the app
code-lost-text = Enter one of your recovery codes in the same field. If you have none, please call { -office }.
said-step-over = This took too long. Please start again.
said-signed-out = You are signed out.
said-second-proof = Staff also need a one-time code or a passkey. Please set one up here.
said-password-old = Your password has expired. Please choose a new one.
said-password-set = The password is set. Please sign in.
said-address-changed = The address was changed.

# Links that come by mail.
invitation-title = Welcome. Please choose a password
reset-title = Please choose a new password
set-password-lead = This is the account of { $name }.
new-password = New password
set-password-button = Set the password
reset-ask-title = Forgotten password
reset-lead = We send a link to the address we know.
reset-email = Mail address
reset-button = Send the link
reset-back = Back to sign-in
reset-sent-title = Please look at your mail
reset-sent-text = If we know this address, a link is on its way. Please open it within an hour.
reset-sent-more = If nothing arrives, please look into the spam folder and check the address.
address-title = Your new address
address-lead = From now on { $email } is used.
address-button = Change to this address
