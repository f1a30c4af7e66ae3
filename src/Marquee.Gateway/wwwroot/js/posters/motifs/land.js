// Motifs of open country. Each returns where lettering may stand and in which colour of the palette.

import { fade, mix } from '../colour.js';
import { birds, cloud, disc, glow, land, layers, mist, person, pine, shape, sky, stars, terrain } from '../scenery.js';

/** A low sun behind ridges, someone looking at it. */
export function sunRidge(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, c.mid, 0.35), c.mid, c.light, mix(c.light, c.accent, 0.6));
  const x = w * random.range(0.3, 0.7);
  const y = h * random.range(0.36, 0.5);
  const radius = s * random.range(0.16, 0.26);
  glow(p, x, y, radius * 3.4, c.accent, 0.75);
  disc(p, x, y, radius, c.accent);
  birds(p, x + s * 0.2, y - radius * 1.2, 5, fade(c.deep, 0.8));
  const ground = layers(p, { from: h * 0.52, to: h * 0.78, count: 4, height: s * 0.16, roughness: random.range(0.1, 0.7), far: mix(c.light, c.mid, 0.45), near: c.deep });
  const px = w * random.range(0.2, 0.8);
  person(p, px, ground(px) + 2, s * 0.13, c.deep, random.pick(['plain', 'coat', 'cape']));
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}

/** Dunes with one hard edge of light each. */
export function dunes(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, mix(c.light, c.paper, 0.35), c.light, mix(c.accent, c.light, 0.5));
  disc(p, w * random.range(0.25, 0.75), h * 0.24, s * 0.11, c.paper);
  for (let i = 0; i < 5; i++) {
    const y = h * (0.42 + i * 0.125);
    const crest = w * random.range(0.15, 0.85);
    const t = i / 4;
    const lit = mix(c.accent, c.mid, t * 0.8);
    const shade = mix(c.mid, c.deep, 0.2 + t * 0.65);
    p.ctx.fillStyle = lit;
    p.ctx.beginPath();
    p.ctx.moveTo(0, h);
    p.ctx.lineTo(0, y + s * 0.12);
    p.ctx.quadraticCurveTo(crest * 0.6, y + s * 0.08, crest, y - s * 0.06);
    p.ctx.quadraticCurveTo(crest + (w - crest) * 0.4, y + s * 0.1, w, y + s * 0.1);
    p.ctx.lineTo(w, h);
    p.ctx.fill();
    p.ctx.fillStyle = shade;
    p.ctx.beginPath();
    p.ctx.moveTo(crest, y - s * 0.06);
    p.ctx.bezierCurveTo(crest - s * 0.16, y + s * 0.1, crest + s * 0.2, y + s * 0.2, crest - s * 0.1, h);
    p.ctx.lineTo(w, h);
    p.ctx.lineTo(w, y + s * 0.1);
    p.ctx.quadraticCurveTo(crest + (w - crest) * 0.4, y + s * 0.1, crest, y - s * 0.06);
    p.ctx.fill();
  }
  const px = w * random.range(0.3, 0.7);
  person(p, px, h * 0.6, s * 0.07, c.deep, 'cape');
  return { place: 'bottom', ink: 'paper' };
}

