// The console in a browser, against an installation that runs at VIKNO_URL without demo people.

import { defineConfig } from "@playwright/test";

const BROWSER = process.env["VIKNO_CHROMIUM"] ?? "/usr/bin/chromium";
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export default defineConfig({
  testDir: process.env["VIKNO_SCREENS"] ? "screens" : "tests",
  outputDir: "../target/e2e",
  workers: 1,
  // A machine that also runs three other installations may once be too slow for a person's patience.
  retries: 1,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: "list",
  use: {
    baseURL: process.env["VIKNO_URL"] ?? "http://127.0.0.1:3000",
    locale: "uk-UA",
    launchOptions: { executablePath: BROWSER, args: ARGUMENTS },
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1280, height: 800 } } },
    // Colours are the same on every width, so that the phone need not be looked at in both.
    { name: "phone", use: { viewport: { width: 360, height: 740 }, hasTouch: true }, grep: /talk|light|screens/ },
  ],
});
