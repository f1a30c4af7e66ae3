// Is the node there? One place knows, and keeps asking, gently, until it is.

import { api } from './api.js';
import { Backoff } from './backoff.js';

/** Fires `lost` once when the node stops answering and `back` once when it is ready again. */
class Connection extends EventTarget {
  online = true;
  #backoff = new Backoff(300, 4000);

  /** Somebody's call failed in a way that may pass. */
  lost(failure) {
    if (!this.online) return;
    this.online = false;
    this.dispatchEvent(new Event('lost'));
    this.#ask(failure?.retryAfterMilliseconds);
  }

  async #ask(atLeast) {
    await this.#backoff.wait(atLeast);
    try {
      await api.ready();
    } catch (failure) {
      this.#ask(failure.retryAfterMilliseconds);
      return;
    }
    this.online = true;
    this.dispatchEvent(new Event('back'));
  }
}

export const connection = new Connection();
