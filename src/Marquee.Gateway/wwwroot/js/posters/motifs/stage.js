// Motifs of shows, sport, war and the past.

import { fade, mix } from '../colour.js';
import { birds, disc, glow, layers, mist, person, ring, shape, sky, skyline } from '../scenery.js';

/** A record, its label, its grooves. */
export function vinyl(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.mid, mix(c.mid, c.light, 0.8));
  const x = w * random.range(0.4, 0.6);
  const y = h * 0.38;
  const radius = s * 0.42;
  disc(p, x + 3, y + 4, radius, fade('#000000', 0.3));
  disc(p, x, y, radius, '#0c0b0e');
  for (let i = 0; i < 26; i++) ring(p, x, y, radius * (0.38 + i * 0.023), 0.45, fade('#ffffff', i % 7 === 0 ? 0.25 : 0.09));
  ctx.save();
  ctx.globalCompositeOperation = 'screen';
  for (const turn of [0.6, 3.74]) {
    ctx.fillStyle = fade(c.light, 0.17);
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.arc(x, y, radius, turn, turn + 0.42);
    ctx.fill();
  }
  ctx.restore();
  disc(p, x, y, radius * 0.34, c.accent);
  ring(p, x, y, radius * 0.24, 0.8, fade(c.deep, 0.5));
  disc(p, x, y, radius * 0.035, c.deep);
  return { place: 'bottom', ink: 'paper' };
}

/** Beams onto a stage and one performer. */
export function spotlight(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, '#000000', 0.4), c.deep, mix(c.deep, c.mid, 0.7));
  const floor = h * 0.74;
  const x = w * random.range(0.42, 0.58);
  ctx.save();
  ctx.globalCompositeOperation = 'screen';
  for (let i = 0; i < 5; i++) {
    const from = w * (0.02 + 0.24 * i);
    const spread = s * random.range(0.08, 0.16);
    const beam = ctx.createLinearGradient(0, 0, 0, floor);
    const colour = random.pick([c.light, c.accent, c.mid]);
    beam.addColorStop(0, fade(colour, 0.75));
    beam.addColorStop(1, fade(colour, 0.06));
    ctx.fillStyle = beam;
    ctx.beginPath();
    ctx.moveTo(from - 1, -2);
    ctx.lineTo(from + 1, -2);
    ctx.lineTo(x + spread, floor + 4);
    ctx.lineTo(x - spread, floor + 4);
    ctx.fill();
  }
  ctx.restore();
  ctx.fillStyle = mix(c.deep, c.mid, 0.4);
  ctx.fillRect(0, floor, w, h - floor);
  ctx.fillStyle = fade(c.light, 0.7);
  ctx.beginPath();
  ctx.ellipse(x, floor + 3, s * 0.25, s * 0.045, 0, 0, Math.PI * 2);
  ctx.fill();
  person(p, x, floor + 3, s * 0.36, c.deep, random.pick(['plain', 'coat', 'cape']));
  for (let i = 0; i < 24; i++) {
    const cx = (i / 23) * w;
    disc(p, cx, h * random.range(0.93, 0.97), s * 0.042, mix(c.deep, '#000000', 0.5));
  }
  ctx.fillStyle = mix(c.deep, '#000000', 0.5);
  ctx.fillRect(0, h * 0.965, w, h * 0.04);
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}

/** Bars that dance. */
export function equaliser(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.deep, mix(c.deep, c.mid, 0.5));
  const bars = Math.round(15 * (w / 200));
  const width = (w * 0.84) / bars;
  glow(p, w / 2, h * 0.5, s * 0.8, c.mid, 0.8);
  for (let i = 0; i < bars; i++) {
    const x = w * 0.08 + i * width;
    const height = h * (0.08 + 0.42 * Math.pow(Math.sin((i / (bars - 1)) * Math.PI), 0.8) * random.range(0.35, 1));
    const gradient = ctx.createLinearGradient(0, h * 0.66 - height, 0, h * 0.66);
    gradient.addColorStop(0, c.accent);
    gradient.addColorStop(0.6, c.light);
    gradient.addColorStop(1, c.mid);
    ctx.fillStyle = gradient;
    ctx.fillRect(x + width * 0.18, h * 0.66 - height, width * 0.64, height);
  }
  return { place: 'bottom', ink: 'paper' };
}

