// The schedule goes to paper: on A4 pages and on A3 landscape.

import { expect, test } from "@playwright/test";

import { CITIES } from "../lib/pages.mjs";
import { site } from "../lib/visit.mjs";

const PAPERS = [
  { name: "A4", options: { format: "A4", landscape: true } },
  { name: "A3", options: { format: "A3", landscape: true } },
];
/** More sheets than this for a plan of some thirty measures means that something prints one word to a page. */
const MOST_SHEETS = 30;

for (const city of CITIES) {
  test(`the schedule prints: ${city}`, async ({ page }) => {
    await page.goto(site(city, "/plan/schedule"));
    for (const { name, options } of PAPERS) {
      const pdf = await page.pdf({ ...options, margin: { top: "10mm", bottom: "10mm", left: "10mm", right: "10mm" } });
      expect(pdf.length, `${name}: bytes`).toBeGreaterThan(1000);
      const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page(?!s)/g)?.length ?? 0;
      expect(sheets, `${name}: sheets`).toBeGreaterThanOrEqual(1);
      expect(sheets, `${name}: sheets`).toBeLessThanOrEqual(MOST_SHEETS);
    }
  });
}
