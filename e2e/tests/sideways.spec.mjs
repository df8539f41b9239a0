// No page scrolls sideways: not on a phone, and not at 400 % zoom of a desk (320 px). Wide tables scroll in a
// box of their own.

import { test } from "@playwright/test";

import { sideways } from "../lib/axe.mjs";
import { CITIES, CITY } from "../lib/pages.mjs";
import { everyPage } from "../lib/visit.mjs";

const widths = [390, 320];
const VARIANTS = [
  { name: "in English", question: "lang=en" },
  { name: "with furigana", question: "furigana=on" },
];

for (const city of [...CITIES, null]) {
  test(`nothing scrolls sideways: ${city ?? "the list of cities"}`, async ({ browser }) => {
    await everyPage(browser, city, { widths }, sideways);
  });
}

for (const { name, question } of VARIANTS) {
  test(`nothing scrolls sideways: ${CITY} ${name}`, async ({ browser }) => {
    await everyPage(browser, CITY, { question, widths }, sideways);
  });
}
