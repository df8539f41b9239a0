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