/** Lanes of a track from above. */
export function track(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.mid, mix(c.mid, c.deep, 0.4));
  const x = w * random.pick([-0.05, 1.05]);
  const y = h * random.range(0.55, 0.75);
  disc(p, x, y, s * 1.32, mix(c.light, c.mid, 0.15));
  for (let i = 0; i < 7; i++) ring(p, x, y, s * (0.52 + i * 0.133), 1.6, c.paper);
  disc(p, x, y, s * 0.52, mix(c.mid, c.deep, 0.25));
  for (let i = 0; i < 3; i++) {
    const angle = x < 0 ? random.range(-1, -0.2) : Math.PI + random.range(0.2, 1);
    const radius = s * (0.585 + 0.133 * random.int(5));
    const px = x + Math.cos(angle) * radius;
    const py = y + Math.sin(angle) * radius;
    ctx.fillStyle = fade('#000000', 0.28);
    ctx.beginPath();
    ctx.ellipse(px + s * 0.05, py + 2, s * 0.075, s * 0.02, 0.3, 0, Math.PI * 2);
    ctx.fill();
    disc(p, px, py, s * 0.032, i ? c.deep : c.accent);
  }
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}

/** Floodlights over a field. */
export function stadium(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, '#000000', 0.3), c.deep, mix(c.deep, c.mid, 0.9));
  const horizon = h * 0.6;
  for (const x of [w * 0.12, w * 0.88]) {
    ctx.fillStyle = mix(c.deep, '#000000', 0.3);
    ctx.fillRect(x - 1.5, h * 0.2, 3, horizon);
    glow(p, x, h * 0.2, s * 0.62, c.paper, 0.85);
    for (let i = 0; i < 8; i++) disc(p, x + ((i % 4) - 1.5) * s * 0.032, h * 0.19 + Math.floor(i / 4) * s * 0.036, s * 0.013, c.paper);
  }
  shape(p, [[0, horizon - s * 0.08], [w, horizon - s * 0.08], [w, horizon], [0, horizon]], mix(c.deep, '#000000', 0.25));
  for (let i = 0; i < 170; i++) disc(p, w * random.next(), horizon - s * 0.08 * random.next(), 0.6, fade(random.pick([c.accent, c.paper, c.light]), random.range(0.2, 0.8)));
  for (let i = 0; i < 9; i++) {
    ctx.fillStyle = i % 2 ? c.mid : mix(c.mid, c.light, 0.3);
    const a = horizon + (h - horizon) * Math.pow(i / 9, 1.5);
    ctx.fillRect(0, a, w, (h - horizon) * 0.3);
  }
  shape(p, [[w * 0.49, horizon], [w * 0.51, horizon], [w * 0.56, h], [w * 0.44, h]], fade(c.paper, 0.75));
  person(p, w * random.range(0.4, 0.6), h * 0.84, s * 0.5, c.deep, 'plain');
  return { place: 'top', ink: 'paper' };
}

/** Smoke, wire and a burning horizon. */
export function front(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, c.mid, 0.5), c.mid, c.light, mix(c.accent, c.light, 0.35));
  for (let i = 0; i < 16; i++) disc(p, w * random.next(), h * random.range(0.1, 0.5), s * random.range(0.08, 0.26), fade(c.deep, 0.12));
  glow(p, w * random.range(0.3, 0.7), h * 0.62, s * 0.7, c.accent, 0.7);
  birds(p, w * 0.6, h * 0.24, 6, fade(c.deep, 0.7));
  skyline(p, h * 0.7, h * 0.1, mix(c.mid, c.deep, 0.5), { narrow: 4, wide: 13 });
  const ground = layers(p, { from: h * 0.7, to: h * 0.79, count: 2, height: s * 0.08, roughness: 0.7, far: mix(c.mid, c.deep, 0.5), near: mix(c.deep, '#000000', 0.25) });
  const people = 3 + random.int(4);
  for (let i = 0; i < people; i++) {
    const x = w * (0.16 + (0.68 * (i + random.range(0.1, 0.7))) / people);
    person(p, x, ground(x) + 2, s * random.range(0.15, 0.19), mix(c.deep, '#000000', 0.25), random.pick(['plain', 'coat']));
  }
  ctx.strokeStyle = mix(c.deep, '#000000', 0.4);
  ctx.lineWidth = 0.9;
  for (let line = 0; line < 2; line++) {
    const y = h * (0.84 + line * 0.05);
    ctx.beginPath();
    for (let x = 0; x <= w; x += 1) ctx.lineTo(x, y + Math.sin(x * 0.09 + line) * 2.4);
    for (let x = 6; x < w; x += 13) {
      ctx.moveTo(x - 2, y - 3.4);
      ctx.lineTo(x + 2, y + 3.4);
      ctx.moveTo(x + 2, y - 3.4);
      ctx.lineTo(x - 2, y + 3.4);
    }
    ctx.stroke();
  }
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}

