// The frame of a page beside the desk. The focus begins at its title; the keyboard can scroll it also where nothing in it can be focused.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

export function Page({ title, wide = false, children }: { title: string; wide?: boolean; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main class={wide ? "page wide" : "page"} id="main" tabIndex={0}>
      <h1 tabIndex={-1} ref={heading}>{title}</h1>
      {children}
    </main>
  );
}
