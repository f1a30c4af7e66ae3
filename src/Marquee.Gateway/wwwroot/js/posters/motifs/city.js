// Motifs of streets and rooms.

import { fade, mix } from '../colour.js';
import { disc, glow, mist, person, shape, sky, skyline, stars } from '../scenery.js';

/** Tall buildings in layers, lit windows, a moon or a dawn behind. */
export function nightCity(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, c.deep, c.mid, mix(c.mid, c.light, 0.7), c.light);
  const x = w * random.range(0.25, 0.75);
  glow(p, x, h * 0.6, s * 0.9, c.accent, 0.55);
  if (random.chance(0.6)) disc(p, x, h * random.range(0.3, 0.44), s * random.range(0.1, 0.24), mix(c.accent, c.light, 0.2));
  skyline(p, h * 0.78, h * 0.36, mix(c.light, c.mid, 0.6), { narrow: 8, wide: 18 });
  mist(p, h * 0.7, s * 0.2, c.light, 0.35);
  skyline(p, h * 0.86, h * 0.36, mix(c.mid, c.deep, 0.55), { lit: fade(c.accent, 0.65), narrow: 10, wide: 22 });
  skyline(p, h * 0.98, h * 0.28, c.deep, { lit: fade(c.accent, 0.95), narrow: 16, wide: 34 });
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}

/** A lamp in the rain and someone in a hat. */
export function lampNoir(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.deep, mix(c.deep, c.mid, 0.8), mix(c.mid, c.light, 0.25));
  const side = random.sign();
  const x = w / 2 + side * s * 0.2;
  const top = h * 0.26;
  const floor = h * 0.82;
  shape(p, [[x - s * 0.03, top], [x + s * 0.03, top], [x + s * 0.46, floor], [x - s * 0.46, floor]], fade(c.accent, 0.26));
  glow(p, x, top, s * 0.6, c.accent, 0.95);
  ctx.fillStyle = c.deep;
  ctx.fillRect(0, floor, w, h - floor);
  ctx.fillStyle = fade(c.accent, 0.3);
  ctx.beginPath();
  ctx.ellipse(x, floor + s * 0.04, s * 0.46, s * 0.06, 0, 0, Math.PI * 2);
  ctx.fill();
  ctx.fillStyle = c.deep;
  ctx.fillRect(x - 1.6, top, 3.2, floor - top);
  shape(p, [[x - s * 0.05, top + 1], [x + s * 0.05, top + 1], [x + s * 0.028, top - s * 0.06], [x - s * 0.028, top - s * 0.06]], c.deep);
  disc(p, x, top + 3, s * 0.022, c.paper);
  const px = x - side * s * random.range(0.14, 0.2);
  shape(p, [[px - s * 0.03, floor + s * 0.03], [px + s * 0.03, floor + s * 0.03], [px - side * s * 0.36, h], [px - side * s * 0.54, h]], fade('#000000', 0.6));
  person(p, px, floor + s * 0.04, s * 0.42, c.deep, 'coat');
  ctx.strokeStyle = fade(c.paper, 0.16);
  ctx.lineWidth = 0.5;
  ctx.beginPath();
  for (let i = 0; i < 110; i++) {
    const rx = random.range(0, w);
    const ry = random.range(0, h);
    ctx.moveTo(rx, ry);
    ctx.lineTo(rx - 2, ry + 12);
  }
  ctx.stroke();
  return { place: random.pick(['bottom', 'top']), ink: 'paper' };
}

/** Light through blinds across a wall, an eye or a shape behind. */
export function blinds(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, c.mid, 0.4), c.deep);
  const x = w * random.range(0.4, 0.6);
  glow(p, x, h * 0.42, s * 0.95, c.light, 0.6);
  ctx.save();
  ctx.translate(x, h * 0.42);
  ctx.rotate(random.range(-0.16, 0.16));
  ctx.transform(1, 0, random.range(-0.2, 0.2), 1, 0, 0);
  const count = 11;
  for (let i = 0; i < count; i++) {
    const t = i / (count - 1) - 0.5;
    ctx.fillStyle = mix(c.accent, c.light, Math.abs(t) * 1.4);
    ctx.globalAlpha = 0.92 - Math.abs(t) * 0.9;
    ctx.fillRect(-s * 0.36, t * h * 0.56, s * 0.72, h * 0.024);
  }
  ctx.restore();
  person(p, x + s * random.range(-0.16, 0.16), h * 1.12, s * 1.02, mix(c.deep, '#000000', 0.35), random.pick(['coat', 'plain']));
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}

