// Names for ids: what the page has already seen, else asked from the node, a few at a time.

import { api } from './api.js';

const known = new Map();
const asked = new Map();
const most = 5;
let running = 0;
const line = [];

/** Remembers the metadata of every item of an answer that carries some. */
export function learn(items) {
  for (const item of items ?? []) if (item.title) known.set(item.titleId, item.title);
}

/** The metadata of a title: {name, releaseYear, genres}. A title that the node does not know is named by its id. */
export function titleOf(titleId) {
  if (known.has(titleId)) return Promise.resolve(known.get(titleId));
  if (!asked.has(titleId)) {
    asked.set(titleId, new Promise((resolve) => {
      line.push(async () => {
        try {
          const { name, releaseYear, genres } = await api.title(titleId);
          known.set(titleId, { name: name || titleId, releaseYear, genres: genres ?? [] });
        } catch {
          asked.delete(titleId);
        }
        resolve(known.get(titleId) ?? { name: titleId, genres: [] });
      });
      work();
    }));
  }
  return asked.get(titleId);
}

async function work() {
  if (running >= most) return;
  running++;
  while (line.length) await line.shift()();
  running--;
}
