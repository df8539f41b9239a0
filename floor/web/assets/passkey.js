// Passkeys. Pages work without this, and it holds no words of any language.
//
//   <form method="post" action="…">
//     <input type="hidden" name="answer">
//     <button type="button" data-passkey="use" data-options="/…" hidden>…</button>
//     <p role="alert" data-cancelled="…" data-known="…" data-failed="…"></p>
//   </form>
//
// `data-passkey` is `create` or `use`. The form's fields are posted to `data-options`; the answer to the options that
// come back goes into the field `answer` (or the one `data-field` names), and the form is sent.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

// What browsers before 2025 do not yet do themselves.
function creation(options) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  };
}

function request(options) {
  if (PublicKeyCredential.parseRequestOptionsFromJSON) return PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
}

function plain(credential) {
  try {
    return credential.toJSON();
  } catch {
    // Not there, or a password store stands in its place and cannot do it.
  }
  const { response } = credential;
  const parts = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) parts[part] = text(response[part]);
  }
  if (response.attestationObject) parts.transports = response.getTransports?.() ?? [];
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: parts,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function ask(button) {
  const answer = await fetch(button.dataset.options, {
    method: "POST",
    body: new URLSearchParams(new FormData(button.form)),
    headers: { accept: "application/json" },
    credentials: "same-origin",
    redirect: "error",
  });
  if (!answer.ok) throw answer;
  const { publicKey } = await answer.json();
  return button.dataset.passkey === "create"
    ? navigator.credentials.create({ publicKey: creation(publicKey) })
    : navigator.credentials.get({ publicKey: request(publicKey) });
}

function offer(button) {
  const alert = button.form.querySelector("[role=alert][data-failed]");
  const tell = (words) => {
    if (alert) alert.textContent = words ?? "";
  };
  let busy = false;
  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    tell();
    try {
      const credential = await ask(button);
      button.form.elements[button.dataset.field ?? "answer"].value = JSON.stringify(plain(credential));
      button.form.requestSubmit();
    } catch (error) {
      const { cancelled, known, failed } = alert?.dataset ?? {};
      tell({ NotAllowedError: cancelled, AbortError: cancelled, InvalidStateError: known }[error?.name] || failed);
    }
    busy = false;
  });
  button.hidden = false;
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const button of document.querySelectorAll("button[data-passkey]")) offer(button);
}