/** Arches that recede. */
export function arches(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.mid, c.deep, 0.2), c.mid);
  const x = w / 2;
  const floor = h * 0.76;
  const arch = (half, top, colour) => {
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.moveTo(x - half, floor + half * 0.2);
    ctx.lineTo(x - half, top + half);
    ctx.arc(x, top + half, half, Math.PI, 0);
    ctx.lineTo(x + half, floor + half * 0.2);
    ctx.fill();
  };
  const count = 6;
  for (let i = 0; i < count; i++) {
    const t = i / (count - 1);
    arch(s * (0.47 - 0.36 * Math.pow(t, 0.8)), h * (0.08 + 0.3 * Math.pow(t, 0.8)), i === count - 1 ? mix(c.light, c.paper, 0.6) : mix(mix(c.deep, c.mid, 0.4), c.light, t * 0.85));
  }
  shape(p, [[0, floor + s * 0.09], [x - s * 0.11, floor], [x + s * 0.11, floor], [w, floor + s * 0.09], [w, h], [0, h]], mix(c.deep, c.mid, 0.25));
  glow(p, x, h * 0.55, s * 0.55, c.accent, random.range(0.35, 0.6));
  person(p, x + s * 0.02, floor + s * 0.02, s * 0.2, c.deep, random.pick(['cape', 'coat', 'plain']));
  return { place: random.pick(['bottom']), ink: 'paper' };
}

/** The leader of an old film: rings, cross, a sweep. */
export function leader(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  const ground = mix(c.paper, c.light, 0.45);
  sky(p, ground, mix(ground, c.mid, 0.25));
  const x = w / 2;
  const y = h * 0.4;
  ctx.fillStyle = fade(c.deep, 0.22);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.arc(x, y, Math.hypot(w, h), -Math.PI / 2, -Math.PI / 2 + random.range(0.8, 5));
  ctx.fill();
  ctx.strokeStyle = c.deep;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(0, y);
  ctx.lineTo(w, y);
  ctx.moveTo(x, 0);
  ctx.lineTo(x, h);
  ctx.stroke();
  ring(p, x, y, s * 0.38, 2.4, c.deep);
  ring(p, x, y, s * 0.33, 2.4, c.deep);
  disc(p, x, y, s * 0.2, random.pick([c.deep, c.mid, c.accent]));
  for (let i = 0; i < 8; i++) {
    ctx.fillStyle = fade(c.deep, random.range(0.15, 0.5));
    ctx.fillRect(w * random.next(), 0, 0.5, h);
  }
  return { place: 'bottom', ink: 'deep' };
}

/** Far hills, near fog, a line of travellers. */
export function journey(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, mix(c.light, c.paper, 0.5), c.light, mix(c.light, c.mid, 0.4));
  disc(p, w * random.range(0.2, 0.8), h * 0.26, s * 0.12, mix(c.accent, c.paper, 0.15));
  const ground = layers(p, { from: h * 0.4, to: h * 0.74, count: 6, height: s * 0.2, roughness: random.range(0.3, 0.9), far: mix(c.light, c.mid, 0.35), near: c.deep });
  mist(p, h * 0.62, s * 0.16, c.paper, 0.28);
  const start = w * random.range(0.2, 0.45);
  for (let i = 0; i < 5; i++) {
    const x = start + i * s * random.range(0.07, 0.1);
    person(p, x, ground(x) + 1.5, s * random.range(0.055, 0.08), c.deep, random.pick(['cape', 'coat', 'plain']));
  }
  return { place: random.pick(['bottom']), ink: 'paper' };
}
