// The search box: a combobox over the catalogue.

import { api } from './api.js';
import { connection } from './connection.js';
import { byId, el } from './dom.js';
import { posterCanvas } from './painter.js';
import { learn } from './titles.js';

const quietMilliseconds = 130;

export class Search {
  #input = byId('search-text');
  #list = byId('search-list');
  #box = byId('search');
  #items = [];
  #chosen = -1;
  #timer = 0;
  #abort = null;

  constructor(open) {
    this.#input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#ask(), quietMilliseconds);
    });
    this.#input.addEventListener('focus', () => this.#items.length && this.#input.value.trim() && this.#expand(true));
    this.#input.addEventListener('keydown', (event) => this.#key(event, open));
    this.#list.addEventListener('click', (event) => {
      const option = event.target.closest('[role=option]');
      if (option) this.#pick(Number(option.dataset.index), open);
    });
    byId('search-form').addEventListener('submit', (event) => event.preventDefault());
    byId('search-open').addEventListener('click', () => {
      this.#box.classList.add('spread');
      this.#input.focus();
    });
    this.#box.addEventListener('focusout', (event) => {
      if (this.#box.contains(event.relatedTarget)) return;
      this.#expand(false);
      this.#box.classList.remove('spread');
    });
    // The list never takes the focus from the box.
    this.#list.addEventListener('pointerdown', (event) => event.preventDefault());
  }

  async #ask() {
    const text = this.#input.value.trim();
    this.#abort?.abort();
    if (!text) {
      this.#items = [];
      this.#expand(false);
      return;
    }
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      const answer = await api.search(text, signal);
      if (signal.aborted) return;
      this.#items = answer.items.map(({ titleId, name, releaseYear, genres }) => ({ titleId, title: { name, releaseYear, genres: genres ?? [] } }));
      learn(this.#items);
      this.#render(this.#items.length ? null : 'No title of that name.');
    } catch (failure) {
      if (signal.aborted) return;
      if (failure.passing) connection.lost(failure);
      this.#items = [];
      this.#render(failure.passing ? 'The node does not answer just now.' : failure.message);
    }
  }

  #render(message) {
    this.#chosen = -1;
    this.#list.replaceChildren(...(message ? [el('li', { class: 'search-none', text: message })] : this.#items.map((item, index) =>
      el('li', { role: 'option', id: `found-${index}`, 'data-index': index, 'aria-selected': 'false' },
        el('span', { class: 'search-thumb' }, posterCanvas(item.titleId, item.title, { thumbnail: true })),
        el('span', { class: 'search-words' }, el('span', { class: 'search-name', text: item.title.name }), el('span', { class: 'search-meta', text: [item.title.releaseYear, ...item.title.genres.slice(0, 2)].filter(Boolean).join(' · ') }))))));
    this.#input.removeAttribute('aria-activedescendant');
    this.#expand(true);
  }

  #expand(open) {
    this.#list.hidden = !open;
    this.#input.setAttribute('aria-expanded', String(open));
  }

  #key(event, open) {
    const { key } = event;
    if (key === 'Escape') {
      event.preventDefault();
      if (!this.#list.hidden) this.#expand(false);
      else {
        this.#input.value = '';
        this.#input.blur();
      }
    } else if ((key === 'ArrowDown' || key === 'ArrowUp') && this.#items.length) {
      event.preventDefault();
      this.#expand(true);
      const step = key === 'ArrowDown' ? 1 : -1;
      this.#select((this.#chosen + step + this.#items.length) % this.#items.length);
    } else if (key === 'Enter' && this.#items.length) {
      event.preventDefault();
      this.#pick(Math.max(0, this.#chosen), open);
    }
  }

  #select(index) {
    this.#chosen = index;
    [...this.#list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === index)));
    this.#list.children[index].scrollIntoView({ block: 'nearest' });
    this.#input.setAttribute('aria-activedescendant', `found-${index}`);
  }

  #pick(index, open) {
    const item = this.#items[index];
    this.#expand(false);
    this.#box.classList.remove('spread');
    open(item, this.#input);
  }
}
