// The strip of what everybody watches now: asked every two seconds while it can be seen.

import { api } from './api.js';
import { connection } from './connection.js';
import { arrange, byId, calm, el } from './dom.js';
import { transition } from './motion.js';
import { posterCanvas } from './painter.js';
import { learn } from './titles.js';

const everyMilliseconds = 2000;
const count = 20;
const row = { rowId: 'trending-strip', surface: 'trending', name: 'Trending now' };

export class Trending {
  #track = byId('trending-track');
  #chips = new Map();
  #visible = false;
  #timer = 0;
  #asking = false;

  start() {
    new IntersectionObserver((entries) => {
      this.#visible = entries.at(-1).isIntersecting;
      this.#next(0);
    }).observe(byId('trending'));
    document.addEventListener('visibilitychange', () => this.#next(0));
    connection.addEventListener('back', () => this.#next(0));
    this.#refresh();
  }

  #next(delay) {
    clearTimeout(this.#timer);
    if (this.#visible && !document.hidden) this.#timer = setTimeout(() => this.#refresh(), delay);
  }

  async #refresh() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      if (connection.online) this.show((await api.trending(count)).items);
      // The dot beats when an answer came, so a still dot means a silent node.
      if (!calm()) byId('trending-beat').animate([{ transform: 'scale(1.5)' }, { transform: 'none' }], { duration: 500, easing: 'ease-out' });
    } catch (failure) {
      if (failure.passing) connection.lost(failure);
    }
    this.#asking = false;
    this.#next(everyMilliseconds);
  }

  show(all) {
    const items = all.filter((item) => item.title);
    learn(items);
    byId('trending').classList.toggle('empty', items.length === 0);
    byId('trending').removeAttribute('aria-busy');
    transition({ tracks: () => [this.#track] }, () => {
      const next = new Map();
      items.forEach((item, index) => {
        const chip = this.#chips.get(item.titleId) ?? createChip(item);
        const was = chip.rank;
        chip.rank = index + 1;
        chip.number.textContent = chip.rank;
        chip.element.classList.toggle('up', was > chip.rank);
        chip.element.classList.toggle('down', was < chip.rank);
        next.set(item.titleId, chip);
      });
      const focused = document.activeElement?.closest?.('#trending .card');
      const { scrollLeft } = this.#track;
      for (const child of [...this.#track.children]) if (!child.marqueeCard || !next.has(child.dataset.title)) child.remove();
      arrange(this.#track, [...next.values()].map((chip) => chip.element));
      this.#track.scrollLeft = scrollLeft;
      this.#chips = next;
      const buttons = [...this.#track.querySelectorAll('.card-open')];
      if (!buttons.some((button) => button.tabIndex === 0) && buttons[0]) buttons[0].tabIndex = 0;
      if (focused?.isConnected && document.activeElement !== focused) focused.querySelector('.card-open').focus({ preventScroll: true });
    });
  }
}

function createChip(item) {
  const number = el('span', { class: 'chip-rank' });
  const open = el('button', { class: 'card-open chip', type: 'button', tabindex: '-1', 'data-act': 'open' },
    number,
    posterCanvas(item.titleId, item.title, { thumbnail: true }),
    el('span', { class: 'chip-text' }, el('span', { class: 'chip-name', text: item.title.name }), el('span', { class: 'chip-year', text: item.title.releaseYear ?? '' })));
  const element = el('li', { class: 'card trend', 'data-title': item.titleId }, open);
  element.marqueeCard = { titleId: item.titleId, title: item.title, item: { ...item, parts: undefined }, row };
  return { element, open, number, rank: undefined };
}
