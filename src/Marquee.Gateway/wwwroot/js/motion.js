// First, last, invert, play: whatever the change to the page was, things travel from where they stood to where they stand.
// Only what can be seen is measured and moved: the rows below the screen are in place when one gets there.

import { byId, calm } from './dom.js';

const travel = { duration: 560, easing: 'cubic-bezier(.22,.9,.24,1)' };
const arrive = { duration: 420, easing: 'cubic-bezier(.2,.8,.2,1)', fill: 'backwards' };
const leave = { duration: 320, easing: 'ease-in', fill: 'forwards' };
const margin = 60;

const onScreen = (rect) => rect.bottom > -margin && rect.top < innerHeight + margin && rect.right > -margin && rect.left < innerWidth + margin;

/** Where an element stands in the window, wherever a running animation has it. */
const standing = (element) => ({ rect: element.getBoundingClientRect(), parent: element.parentElement });

/** The cards that can be seen, with their places; a track out of sight is not looked into. */
function cardsSeen(tracks) {
  const seen = new Map();
  for (const track of tracks) {
    if (!onScreen(track.getBoundingClientRect())) continue;
    for (const card of track.children) {
      const place = standing(card);
      if (onScreen(place.rect)) seen.set(card, place);
    }
  }
  return seen;
}

/**
 * Runs a change and animates its effect.
 * @param {() => Element[]} tracks Rows of cards, asked before and after; cards are their children.
 * @param {() => Element[]} rows What holds the tracks and moves down the page, asked before and after; none when tracks stay.
 * @param {() => void} change Changes the document, synchronously.
 */
export function transition({ tracks, rows = () => [] }, change) {
  if (calm()) {
    change();
    return;
  }
  const rowsBefore = new Map(rows().map((row) => [row, standing(row)]));
  const cardsBefore = cardsSeen(tracks());
  const known = new Set(tracks().flatMap((track) => [...track.children]));
  for (const element of [...rowsBefore.keys(), ...cardsBefore.keys()]) for (const running of element.getAnimations()) running.cancel();
  const scroll = scrollY;
  change();
  const drift = scrollY - scroll;
  const rowsAfter = new Map(rows().map((row) => [row, standing(row)]));
  const cardsAfter = cardsSeen(tracks());
  const moving = [];

  for (const [row, after] of rowsAfter) {
    const before = rowsBefore.get(row);
    if (!before) {
      if (onScreen(after.rect)) moving.push([row, [{ opacity: 0, transform: 'translateY(24px)' }, { opacity: 1, transform: 'none' }], arrive]);
    } else if (onScreen(before.rect) || onScreen(after.rect)) {
      const dy = before.rect.top - after.rect.top;
      if (Math.abs(dy) > 1) moving.push([row, [{ transform: `translateY(${within(dy, innerHeight)}px)` }, { transform: 'none' }], travel]);
    }
  }

  let arrivals = 0;
  for (const [card, after] of cardsAfter) {
    const row = card.closest('.row');
    const before = cardsBefore.get(card);
    if (before?.parent === after.parent) {
      // The row's own travel is already told: only the way along the track is left.
      const dx = before.rect.left - after.rect.left;
      if (Math.abs(dx) > 1) moving.push([card, [{ transform: `translateX(${dx}px)` }, { transform: 'none' }], travel]);
    } else if (before) fly(card, before.rect, after.rect, moving);
    else if (known.has(card)) moving.push([card, [{ transform: `translateX(${innerWidth / 3}px)`, opacity: 0 }, { transform: 'none', opacity: 1 }], travel]);
    else if (!row || rowsBefore.has(row)) moving.push([card, [{ opacity: 0, transform: 'scale(.8)' }, { opacity: 1, transform: 'none' }], { ...arrive, delay: Math.min(240, 24 * arrivals++) }]);
  }

  for (const [card, before] of cardsBefore) {
    if (card.isConnected) continue;
    const row = before.parent.closest('.row');
    if (!row || rowsAfter.has(row)) depart(card, before.rect, drift);
  }
  for (const [row, before] of rowsBefore) if (!rowsAfter.has(row) && onScreen(before.rect)) depart(row, before.rect, drift);
  for (const [element, frames, timing] of moving) element.animate(frames, timing);
}

const within = (value, most) => Math.max(-most, Math.min(most, value));

/** A removed element fades out where it stood, in a layer above the page that nobody can touch. */
function depart(element, rect, drift) {
  pin(element, rect, drift);
  element.animate([{ opacity: 1, transform: 'none' }, { opacity: 0, transform: 'translateY(14px) scale(.86)' }], leave).finished.catch(() => {}).then(() => element.remove());
}

/** A card that changed rows flies over the page as a copy while the real one waits unseen. */
function fly(card, from, to, moving) {
  const canvas = card.querySelector('canvas');
  const ghost = document.createElement('canvas');
  ghost.width = canvas.width;
  ghost.height = canvas.height;
  ghost.getContext('2d').drawImage(canvas, 0, 0);
  ghost.className = 'flight';
  pin(ghost, { left: from.left, top: from.top, width: canvas.clientWidth, height: canvas.clientHeight }, 0);
  const [dx, dy] = [to.left - from.left, to.top - from.top];
  moving.push([card, [{ opacity: 0 }, { opacity: 0, offset: 0.85 }, { opacity: 1 }], travel]);
  ghost.animate([{ transform: 'none' }, { transform: `translate(${dx / 2}px, ${dy / 2}px) scale(1.12)`, offset: 0.5 }, { transform: `translate(${dx}px, ${dy}px)` }], travel)
    .finished.catch(() => {}).then(() => ghost.remove());
}

function pin(node, rect, drift) {
  node.inert = true;
  node.setAttribute('aria-hidden', 'true');
  for (const [property, value] of Object.entries({ position: 'absolute', margin: '0', left: `${rect.left}px`, top: `${rect.top - drift}px`, width: `${rect.width}px`, height: `${rect.height}px` })) {
    node.style.setProperty(property, value);
  }
  byId('ghosts').append(node);
}
