// Waiting between tries: longer each time, a little at random so that many pages do not come back at once.

const calmMilliseconds = 15000;

export class Backoff {
  #shortest;
  #longest;
  #next;
  #last = -Infinity;

  /** @param {number} shortest Milliseconds before the first try. @param {number} longest Milliseconds that no wait exceeds. */
  constructor(shortest, longest) {
    this.#shortest = shortest;
    this.#longest = longest;
    this.#next = shortest;
  }

  /** Resolves when it is time to try again; not before `atLeast` milliseconds when the node named a time. */
  wait(atLeast = 0) {
    // Failures far apart are not one series.
    if (performance.now() - this.#last > calmMilliseconds) this.#next = this.#shortest;
    const delay = Math.max(atLeast, this.#next * (0.75 + Math.random() * 0.5));
    this.#next = Math.min(this.#longest, this.#next * 1.7);
    return new Promise((resolve) => setTimeout(() => {
      this.#last = performance.now();
      resolve();
    }, delay));
  }

  /** The last try was a success. */
  reset() {
    this.#next = this.#shortest;
  }
}
