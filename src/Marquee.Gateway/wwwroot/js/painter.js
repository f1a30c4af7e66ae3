// Has pictures drawn when they come near the screen: in a worker where the browser can, else a few milliseconds a frame.

import { el } from './dom.js';
import { drawBackdrop, drawPoster, paletteOf } from './posters/poster.js';

const mostAtOnce = 3;
const density = () => Math.min(2, devicePixelRatio || 1);

const worker = startWorker();
const orders = new WeakMap();
const queue = new Set();
const drawing = new Map();
let number = 0;
let frame = 0;

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    // What has left again before its turn came can wait.
    if (isIntersecting) queue.add(target);
    else queue.delete(target);
  }
  work();
}, { rootMargin: '300px 200px', scrollMargin: '0px 400px 0px 400px' });

/** A canvas that will show the title's poster when it is about to be seen, over a ground in the poster's own colours. */
export function posterCanvas(titleId, title, { thumbnail = false } = {}) {
  const palette = paletteOf(titleId, title);
  const canvas = el('canvas', { class: 'poster', 'aria-hidden': 'true', width: 2, height: 3, style: { '--deep': palette.deep, '--mid': palette.mid } });
  orders.set(canvas, () => ({ kind: 'poster', titleId, title, width: canvas.clientWidth || (thumbnail ? 64 : 180), options: { lettering: !thumbnail } }));
  watcher.observe(canvas);
  return canvas;
}

/** Draws a title's wide picture to fill a canvas. Resolves when it is there. */
export function paintBackdrop(canvas, titleId, title, options) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return Promise.resolve();
  return paint(canvas, { kind: 'backdrop', titleId, title, width, height, options });
}

/** Draws again what a change of size has made coarse. */
export function repaint(root) {
  for (const canvas of root.querySelectorAll('canvas.poster.drawn')) {
    if (Math.abs(canvas.width - canvas.clientWidth * density()) > 8) watcher.observe(canvas);
  }
}

function work() {
  if (worker) {
    for (const canvas of queue) {
      if (drawing.size >= mostAtOnce) return;
      take(canvas).then(work);
    }
  } else if (queue.size && !frame) {
    frame = requestAnimationFrame(() => {
      frame = 0;
      const until = performance.now() + 7;
      for (const canvas of queue) {
        take(canvas);
        if (performance.now() > until) break;
      }
      work();
    });
  }
}

function take(canvas) {
  queue.delete(canvas);
  watcher.unobserve(canvas);
  return paint(canvas, orders.get(canvas)()).then(() => canvas.classList.add('drawn'));
}

function paint(canvas, order) {
  const whole = { ...order, density: density(), number: ++number };
  if (!worker) {
    if (order.kind === 'poster') drawPoster(canvas, order.titleId, order.title, order.width, whole.density, order.options);
    else drawBackdrop(canvas, order.titleId, order.title, order.width, order.height, whole.density, order.options);
    return Promise.resolve();
  }
  worker.postMessage(whole);
  return new Promise((resolve) => drawing.set(whole.number, (bitmap) => {
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext('bitmaprenderer').transferFromImageBitmap(bitmap);
    resolve();
  }));
}

function startWorker() {
  if (!globalThis.OffscreenCanvas || !OffscreenCanvas.prototype.transferToImageBitmap) return null;
  const made = new Worker(new URL('./posters/worker.js', import.meta.url), { type: 'module' });
  made.addEventListener('message', ({ data }) => {
    const show = drawing.get(data.number);
    drawing.delete(data.number);
    show(data.bitmap);
  });
  return made;
}
