// First, last, invert, play: whatever the change to the page was, things travel from where they stood to where they stand.

import { byId, calm } from './dom.js';

const travel = { duration: 560, easing: 'cubic-bezier(.22,.9,.24,1)' };
const arrive = { duration: 420, easing: 'cubic-bezier(.2,.8,.2,1)', fill: 'backwards' };
const leave = { duration: 320, easing: 'ease-in', fill: 'forwards' };

const onScreen = (rect) => rect.bottom > -80 && rect.top < innerHeight + 80 && rect.right > -80 && rect.left < innerWidth + 80;

/** Where an element stands now, in the window and along its track, any running animation included. */
function place(element) {
  const rect = element.getBoundingClientRect();
  const track = element.parentElement;
  const shift = new DOMMatrixReadOnly(getComputedStyle(element).transform);
  return { rect, track, x: element.offsetLeft + shift.m41, y: element.offsetTop + shift.m42, seen: onScreen(rect) };
}

/**
 * Runs a change and animates its effect.
 * @param {() => Element[]} cards What moves along a track; asked before and after.
 * @param {() => Element[]} rows What moves down the page; asked before and after.
 * @param {() => void} change Changes the document, synchronously.
 */
export function transition({ cards, rows = () => [] }, change) {
  if (calm()) {
    change();
    return;
  }
  const cardsBefore = new Map(cards().map((card) => [card, place(card)]));
  const rowsBefore = new Map(rows().map((row) => [row, place(row)]));
  for (const element of [...cardsBefore.keys(), ...rowsBefore.keys()]) for (const running of element.getAnimations()) running.cancel();
  const scroll = scrollY;
  change();
  const rowsAfter = rows();
  for (const row of rowsAfter) {
    const before = rowsBefore.get(row);
    const top = row.getBoundingClientRect().top;
    if (!before) {
      if (top < innerHeight) row.animate([{ opacity: 0, transform: 'translateY(24px)' }, { opacity: 1, transform: 'none' }], arrive);
    } else if (before.seen || top < innerHeight) {
      const dy = before.rect.top - top;
      if (Math.abs(dy) > 1 && Math.abs(dy) < innerHeight * 1.5) row.animate([{ transform: `translateY(${dy}px)` }, { transform: 'none' }], travel);
    }
  }
  let arrivals = 0;
  const flights = [];
  const cardsAfter = cards();
  const after = new Map(cardsAfter.map((card) => [card, { x: card.offsetLeft, y: card.offsetTop }]));
  for (const card of cardsAfter) {
    const before = cardsBefore.get(card);
    const now = after.get(card);
    if (before && before.track === card.parentElement) {
      const dx = before.x - now.x;
      const dy = before.y - now.y;
      if (Math.abs(dx) + Math.abs(dy) < 1) continue;
      if (Math.abs(dx) < innerWidth * 1.2) card.animate([{ transform: `translate(${dx}px, ${dy}px)` }, { transform: 'none' }], travel);
    } else if (!rowsBefore.size || rowsBefore.has(card.closest('.row')) || !card.closest('.row')) {
      const rect = card.getBoundingClientRect();
      if (!onScreen(rect)) continue;
      if (before?.seen) flights.push([card, before.rect, rect]);
      else card.animate([{ opacity: 0, transform: 'scale(.8)' }, { opacity: 1, transform: 'none' }], { ...arrive, delay: Math.min(240, 24 * arrivals++) });
    }
  }
  for (const [card, from, to] of flights) fly(card, from, to);
  const stay = new Set([...cardsAfter, ...rowsAfter]);
  const drift = scrollY - scroll;
  for (const [row, before] of rowsBefore) if (!stay.has(row) && before.seen) depart(row, before.rect, drift);
  for (const [card, before] of cardsBefore) if (!stay.has(card) && before.seen && (!rowsBefore.size || rowsAfter.includes(before.track.closest('.row') ?? before.track))) depart(card, before.rect, drift);
}

/** A removed element fades out where it stood, in a layer above the page that nobody can touch. */
function depart(element, rect, drift) {
  const ghost = element.isConnected ? element.cloneNode(true) : element;
  pin(ghost, rect, drift);
  ghost.animate([{ opacity: 1, transform: 'none' }, { opacity: 0, transform: 'translateY(14px) scale(.86)' }], leave).finished.catch(() => {}).then(() => ghost.remove());
}

/** A card that changed rows flies over the page as a copy while the real one waits unseen. */
function fly(card, from, to) {
  const canvas = card.querySelector('canvas');
  if (!canvas) return;
  const ghost = document.createElement('canvas');
  ghost.width = canvas.width;
  ghost.height = canvas.height;
  ghost.getContext('2d').drawImage(canvas, 0, 0);
  ghost.className = 'flight';
  pin(ghost, { left: from.left, top: from.top, width: canvas.clientWidth, height: canvas.clientHeight }, 0);
  card.animate([{ opacity: 0 }, { opacity: 0, offset: 0.85 }, { opacity: 1 }], travel);
  ghost.animate(
    [{ transform: 'none' }, { transform: `translate(${(to.left - from.left) / 2}px, ${(to.top - from.top) / 2}px) scale(1.12)`, offset: 0.5 }, { transform: `translate(${to.left - from.left}px, ${to.top - from.top}px)` }],
    travel,
  ).finished.catch(() => {}).then(() => ghost.remove());
}

function pin(node, rect, drift) {
  node.inert = true;
  node.setAttribute('aria-hidden', 'true');
  node.removeAttribute('id');
  for (const [property, value] of Object.entries({ position: 'absolute', margin: '0', left: `${rect.left}px`, top: `${rect.top - drift}px`, width: `${rect.width}px`, height: `${rect.height}px` })) {
    node.style.setProperty(property, value);
  }
  byId('ghosts').append(node);
}
