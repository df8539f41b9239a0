// Starts the demo for all tests; the answer stops it.

import { start } from "./lib/kyodo.mjs";

export default async function setUp() {
  const kyodo = await start();
  process.env.KYODO_E2E_PORT = String(kyodo.port);
  return kyodo.stop;
}
