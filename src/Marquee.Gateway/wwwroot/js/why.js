// "Why this?": the named parts of a score as bars, each starting where the one before ended, down to the sum.

import { api } from './api.js';
import { el } from './dom.js';

const deepest = 200;

/** Parts as a list of {name, value}, whatever of the allowed shapes they came in; null when there are none. */
function partsOf(item) {
  const parts = item?.parts;
  if (!parts) return null;
  const list = Array.isArray(parts) ? parts : Object.entries(parts).map(([name, value]) => ({ name, value }));
  return list.map((part) => ({ name: part.name, value: part.value ?? part.score ?? part.contribution ?? 0, detail: part.detail ?? part.title ?? null }));
}

/** "liveTransitions" and "live-transitions" as "Live transitions". */
function words(name) {
  const spaced = name.replace(/[-_.]+/g, ' ').replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

const number = (value) => (value < 0 ? '−' : '+') + Math.abs(value).toFixed(3);

/** Finds the explained item of a target: in hand already, or by asking for its surface with explanations. */
export async function explain(userId, target, signal) {
  if (partsOf(target.item)) return target.item;
  const surface = target.row?.surface && target.row.rowId !== 'trending-strip' ? target.row.surface : 'top-picks';
  for (const asked of new Set([surface, 'top-picks'])) {
    const answer = await api.recommendations(userId, { surface: asked, explain: true, count: deepest }, signal).catch((failure) => {
      if (signal.aborted || failure.passing) throw failure;
      return { items: [] };
    });
    const found = answer.items.find((item) => item.titleId === target.titleId);
    if (partsOf(found)) return found;
  }
  return null;
}

/** The bars for an explained item. */
export function bars(item) {
  const parts = partsOf(item).filter((part) => Math.abs(part.value) > 1e-9).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const sum = parts.reduce((total, part) => total + part.value, 0);
  let low = 0;
  let high = 0;
  let running = 0;
  const spans = parts.map((part) => {
    const from = running;
    running += part.value;
    low = Math.min(low, running);
    high = Math.max(high, running);
    return { ...part, from, to: running };
  });
  const share = (value) => ((value - low) / (high - low || 1)) * 100;
  const bar = (from, to, tone) => el('span', { class: 'why-lane', 'aria-hidden': 'true' }, el('span', {
    class: `why-bar ${tone}`,
    style: { left: `${share(Math.min(from, to))}%`, width: `${Math.max(0.8, Math.abs(share(to) - share(from)))}%` },
  }));
  const line = (name, from, to, tone, text) => el('li', { class: `why-line ${tone}` }, el('span', { class: 'why-name', text: name }), bar(from, to, tone), el('span', { class: 'why-value', text }));
  const lines = spans.map((part) => line(part.detail ? `${words(part.name)}: ${part.detail}` : words(part.name), part.from, part.to, part.value < 0 ? 'less' : 'more', number(part.value)));
  lines.push(line('Score', 0, sum, 'sum', (sum < 0 ? '−' : '') + Math.abs(sum).toFixed(3)));
  return el('ul', { class: 'why-bars' }, ...lines);
}