/** A corridor in perspective with a light at its end. */
export function corridor(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, c.deep, c.deep);
  const x = w * random.range(0.4, 0.6);
  const y = h * random.range(0.42, 0.5);
  const count = 11;
  for (let i = 0; i < count; i++) {
    const t = 1 - i / count;
    const k = Math.pow(t, 1.7) * 1.25 + 0.055;
    const colour = i % 2 ? mix(c.deep, c.mid, 0.12 + i * 0.06) : mix(c.deep, c.mid, 0.02 + i * 0.085);
    const left = x - w * k;
    const right = x + w * k;
    shape(p, [[left, y - h * k], [right, y - h * k], [right, y + h * k], [left, y + h * k]], colour);
  }
  glow(p, x, y, s * 0.55, c.light, 0.95);
  const half = s * 0.068;
  shape(p, [[x - half, y - half * 1.5], [x + half, y - half * 1.5], [x + half, y + half * 1.5], [x - half, y + half * 1.5]], mix(c.accent, c.paper, 0.5));
  shape(p, [[x - half, y + half * 1.5], [x + half, y + half * 1.5], [x + s * 0.5, h], [x - s * 0.5, h]], fade(c.light, 0.16));
  person(p, x, y + half * 2.1, s * 0.19, c.deep, random.pick(['plain', 'coat']));
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}

/** A dark house wall; one window is lit and somebody stands in it. */
export function windowLight(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, c.mid, 0.45), c.deep);
  const columns = 3;
  const rows = 4;
  const cell = s * 0.25;
  const x0 = (w - columns * cell) / 2;
  const y0 = h * 0.1;
  const lit = random.int(columns * rows);
  for (let i = 0; i < columns * rows; i++) {
    const x = x0 + (i % columns) * cell + cell * 0.18;
    const y = y0 + Math.floor(i / columns) * cell * 0.98 + cell * 0.12;
    const ww = cell * 0.64;
    const wh = cell * 0.76;
    ctx.fillStyle = i === lit ? c.accent : mix(c.deep, c.mid, random.range(0.15, 0.6));
    if (i === lit) glow(p, x + ww / 2, y + wh / 2, cell * 2, c.accent, 0.85);
    ctx.fillRect(x, y, ww, wh);
    if (i === lit) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(x, y, ww, wh);
      ctx.clip();
      person(p, x + ww * random.range(0.35, 0.65), y + wh * 1.35, wh * 1.15, c.deep);
      ctx.restore();
    }
    ctx.strokeStyle = mix(c.deep, '#000000', 0.4);
    ctx.lineWidth = 1.3;
    ctx.strokeRect(x, y, ww, wh);
    ctx.beginPath();
    ctx.moveTo(x + ww / 2, y);
    ctx.lineTo(x + ww / 2, y + wh);
    ctx.moveTo(x, y + wh * 0.4);
    ctx.lineTo(x + ww, y + wh * 0.4);
    ctx.stroke();
  }
  return { place: 'bottom', ink: 'paper' };
}

/** City lights out of focus, rain on the glass. */
export function bokeh(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.deep, mix(c.deep, c.mid, 0.75), mix(c.mid, c.light, 0.2));
  const colours = [c.accent, c.light, mix(c.light, c.paper, 0.5), mix(c.mid, c.accent, 0.5)];
  ctx.save();
  ctx.globalCompositeOperation = 'screen';
  const count = Math.round(42 * (w / 200));
  for (let i = 0; i < count; i++) {
    const x = random.range(0, w);
    const y = h * (0.52 + (random.next() - random.next()) * 0.36);
    const radius = s * random.range(0.02, 0.1);
    const colour = random.pick(colours);
    disc(p, x, y, radius, fade(colour, random.range(0.12, 0.42)));
    ctx.strokeStyle = fade(colour, 0.35);
    ctx.lineWidth = 0.7;
    ctx.stroke();
  }
  ctx.restore();
  if (random.chance(0.65)) {
    const x = w / 2;
    person(p, x - s * 0.1, h * 0.98, s * 0.58, c.deep, 'coat');
    person(p, x + s * 0.11, h * 0.98, s * 0.54, c.deep, 'plain');
  }
  return { place: 'top', ink: 'paper' };
}

