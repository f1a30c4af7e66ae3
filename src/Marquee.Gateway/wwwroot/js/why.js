// "Why this?": the named parts of a score as bars, each starting where the one before ended, down to the sum.

import { api } from './api.js';
import { el } from './dom.js';
import { titleOf } from './titles.js';

const fullRow = 100;

// Parts that say the same thing at different scales are told together; the sum is the same. A name that is not here tells itself.
const families = [
  [/^(transition|next)\b/, 'Watched next by others', 'after'],
  [/^coWatch\b/, 'Watched by the same people', 'as'],
  [/^embedding\.recent$/, 'Close to your taste lately'],
  [/^embedding$/, 'Close to your taste'],
  [/^genre$/, 'Your genres'],
  [/^detail$/, 'Your kind of film'],
  [/^year$/, 'Your years'],
  [/^trend\b/, 'Trending now'],
  [/^(popularity|volume)$/, 'Popularity'],
  [/^approval$/, 'How people like it'],
  [/^(firstSeen|unseen|idle|releaseAge|releasedThisYear|releasedLastYear)$/, 'Age and novelty'],
  [/^share\b/, 'Share of all watching'],
  [/^lastWatched$/, 'When you last watched it'],
  [/^listed$/, 'Place on your list'],
];

/** Finds the explained item of a target: in its own row of the home page, else among the top picks; null when it is in neither. */
export async function explain(userId, target, signal) {
  if (target.item?.parts?.length) return target.item;
  if (target.row && target.row.rowId !== 'trending-strip') {
    const { rows } = await api.home(userId, { explain: true }, signal);
    const row = rows.find((candidate) => candidate.rowId === target.row.rowId);
    const found = row?.items.find((item) => item.titleId === target.titleId);
    if (found?.parts?.length) return found;
  }
  const { items } = await api.recommendations(userId, { surface: 'top-picks', explain: true, count: fullRow }, signal);
  const found = items.find((item) => item.titleId === target.titleId);
  return found?.parts?.length ? found : null;
}

/** The bars for an explained item: told by family, with a button that shows every part by its own name. */
export function bars(item) {
  const root = el('div', {}, chart(grouped(item.parts)));
  if (grouped(item.parts).length < item.parts.length) {
    const button = el('button', {
      type: 'button', class: 'why-all', 'aria-pressed': 'false', text: `Show all ${item.parts.length} parts`,
      onclick: () => {
        const all = button.getAttribute('aria-pressed') === 'false';
        button.setAttribute('aria-pressed', String(all));
        button.textContent = all ? 'Show fewer' : `Show all ${item.parts.length} parts`;
        root.firstChild.replaceWith(chart(all ? item.parts.map((part) => ({ label: words(part.name), value: part.value, names: part.name })) : grouped(item.parts)));
      },
    });
    root.append(button);
  }
  return root;
}

function grouped(parts) {
  const groups = new Map();
  for (const { name, value, titleId } of parts) {
    const family = families.find(([pattern]) => pattern.test(name));
    const label = family?.[1] ?? words(name);
    const group = groups.get(label) ?? { label, value: 0, names: '', titleId: null, link: family?.[2] };
    group.value += value;
    group.names += (group.names && ', ') + name;
    group.titleId ??= titleId ?? null;
    groups.set(label, group);
  }
  return [...groups.values()];
}

function chart(unsorted) {
  const parts = unsorted.filter((part) => Math.abs(part.value) > 5e-4).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const sum = unsorted.reduce((total, part) => total + part.value, 0);
  let running = 0;
  const spans = parts.map((part) => ({ ...part, from: running, to: (running += part.value) }));
  const low = Math.min(0, sum, ...spans.map((span) => span.to));
  const high = Math.max(0, sum, ...spans.map((span) => span.to));
  const share = (value) => ((value - low) / (high - low || 1)) * 100;
  const line = ({ label, names, titleId, link, from, to, value }, tone) => {
    const name = el('span', { class: 'why-name', text: label, title: names });
    if (titleId && link) titleOf(titleId).then((title) => name.append(el('span', { class: 'why-from', text: `${link} ${title.name}` })));
    return el('li', { class: `why-line ${tone}` },
      name,
      el('span', { class: 'why-lane', 'aria-hidden': 'true' }, el('span', { class: 'why-bar', style: { left: `${share(Math.min(from, to))}%`, width: `${Math.max(0.8, Math.abs(share(to) - share(from)))}%` } })),
      el('span', { class: 'why-value', text: number(value, tone !== 'sum') }));
  };
  return el('ul', { class: 'why-bars' }, ...spans.map((span) => line(span, span.value < 0 ? 'less' : 'more')), line({ label: 'Score', from: 0, to: sum, value: sum }, 'sum'));
}

/** "trend.weeks" and "coWatch.log" as "Trend weeks" and "Co watch log". */
function words(name) {
  const spaced = name.replace(/[-_.:]+/g, ' ').replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function number(value, signed) {
  const size = Math.abs(value);
  return (value < 0 ? '−' : signed ? '+' : '') + size.toFixed(size >= 100 ? 0 : 3);
}
