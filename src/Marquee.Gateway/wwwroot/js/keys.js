// The keyboard: arrows walk the posters, letters act on the one in focus, "/" searches.

import { quickActions } from './card.js';
import { byId } from './dom.js';
import { focusCard } from './rows.js';

/** @param {(type: string, card: object, event: Event) => void} act Called for a letter on a focused poster. */
export function listen(act) {
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.matches('input, textarea, select')) return;
    if (event.key === '/') {
      event.preventDefault();
      byId('search-text').focus();
      return;
    }
    const element = event.target.closest?.('.card');
    if (!element?.marqueeCard || !event.target.matches('.card-open')) return;
    const letter = quickActions.find((action) => action.key === event.key.toLowerCase());
    if (letter && !event.repeat) {
      event.preventDefault();
      act(letter.type, element.marqueeCard, event);
      return;
    }
    const next = neighbour(element, event.key);
    if (!next) return;
    event.preventDefault();
    focusCard(next, { preventScroll: true });
    next.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: event.repeat ? 'auto' : 'smooth' });
  });
}

function neighbour(element, key) {
  const cards = [...element.parentElement.children];
  switch (key) {
    case 'ArrowRight': return element.nextElementSibling;
    case 'ArrowLeft': return element.previousElementSibling;
    case 'Home': return cards[0];
    case 'End': return cards.at(-1);
    case 'ArrowDown': return nearest(element, 1);
    case 'ArrowUp': return nearest(element, -1);
    default: return null;
  }
}

/** The card of the next row that stands nearest below or above. */
function nearest(element, direction) {
  const tracks = [...document.querySelectorAll('#trending .track, #rows .track')];
  const track = tracks[tracks.indexOf(element.parentElement) + direction];
  if (!track) return null;
  const middle = (rect) => rect.left + rect.width / 2;
  const from = middle(element.getBoundingClientRect());
  return [...track.children].reduce((best, card) => {
    const distance = Math.abs(middle(card.getBoundingClientRect()) - from);
    return !best || distance < best.distance ? { card, distance } : best;
  }, null)?.card;
}
