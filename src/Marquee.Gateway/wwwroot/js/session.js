// Who is watching: from the address (?user=…), else from the last visit, else nobody yet.

import { newId } from './outbox.js';

const key = 'marquee.user';
const pattern = /^[A-Za-z0-9._~-]{1,128}$/;

export const isUserId = (text) => pattern.test(text);

class Session extends EventTarget {
  userId = null;

  constructor() {
    super();
    const asked = new URLSearchParams(location.search).get('user');
    if (asked && isUserId(asked)) this.userId = asked;
    else this.userId = remembered();
    if (this.userId) {
      remember(this.userId);
      history.replaceState(null, '', addressOf(this.userId));
    }
    addEventListener('popstate', () => {
      const id = new URLSearchParams(location.search).get('user');
      if (id && isUserId(id) && id !== this.userId) this.#become(id);
    });
  }

  /** Switches to a user and puts the id into the address, so that it can be linked to. */
  choose(userId) {
    if (userId !== this.userId) history.pushState(null, '', addressOf(userId));
    this.#become(userId);
  }

  /** Somebody the engine has never seen. */
  chooseNew() {
    this.choose('guest-' + newId().slice(0, 8));
  }

  #become(userId) {
    this.userId = userId;
    remember(userId);
    this.dispatchEvent(new Event('change'));
  }
}

function addressOf(userId) {
  const address = new URL(location.href);
  address.searchParams.set('user', userId);
  return address;
}

function remembered() {
  try {
    const id = localStorage.getItem(key);
    return id && isUserId(id) ? id : null;
  } catch {
    return null;
  }
}

function remember(userId) {
  try {
    localStorage.setItem(key, userId);
  } catch {
    // The id then lives in the address alone.
  }
}

export const session = new Session();
