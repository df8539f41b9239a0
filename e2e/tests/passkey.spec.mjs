// Passkeys, with the authenticator that Chromium keeps for tests: made, used without a name, seen in the list, removed, refused.

import { expect, test } from "@playwright/test";

import { expectFaultless } from "../lib/axe.mjs";
import { signIn, signOut } from "../lib/people.mjs";
import { site } from "../lib/visit.mjs";

/** Whose passkeys these tests make. */
const TOWN = "honjo";

/** A phone or a laptop that knows its owner by a finger. */
async function authenticator(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    keys: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    /** Whether the owner shows the finger that is known. */
    verify: (isUserVerified) => session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
  };
}

async function makePasskey(page, name) {
  await page.goto(site(TOWN, "/account/passkeys"));
  await page.locator("#make input[type=text]").fill(name);
  await page.getByRole("button", { name: "この端末で作る" }).click();
}

const usePasskey = (page) => page.getByRole("button", { name: "パスキーでログイン" }).click();

test("a passkey is made, signs in without a name, is listed, and is refused when it is gone", async ({ page }) => {
  const own = await authenticator(page);
  await signIn(page, TOWN, "center");

  await test.step("making it", async () => {
    await makePasskey(page, "窓口のパソコン");
    await expect(page.locator(".said")).toHaveText("パスキーを加えました。");
    const row = page.locator("#passkeys tbody tr");
    await expect(row).toHaveCount(1);
    await expect(row).toContainText("窓口のパソコン");
    await expect(row).toContainText("まだ使っていません");
    const [key] = await own.keys();
    expect(key.isResidentCredential, "it is found without a name").toBe(true);
    expect(key.rpId).toBe(`${TOWN}.localhost`);
    await expectFaultless(page);
  });

  await test.step("signing in with it", async () => {
    await signOut(page);
    await page.goto(site(TOWN, "/login?to=%2Faccount%2Fpasskeys"));
    await usePasskey(page);
    await expect(page).toHaveURL((url) => url.pathname === "/account/passkeys");
    await expect(page.locator("#passkeys tbody tr")).not.toContainText("まだ使っていません");
    await page.goto(site(TOWN, "/account/sessions"));
    await expect(page.locator("tbody tr", { hasText: "いま使っている端末" })).toContainText("パスキー");
  });

  await test.step("removing it", async () => {
    await page.goto(site(TOWN, "/account/passkeys"));
    await page.locator("#passkeys tbody button").click();
    await expect(page.locator(".said")).toHaveText("パスキーを消しました。");
    await expect(page.locator("#passkeys tbody tr")).toHaveCount(0);
  });

  await test.step("being refused", async () => {
    expect(await own.keys(), "the device still has it").toHaveLength(1);
    await signOut(page);
    await page.goto(site(TOWN, "/login"));
    await usePasskey(page);
    await expect(page.locator(".wrongs a")).toHaveText(/^このパスキーは登録されていません。/);
    await expectFaultless(page);
  });
});

test("the same device is not taken twice", async ({ page }) => {
  await authenticator(page);
  await signIn(page, TOWN, "iin");
  await makePasskey(page, "一つめ");
  await expect(page.locator(".said")).toHaveText("パスキーを加えました。");
  await makePasskey(page, "二つめ");
  await expect(page.locator("#make [role=alert]")).toHaveText("このパスキーはもう登録されています。");
  await page.reload();
  await expect(page.locator("#passkeys tbody tr")).toHaveCount(1);
});

test("who stops halfway reads how to go on", async ({ page }) => {
  const own = await authenticator(page);
  await signIn(page, TOWN, "kansa");
  await own.verify(false);
  await makePasskey(page, "やめる端末");
  await expect(page.locator("#make [role=alert]")).toHaveText("パスキーの確認をやめました。もう一度押すと、やり直せます。");
  await expectFaultless(page);
  await own.verify(true);
  await page.getByRole("button", { name: "この端末で作る" }).click();
  await expect(page.locator(".said")).toHaveText("パスキーを加えました。");

  await signOut(page);
  await page.goto(site(TOWN, "/login"));
  await own.verify(false);
  await usePasskey(page);
  await expect(page.locator('form[action="/login/passkey"] [role=alert]')).toHaveText(
    "パスキーの確認をやめました。もう一度押すと、やり直せます。",
  );
  await own.verify(true);
  await usePasskey(page);
  await expect(page).toHaveURL((url) => url.pathname === "/desk");
});
