// Tells the engine which posters a person could really see: half of the poster, for a second, once per slate.

import { byId } from './dom.js';
import { outbox } from './outbox.js';
import { session } from './session.js';

const key = 'marquee.impressions';
const dwellMilliseconds = 1000;
const batchMilliseconds = 1500;

export class Impressions {
  #timers = new Map();
  #seen = new Map();
  #batch = [];
  #flush = 0;
  #on = stored();
  #observer = new IntersectionObserver((entries) => entries.forEach((entry) => this.#notice(entry)), { threshold: 0.5 });

  constructor() {
    const control = byId('impressions');
    control.checked = this.#on;
    control.addEventListener('change', () => {
      this.#on = control.checked;
      try {
        localStorage.setItem(key, this.#on ? 'on' : 'off');
      } catch {
        // The choice then lasts as long as the page.
      }
      if (!this.#on) this.#batch = [];
    });
    session.addEventListener('change', () => {
      this.#seen.clear();
      this.#batch = [];
    });
    addEventListener('pagehide', () => this.#send());
  }

  /** Watches the cards of a new answer. A slate that shows the same titles in the same order as before is the same slate. */
  watch(rows) {
    const slates = new Map();
    for (const row of rows) {
      const order = row.items.map((item) => item.titleId).join(' ');
      const known = this.#seen.get(row.rowId);
      slates.set(row.rowId, known?.order === order ? known : { order, titles: new Set() });
    }
    this.#seen = slates;
    this.#observer.disconnect();
    for (const card of document.querySelectorAll('#rows .card')) if (card.marqueeCard) this.#observer.observe(card);
  }

  #notice(entry) {
    const { target } = entry;
    clearTimeout(this.#timers.get(target));
    this.#timers.delete(target);
    if (!entry.isIntersecting) return;
    this.#timers.set(target, setTimeout(() => this.#count(target), dwellMilliseconds));
  }

  #count(target) {
    this.#timers.delete(target);
    const { titleId, row } = target.marqueeCard;
    const slate = this.#seen.get(row.rowId);
    if (!this.#on || document.hidden || !target.isConnected || !slate || slate.titles.has(titleId)) return;
    slate.titles.add(titleId);
    this.#batch.push({ userId: session.userId, titleId, type: 'impression', recommendationId: row.recommendationId });
    if (!this.#flush) this.#flush = setTimeout(() => this.#send(), batchMilliseconds);
  }

  #send() {
    clearTimeout(this.#flush);
    this.#flush = 0;
    for (const event of this.#batch.splice(0)) outbox.add(event);
  }
}

function stored() {
  try {
    return localStorage.getItem(key) !== 'off';
  } catch {
    return true;
  }
}
