// Is the node there? One place knows, and keeps asking, gently, until it is.

import { api } from './api.js';

const firstDelay = 400;
const longestDelay = 5000;

/** Fires `lost` once when the node stops answering and `back` once when it is ready again. */
class Connection extends EventTarget {
  online = true;
  lostAt = 0;

  /** Somebody's call failed in a way that may pass. */
  lost(retryAfterMilliseconds) {
    if (!this.online) return;
    this.online = false;
    this.lostAt = performance.now();
    this.dispatchEvent(new Event('lost'));
    this.#ask(retryAfterMilliseconds ?? firstDelay);
  }

  #ask(delay) {
    const jitter = 0.75 + Math.random() * 0.5;
    setTimeout(async () => {
      try {
        await api.ready();
      } catch {
        this.#ask(Math.min(longestDelay, Math.max(firstDelay, delay * 1.7)));
        return;
      }
      this.online = true;
      this.dispatchEvent(new Event('back'));
    }, delay * jitter);
  }
}

export const connection = new Connection();
