// What the page says: toasts for what one did, a banner for the state of things, words for screen readers.

import { byId, calm, el, icon } from './dom.js';

const shownMilliseconds = 6500;
let timer = 0;

/** Says something to screen readers only. */
export function announce(text) {
  const region = byId('announcer');
  region.textContent = '';
  // A region that goes from empty to text is read even when the text repeats.
  setTimeout(() => (region.textContent = text), 30);
}

/** Shows one message at the bottom, in place of the last one. `undo` adds a button. */
export function toast({ lead, name, text, glyph = 'pulse', undo = null }) {
  const region = byId('toast');
  const content = el('div', { class: 'toast' },
    el('span', { class: 'toast-icon' }, icon(glyph)),
    el('p', { class: 'toast-text' }, lead ? el('span', { class: 'toast-lead' }, `${lead} `, name ? el('cite', { text: name }) : null) : null, el('span', { class: 'toast-more', text })),
    undo ? el('button', { class: 'toast-undo', type: 'button', onclick: (event) => { close(); undo(event); } }, icon('undo'), 'Undo') : null);
  region.replaceChildren(content);
  if (!calm()) content.animate([{ opacity: 0, transform: 'translateY(12px)' }, { opacity: 1, transform: 'none' }], { duration: 220, easing: 'ease-out' });
  const close = () => {
    clearTimeout(timer);
    content.remove();
  };
  const start = () => (timer = setTimeout(close, shownMilliseconds));
  clearTimeout(timer);
  start();
  content.addEventListener('pointerenter', () => clearTimeout(timer));
  content.addEventListener('pointerleave', start);
}

const banners = new Map();

/** Shows a banner under a key, or takes it away when text is null. The most urgent one is on top: tone 'bad' before 'mild' before 'good'. */
export function banner(key, text, tone = 'mild') {
  if (text === null) banners.delete(key);
  else banners.set(key, { text, tone });
  const order = ['bad', 'mild', 'good'];
  const [top] = [...banners.values()].sort((a, b) => order.indexOf(a.tone) - order.indexOf(b.tone));
  const region = byId('banner');
  region.hidden = !top;
  if (!top) return;
  region.dataset.tone = top.tone;
  if (byId('banner-text').textContent !== top.text) byId('banner-text').textContent = top.text;
}
