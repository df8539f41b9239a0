// Everything by keyboard alone: the way past the menu first, every control reached, each with a focus that
// can be seen and is not covered, and Enter does what a click does.

import { expect, test } from "@playwright/test";

import { CITY, measureOf } from "../lib/pages.mjs";
import { port, site } from "../lib/visit.mjs";

const PAGES = [
  { name: "front page", path: () => "/", width: 1280 },
  { name: "front page on a phone", path: () => "/", width: 390 },
  { name: "overview", path: () => "/plan", width: 1280 },
  { name: "schedule", path: () => "/plan/schedule", width: 1280 },
  { name: "a measure", path: () => measureOf(port(), CITY), width: 1280 },
  { name: "search", path: () => `/search?q=${encodeURIComponent("協働")}`, width: 1280 },
];
/** Far above any page's number of controls: it only ends a trap. */
const MOST_STEPS = 1000;

for (const { name, path, width } of PAGES) {
  test(`Tab reaches everything and can be seen: ${name}`, async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const page = await context.newPage();
    await page.goto(site(CITY, await path()));
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
    await context.close();
  });
}

test("the first stop leads past the menu", async ({ page }) => {
  await page.goto(site(CITY, "/"));
  await page.keyboard.press("Tab");
  const skip = page.locator(":focus");
  await expect(skip).toBeInViewport();
  const target = await skip.getAttribute("href");
  expect(target).toMatch(/^#./);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL((url) => url.hash === target);
  await page.keyboard.press("Tab");
  const inside = await page.evaluate((id) => document.getElementById(id).contains(document.activeElement), target.slice(1));
  expect(inside, "the next stop lies behind the menu").toBe(true);
});

test("the menu opens a page with Enter", async ({ page }) => {
  await page.goto(site(CITY, "/"));
  await tabTo(page, 'header a[href="/plan"]');
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL((url) => url.pathname === "/plan");
});

test("the search is asked with Enter", async ({ page }) => {
  await page.goto(site(CITY, "/search"));
  await tabTo(page, 'main input[name="q"]');
  await page.keyboard.type("協働");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL((url) => url.searchParams.get("q") === "協働");
});

test("the schedule is filtered with the keyboard", async ({ page }) => {
  await page.goto(site(CITY, "/plan/schedule"));
  const name = await tabTo(page, "main form select");
  await page.keyboard.press("ArrowDown");
  const value = await page.locator(":focus").inputValue();
  expect(value).not.toBe("");
  await tabTo(page, "main form button:not([type=button])");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL((url) => url.searchParams.get(name) === value);
});

test("a download starts with Enter", async ({ page }) => {
  await page.goto(site(CITY, "/plan/schedule"));
  await tabTo(page, 'main a[href*="csv"]');
  const download = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
});

/** Presses Tab until what is wanted has the focus; answers its name. */
async function tabTo(page, selector) {
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
