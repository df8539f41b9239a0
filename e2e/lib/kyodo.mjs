// The demo under test: started on a free port with a throw-away folder, waited for, asked, and stopped.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const READY_WITHIN = 120_000;
const STOPPED_WITHIN = 10_000;

/** Where the city is for Chromium, which resolves every name under localhost. No city: the bare host. */
export function address(port, city, page = "/") {
  return `http://${city ? `${city}.` : ""}localhost:${port}${page}`;
}

/** Asks without a browser. Node does not resolve *.localhost, so it names the address and says the host. */
export function ask(port, city, page) {
  const host = new URL(address(port, city)).host;
  return new Promise((answer, fail) => {
    const options = { host: "127.0.0.1", port, path: page, headers: { host, accept: "text/html,*/*" } };
    const request = http.get(options, async (response) => {
      try {
        const chunks = [];
        for await (const chunk of response) chunks.push(chunk);
        answer({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() });
      } catch (error) {
        fail(error);
      }
    });
    request.on("error", fail);
  });
}

/** A folder for a demo's data, and a way to throw it away. */
export async function freshFolder() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "kyodo-e2e-"));
  return { data: path.join(folder, "data"), remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * Starts `kyodo demo` with more words, on a free port; the answer has its port and a way to stop it. In a folder of its
 * own, which goes when it stops, unless `data` names one that stays.
 */
export async function start({ words: more = [], data, port: wanted } = {}) {
  const program = builtProgram();
  const folder = data ? { data, remove: async () => {} } : await freshFolder();
  const port = wanted ?? (await freePort());
  const words = ["demo", "--data", folder.data, "--listen", `127.0.0.1:${port}`, ...more];
  const child = spawn(program, words, { env: env(), stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  let ended = null;
  child.stderr.on("data", (bytes) => (errors = (errors + bytes).slice(-4000)));
  child.on("error", (error) => (ended = error.message));
  child.on("exit", (code, signal) => (ended ??= `it ended with ${signal ?? code}`));

  // An interrupted run must not leave a server behind.
  process.once("exit", () => child.kill("SIGKILL"));
  const stop = async () => {
    if (ended === null) {
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), STOPPED_WITHIN);
      await gone;
      clearTimeout(late);
    }
    await folder.remove();
  };
  try {
    await ready(port, () => ended);
  } catch (error) {
    await stop();
    throw new Error(`${program} ${words.join(" ")}\n${error.message}\n${errors}`);
  }
  return { port, stop };
}

async function ready(port, whyEnded) {
  const deadline = Date.now() + READY_WITHIN;
  while (Date.now() < deadline) {
    if (whyEnded() !== null) throw new Error(whyEnded());
    // Until the port is open there is only the refusal to connect.
    const answer = await ask(port, null, "/readyz").catch(() => null);
    if (answer?.status === 200) return;
    await pause(50);
  }
  throw new Error(`it was not ready after ${READY_WITHIN / 1000} s`);
}

/** Runs a command of `kyodo` to its end; what it prints. */
export async function run(...words) {
  const { stdout } = await promisify(execFile)(builtProgram(), words, { env: env() });
  return stdout;
}

/** The settings that a developer's shell happens to carry are not under test. */
function env() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("KYODO_")));
}

function builtProgram() {
  if (process.env.KYODO_BIN) return process.env.KYODO_BIN;
  const name = process.platform === "win32" ? "kyodo.exe" : "kyodo";
  return path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "target", "debug", name);
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((answer, fail) => {
    const server = net.createServer();
    server.on("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => answer(port));
    });
  });
}
