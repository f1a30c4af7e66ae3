// Building elements. Text goes in as text, never as markup: titles and ids are other people's words.

const paths = {
  play: 'M8 5.5v13l11-6.5z',
  check: 'M4.5 12.5l5 5 10-11',
  heart: 'M12 20s-7.5-4.6-7.5-10.2A4.3 4.3 0 0 1 12 7.2a4.3 4.3 0 0 1 7.5 2.6C19.5 15.4 12 20 12 20z',
  plus: 'M12 5v14M5 12h14',
  hide: 'M4 4l16 16M10 6.300a9 9 0 0 1 11 5.7 12 12 0 0 1-2.7 3.900M6.3 7.700A12 12 0 0 0 3 12c1.6 3.7 5 6 9 6a9 9 0 0 0 3.6-.7M9.9 9.900a3 3 0 0 0 4.2 4.2',
  down: 'M7 4v9M7 13l4 7a2 2 0 0 0 2-2v-4h5a2 2 0 0 0 2-2.300l-1-6a2 2 0 0 0-2-1.700H7M7 4H4v9h3',
  close: 'M6 6l12 12M18 6L6 18',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.500L20 20',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2',
  pulse: 'M3 12h4l2.5-7 5 14 2.5-7h4',
  star: 'M12 3.500l2.6 5.5 6 .8-4.4 4.2 1.1 6L12 17.1 6.7 20l1.1-6L3.4 9.800l6-.8z',
  undo: 'M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3',
  eye: 'M3 12s3.3-6 9-6 9 6 9 6-3.3 6-9 6-9-6-9-6zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  stop: 'M7 7h10v10H7z',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.500c.6-4 3.7-6 7.5-6s6.9 2 7.5 6',
  click: 'M5 4l6 16 2.2-6.800L20 11z',
};
const solid = new Set(['play', 'stop']);
const svg = 'http://www.w3.org/2000/svg';

/** An element with attributes, listeners (`onclick: f`), properties (`text`, `style: {…}` by CSSOM) and children. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'text') node.textContent = value;
    else if (name === 'style') for (const [property, v] of Object.entries(value)) node.style.setProperty(property, v);
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A decorative line icon. */
export function icon(name) {
  const node = document.createElementNS(svg, 'svg');
  const path = document.createElementNS(svg, 'path');
  node.setAttribute('viewBox', '0 0 24 24');
  node.setAttribute('class', solid.has(name) ? 'icon solid' : 'icon');
  node.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', paths[name]);
  node.append(path);
  return node;
}

/** An SVG shape element with attributes. */
export function shape(tag, attributes) {
  const node = document.createElementNS(svg, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** Whether the person asked for less motion. */
export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Puts the children of a container into the given order with as few moves as a backward pass finds. */
export function arrange(container, nodes) {
  let next = null;
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (node.parentNode !== container || node.nextSibling !== next) {
      // moveBefore keeps scroll position and focus where the browser has it.
      if (node.parentNode === container && container.moveBefore) container.moveBefore(node, next);
      else container.insertBefore(node, next);
    }
    next = node;
  }
}
