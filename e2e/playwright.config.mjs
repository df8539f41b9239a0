// One configuration: the demo of the built program, and Chromium. No retries: a test that passes only on the
// second try is broken.

import { defineConfig } from "@playwright/test";

import { launch } from "./lib/chromium.mjs";

export default defineConfig({
  testDir: "tests",
  testMatch: "*.spec.mjs",
  globalSetup: "./global-setup.mjs",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  // A test walks through all pages of a city.
  timeout: 300_000,
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: launch,
    actionTimeout: 10_000,
    navigationTimeout: 30_000,
    screenshot: "only-on-failure",
  },
});
