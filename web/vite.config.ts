// Builds every page of the site into `dist`, which the component `site` serves.

import { resolve } from "node:path";
import { defineConfig } from "vite";

const page = (file: string) => resolve(import.meta.dirname, file);

export default defineConfig({
  build: {
    target: "es2022",
    // The policy allows no inline code, also none that a bundler writes.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: {
        start: page("index.html"),
        chat: page("chat/index.html"),
        widget: page("widget.html"),
        processes: page("processes.html"),
        console: page("console/index.html"),
      },
    },
  },
});
