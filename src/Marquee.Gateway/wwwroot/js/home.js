// The home page of the current user: asks for it, shows it, asks again when something happened.

import { api } from './api.js';
import { connection } from './connection.js';
import { banner } from './feedback.js';
import { painted } from './latency.js';
import { session } from './session.js';
import { learn } from './titles.js';

const plainRetryMilliseconds = 3000;

/** Fires `shown` with the answer after each one that reached the screen. */
export class Home extends EventTarget {
  #rows;
  #controller = null;
  #latest = null;
  #position = null;
  #plain = 0;

  constructor(rows) {
    super();
    this.#rows = rows;
    connection.addEventListener('back', () => session.userId && this.refresh().catch(() => {}));
  }

  /** Starts over for another user. */
  load() {
    this.#position = null;
    this.#rows.skeleton();
    return this.refresh();
  }

  /**
   * Asks for the rows as of a position and shows them. A newer call overtakes an older one, whose promise then follows the newer.
   * @returns {Promise<{answer: object, changes: object, answeredAt: number, paintedAt: number}>}
   */
  refresh(position) {
    if (position) this.#position = position;
    this.#controller?.abort();
    const controller = new AbortController();
    this.#controller = controller;
    const mine = this.#ask(controller.signal).catch((failure) => {
      if (controller.signal.aborted && this.#latest !== mine) return this.#latest;
      if (failure.passing) connection.lost(failure);
      else banner('home', `The rows could not be loaded: ${failure.message}`, 'bad');
      throw failure;
    });
    this.#latest = mine;
    return mine;
  }

  async #ask(signal) {
    const userId = session.userId;
    let answer;
    try {
      answer = await api.home(userId, { metadata: true, after: this.#position }, signal);
    } catch (failure) {
      // A position from before an erasure or of another store means nothing any more.
      if (failure.status !== 400 || !this.#position) throw failure;
      this.#position = null;
      answer = await api.home(userId, { metadata: true }, signal);
    }
    const answeredAt = performance.now();
    for (const row of answer.rows) learn(row.items);
    const changes = this.#rows.show(answer.rows);
    this.dispatchEvent(new CustomEvent('shown', { detail: { answer, changes } }));
    await painted();
    const paintedAt = performance.now();
    banner('home', null);
    this.#tell(answer);
    return { answer, changes, answeredAt, paintedAt };
  }

  #tell(answer) {
    clearTimeout(this.#plain);
    const degraded = Boolean(answer.degraded) && answer.degraded !== 'none';
    banner('plain', degraded ? 'Showing a plainer page for a moment: part of the engine is catching up.' : null);
    if (degraded) this.#plain = setTimeout(() => this.refresh().catch(() => {}), plainRetryMilliseconds);
  }
}
