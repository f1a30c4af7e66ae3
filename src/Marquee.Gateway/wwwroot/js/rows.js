// The home page's rows: keeps elements for titles and rows that stay, so that only what changed moves.

import { Card } from './card.js';
import { arrange, byId, el, icon } from './dom.js';
import { transition } from './motion.js';
import { repaint } from './painter.js';

const hints = {
  'continue-watching': 'Pick up where you left off',
  'watch-next': 'The next episode',
  'top-picks': 'Live, from everything you did',
  trending: 'What everybody watches',
  new: 'Fresh in the catalogue',
  'my-list': 'What you kept for later',
};
let numbered = 0;

export class Rows {
  #container = byId('rows');
  #rows = new Map();
  #cards = new Map();

  constructor() {
    let width = innerWidth;
    addEventListener('resize', () => {
      if (Math.abs(innerWidth - width) < 60) return;
      width = innerWidth;
      repaint(this.#container);
    });
  }

  /** Shows an answer's rows. Returns what a person would notice: titles that came, left and moved, rows that came and left. */
  show(rows) {
    const before = this.#positions();
    const focus = this.#focus();
    transition({ tracks: () => [...this.#rows.values()].map((section) => section.track), rows: () => [...this.#container.children] }, () => this.#apply(rows));
    this.#restoreFocus(focus);
    return compare(before, this.#positions());
  }

  /** Grey shapes of the size of what will come, so that nothing jumps. */
  skeleton() {
    this.#rows.clear();
    this.#cards.clear();
    this.#container.replaceChildren(...Array.from({ length: 4 }, () =>
      el('section', { class: 'row skeleton', 'aria-hidden': 'true' }, el('div', { class: 'row-head' }, el('span', { class: 'bone' })), el('ul', { class: 'track' }, ...Array.from({ length: 9 }, () => el('li', { class: 'card' }, el('div', { class: 'card-frame' })))))));
    this.#container.setAttribute('aria-busy', 'true');
  }

  #apply(rows) {
    const cards = new Map();
    const sections = new Map();
    for (const row of rows) {
      const items = row.items.filter((item) => item.title && !cards.has(item.titleId));
      if (items.length === 0) continue;
      const section = this.#rows.get(row.rowId) ?? createRow(row.rowId);
      section.scrollKept = section.track.scrollLeft;
      section.name.textContent = row.name;
      section.hint.textContent = (row.source === 'popular' && row.surface === 'top-picks' ? 'What most people like, until you play something' : hints[row.surface]) ?? '';
      for (const item of items) {
        const card = this.#cards.get(item.titleId) ?? new Card(item.titleId, item.title);
        card.update(item, row, items.length);
        cards.set(item.titleId, card);
      }
      section.cards = items.map((item) => cards.get(item.titleId));
      sections.set(row.rowId, section);
    }
    for (const [titleId, card] of this.#cards) if (!cards.has(titleId)) card.element.remove();
    for (const child of [...this.#container.children]) if (sections.get(child.dataset.row)?.element !== child) child.remove();
    for (const section of sections.values()) arrange(section.track, section.cards.map((card) => card.element));
    arrange(this.#container, [...sections.values()].map((section) => section.element));
    for (const section of sections.values()) {
      section.track.scrollLeft = section.scrollKept;
      rove(section.track);
      section.measure();
    }
    this.#container.removeAttribute('aria-busy');
    this.#rows = sections;
    this.#cards = cards;
  }

  #positions() {
    const positions = new Map();
    for (const [rowId, section] of this.#rows) section.cards.forEach((card, index) => positions.set(card.titleId, { rowId, index, row: section.name.textContent, name: card.title.name }));
    return { titles: positions, rows: new Map([...this.#rows].map(([rowId, section]) => [rowId, section.name.textContent])) };
  }

  #focus() {
    const card = document.activeElement?.closest?.('#rows .card');
    if (!card) return null;
    const siblings = [...card.parentElement.children];
    return { titleId: card.dataset.title, rowId: card.closest('.row').dataset.row, index: siblings.indexOf(card) };
  }

  #restoreFocus(focus) {
    if (!focus || document.activeElement?.closest?.('#rows .card')) return;
    const row = this.#rows.get(focus.rowId) ?? this.#rows.values().next().value;
    const card = this.#cards.get(focus.titleId) ?? row?.cards[Math.min(focus.index, row.cards.length - 1)];
    if (card) focusCard(card.element, { preventScroll: true });
  }
}

function createRow(rowId) {
  const label = `row-name-${++numbered}`;
  const name = el('h2', { class: 'row-name', id: label });
  const hint = el('span', { class: 'row-hint' });
  const track = el('ul', { class: 'track' });
  const page = (direction) => track.scrollBy({ left: direction * track.clientWidth * 0.82, behavior: 'smooth' });
  const back = el('button', { class: 'pager back', type: 'button', tabindex: '-1', 'aria-hidden': 'true', onclick: () => page(-1) }, icon('left'));
  const on = el('button', { class: 'pager on', type: 'button', tabindex: '-1', 'aria-hidden': 'true', onclick: () => page(1) }, icon('right'));
  const measure = () => {
    back.hidden = track.scrollLeft < 8;
    on.hidden = track.scrollLeft > track.scrollWidth - track.clientWidth - 8;
  };
  track.addEventListener('scroll', measure, { passive: true });
  const element = el('section', { class: 'row', 'data-row': rowId, 'aria-labelledby': label }, el('div', { class: 'row-head' }, name, hint), el('div', { class: 'row-body' }, track, back, on));
  return { element, track, name, hint, measure, cards: [], scrollKept: 0 };
}

/** Exactly one card of a track can be reached with Tab; the arrow keys do the rest. */
function rove(track) {
  const buttons = [...track.querySelectorAll('.card-open')];
  const current = buttons.find((button) => button.tabIndex === 0) ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === current ? 0 : -1;
}

/** Moves the focus, and the track's one tab stop, to a card. */
export function focusCard(element, options) {
  const button = element.querySelector('.card-open');
  for (const other of element.parentElement.querySelectorAll('.card-open')) other.tabIndex = other === button ? 0 : -1;
  button.focus(options);
}

function compare(before, after) {
  const names = (map, other) => [...map].filter(([id]) => !other.has(id)).map(([, value]) => value);
  const moved = [...after.titles].filter(([id, now]) => {
    const was = before.titles.get(id);
    return was && (was.rowId !== now.rowId || was.index !== now.index);
  });
  return {
    arrived: names(after.titles, before.titles),
    left: names(before.titles, after.titles),
    moved: moved.map(([, now]) => now),
    newRows: names(after.rows, before.rows),
    goneRows: names(before.rows, after.rows),
  };
}
