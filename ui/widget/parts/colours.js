// One colour is the portal's own choice; what is written in it or on it stays readable.

const SURFACES = { light: [255, 255, 255], dark: [23, 28, 36] };
const READABLE = 4.5; // WCAG 2.2, 1.4.3

/** Return [r, g, b] of `#rgb` or `#rrggbb`, or null for anything else. */
function parseColour(text) {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec((text || "").trim())?.[1];
  if (!hex) return null;
  const wide = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
  return [0, 2, 4].map((at) => parseInt(wide.slice(at, at + 2), 16));
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance). */
function contrast(one, other) {
  const [high, low] = [one, other]
    .map((rgb) =>
      rgb
        .map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0),
    )
    .sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/** Move `colour` towards white or black until it can be read on `surface`. */
function readable(colour, surface) {
  const goal = contrast(surface, [255, 255, 255]) > contrast(surface, [0, 0, 0]) ? 255 : 0;
  let found = colour;
  for (let step = 1; contrast(found, surface) < READABLE && step <= 20; step += 1) {
    found = colour.map((part) => Math.round(part + ((goal - part) * step) / 20));
  }
  return found;
}

/** Return the style rules that bring the portal's colour in; "" keeps our own. */
function colourRules(text) {
  const primary = parseColour(text);
  if (!primary) return "";
  const css = (rgb) => `rgb(${rgb.join(" ")})`;
  const on = contrast(primary, [255, 255, 255]) >= READABLE ? [255, 255, 255] : [0, 0, 0];
  return ["light", "dark"]
    .map(
      (theme) =>
        `.root.${theme}{--primary:${css(primary)};--on-primary:${css(on)};` +
        `--accent:${css(readable(primary, SURFACES[theme]))}}`,
    )
    .join("");
}
