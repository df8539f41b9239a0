// Writes the pictures of the README into a folder: npm run screenshots -- FOLDER

import { mkdir } from "node:fs/promises";
import path from "node:path";

import { chromium } from "@playwright/test";

import { launch } from "./lib/chromium.mjs";
import { address, start } from "./lib/kyodo.mjs";
import { CITY, measureOf } from "./lib/pages.mjs";
import { signIn } from "./lib/people.mjs";

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

const folder = process.argv[2];
if (!folder) {
  console.error("Where to? npm run screenshots -- FOLDER");
  process.exit(2);
}

const kyodo = await start();
const browser = await chromium.launch(launch);
try {
  const pictures = [
    { name: "overview-1280", page: "/plan", viewport: DESK },
    { name: "overview-390", page: "/plan", viewport: PHONE },
    { name: "measure-1280", page: await measureOf(kyodo.port, CITY), viewport: DESK },
    { name: "schedule-1280", page: "/plan/schedule", viewport: DESK },
    { name: "desk-1280", page: "/desk", viewport: DESK, who: "tanto" },
    { name: "round-1280", page: "/desk/plan/rounds/2026", viewport: DESK, who: "tanto" },
  ];
  await mkdir(folder, { recursive: true });
  for (const { name, page, viewport, who } of pictures) {
    const tab = await browser.newPage({ viewport, locale: "ja-JP", colorScheme: "light" });
    if (who) await signIn(tab, CITY, who, { at: kyodo.port });
    await tab.goto(address(kyodo.port, CITY, page));
    const file = path.join(folder, `${name}.png`);
    await tab.screenshot({ path: file });
    console.log(file);
    await tab.close();
  }
} finally {
  await browser.close();
  await kyodo.stop();
}
