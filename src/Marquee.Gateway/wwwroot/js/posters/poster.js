// A title's poster or backdrop, drawn on a canvas: seeded by its id, dressed by its genres and its age.

import { fade } from './colour.js';
import { letter } from './lettering.js';
import { choosePalette } from './palettes.js';
import { hash, seeded } from './random.js';
import { chooseMotif, leadingGenre } from './repertoire.js';

const posterSize = { w: 200, h: 300 };
let grain;

/** What the dice say for a title, before a line is drawn. */
function cast(titleId, title) {
  const random = seeded(hash(titleId));
  const genre = leadingGenre(title.genres, random);
  return { random, genre, palette: choosePalette(genre, random), motif: chooseMotif(genre, random) };
}

/** The palette of a title, for whatever surrounds its picture. */
export const paletteOf = (titleId, title) => cast(titleId, title).palette;

/** Draws the poster (2:3) into a canvas that is `width` CSS pixels wide at `density` dots a pixel; thumbnails go without lettering. */
export function drawPoster(canvas, titleId, title, width, density, { lettering = true } = {}) {
  const { ctx, scale } = prepare(canvas, width * density, width * density * 1.5, posterSize.w);
  const { random, genre, palette, motif } = cast(titleId, title);
  const p = { ctx, ...posterSize, s: posterSize.w, random, palette };
  ctx.save();
  ctx.scale(scale, scale);
  const look = stage(p, () => motif(p));
  age(p, title.releaseYear);
  if (lettering) letter(p, title, genre, look);
  finish(p, 0.16);
  ctx.restore();
}

/** Draws the picture alone, wide, its subject right of the middle so that text can stand at the left. */
export function drawBackdrop(canvas, titleId, title, width, height, density, { shift = 0.3 } = {}) {
  const h = 260;
  const { ctx, scale } = prepare(canvas, width * density, height * density, (h * width) / height);
  const { random, palette, motif } = cast(titleId, title);
  const w = (h * width) / height;
  const p = { ctx, w: w * (1 + shift), h, s: h * 0.92, random, palette };
  ctx.save();
  ctx.scale(scale, scale);
  motif(p);
  age({ ...p, w }, title.releaseYear);
  finish({ ...p, w }, 0.1);
  ctx.restore();
}

/** Two titles of one motif differ also in side and in closeness. */
function stage(p, draw) {
  const { ctx, w, h, random } = p;
  const zoom = random.chance(0.45) ? random.range(1.06, 1.28) : 1;
  const side = random.sign();
  ctx.save();
  ctx.translate(w / 2, h * 0.42);
  ctx.scale(zoom * side, zoom);
  ctx.translate(-w / 2, -h * 0.42);
  const look = draw();
  ctx.restore();
  return look;
}

function prepare(canvas, width, height, units) {
  canvas.width = Math.round(width);
  canvas.height = Math.round(height);
  return { ctx: canvas.getContext('2d'), scale: canvas.width / units };
}

/** Old films look old: no colour before 1935, faded colour until the seventies. */
function age(p, year) {
  if (!(year < 1980)) return;
  const { ctx, w, h } = p;
  ctx.save();
  ctx.globalCompositeOperation = 'saturation';
  ctx.fillStyle = `rgba(128,128,128,${year < 1935 ? 0.94 : year < 1960 ? 0.5 : 0.25})`;
  ctx.fillRect(0, 0, w, h);
  ctx.globalCompositeOperation = 'multiply';
  ctx.fillStyle = year < 1935 ? 'rgba(240,222,186,0.9)' : 'rgba(250,226,180,0.55)';
  ctx.fillRect(0, 0, w, h);
  ctx.restore();
}

/** Vignette and paper grain over everything. */
function finish(p, strength) {
  const { ctx, w, h } = p;
  const vignette = ctx.createRadialGradient(w / 2, h * 0.45, Math.min(w, h) * 0.4, w / 2, h * 0.5, Math.hypot(w, h) * 0.62);
  vignette.addColorStop(0, fade('#000000', 0));
  vignette.addColorStop(1, fade('#000000', 0.3));
  ctx.fillStyle = vignette;
  ctx.fillRect(0, 0, w, h);
  ctx.save();
  ctx.globalCompositeOperation = 'overlay';
  ctx.globalAlpha = strength;
  ctx.fillStyle = ctx.createPattern(grainTile(), 'repeat');
  ctx.scale(0.5, 0.5);
  ctx.fillRect(0, 0, w * 2, h * 2);
  ctx.restore();
}

function grainTile() {
  if (grain) return grain;
  const size = 160;
  grain = globalThis.document ? Object.assign(document.createElement('canvas'), { width: size, height: size }) : new OffscreenCanvas(size, size);
  const ctx = grain.getContext('2d');
  const pixels = ctx.createImageData(size, size);
  const random = seeded(7);
  for (let i = 0; i < pixels.data.length; i += 4) {
    const shade = 128 + (random.next() + random.next() - 1) * 95;
    pixels.data[i] = pixels.data[i + 1] = pixels.data[i + 2] = shade;
    pixels.data[i + 3] = 255;
  }
  ctx.putImageData(pixels, 0, 0);
  return grain;
}
