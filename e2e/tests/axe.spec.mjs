// Accessibility: axe finds nothing on any page, in any city, on a phone and on a desk, in every language and
// in the dark scheme; and what is pressed is large enough for a thumb.

import { test } from "@playwright/test";

import { smallTargets, violations } from "../lib/axe.mjs";
import { CITIES, CITY } from "../lib/pages.mjs";
import { everyPage } from "../lib/visit.mjs";

const widths = [1280, 390];
const VARIANTS = [
  { name: "in English", question: "lang=en" },
  { name: "in plain Japanese", question: "lang=ja-easy" },
  { name: "with furigana", question: "furigana=on" },
  { name: "in the dark scheme", options: { colorScheme: "dark" } },
];

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