/** A moon over water and its broken reflection. */
export function seaMoon(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  const horizon = h * random.range(0.52, 0.6);
  sky(p, c.deep, mix(c.deep, c.mid, 0.7), c.mid);
  stars(p, 40, { bottom: horizon * 0.8 });
  const x = w * random.range(0.32, 0.68);
  const radius = s * random.range(0.14, 0.24);
  const y = horizon - radius * random.range(0.7, 1.7);
  glow(p, x, y, radius * 3, c.light, 0.7);
  disc(p, x, y, radius, mix(c.accent, c.paper, 0.4));
  const water = ctx.createLinearGradient(0, horizon, 0, h);
  water.addColorStop(0, mix(c.mid, c.light, 0.35));
  water.addColorStop(0.4, mix(c.deep, c.mid, 0.6));
  water.addColorStop(1, c.deep);
  ctx.fillStyle = water;
  ctx.fillRect(0, horizon, w, h - horizon);
  for (let i = 0; i < 46; i++) {
    const t = Math.pow(i / 46, 1.4);
    const half = radius * (0.9 - 0.4 * t) * random.range(0.25, 1.1);
    ctx.fillStyle = fade(c.accent, 0.75 * (1 - t));
    ctx.fillRect(x + random.range(-radius * 0.35, radius * 0.35) - half, horizon + 1 + t * (h - horizon) * 0.85, half * 2, 0.7 + t * 1.6);
  }
  if (random.chance(0.5)) {
    const bx = x + random.sign() * s * 0.2;
    const by = horizon + s * 0.04;
    shape(p, [[bx - s * 0.07, by], [bx + s * 0.07, by], [bx + s * 0.045, by + s * 0.025], [bx - s * 0.045, by + s * 0.025]], c.deep);
    shape(p, [[bx, by - s * 0.01], [bx, by - s * 0.17], [bx + s * 0.06, by - s * 0.01]], c.deep);
    shape(p, [[bx - s * 0.008, by - s * 0.01], [bx - s * 0.008, by - s * 0.13], [bx - s * 0.045, by - s * 0.01]], c.deep);
  }
  return { place: random.pick(['bottom', 'top']), ink: 'paper' };
}

/** Trunks in fog, something small and lit between them. */
export function forestFog(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, c.mid, 0.3), c.mid, mix(c.light, c.mid, 0.25), c.mid);
  const lx = w * random.range(0.35, 0.65);
  glow(p, lx, h * 0.5, s * 0.75, c.light, 0.85);
  for (let depth = 0; depth < 4; depth++) {
    const t = depth / 3;
    const colour = mix(mix(c.mid, c.light, 0.3), c.deep, 0.25 + 0.75 * t);
    const count = Math.round((15 - depth * 3) * (w / 200));
    for (let i = 0; i < count; i++) {
      const x = random.range(-5, w + 5);
      const width = (1.6 + t * 8) * random.range(0.6, 1.4);
      if (depth === 3 && Math.abs(x - lx) < s * 0.17) continue;
      const lean = random.range(-4, 4);
      shape(p, [[x - width / 2, h], [x - width * 0.3 + lean, -5], [x + width * 0.3 + lean, -5], [x + width / 2, h]], colour);
      if (t < 0.4) continue;
      ctx.strokeStyle = colour;
      ctx.lineWidth = 0.6 + t;
      for (let b = 0; b < 3; b++) {
        const by = random.range(0, h * 0.6);
        const reach = random.sign() * random.range(6, 26);
        ctx.beginPath();
        ctx.moveTo(x, by);
        ctx.quadraticCurveTo(x + reach * 0.6, by - 2, x + reach, by - random.range(6, 16));
        ctx.stroke();
      }
    }
    mist(p, h * (0.6 + depth * 0.09), s * 0.16, mix(c.light, c.mid, 0.4), 0.3);
  }
  land(p, terrain(p, h * 0.86, s * 0.03, 0.3), c.deep);
  person(p, lx, h * 0.865, s * 0.17, c.deep, random.pick(['plain', 'coat', 'cape']));
  return { place: random.pick(['bottom', 'top']), ink: 'paper' };
}

