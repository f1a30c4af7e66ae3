// Colour arithmetic on #rrggbb strings.

const parse = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const format = (rgb) => '#' + rgb.map((v) => Math.max(0, Math.min(255, Math.round(v))).toString(16).padStart(2, '0')).join('');

/** The colour a share t (0..1) of the way from one colour to another. */
export function mix(from, to, t) {
  const a = parse(from);
  const b = parse(to);
  return format(a.map((v, i) => v + (b[i] - v) * t));
}

/** The colour with an opacity, as a CSS rgba(). */
export function fade(hex, opacity) {
  return `rgba(${parse(hex).join(',')},${opacity})`;
}

/** Relative luminance, WCAG 2.2. */
export function luminance(hex) {
  const [r, g, b] = parse(hex).map((v) => {
    const c = v / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of two colours, WCAG 2.2: 1 to 21. */
export function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** The colour with its hue turned by some degrees (HSL). */
export function turn(hex, degrees) {
  const [r, g, b] = parse(hex).map((v) => v / 255);
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const l = (max + min) / 2;
  const d = max - min;
  if (d === 0) return hex;
  const s = d / (1 - Math.abs(2 * l - 1));
  const h = (max === r ? ((g - b) / d + 6) % 6 : max === g ? (b - r) / d + 2 : (r - g) / d + 4) * 60 + degrees;
  const channel = (n) => {
    const k = (n + (((h % 360) + 360) % 360) / 30) % 12;
    return 255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return format([channel(0), channel(8), channel(4)]);
}
