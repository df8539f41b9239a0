// Which Chromium, and how it is started: quiet, and without looking for anything outside this machine.

import { existsSync } from "node:fs";
import path from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Undefined leaves the choice to Playwright, which then takes its own. */
function executable() {
  if (process.env.KYODO_CHROMIUM) return process.env.KYODO_CHROMIUM;
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(path.delimiter)];
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file));
}

export const launch = {
  executablePath: executable(),
  args: [
    // Chromium refuses its sandbox to root; everything it opens here is ours.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
