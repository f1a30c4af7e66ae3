// From the click to the new rows on the screen: measured, shown, remembered for a small chart.

import { byId, shape } from './dom.js';

const kept = 24;

/** Resolves after the browser has put the current document on the screen (or at once in a hidden tab, which paints nothing). */
export function painted() {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        resolve();
      };
      channel.port2.postMessage(null);
    });
  });
}

/** A time as a person reads it: 9.4 ms, 14 ms, 1.2 s. */
export function readable(milliseconds) {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(milliseconds < 10000 ? 1 : 0)} s`;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}

/** The click-to-rows meter in the header. */
export class Meter {
  #times = [];
  #root = byId('meter');

  /** @param {{total: number, stored: number, answered: number, drawn: number}} times Milliseconds. */
  add(times) {
    this.#times.push(times);
    if (this.#times.length > kept) this.#times.shift();
    this.#draw(times);
  }

  #draw({ total, stored, answered, drawn }) {
    byId('meter-value').textContent = readable(total);
    const sentence = `Your rows changed ${readable(total)} after your click: event stored ${readable(stored)}, new answer ${readable(answered)}, drawn ${readable(drawn)}.`;
    this.#root.title = sentence;
    byId('meter-words').textContent = sentence;
    const chart = byId('meter-chart');
    const width = 88;
    const height = 24;
    const highest = Math.max(30, ...this.#times.map((time) => time.total));
    const step = width / kept;
    chart.replaceChildren(...this.#times.map((time, i) => {
      const tall = Math.max(2, (time.total / highest) * height);
      return shape('rect', { x: (i + kept - this.#times.length) * step, y: height - tall, width: step - 1.2, height: tall, rx: 1, class: i === this.#times.length - 1 ? 'latest' : '' });
    }));
  }
}