/** An endless stair seen from above. */
export function stairs(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.mid, c.deep);
  const x = w / 2;
  const y = h * 0.45;
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(random.range(0, 6.28));
  const steps = 64;
  const winding = random.sign();
  for (let i = steps; i > 0; i--) {
    const outer = Math.hypot(w, h) * 0.62 * Math.pow(i / steps, 1.25);
    const angle = winding * i * 0.29;
    const shade = i % 2 ? mix(c.light, c.deep, i / steps) : mix(c.mid, c.deep, (i / steps) * 0.9);
    ctx.fillStyle = shade;
    ctx.beginPath();
    ctx.moveTo(0, 0);
    ctx.arc(0, 0, outer, angle, angle + 1.9);
    ctx.closePath();
    ctx.fill();
  }
  ctx.restore();
  glow(p, x, y, s * 0.3, c.accent, 0.8);
  disc(p, x, y, s * 0.028, c.accent);
  return { place: random.pick(['bottom', 'top']), ink: 'paper' };
}

/** A door ajar and the wedge of light that comes out of it. */
export function doorway(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, '#000000', 0.3), c.deep);
  const x = w * random.range(0.42, 0.58);
  const top = h * 0.24;
  const floor = h * 0.7;
  const half = s * 0.12;
  glow(p, x, (top + floor) / 2, s * 0.7, c.light, 0.6);
  shape(p, [[x - half, floor], [x + half, floor], [x + s * 0.36, h], [x - s * 0.14, h]], fade(c.light, 0.85));
  ctx.fillStyle = mix(c.light, c.paper, 0.35);
  ctx.fillRect(x - half, top, half * 2, floor - top);
  shape(p, [[x - half, top], [x - half * 0.1, top + s * 0.07], [x - half * 0.1, floor + s * 0.08], [x - half, floor]], mix(c.deep, c.mid, 0.5));
  disc(p, x - half * 0.3, (top + floor) / 2 + s * 0.05, 1.6, c.accent);
  person(p, x + half * 0.45, floor + s * 0.02, s * 0.36, c.deep, random.pick(['plain', 'cape', 'coat']));
  shape(p, [[x + half * 0.2, floor + s * 0.01], [x + half * 0.7, floor + s * 0.01], [x + s * 0.32, h], [x + s * 0.12, h]], fade(c.deep, 0.85));
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}

/** Rooftops and chimneys under stars: a storybook town. */
export function town(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, c.deep, c.mid, mix(c.mid, c.light, 0.8), c.light);
  stars(p, 50, { bottom: h * 0.5, colour: c.paper });
  disc(p, w * random.range(0.2, 0.8), h * 0.24, s * 0.1, c.accent);
  for (let layer = 0; layer < 3; layer++) {
    const colour = mix(c.mid, c.deep, 0.2 + layer * 0.38);
    for (let x = -10; x < w; ) {
      const width = s * random.range(0.12, 0.22);
      const y = h * (0.6 + layer * 0.12) - random.range(0, s * 0.12);
      shape(p, [[x, h], [x, y], [x + width / 2, y - width * random.range(0.4, 0.8)], [x + width, y], [x + width, h]], colour);
      p.ctx.fillStyle = colour;
      p.ctx.fillRect(x + width * 0.68, y - width * 0.55, width * 0.12, width * 0.4);
      p.ctx.fillStyle = fade(c.accent, 0.9);
      for (let i = 0; i < 3; i++) if (random.chance(0.55)) p.ctx.fillRect(x + width * (0.18 + 0.26 * i), y + s * random.pick([0.03, 0.08]), width * 0.13, width * 0.19);
      x += width * random.range(0.8, 1.05);
    }
  }
  return { place: 'top', ink: 'paper' };
}
