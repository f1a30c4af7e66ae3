// What a viewer can do to a title: each act is an event, then a new answer, then the time between them.

import { connection } from './connection.js';
import { announce, toast } from './feedback.js';
import { readable } from './latency.js';
import { outbox } from './outbox.js';
import { session } from './session.js';

/** Every act of the page: how it is told when done, its icon, and whether the title leaves the rows. */
export const acts = {
  play: { done: 'Playing', icon: 'play', leaves: true },
  complete: { done: 'Finished', icon: 'check', leaves: true },
  like: { done: 'Liked', icon: 'heart', leaves: false },
  dislike: { done: 'Not for you:', icon: 'down', leaves: true },
  hide: { done: 'Hidden:', icon: 'hide', leaves: true, undo: 'unhide' },
  unhide: { done: 'Shown again:', icon: 'undo', leaves: false },
  addToList: { done: 'On your list:', icon: 'plus', leaves: false },
  removeFromList: { done: 'Off your list:', icon: 'plus', leaves: false },
  rate: { done: 'Rated', icon: 'star', leaves: true },
  abandon: { done: 'Given up:', icon: 'stop', leaves: true },
};

export class Actions {
  #home;
  #meter;
  #marks = new Map();

  constructor(home, meter) {
    this.#home = home;
    this.#meter = meter;
    session.addEventListener('change', () => this.#marks.clear());
  }

  /** What this person did to a title since the page was opened: a set of act names. */
  marks(titleId) {
    if (!this.#marks.has(titleId)) this.#marks.set(titleId, new Set());
    return this.#marks.get(titleId);
  }

  /**
   * Sends an act and shows the rows that follow from it.
   * @param {string} type An event type of the API.
   * @param {{titleId: string, title: object, row?: object}} target The row names the slate that showed the title.
   * @param {Event} event What the person did; its time stamp starts the clock.
   */
  async act(type, target, event, extra = {}) {
    const clickedAt = event?.timeStamp > 0 ? event.timeStamp : performance.now();
    const userId = session.userId;
    this.#mark(type, target.titleId);
    const receipt = outbox.add({ userId, titleId: target.titleId, type, ...extra, recommendationId: target.row?.recommendationId });
    const cards = document.querySelectorAll(`[data-title="${CSS.escape(target.titleId)}"]`);
    for (const card of cards) card.classList.add('busy');
    const position = await this.#receive(receipt, type, target);
    const storedAt = performance.now();
    for (const card of cards) card.classList.remove('busy');
    if (position === null) this.marks(target.titleId).delete(type);
    if (position === null || session.userId !== userId) return;
    let shown;
    try {
      shown = await this.#home.refresh(position);
    } catch {
      return;
    }
    if (session.userId !== userId) return;
    const total = shown.paintedAt - clickedAt;
    this.#meter.add({ total, stored: storedAt - clickedAt, answered: shown.answeredAt - storedAt, drawn: shown.paintedAt - shown.answeredAt });
    this.#tellDone(type, target, total, shown.changes);
  }

  /** Waits for the node to have the event, and says so, once, when that may take a while. */
  async #receive(receipt, type, target) {
    const waiting = new AbortController();
    const look = () => {
      if (connection.online && !outbox.stalled) return;
      waiting.abort();
      toast({ lead: acts[type].done, name: target.title.name, text: 'kept here, and sent as soon as the node takes it', glyph: acts[type].icon });
    };
    connection.addEventListener('lost', look, { signal: waiting.signal });
    outbox.addEventListener('change', look, { signal: waiting.signal });
    look();
    const position = await receipt;
    waiting.abort();
    return position;
  }

  #mark(type, titleId) {
    const marks = this.marks(titleId);
    if (type === 'removeFromList') marks.delete('addToList');
    else if (type === 'unhide') marks.delete('hide');
    else marks.add(type);
  }

  #tellDone(type, target, total, changes) {
    const told = acts[type];
    const text = `${change(changes)} ${readable(total)} after your click`;
    toast({ lead: told.done, name: target.title.name, text, glyph: told.icon, undo: told.undo ? (event) => this.act(told.undo, target, event) : null });
    announce(`${told.done} ${target.title.name}. ${text}. ${detail(changes)}`);
  }
}

function change({ arrived, left, moved, newRows, goneRows }) {
  const nothing = !arrived.length && !left.length && !moved.length && !newRows.length && !goneRows.length;
  return nothing ? 'Your rows were checked and stay as they are,' : 'Your rows changed';
}

function detail({ arrived, left, newRows }) {
  const count = (list, one, many) => (list.length ? `${list.length} ${list.length === 1 ? one : many}` : null);
  const parts = [count(arrived, 'title came', 'titles came'), count(left, 'title left', 'titles left')];
  if (newRows.length) parts.push(`new row: ${newRows.slice(0, 2).join(', ')}`);
  const told = parts.filter(Boolean);
  return told.length ? told.join(', ') + '.' : '';
}
