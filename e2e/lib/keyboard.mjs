// A keyboard and nothing else: going somewhere with Tab, and whether Tab reaches everything.

import { expect } from "@playwright/test";

/** Far above any page's number of controls: it only ends a trap. */
const MOST_STEPS = 1000;

/** Presses Tab until what is wanted has the focus; answers its name. */
export async function tabTo(page, selector) {
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate((wanted) => {
      const focus = document.activeElement;
      if (focus === document.body) return "the end";
      return focus.matches(wanted) ? { name: focus.getAttribute("name") } : null;
    }, selector);
    if (stop === "the end") break;
    if (stop) return stop.name;
  }
  throw new Error(`Tab never reached ${selector}`);
}

/** Tab reaches every control of the page as it stands, each with a focus that can be seen. */
export async function expectReachable(page) {
  const missing = new Map(await page.evaluate(noteControls));
  const faults = [];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(lookAtFocus);
    if (stop === null) break;
    missing.delete(stop.number);
    if (stop.fault) faults.push(`${stop.fault}: ${stop.element}`);
  }
  faults.push(...[...missing.values()].map((element) => `never reached: ${element}`));
  expect(faults, faults.join("\n")).toEqual([]);
}

/** In the page: numbers all controls that Tab should reach. */
function noteControls() {
  const usable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const controls = [...document.querySelectorAll(usable)].filter((control) => {
    if (control.matches(":disabled, [tabindex='-1'], [inert] *")) return false;
    // Tab stops at one radio button of a group; arrows reach the others.
    if (control.type === "radio" && !control.checked) return false;
    return control.checkVisibility({ visibilityProperty: true });
  });
  globalThis.kyodoControls = controls;
  return controls.map((control, number) => [number, control.outerHTML.slice(0, 120)]);
}

/** In the page: where the focus is, and what is wrong with how it looks; null when Tab has left the page. */
function lookAtFocus() {
  const focus = document.activeElement;
  if (!focus || focus === document.body) return null;
  const number = globalThis.kyodoControls.indexOf(focus);
  globalThis.kyodoSeen ??= new Set();
  if (globalThis.kyodoSeen.has(focus)) return null;
  globalThis.kyodoSeen.add(focus);

  const style = getComputedStyle(focus);
  const outlined = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 1;
  const shadowed = style.boxShadow !== "none";
  const onTop = [...focus.getClientRects()].some((box) => {
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return top !== null && (focus.contains(top) || top.contains(focus));
  });
  let fault = null;
  if (!outlined && !shadowed) fault = "the focus cannot be seen";
  else if (!onTop) fault = "something covers the focus, or it is out of sight";
  return { number, fault, element: focus.outerHTML.slice(0, 120) };
}
