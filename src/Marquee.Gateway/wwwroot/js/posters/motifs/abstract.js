// Motifs of pure form: posters that a graphic designer might cut from paper.

import { fade, mix } from '../colour.js';
import { disc, glow, person, rays, ring, shape, sky, terrain } from '../scenery.js';

/** A grid of quarter circles, halves and squares. */
export function bauhaus(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  const ground = mix(c.paper, c.light, 0.12);
  sky(p, ground, ground);
  const cell = s / random.pick([3, 4]);
  const colours = [c.mid, c.accent, c.light, c.deep];
  for (let y = 0; y < h * 0.66 - cell / 2; y += cell) {
    for (let x = 0; x < w; x += cell) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(x, y, cell + 0.3, cell + 0.3);
      ctx.clip();
      if (random.chance(0.5)) {
        ctx.fillStyle = random.pick(colours);
        ctx.fillRect(x, y, cell + 1, cell + 1);
      }
      const colour = random.pick(colours);
      const kind = random.int(5);
      if (kind === 0) disc(p, x + cell / 2, y + cell / 2, cell * 0.5, colour);
      else if (kind === 1) disc(p, x + random.pick([0, cell]), y + random.pick([0, cell]), cell, colour);
      else if (kind === 2) disc(p, x + cell / 2, y + random.pick([0, cell]), cell / 2, colour);
      else if (kind === 3) for (let i = 0; i < 4; i++) ring(p, x, y + cell, cell * (0.22 + i * 0.25), cell * 0.09, colour);
      else shape(p, [[x, y], [x + cell, y + cell], [x, y + cell]], colour);
      ctx.restore();
    }
  }
  return { place: 'bottom', ink: 'deep' };
}

/** Rays behind one disc. */
export function sunburst(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, c.light, c.light);
  const x = w * random.range(0.35, 0.65);
  const y = h * random.range(0.36, 0.46);
  rays(p, x, y, 14 + random.int(10), mix(c.light, c.mid, 0.75), { turn: random.range(0, 1) });
  disc(p, x, y, s * 0.3, c.paper);
  disc(p, x, y, s * 0.265, c.mid);
  disc(p, x, y, s * 0.17, c.accent);
  person(p, x, y + s * 0.28, s * 0.46, c.deep, random.pick(['plain', 'coat', 'cape']));
  return { place: 'bottom', ink: 'deep' };
}

/** Confetti and big soft shapes. */
export function confetti(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  const ground = random.pick([c.mid, c.light, c.accent]);
  sky(p, ground, ground);
  const others = [c.mid, c.light, c.accent, c.paper, c.deep].filter((colour) => colour !== ground);
  disc(p, w * random.range(0.1, 0.9), h * random.range(0.1, 0.35), s * random.range(0.24, 0.4), random.pick(others));
  disc(p, w * random.range(0.1, 0.9), h * random.range(0.35, 0.65), s * random.range(0.14, 0.3), random.pick(others));
  for (let i = 0; i < 46; i++) {
    const colour = random.pick(others);
    ctx.save();
    ctx.translate(w * random.next(), h * random.range(0, 0.72));
    ctx.rotate(random.range(0, 6.28));
    const size = s * random.range(0.016, 0.045);
    ctx.fillStyle = colour;
    ctx.strokeStyle = colour;
    ctx.lineWidth = size * 0.42;
    ctx.lineCap = 'round';
    const kind = random.int(4);
    if (kind === 0) ctx.fillRect(-size, -size * 0.3, size * 2, size * 0.6);
    else if (kind === 1) disc(p, 0, 0, size * 0.5, colour);
    else {
      ctx.beginPath();
      if (kind === 2) ctx.arc(0, 0, size, 0, Math.PI);
      else ctx.moveTo(-size * 1.4, 0), ctx.bezierCurveTo(-size * 0.6, -size * 1.4, size * 0.4, size * 1.4, size * 1.4, 0);
      ctx.stroke();
    }
    ctx.restore();
  }
  return { place: 'bottom', ink: ground === c.mid ? 'paper' : 'deep' };
}

