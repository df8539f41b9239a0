// Accessibility: axe finds nothing on any page, in any city, on a phone and on a desk, in every language and
// in the dark scheme; and what is pressed is large enough for a thumb.

import { AxeBuilder } from "@axe-core/playwright";
import { test } from "@playwright/test";

import { CITIES, CITY } from "../lib/pages.mjs";
import { everyPage } from "../lib/visit.mjs";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const widths = [1280, 390];
const VARIANTS = [
  { name: "in English", question: "lang=en" },
  { name: "in plain Japanese", question: "lang=ja-easy" },
  { name: "with furigana", question: "furigana=on" },
  { name: "in the dark scheme", options: { colorScheme: "dark" } },
];
/** In CSS pixels; half a pixel is left to rounding. */
const SMALLEST_TARGET = 43.5;

for (const city of [...CITIES, null]) {
  test(`axe finds nothing: ${city ?? "the list of cities"}`, async ({ browser }) => {
    await everyPage(browser, city, { widths }, async (tab) => [
      ...(await violations(tab)),
      ...(await smallTargets(tab)),
    ]);
  });
}

for (const { name, question, options } of VARIANTS) {
  test(`axe finds nothing: ${CITY} ${name}`, async ({ browser }) => {
    await everyPage(browser, CITY, { options, question, widths }, violations);
  });
}

async function violations(tab) {
  // Legacy mode does without a second page for each run; there are no frames from elsewhere here.
  const result = await new AxeBuilder({ page: tab }).withTags(RULES).setLegacyMode(true).analyze();
  return result.violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 3).map((node) => `${node.target.join(" ")} (${reason(node)})`);
    return `${id}: ${help}; ${nodes.length} times: ${where.join(" | ")}`;
  });
}

function reason(node) {
  return [...node.any, ...node.all, ...node.none].map((check) => check.message).join(", ");
}

async function smallTargets(tab) {
  return tab.evaluate((smallest) => {
    const targets = document.querySelectorAll("button, .button, [role=button], input[type=submit], header nav a");
    return [...targets]
      .filter((target) => target.checkVisibility({ visibilityProperty: true }))
      .map((target) => ({ target, box: target.getBoundingClientRect() }))
      // What is hidden until it has the focus is only a pixel large.
      .filter(({ box }) => box.width > 1 && box.height > 1)
      .filter(({ box }) => box.width < smallest || box.height < smallest)
      .map(({ target, box }) => {
        const size = `${Math.round(box.width)} × ${Math.round(box.height)} px`;
        return `a target below 44 px: ${target.outerHTML.slice(0, 120)} has ${size}`;
      });
  }, SMALLEST_TARGET);
}
