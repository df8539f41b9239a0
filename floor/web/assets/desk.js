// What a form does better with a script. Pages work without it; it holds no words.

const DELAY = 2000;
const find = (id) => document.getElementById(id);
const leaves = (event) => !event.defaultPrevented && !(event.submitter?.formTarget || event.target.target);

// `form[data-autosave=ADDRESS]` is posted there two seconds after a change and when the page is left.
// The answer's `said`, or else `data-autosave-failed`, goes into the element `data-autosave-said`.
function autosave(form) {
  const typed = () => String(new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")));
  let kept = typed();
  let timer = 0;
  let busy = false;
  let sent = false;
  const tell = (words, failed) => {
    const said = find(form.dataset.autosaveSaid);
    if (!said || !words) return;
    said.textContent = words;
    said.toggleAttribute("data-failed", failed);
  };
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  };
  const save = async () => {
    const body = typed();
    if (sent || busy || body === kept) return;
    busy = true;
    let delay = DELAY;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(body),
        headers: { accept: "application/json" },
        redirect: "error",
        keepalive: body.length < 60000, // Browsers refuse more than 64 KiB.
      });
      if (!answer.ok) throw answer;
      tell((await answer.json()).said, false);
      kept = body;
    } catch {
      tell(form.dataset.autosaveFailed, true);
      delay *= 5;
    }
    busy = false;
    if (typed() !== kept) later(delay);
  };
  form.addEventListener("input", () => later(DELAY));
  form.addEventListener("submit", (event) => { sent = leaves(event); });
  addEventListener("pageshow", () => { sent = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
}

// `textarea[data-count=ID]` shows its characters there; `data-over` marks more than `data-count-most`.
function count(area) {
  const shown = find(area.dataset.count);
  const show = () => {
    shown.textContent = [...area.value].length;
    shown.toggleAttribute("data-over", shown.textContent > Number(area.dataset.countMost || Infinity));
  };
  area.addEventListener("input", show);
  show();
}

// A form is posted once: its buttons rest for ten seconds, a moment late so that the pressed one's value travels.
const resting = new Set();
const wake = () => resting.forEach((button) => { button.disabled = !resting.delete(button); });
document.addEventListener("submit", (event) => setTimeout(() => {
  if (!leaves(event) || event.target.getAttribute("method") !== "post") return;
  for (const one of event.target.elements) if (one.type === "submit" && !one.disabled) one.disabled = !!resting.add(one);
  setTimeout(wake, 10000);
}));
addEventListener("pageshow", wake);

document.querySelectorAll("form[data-autosave]").forEach(autosave);
document.querySelectorAll("textarea[data-count]").forEach(count);