/** Overlapping stripes on a slant with one figure running through. */
export function slashes(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.deep, mix(c.deep, c.mid, 0.55));
  ctx.save();
  ctx.translate(w / 2, h * 0.45);
  ctx.rotate(random.sign() * random.range(0.32, 0.62));
  const reach = Math.hypot(w, h);
  const colours = [c.mid, c.light, c.accent, mix(c.mid, c.light, 0.5), c.paper];
  for (let i = 0; i < 13; i++) {
    const y = random.range(-h * 0.46, h * 0.46);
    ctx.fillStyle = fade(random.pick(colours), random.range(0.3, 0.95));
    ctx.fillRect(random.range(-reach, -reach * 0.1), y, random.range(reach * 0.3, reach * 1.2), s * Math.pow(random.next(), 2) * 0.18 + 1);
  }
  ctx.restore();
  glow(p, w / 2, h * 0.48, s * 0.6, c.accent, 0.5);
  person(p, w * random.range(0.4, 0.6), h * 0.78, s * 0.74, mix(c.deep, '#000000', 0.3), random.pick(['coat', 'plain', 'cape']));
  return { place: random.pick(['bottom', 'top']), ink: 'paper' };
}

/** Fire in the centre, debris around it. */
export function blast(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, '#000000', 0.2), c.deep, mix(c.mid, c.deep, 0.35));
  const x = w * random.range(0.4, 0.6);
  const y = h * 0.46;
  rays(p, x, y, 34, fade(c.light, 0.13), { turn: random.next(), share: 0.35 });
  for (const [radius, colour, strength] of [[0.95, c.mid, 0.95], [0.62, c.light, 0.95], [0.34, c.accent, 1], [0.16, c.paper, 1]]) glow(p, x, y, s * radius, colour, strength);
  for (let i = 0; i < 75; i++) {
    const angle = random.range(0, 6.28);
    const distance = s * (0.12 + Math.pow(random.next(), 0.7) * 0.7);
    const size = s * 0.028 * random.next() + 0.5;
    const dx = x + Math.cos(angle) * distance;
    const dy = y + Math.sin(angle) * distance;
    shape(p, [[dx - size, dy], [dx, dy - size * random.next()], [dx + size * random.next(), dy + size], [dx - size * 0.4, dy + size * 0.6]], random.pick([c.deep, c.deep, c.accent, mix(c.deep, c.mid, 0.5)]));
  }
  person(p, x, h * 0.83, s * 0.52, mix(c.deep, '#000000', 0.45), random.pick(['coat', 'plain', 'cape']));
  shape(p, [[0, h * 0.83], [w, h * 0.815], [w, h], [0, h]], mix(c.deep, '#000000', 0.45));
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}

/** Contour lines of a mountain that is not on any map. */
export function contours(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  const light = random.chance(0.45);
  const ground = light ? mix(c.paper, c.light, 0.2) : c.deep;
  sky(p, ground, light ? ground : mix(c.deep, c.mid, 0.35));
  const x = w * random.range(0.35, 0.65);
  const y = h * random.range(0.34, 0.46);
  const lobes = Array.from({ length: 4 }, (_, i) => ({ n: i + 2, amplitude: random.range(0.03, 0.16) / (1 + i * 0.3), phase: random.range(0, 6.28) }));
  for (let i = 1; i < 21; i++) {
    ctx.strokeStyle = i % 5 === 0 ? c.accent : fade(light ? c.deep : c.paper, 0.62);
    ctx.lineWidth = i % 5 === 0 ? 1.5 : 0.65;
    ctx.beginPath();
    for (let a = 0; a <= 120; a++) {
      const angle = (a / 120) * Math.PI * 2;
      const radius = s * 0.034 * i * (1 + lobes.reduce((sum, lobe) => sum + lobe.amplitude * Math.sin(angle * lobe.n + lobe.phase + i * 0.05), 0));
      ctx.lineTo(x + Math.cos(angle) * radius, y + Math.sin(angle) * radius * 1.1);
    }
    ctx.closePath();
    ctx.stroke();
  }
  shape(p, [[x, y - s * 0.035], [x + s * 0.03, y + s * 0.02], [x - s * 0.03, y + s * 0.02]], c.accent);
  return { place: 'bottom', ink: light ? 'deep' : 'paper' };
}

