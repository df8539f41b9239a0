// No page scrolls sideways: not on a phone, and not at 400 % zoom of a desk (320 px). Wide tables scroll in a
// box of their own.

import { test } from "@playwright/test";

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

async function sideways(tab) {
  return tab.evaluate(() => {
    const root = document.documentElement;
    const excess = root.scrollWidth - root.clientWidth;
    if (excess <= 0) return [];
    const scrolls = (element) => ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(element).overflowX);
    const inBox = (element) => {
      for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
        if (scrolls(up)) return true;
      }
      return false;
    };
    const culprits = [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 0.5 && !inBox(element))
      .map((element) => element.outerHTML.slice(0, 100));
    return [`${excess} px too wide: ${culprits.slice(-3).join(" | ")}`];
  });
}
