// A browser's name of itself as people know it. Pure.

/** The more special first: most call themselves Chrome and Safari, too. */
const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\/(\d+)/, "Edge"],
  [/OPR\/(\d+)/, "Opera"],
  [/Firefox\/(\d+)/, "Firefox"],
  [/Chrome\/(\d+)/, "Chrome"],
  [/Version\/(\d+).*Safari/, "Safari"],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux|X11/, "Linux"],
];

/** Such as "Chrome 156, Windows"; what is not known is shown as it came. */
export function device(agent: string): string {
  const browser = BROWSERS.flatMap(([sign, name]) => (sign.test(agent) ? [`${name} ${agent.match(sign)?.[1]}`] : []))[0];
  const system = SYSTEMS.find(([sign]) => sign.test(agent))?.[1];
  return [browser, system].filter(Boolean).join(", ") || agent;
}
