// One poster in a row: the button that opens it, the quick actions over it, the caption under it.

import { el, icon } from './dom.js';
import { posterCanvas } from './painter.js';

/** The actions that a poster offers without being opened, with their keys. */
export const quickActions = [
  { type: 'play', icon: 'play', name: 'Play', key: 'p' },
  { type: 'like', icon: 'heart', name: 'Like', key: 'l' },
  { type: 'complete', icon: 'check', name: 'Finish', key: 'f' },
  { type: 'hide', icon: 'hide', name: 'Hide', key: 'h' },
];

/** A card that stays the same element for as long as the title is on the page. `item` and `row` are refreshed by `update`. */
export class Card {
  constructor(titleId, title) {
    this.titleId = titleId;
    this.title = title;
    this.open = el('button', { class: 'card-open', type: 'button', tabindex: '-1', 'data-act': 'open', 'aria-keyshortcuts': quickActions.map((action) => action.key).join(' ') }, posterCanvas(titleId, title));
    const quick = el('div', { class: 'quick', 'aria-hidden': 'true' }, ...quickActions.map((action) =>
      el('button', { type: 'button', tabindex: '-1', class: `quick-${action.type}`, 'data-act': action.type, title: `${action.name} (${action.key.toUpperCase()})` }, icon(action.icon))));
    this.reason = el('span', { class: 'card-reason' });
    this.meta = el('span', { class: 'card-meta', text: [title.releaseYear, ...(title.genres ?? []).slice(0, 2)].filter(Boolean).join(' · ') });
    this.watched = el('span', { class: 'watched', hidden: true });
    this.element = el('li', { class: 'card', 'data-title': titleId },
      el('div', { class: 'card-frame' }, this.open, this.watched, quick),
      el('div', { class: 'card-caption', 'aria-hidden': 'true' }, el('span', { class: 'card-name', text: title.name, title: title.name }), this.reason, this.meta));
    this.element.marqueeCard = this;
  }

  /** Takes the newest answer's view of this title. */
  update(item, row, count) {
    this.item = item;
    this.row = row;
    // Under a row that already says why, the year says more than the reason again.
    const telling = item.reason && item.reason !== row.name;
    this.reason.textContent = telling ? item.reason : '';
    this.element.classList.toggle('told', Boolean(telling));
    const share = item.watchedShare ?? 0;
    this.watched.hidden = !(share > 0);
    this.watched.style.setProperty('--share', share);
    this.open.setAttribute('aria-label', [this.title.name, this.title.releaseYear, (this.title.genres ?? []).join(', '), item.reason, share > 0 && `${Math.round(share * 100)} percent watched`, `${item.rank ?? ''} of ${count}`].filter(Boolean).join('. '));
  }
}