/** Buttes, a huge sun and a cactus. */
export function mesa(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.mid, mix(c.mid, c.light, 0.8), c.light, c.accent);
  const x = w * random.range(0.35, 0.65);
  disc(p, x, h * 0.5, s * 0.31, mix(c.accent, c.paper, 0.35));
  for (let i = 0; i < 4; i++) {
    const y = h * 0.5 - s * 0.24 + i * s * 0.13;
    ctx.fillStyle = fade(c.light, 0.55);
    ctx.fillRect(x - s * 0.4, y, s * 0.8, 1 + i * 1.3);
  }
  for (let i = 0; i < 3; i++) {
    const bx = w * random.range(-0.05, 1.05);
    const top = h * random.range(0.42, 0.52);
    const half = s * random.range(0.06, 0.16);
    const base = h * 0.68;
    shape(p, [[bx - half, top], [bx + half, top], [bx + half * 1.15, top + s * 0.09], [bx + half * 2, base], [bx - half * 2, base], [bx - half * 1.15, top + s * 0.09]], mix(c.mid, c.deep, 0.3 + i * 0.18));
  }
  land(p, terrain(p, h * 0.68, s * 0.05, 0.1), mix(c.mid, c.deep, 0.6));
  land(p, terrain(p, h * 0.8, s * 0.08, 0.2), c.deep);
  const cx = w * random.pick([0.16, 0.84]);
  const cy = h * 0.83;
  const size = s * 0.26;
  ctx.strokeStyle = c.deep;
  ctx.lineCap = 'round';
  ctx.lineWidth = size * 0.17;
  ctx.beginPath();
  ctx.moveTo(cx, cy);
  ctx.lineTo(cx, cy - size);
  ctx.stroke();
  ctx.lineWidth = size * 0.11;
  ctx.beginPath();
  ctx.moveTo(cx, cy - size * 0.4);
  ctx.lineTo(cx - size * 0.28, cy - size * 0.4);
  ctx.lineTo(cx - size * 0.28, cy - size * 0.72);
  ctx.moveTo(cx, cy - size * 0.28);
  ctx.lineTo(cx + size * 0.26, cy - size * 0.28);
  ctx.lineTo(cx + size * 0.26, cy - size * 0.56);
  ctx.stroke();
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}

/** A castle on a crag under a large moon. */
export function castle(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.deep, c.mid, mix(c.mid, c.light, 0.7), c.light);
  stars(p, 60, { bottom: h * 0.5 });
  const x = w * random.range(0.42, 0.58);
  glow(p, x, h * 0.36, s * 0.8, c.accent, 0.5);
  disc(p, x + s * random.range(-0.14, 0.14), h * 0.34, s * 0.27, mix(c.accent, c.paper, 0.45));
  layers(p, { from: h * 0.62, to: h * 0.7, count: 2, height: s * 0.14, roughness: 0.6, far: mix(c.light, c.mid, 0.5), near: mix(c.mid, c.deep, 0.4) });
  const base = h * 0.6;
  shape(p, [[x - s * 0.44, h], [x - s * 0.26, base + s * 0.08], [x - s * 0.2, base], [x + s * 0.2, base], [x + s * 0.3, base + s * 0.1], [x + s * 0.46, h]], c.deep);
  ctx.fillStyle = c.deep;
  const towers = 5 + random.int(3);
  for (let i = 0; i < towers; i++) {
    const t = i / (towers - 1) - 0.5;
    const tx = x + t * s * 0.36;
    const height = s * (0.3 - Math.abs(t) * 0.34) * random.range(0.75, 1.15) + s * 0.05;
    const half = s * random.range(0.018, 0.032);
    ctx.fillRect(tx - half, base - height, half * 2, height + 4);
    shape(p, [[tx - half * 1.5, base - height], [tx, base - height - half * random.range(3, 5.2)], [tx + half * 1.5, base - height]], c.deep);
    ctx.fillStyle = fade(c.accent, 0.9);
    ctx.fillRect(tx - 0.7, base - height * 0.7, 1.4, 3);
    ctx.fillStyle = c.deep;
  }
  ctx.fillRect(x - s * 0.2, base - s * 0.075, s * 0.4, s * 0.09);
  mist(p, h * 0.76, s * 0.22, mix(c.light, c.mid, 0.4), 0.55);
  for (let i = 0; i < 16; i++) pine(p, w * random.next(), h * random.range(0.9, 1.02), s * random.range(0.12, 0.24), c.deep);
  return { place: random.pick(['bottom', 'top']), ink: 'paper' };
}

