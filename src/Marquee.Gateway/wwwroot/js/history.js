// The drawer with what the engine holds about this person, and the way to have it erased.

import { api } from './api.js';
import { byId, calm, el, icon } from './dom.js';
import { announce, toast } from './feedback.js';
import { outbox } from './outbox.js';
import { posterCanvas } from './painter.js';
import { session } from './session.js';
import { titleOf } from './titles.js';

const glyphs = { play: 'play', progress: 'play', complete: 'check', like: 'heart', dislike: 'down', rate: 'star', addToList: 'plus', removeFromList: 'plus', hide: 'hide', unhide: 'eye', impression: 'eye', click: 'click', abandon: 'stop' };
const verbs = { play: 'Played', progress: 'Watched on', complete: 'Finished', like: 'Liked', dislike: 'Not for me', rate: 'Rated', addToList: 'Added to list', removeFromList: 'Taken off list', hide: 'Hidden', unhide: 'Shown again', impression: 'Was shown', click: 'Opened', abandon: 'Gave up' };
const most = 5;

export class History {
  #dialog = byId('history');
  #list = byId('history-list');
  #home;
  #next = null;
  #day = '';
  #round = 0;

  constructor(home) {
    this.#home = home;
    byId('history-close').addEventListener('click', () => this.close());
    this.#dialog.addEventListener('click', (event) => event.target === this.#dialog && this.close());
    byId('history-more').addEventListener('click', () => this.#more());
    byId('history-shown').addEventListener('change', () => this.#load());
    byId('erase').addEventListener('click', () => {
      byId('erase-user').textContent = session.userId;
      byId('erase-confirm').showModal();
    });
    byId('erase-no').addEventListener('click', () => byId('erase-confirm').close());
    byId('erase-yes').addEventListener('click', () => this.#erase());
  }

  open() {
    this.#dialog.showModal();
    if (!calm()) this.#dialog.animate([{ opacity: 0, transform: 'translateX(40px)' }, { opacity: 1, transform: 'none' }], { duration: 240, easing: 'ease-out' });
    byId('history-user').textContent = session.userId;
    return this.#load();
  }

  close() {
    this.#dialog.close();
  }

  async #load() {
    this.#round++;
    this.#next = undefined;
    this.#day = '';
    this.#list.replaceChildren();
    await this.#more();
  }

  /** Adds pages until something can be seen: a page may hold nothing but impressions. */
  async #more() {
    const round = this.#round;
    const impressions = byId('history-shown').checked;
    const button = byId('history-more');
    button.disabled = true;
    let added = 0;
    try {
      for (let page = 0; page < most && added < 25 && this.#next !== null; page++) {
        const answer = await api.history(session.userId, this.#next);
        if (round !== this.#round) return;
        this.#next = answer.next ?? null;
        const events = answer.events.filter((event) => impressions || event.type !== 'impression');
        events.forEach((event) => this.#append(event));
        added += events.length;
      }
      byId('history-empty').hidden = this.#list.childElementCount > 0;
      byId('history-empty').textContent = 'Nothing yet. Play something and it will stand here at once.';
    } catch (failure) {
      byId('history-empty').hidden = false;
      byId('history-empty').textContent = failure.passing ? 'The node does not answer just now.' : failure.message;
    }
    button.disabled = false;
    button.hidden = !this.#next;
  }

  #append(event) {
    const when = new Date(event.occurredAt);
    const day = when.toLocaleDateString(undefined, { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
    if (day !== this.#day) {
      this.#day = day;
      this.#list.append(el('li', { class: 'history-day', text: day }));
    }
    const name = el('span', { class: 'history-title', text: '\u00a0' });
    const thumb = el('span', { class: 'history-thumb' });
    const what = (verbs[event.type] ?? event.type) + (event.type === 'rate' && event.value ? ` ${event.value} of 5` : '');
    this.#list.append(el('li', { class: `history-event type-${event.type}` },
      thumb,
      el('span', { class: 'history-text' }, name, el('span', { class: 'history-what' }, icon(glyphs[event.type] ?? 'clock'), what)),
      el('time', { datetime: event.occurredAt, text: when.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' }) })));
    titleOf(event.titleId).then((title) => {
      name.textContent = title.name;
      thumb.append(posterCanvas(event.titleId, title, { thumbnail: true }));
    });
  }

  async #erase() {
    const { userId } = session;
    byId('erase-confirm').close();
    try {
      await api.erase(userId);
    } catch (failure) {
      toast({ lead: 'Not erased.', text: failure.passing ? 'The node does not answer just now; nothing was changed.' : failure.message, glyph: 'trash' });
      return;
    }
    outbox.forget(userId);
    this.close();
    await this.#home.load().catch(() => {});
    toast({ lead: 'Erased.', text: 'The engine no longer knows anything about you.', glyph: 'trash' });
    announce('Erased. The engine no longer knows anything about you.');
  }
}