/** A face in profile built of dots of different size. */
export function halftone(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  const ground = random.chance(0.5) ? c.mid : mix(c.paper, c.light, 0.3);
  sky(p, ground, ground);
  const ink = ground === c.mid ? c.paper : c.deep;
  const x = w / 2;
  const y = h * 0.36;
  disc(p, x + s * random.range(-0.2, 0.2), y, s * 0.36, ground === c.mid ? c.light : c.accent);
  ctx.save();
  ctx.beginPath();
  const k = s * 0.0042;
  ctx.moveTo(x + 42 * k, y - 14 * k);
  ctx.ellipse(x, y - 14 * k, 42 * k, 54 * k, 0, 0, Math.PI * 2);
  ctx.moveTo(x - 19 * k, y + 20 * k);
  ctx.lineTo(x + 19 * k, y + 20 * k);
  ctx.lineTo(x + 21 * k, y + 56 * k);
  ctx.bezierCurveTo(x + 70 * k, y + 68 * k, x + 96 * k, y + 88 * k, x + 100 * k, y + 180 * k);
  ctx.lineTo(x - 100 * k, y + 180 * k);
  ctx.bezierCurveTo(x - 96 * k, y + 88 * k, x - 70 * k, y + 68 * k, x - 21 * k, y + 56 * k);
  ctx.closePath();
  ctx.clip();
  ctx.fillStyle = ground;
  ctx.fillRect(0, 0, w, h);
  const step = s * 0.0215;
  const side = random.sign();
  for (let row = 0, gy = 0; gy < h; row++, gy += step) {
    for (let gx = (row % 2) * step * 0.5; gx < w; gx += step) {
      const shade = 0.42 + (side * (gx - x)) / (s * 0.55) + 0.16 * Math.sin(gy * 0.055);
      disc(p, gx, gy, step * 0.68 * Math.max(0.12, Math.min(1, shade)), ink);
    }
  }
  ctx.restore();
  return { place: 'bottom', ink: ground === c.mid ? 'paper' : 'deep' };
}

/** Interfering waves, like a record of a voice. */
export function waves(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.deep, mix(c.deep, '#000000', 0.3));
  const lines = 30;
  const peaks = Array.from({ length: 4 }, () => ({ x: random.range(0.3, 0.7), width: random.range(0.04, 0.11), height: random.range(0.4, 1) }));
  for (let i = 0; i < lines; i++) {
    const y = h * 0.16 + (i / lines) * h * 0.52;
    const jitter = terrain(p, 0, 1, 1);
    ctx.beginPath();
    for (let x = w * 0.1; x <= w * 0.9; x += 1) {
      const t = x / w;
      const lift = peaks.reduce((sum, peak) => sum + peak.height * Math.exp(-(((t - peak.x + Math.sin(i * 0.8) * 0.05) / peak.width) ** 2)), 0);
      ctx.lineTo(x, y - Math.max(0, lift * s * 0.13 * (0.7 + 0.6 * jitter(x))) + jitter(x) * 1.2);
    }
    ctx.fillStyle = mix(c.deep, '#000000', 0.2);
    ctx.fill();
    ctx.strokeStyle = mix(c.light, c.paper, i / lines);
    ctx.lineWidth = 0.95;
    ctx.stroke();
  }
  disc(p, w * 0.5, h * 0.2, 0.1, c.accent);
  return { place: 'bottom', ink: 'paper' };
}

/** Two colours, one diagonal, one circle: the Swiss way. */
export function swiss(p) {
  const { palette: c, random, w, h, s } = p;
  const [ground, field] = random.pick([[c.paper, c.mid], [c.mid, c.paper], [c.light, c.mid], [c.accent, c.paper]]);
  sky(p, ground, ground);
  const kind = random.int(3);
  if (kind === 0) {
    shape(p, [[0, h * random.range(0.1, 0.3)], [w, h * random.range(0.35, 0.5)], [w, h * 0.66], [0, h * 0.66]], field);
    disc(p, w * random.range(0.3, 0.7), h * 0.24, s * 0.17, c.deep);
  } else if (kind === 1) {
    for (let i = 0; i < 6; i++) disc(p, w * (0.2 + 0.12 * i), h * (0.14 + 0.075 * i), s * (0.06 + 0.025 * i), i % 2 ? field : c.deep);
  } else {
    for (let i = 0; i < 7; i++) shape(p, [[0, h * (0.08 + i * 0.085)], [w * random.range(0.35, 1), h * (0.08 + i * 0.085)], [w * random.range(0.35, 1), h * (0.13 + i * 0.085)], [0, h * (0.13 + i * 0.085)]], i % 3 === 1 ? c.deep : field);
  }
  return { place: 'bottom', ink: ground === c.mid || ground === c.accent ? 'paper' : 'deep' };
}
