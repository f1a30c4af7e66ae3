// Events on their way to the node. Each is written to localStorage before it is sent and removed only when the node has
// answered for it, and is sent under the same eventId however often: nothing is lost, and the node drops repeats.

import { api } from './api.js';
import { Backoff } from './backoff.js';
import { connection } from './connection.js';

const prefix = 'marquee.outbox.';
const largestBatch = 200;
const mostWaiting = 2000;

/** A random id; crypto.randomUUID exists only on https and localhost. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/**
 * Fires `inherited` with {events, position} when events that an earlier page left behind were delivered, `refused` with
 * {events, message}, and `change` when the number waiting changes or the node refuses for a time what it could read.
 */
class Outbox extends EventTarget {
  #waiting = new Map();
  #receipts = new Map();
  #order = Date.now();
  #draining = null;
  #backoff = new Backoff(500, 8000);

  /** Why the node, though there, takes no events just now; null when it does. */
  stalled = null;

  constructor() {
    super();
    // One key per event, so that two tabs never overwrite each other's list.
    const kept = [];
    for (const key of storedKeys()) {
      try {
        kept.push(JSON.parse(localStorage.getItem(key)));
      } catch {
        localStorage.removeItem(key);
      }
    }
    kept.sort((a, b) => a.order - b.order);
    for (const entry of kept) this.#waiting.set(entry.event.eventId, entry);
    connection.addEventListener('back', () => this.drain());
  }

  get size() {
    return this.#waiting.size;
  }

  /** Keeps an event and sends it. Resolves with the answer's position when the node has it; null when it was refused. */
  add(event) {
    const whole = { eventId: newId(), ...event, occurredAt: new Date().toISOString(), device: 'web' };
    if (this.#waiting.size >= mostWaiting) this.#makeRoom();
    const entry = { order: this.#order++, event: whole };
    this.#waiting.set(whole.eventId, entry);
    store(entry);
    this.#changed();
    const receipt = new Promise((resolve) => this.#receipts.set(whole.eventId, resolve));
    this.drain();
    return receipt;
  }

  /** Forgets what a person who was erased had not sent yet. */
  forget(userId) {
    this.#drop([...this.#waiting.values()].map((entry) => entry.event).filter((event) => event.userId === userId), null);
  }

  /** Sends everything that waits, oldest first, one batch at a time. */
  drain() {
    this.#draining ??= this.#send().finally(() => {
      this.#draining = null;
      if (connection.online && this.#waiting.size > 0) this.drain();
    });
    return this.#draining;
  }

  async #send() {
    // One turn's grace: clicks of the same moment travel together.
    await null;
    while (connection.online && this.#waiting.size > 0) {
      const first = this.#waiting.values().next().value.event;
      const events = [];
      for (const { event } of this.#waiting.values()) {
        // One user per call: the position that comes back is then that user's.
        if (event.userId === first.userId && events.push(event) === largestBatch) break;
      }
      try {
        this.#settle(events, await api.postEvents(events));
        this.#stall(null);
      } catch (failure) {
        if (!failure.passing) this.#drop(events, failure.message);
        else if (failure.status) {
          // It answers, so it can be read: only writing has to wait (a full disk, a full queue).
          this.#stall(failure.message);
          await this.#backoff.wait(failure.retryAfterMilliseconds);
        } else {
          connection.lost(failure);
          return;
        }
      }
    }
  }

  #stall(message) {
    if (message === null) this.#backoff.reset();
    if (this.stalled === message) return;
    this.stalled = message;
    this.#changed();
  }

  #settle(events, answer) {
    const errors = new Map((answer?.errors ?? []).map((error) => [error.index, error]));
    const early = [];
    const good = [];
    events.forEach((event, index) => {
      const error = errors.get(index);
      if (!error) good.push(event);
      // A clock that runs ahead: let the node say when it happened.
      else if (error.field === 'occurredAt' && event.occurredAt) early.push(event);
      else this.#drop([event], error.message);
    });
    for (const event of early) {
      delete event.occurredAt;
      store(this.#waiting.get(event.eventId));
    }
    const position = answer?.position ?? null;
    const inherited = good.filter((event) => !this.#receipts.has(event.eventId) && event.type !== 'impression');
    this.#remove(good, position);
    if (inherited.length) this.dispatchEvent(new CustomEvent('inherited', { detail: { events: inherited, position } }));
  }

  #drop(events, message) {
    this.#remove(events, null);
    if (events.length && message) this.dispatchEvent(new CustomEvent('refused', { detail: { events, message } }));
  }

  #remove(events, position) {
    for (const event of events) {
      this.#waiting.delete(event.eventId);
      try {
        localStorage.removeItem(prefix + event.eventId);
      } catch {
        // Storage is switched off; the event lived in memory only.
      }
      this.#receipts.get(event.eventId)?.(position);
      this.#receipts.delete(event.eventId);
    }
    this.#changed();
  }

  #makeRoom() {
    const entries = [...this.#waiting.values()];
    const least = entries.find((entry) => entry.event.type === 'impression') ?? entries[0];
    this.#drop([least.event], 'Too many events are waiting; the oldest was dropped.');
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

function storedKeys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function store(entry) {
  try {
    localStorage.setItem(prefix + entry.event.eventId, JSON.stringify(entry));
  } catch {
    // Full or switched off: the event is still sent, it only does not survive a closed tab.
  }
}

export const outbox = new Outbox();
