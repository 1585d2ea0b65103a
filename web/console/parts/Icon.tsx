// The console's icons, drawn by hand; each stands beside a word or inside something that has a name.

const PATHS = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  search: "M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13zM15.5 15.5L20 20",
  menu: "M4 7h16M4 12h16M4 17h16",
  attach: "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.9-8.8a3.3 3.3 0 0 1 4.7 4.7l-8.8 8.8a1.7 1.7 0 0 1-2.4-2.4l8-8",
  send: "M4 12l16-8-5 16-3.5-6.5z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  down: "M12 5v14M6 13l6 6 6-6",
  up: "M12 19V5M6 11l6-6 6 6",
  clock: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM12 7v5l3 2",
  alarm: "M12 3l10 18H2zM12 10v5M12 17.5v.5",
  telegram: "M3 11.5l18-7.5-3 16-6-4.5-3 3-.5-5L18 7",
  viber: "M5 4h14v12h-6l-4 4v-4H5zM9 8c0 3 2 5 5 5",
  web: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM3 12h18M12 3c-5 5-5 13 0 18 5-5 5-13 0-18",
  organisation: "M4 20h16M6 20V9l6-5 6 5v11M10 20v-6h4v6",
  transfer: "M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4",
  assign: "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM3 20a7 7 0 0 1 13-3M18.5 12v6M15.5 15h6",
  done: "M5 12.5l4.5 4.5L19 7.5",
  print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
} as const;

export type IconName = keyof typeof PATHS;

/** `size` in pixels where the text has its usual size; icons grow with it. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  const length = `${size / 16}rem`;
  return (
    <svg class="icon" viewBox="0 0 24 24" width={length} height={length} aria-hidden="true">
      <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

export const channelIcon = (channel: string): IconName => (channel in PATHS ? (channel as IconName) : "web");
