// Draws pictures off the main thread, so that rows can move while posters are made.

import { drawBackdrop, drawPoster } from './poster.js';

addEventListener('message', ({ data }) => {
  const canvas = new OffscreenCanvas(1, 1);
  const { kind, titleId, title, width, height, density, options } = data;
  if (kind === 'poster') drawPoster(canvas, titleId, title, width, density, options);
  else drawBackdrop(canvas, titleId, title, width, height, density, options);
  const bitmap = canvas.transferToImageBitmap();
  postMessage({ number: data.number, bitmap }, [bitmap]);
});
