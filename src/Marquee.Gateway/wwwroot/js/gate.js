// "Who is watching?": a sample user, somebody new, or an id of one's own.

import { api } from './api.js';
import { connection } from './connection.js';
import { byId, calm, el, icon } from './dom.js';
import { posterCanvas } from './painter.js';
import { choosePalette } from './posters/palettes.js';
import { hash, seeded } from './posters/random.js';
import { isUserId, session } from './session.js';

/** A person's two letters and colours, from their id and what they like. */
function avatar(userId, genres = []) {
  const palette = choosePalette(genres[0] ?? 'Fantasy', seeded(hash(userId)));
  return el('span', { class: 'avatar', 'aria-hidden': 'true', style: { '--deep': palette.deep, '--mid': palette.mid, '--light': palette.light, '--accent': palette.accent, '--turn': `${hash(userId) % 360}deg` } });
}

/** A name for an id: the number of a numbered viewer, else the id itself. */
function shortName(userId) {
  if (userId.startsWith('guest-')) return `Guest ${userId.slice(6)}`;
  const numbered = /^[a-z~._-]*(\d{1,6})$/i.exec(userId);
  return numbered ? `Viewer ${numbered[1]}` : userId;
}

export class Gate {
  #dialog = byId('gate');
  #sample = [];

  constructor() {
    byId('user').addEventListener('click', () => this.open());
    byId('gate-close').addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('cancel', (event) => {
      // Without anybody there is nothing behind the gate.
      if (!session.userId) event.preventDefault();
    });
    byId('gate-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const id = byId('gate-id').value.trim();
      const good = isUserId(id);
      byId('gate-error').textContent = good ? '' : 'An id is 1 to 128 letters, digits, dots, dashes, underscores or tildes.';
      byId('gate-id').setAttribute('aria-invalid', String(!good));
      if (good) this.#choose(id);
    });
    session.addEventListener('change', () => this.mark());
    connection.addEventListener('back', () => this.#sample.length === 0 && this.load());
    this.mark();
  }

  async load() {
    try {
      this.#sample = (await api.sample())?.users ?? [];
    } catch (failure) {
      // No sample loaded: there are still new users and ids.
      if (failure.passing) connection.lost(failure);
      this.#sample = [];
    }
    this.mark();
    if (this.#dialog.open) this.#tiles();
  }

  open() {
    byId('gate-close').hidden = !session.userId;
    this.#tiles();
    if (!this.#dialog.open) this.#dialog.showModal();
    if (!calm()) this.#dialog.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 220 });
    this.#wall();
  }

  /** Shows who is watching in the header. */
  mark() {
    const { userId } = session;
    byId('user').hidden = !userId;
    if (!userId) return;
    const known = this.#sample.find((user) => user.userId === userId);
    byId('user').replaceChildren(avatar(userId, known?.favouriteGenres), el('span', { class: 'user-name', text: shortName(userId) }));
    byId('user').setAttribute('aria-label', `Watching as ${shortName(userId)}. Change viewer`);
  }

  #choose(userId) {
    this.#dialog.close();
    if (userId) session.choose(userId);
    else session.chooseNew();
  }

  #tiles() {
    const people = this.#sample.slice(0, 12).map((user) => this.#tile(user.userId, shortName(user.userId), user.favouriteGenres?.slice(0, 3).join(', ') ?? '', `${(user.events ?? 0).toLocaleString('en')} events`, avatar(user.userId, user.favouriteGenres)));
    const anew = el('li', {}, el('button', { class: 'tile new', type: 'button', onclick: () => this.#choose(null) }, el('span', { class: 'avatar plus', 'aria-hidden': 'true' }, icon('plus')), el('span', { class: 'tile-name', text: 'Someone new' }), el('span', { class: 'tile-likes', text: 'The engine has never met you' })));
    byId('gate-people').replaceChildren(...people, anew);
  }

  #tile(userId, name, likes, events, picture) {
    return el('li', {}, el('button', { class: 'tile', type: 'button', 'data-user': userId, 'aria-current': userId === session.userId ? 'true' : null, onclick: () => this.#choose(userId) }, picture, el('span', { class: 'tile-name', text: name }), el('span', { class: 'tile-likes', text: likes }), el('span', { class: 'tile-events', text: events })));
  }

  /** Posters far behind the gate. */
  async #wall() {
    const wall = byId('gate-wall');
    if (wall.childElementCount > 0) return;
    const items = (await api.trending(32).catch(() => ({ items: [] }))).items.filter((item) => item.title);
    if (wall.childElementCount > 0) return;
    wall.append(...items.map((item) => posterCanvas(item.titleId, item.title)));
    wall.classList.add('hung');
  }
}
