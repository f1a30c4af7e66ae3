// The expanded card: one title with its actions, the reasons for it and what is like it. Beside the rows on a wide
// screen, so that they can be seen changing; over them on a phone.

import { acts } from './actions.js';
import { api } from './api.js';
import { byId, calm, el, icon } from './dom.js';
import { paintBackdrop, posterCanvas } from './painter.js';
import { paletteOf } from './posters/poster.js';
import { session } from './session.js';
import { learn } from './titles.js';
import { bars, explain } from './why.js';

const wide = matchMedia('(min-width: 900px)');

export class Sheet {
  #dialog = byId('sheet');
  #body = byId('sheet-body');
  #actions;
  #trail = [];
  #origin = null;
  #abort = null;

  constructor(actions) {
    this.#actions = actions;
    this.#dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.close();
    });
    // Beside the page the dialog is not modal and has no Esc of its own.
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#dialog.open && !event.defaultPrevented && !document.querySelector('dialog:modal')) this.close();
    });
    this.#dialog.addEventListener('click', (event) => event.target === this.#dialog && this.close());
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** Opens on a title: {titleId, title, item?, row?}. `origin` gets the focus back. */
  open(target, origin) {
    if (!this.#dialog.open) this.#trail = [];
    if (origin) this.#origin = origin;
    this.#show(target);
    if (!this.#dialog.open) {
      if (wide.matches) this.#dialog.show();
      else this.#dialog.showModal();
      document.body.classList.add('sheet-open');
      if (!calm()) this.#dialog.animate([{ opacity: 0, transform: wide.matches ? 'translateX(40px)' : 'translateY(60px)' }, { opacity: 1, transform: 'none' }], { duration: 260, easing: 'cubic-bezier(.2,.8,.2,1)' });
    }
    this.#paint(target);
    byId('sheet-name').focus({ preventScroll: true });
  }

  close() {
    if (!this.#dialog.open) return;
    this.#abort?.abort();
    this.#dialog.close();
    document.body.classList.remove('sheet-open');
    this.#trail = [];
    const origin = this.#origin?.isConnected ? this.#origin : document.querySelector('#rows .card-open[tabindex="0"]');
    origin?.focus({ preventScroll: true });
    this.#origin = null;
  }

  #show(target) {
    this.#abort?.abort();
    this.#abort = new AbortController();
    const { title } = target;
    const reason = target.item?.origin === 'explore' ? `${target.item.reason} · shown to learn whether you like it` : target.item?.reason;
    this.#dialog.style.setProperty('--tint', paletteOf(target.titleId, title).mid);
    this.#body.replaceChildren(
      el('div', { class: 'sheet-art' }, el('canvas', { 'aria-hidden': 'true' })),
      el('div', { class: 'sheet-head' },
        el('p', { class: 'sheet-meta', text: [title.releaseYear, ...(title.genres ?? [])].filter(Boolean).join(' · ') }),
        el('h2', { id: 'sheet-name', tabindex: '-1', text: title.name }),
        reason ? el('p', { class: 'sheet-reason', text: reason }) : null),
      this.#buttons(target),
      el('section', { class: 'sheet-part why', 'aria-labelledby': 'why-name' }, el('h3', { id: 'why-name', text: 'Why this?' }), el('div', { class: 'why-body', 'aria-live': 'polite', 'aria-busy': 'true' }, el('p', { class: 'faint', text: 'Asking the engine…' }))),
      el('p', { class: 'sheet-stats faint' }),
      el('section', { class: 'sheet-part', 'aria-labelledby': 'like-name' }, el('h3', { id: 'like-name', text: 'More like this' }), el('ul', { class: 'sheet-like', 'aria-busy': 'true' }, ...Array.from({ length: 6 }, () => el('li', { class: 'bone-poster' })))));
    byId('sheet-back').hidden = this.#trail.length === 0;
    byId('sheet-back').onclick = () => {
      const previous = this.#trail.pop();
      if (previous) this.open(previous);
    };
    byId('sheet-close').onclick = () => this.close();
    this.#body.scrollTop = 0;
    const { signal } = this.#abort;
    this.#why(target, signal);
    this.#like(target, signal);
    this.#stats(target, signal);
  }

  #paint(target) {
    const canvas = this.#body.querySelector('.sheet-art canvas');
    paintBackdrop(canvas, target.titleId, target.title, { shift: 0 }).then(() => canvas.classList.add('drawn'));
  }

  #buttons(target) {
    const marks = this.#actions.marks(target.titleId);
    const act = (type, event, extra) => {
      if (acts[type].leaves) this.close();
      this.#actions.act(type, target, event, extra);
      if (!acts[type].leaves && this.isOpen) this.#body.querySelector('.sheet-actions').replaceWith(this.#buttons(target));
    };
    const button = (type, name, glyph, tone = '') => el('button', { type: 'button', class: `button ${tone}`, 'data-sheet': type, onclick: (event) => act(type, event) }, icon(glyph), name);
    const toggle = (type, name, glyph, on, undo) => el('button', {
      type: 'button', class: 'round', 'data-sheet': type, 'aria-label': name, title: name, 'aria-pressed': String(on),
      onclick: (event) => {
        const back = on && undo;
        if (on && !undo) return;
        act(back ? undo : type, event);
        this.#body.querySelector(`[data-sheet="${type}"]`)?.focus();
      },
    }, icon(glyph));
    const stars = el('div', { class: 'stars', role: 'group', 'aria-label': 'Rate' }, ...[1, 2, 3, 4, 5].map((value) =>
      el('button', { type: 'button', 'data-stars': value, 'aria-label': `Rate ${value} of 5 stars`, title: `${value} of 5`, onclick: (event) => act('rate', event, { value }) }, icon('star'))));
    return el('div', { class: 'sheet-actions' },
      button('play', 'Play', 'play', 'primary'),
      button('complete', 'Finish', 'check'),
      el('div', { class: 'sheet-tools' },
        toggle('like', 'Like', 'heart', marks.has('like')),
        toggle('addToList', marks.has('addToList') ? 'Take off my list' : 'Add to my list', marks.has('addToList') ? 'check' : 'plus', marks.has('addToList'), 'removeFromList'),
        toggle('dislike', 'Not for me', 'down', false),
        toggle('hide', 'Hide', 'hide', false),
        stars));
  }

  async #why(target, signal) {
    const body = this.#body.querySelector('.why-body');
    try {
      const item = await explain(session.userId, target, signal);
      if (signal.aborted) return;
      body.replaceChildren(item ? bars(item) : el('p', { class: 'faint', text: target.item?.reason ? `${target.item.reason}. It is not among your ranked candidates, so there are no parts to show.` : 'It is not among your ranked candidates just now, so there are no parts to show.' }));
    } catch {
      if (!signal.aborted) body.replaceChildren(el('p', { class: 'faint', text: 'The node does not answer just now.' }));
    }
    body.removeAttribute('aria-busy');
  }

  async #like(target, signal) {
    const list = this.#body.querySelector('.sheet-like');
    let items = [];
    try {
      items = (await api.similar(target.titleId, signal)).items.filter((item) => item.title).slice(0, 9);
    } catch {
      if (signal.aborted) return;
    }
    learn(items);
    if (items.length === 0) list.closest('section').hidden = true;
    list.replaceChildren(...items.map((item) => el('li', {}, el('button', {
      type: 'button', class: 'like-open', 'aria-label': [item.title.name, item.title.releaseYear].filter(Boolean).join(', '), title: item.title.name,
      onclick: () => {
        this.#trail.push(target);
        this.open({ titleId: item.titleId, title: item.title, item: { reason: item.reason } });
      },
    }, posterCanvas(item.titleId, item.title)))));
    list.removeAttribute('aria-busy');
  }

  async #stats(target, signal) {
    try {
      const { counts } = await api.stats(target.titleId, signal);
      const told = [['play', 'plays'], ['complete', 'finished'], ['like', 'likes'], ['rate', 'ratings'], ['impression', 'times shown']]
        .filter(([type]) => counts?.[type] > 0)
        .map(([type, name]) => `${counts[type].toLocaleString('en')} ${name}`);
      this.#body.querySelector('.sheet-stats').textContent = told.join(' · ');
    } catch {
      // The counts are an extra; without them the line stays empty.
    }
  }
}