/** A road that runs to the horizon. */
export function road(p) {
  const { palette: c, random, w, h, s } = p;
  const horizon = h * random.range(0.46, 0.58);
  sky(p, c.deep, c.mid, c.light, mix(c.accent, c.light, 0.4));
  const x = w * random.range(0.4, 0.6);
  glow(p, x, horizon, s * 0.7, c.accent, 0.9);
  for (let i = 0; i < 4; i++) cloud(p, w * random.next(), horizon * random.range(0.3, 0.8), s * random.range(0.3, 0.6), fade(c.paper, 0.1));
  layers(p, { from: horizon, to: horizon + 2, count: 2, height: s * 0.1, roughness: 0.6, far: mix(c.mid, c.light, 0.3), near: mix(c.deep, c.mid, 0.35) });
  shape(p, [[0, horizon + s * 0.04], [w, horizon + s * 0.04], [w, h], [0, h]], mix(c.deep, c.mid, 0.22));
  const y = horizon + s * 0.04;
  shape(p, [[x - 1.5, y], [x + 1.5, y], [w / 2 + s * 0.62, h], [w / 2 - s * 0.62, h]], c.deep);
  for (let i = 0; i < 9; i++) {
    const a = Math.pow(i / 9, 2.1);
    const b = Math.pow((i + 0.5) / 9, 2.1);
    const at = (t) => [x + (w / 2 - x) * t, y + (h - y) * t];
    const [ax, ay] = at(a);
    const [bx, by] = at(b);
    shape(p, [[ax - 0.3 - a * 3, ay], [ax + 0.3 + a * 3, ay], [bx + 0.3 + b * 3, by], [bx - 0.3 - b * 3, by]], fade(c.accent, 0.9));
  }
  return { place: 'top', ink: 'paper' };
}

/** Snow: a far cabin with one window. */
export function snow(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, c.mid, 0.5), c.mid, mix(c.mid, c.light, 0.7));
  layers(p, { from: h * 0.44, to: h * 0.52, count: 2, height: s * 0.2, roughness: 0.9, far: mix(c.mid, c.light, 0.5), near: mix(c.mid, c.light, 0.2) });
  const white = mix(c.light, c.paper, 0.7);
  land(p, terrain(p, h * 0.66, s * 0.06, 0), mix(white, c.mid, 0.25));
  for (let i = 0; i < 18; i++) pine(p, w * random.next(), h * random.range(0.64, 0.72), s * random.range(0.1, 0.24), mix(c.deep, c.mid, random.range(0, 0.35)));
  land(p, terrain(p, h * 0.74, s * 0.05, 0), white);
  const x = w * random.range(0.3, 0.7);
  const y = h * 0.755;
  glow(p, x, y - s * 0.04, s * 0.24, c.accent, 0.9);
  shape(p, [[x - s * 0.07, y], [x - s * 0.07, y - s * 0.06], [x, y - s * 0.13], [x + s * 0.07, y - s * 0.06], [x + s * 0.07, y]], c.deep);
  shape(p, [[x - s * 0.015, y - s * 0.025], [x - s * 0.015, y - s * 0.06], [x + s * 0.015, y - s * 0.06], [x + s * 0.015, y - s * 0.025]], c.accent);
  for (let i = 0; i < 90; i++) disc(p, w * random.next(), h * random.next(), random.range(0.3, 1.2), fade(c.paper, random.range(0.3, 0.9)));
  return { place: 'top', ink: 'paper' };
}

/** Paper-cut hills, sun and clouds, bright and flat. */
export function papercut(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, mix(c.mid, c.light, 0.3), c.light, mix(c.light, c.paper, 0.7));
  const x = w * random.range(0.25, 0.75);
  for (let i = 4; i > 0; i--) disc(p, x, h * 0.36, s * 0.1 * i, fade(c.accent, i === 1 ? 1 : 0.22));
  cloud(p, w * random.range(0.1, 0.4), h * 0.2, s * 0.4, c.paper);
  cloud(p, w * random.range(0.6, 0.95), h * 0.42, s * 0.32, fade(c.paper, 0.85));
  const shades = [mix(c.light, c.mid, 0.35), mix(c.light, c.mid, 0.75), c.mid, mix(c.mid, c.deep, 0.45), c.deep];
  shades.forEach((colour, i) => {
    p.ctx.save();
    p.ctx.shadowColor = fade(c.deep, 0.45);
    p.ctx.shadowBlur = 9;
    p.ctx.shadowOffsetY = -2;
    land(p, terrain(p, h * (0.5 + i * 0.1), s * 0.12, 0.05), colour);
    p.ctx.restore();
  });
  return { place: 'bottom', ink: 'paper' };
}
