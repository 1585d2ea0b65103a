// Builds the widget after the pages: one classic script of a fixed name that leaves no global behind.

import { resolve } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    target: "es2022",
    emptyOutDir: false,
    rollupOptions: {
      input: { widget: resolve(import.meta.dirname, "widget/widget.ts") },
      output: { format: "iife", entryFileNames: "[name].js" },
    },
  },
});
