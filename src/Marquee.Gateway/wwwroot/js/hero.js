// The first top pick, large.

import { byId, calm, el, icon } from './dom.js';
import { paintBackdrop } from './painter.js';
import { paletteOf } from './posters/poster.js';

export class Hero {
  #shown = null;
  #root = byId('hero');
  #art = byId('hero-art');

  constructor(act, open) {
    const buttons = [
      ['play', 'Play', 'play', 'primary'],
      ['complete', 'Finish', 'check', ''],
      ['like', 'Like', 'heart', ''],
    ];
    byId('hero-actions').append(
      ...buttons.map(([type, name, glyph, tone]) => el('button', { type: 'button', class: `button ${tone}`, 'data-hero': type, onclick: (event) => this.#shown && act(type, this.#shown, event) }, icon(glyph), el('span', { text: name }))),
      el('button', { type: 'button', class: 'button quiet', onclick: (event) => this.#shown && open(this.#shown, event.currentTarget) }, icon('eye'), el('span', { text: 'Why this?' })));
    let wide = innerWidth;
    addEventListener('resize', () => {
      if (!this.#shown || Math.abs(innerWidth - wide) < 60) return;
      wide = innerWidth;
      this.#paint(this.#art.lastElementChild);
    });
  }

  /** Takes its title from the top picks of an answer, else from the first row. */
  show(rows) {
    const row = rows.find((candidate) => candidate.surface === 'top-picks') ?? rows[0];
    const item = row?.items.find((candidate) => candidate.title);
    this.#root.classList.toggle('empty', !item);
    if (!item) return;
    const same = this.#shown?.titleId === item.titleId;
    this.#shown = { titleId: item.titleId, title: item.title, item, row };
    byId('hero-reason').textContent = item.reason || row.name;
    if (same) return;
    byId('hero-name').textContent = item.title.name;
    byId('hero-name').classList.toggle('long', item.title.name.length > 28);
    byId('hero-meta').textContent = [item.title.releaseYear, ...(item.title.genres ?? []).slice(0, 3)].filter(Boolean).join('  ·  ');
    this.#root.style.setProperty('--tint', paletteOf(item.titleId, item.title).mid);
    const canvas = el('canvas', { 'aria-hidden': 'true' });
    const old = [...this.#art.children];
    this.#art.append(canvas);
    if (!calm()) byId('hero-text').animate([{ opacity: 0, transform: 'translateY(10px)' }, { opacity: 1, transform: 'none' }], { duration: 450, easing: 'ease-out' });
    this.#paint(canvas).then(() => {
      if (calm()) return;
      return canvas.animate([{ opacity: 0, transform: 'scale(1.03)' }, { opacity: 1, transform: 'none' }], { duration: 800, easing: 'ease-out' }).finished.catch(() => {});
    }).then(() => old.forEach((layer) => layer.remove()));
  }

  #paint(canvas) {
    return paintBackdrop(canvas, this.#shown.titleId, this.#shown.title, { shift: innerWidth > 760 ? 0.42 : 0 });
  }
}
