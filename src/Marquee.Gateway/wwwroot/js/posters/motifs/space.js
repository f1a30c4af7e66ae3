// Motifs of the sky beyond the sky.

import { fade, mix } from '../colour.js';
import { disc, glow, layers, person, ring, shape, sky, stars } from '../scenery.js';

/** A planet lit from one side, with rings. */
export function planet(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, '#000000', 0.4), c.deep, mix(c.deep, c.mid, 0.7));
  glow(p, w * random.next(), h * random.range(0.2, 0.8), s * 0.8, c.mid, 0.6);
  stars(p, Math.round(130 * (w / 200)));
  const radius = s * random.range(0.26, 0.4);
  const x = w * random.range(0.35, 0.65);
  const y = h * random.range(0.36, 0.46);
  const light = random.range(-2.6, -0.6);
  glow(p, x + Math.cos(light) * radius * 0.5, y + Math.sin(light) * radius * 0.5, radius * 1.7, c.light, 0.5);
  ctx.save();
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, Math.PI * 2);
  ctx.clip();
  const body = ctx.createRadialGradient(x + Math.cos(light) * radius * 0.75, y + Math.sin(light) * radius * 0.75, radius * 0.1, x, y, radius * 1.15);
  body.addColorStop(0, mix(c.light, c.paper, 0.35));
  body.addColorStop(0.4, c.light);
  body.addColorStop(0.75, c.mid);
  body.addColorStop(1, c.deep);
  ctx.fillStyle = body;
  ctx.fillRect(x - radius, y - radius, radius * 2, radius * 2);
  for (let i = 0; i < 9; i++) {
    ctx.fillStyle = fade(i % 2 ? c.deep : c.accent, random.range(0.05, 0.16));
    ctx.beginPath();
    ctx.ellipse(x, y + radius * random.range(-1, 1), radius * 1.1, radius * random.range(0.03, 0.12), -0.2, 0, Math.PI * 2);
    ctx.fill();
  }
  ctx.restore();
  if (random.chance(0.65)) {
    const tilt = random.range(-0.5, 0.5);
    for (let i = 0; i < 5; i++) {
      ctx.strokeStyle = fade(mix(c.accent, c.paper, i * 0.12), 0.75 - i * 0.11);
      ctx.lineWidth = radius * random.range(0.012, 0.05);
      ctx.beginPath();
      ctx.ellipse(x, y, radius * (1.36 + i * 0.11), radius * (0.3 + i * 0.025), tilt, -0.25, Math.PI + 0.25);
      ctx.stroke();
    }
  }
  if (random.chance(0.6)) disc(p, x + radius * 1.3 * random.sign(), y - radius * 0.9, radius * 0.12, mix(c.accent, c.deep, 0.15));
  return { place: 'bottom', ink: 'paper' };
}

/** A neon grid running to a striped sun. */
export function neonGrid(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  const horizon = h * 0.6;
  sky(p, mix(c.deep, '#000000', 0.3), c.deep, mix(c.mid, c.deep, 0.2), c.mid);
  stars(p, 60, { bottom: horizon * 0.7 });
  const radius = s * 0.3;
  const x = w / 2;
  const y = horizon - radius * random.range(0.55, 0.9);
  glow(p, x, y, radius * 2.1, c.light, 0.75);
  ctx.save();
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, Math.PI * 2);
  ctx.clip();
  const sun = ctx.createLinearGradient(0, y - radius, 0, y + radius);
  sun.addColorStop(0, c.accent);
  sun.addColorStop(1, c.light);
  ctx.fillStyle = sun;
  ctx.fillRect(x - radius, y - radius, radius * 2, radius * 2);
  ctx.fillStyle = mix(c.mid, c.deep, 0.3);
  for (let i = 0; i < 6; i++) ctx.fillRect(x - radius, y + radius * (0.05 + i * 0.17), radius * 2, 1.2 + i * 1.1);
  ctx.restore();
  layers(p, { from: horizon - 2, to: horizon, count: 1, height: s * 0.12, roughness: 1, far: c.deep, near: mix(c.deep, c.mid, 0.2) });
  const floor = ctx.createLinearGradient(0, horizon, 0, h);
  floor.addColorStop(0, c.mid);
  floor.addColorStop(1, mix(c.deep, '#000000', 0.4));
  ctx.fillStyle = floor;
  ctx.fillRect(0, horizon, w, h - horizon);
  ctx.strokeStyle = fade(c.accent, 0.75);
  ctx.lineWidth = 0.7;
  ctx.beginPath();
  for (let i = 0; i < 11; i++) {
    const gy = horizon + (h - horizon) * Math.pow(i / 10, 2.2);
    ctx.moveTo(0, gy);
    ctx.lineTo(w, gy);
  }
  for (let i = -16; i <= 16; i++) {
    ctx.moveTo(x + i * 4, horizon);
    ctx.lineTo(x + i * 42, h);
  }
  ctx.stroke();
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}

/** Thin orbits around a small sun: a diagram. */
export function orbits(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.deep, mix(c.deep, c.mid, 0.6), c.deep);
  stars(p, 70);
  const x = w * random.range(0.35, 0.65);
  const y = h * random.range(0.36, 0.48);
  glow(p, x, y, s * 0.5, c.accent, 0.8);
  const tilt = random.range(-0.6, 0.6);
  const squash = random.range(0.3, 1);
  for (let i = 1; i < 8; i++) {
    const radius = s * 0.09 * i * random.range(0.9, 1.1);
    ctx.strokeStyle = fade(c.paper, 0.35);
    ctx.lineWidth = 0.55;
    ctx.beginPath();
    ctx.ellipse(x, y, radius, radius * squash, tilt, 0, Math.PI * 2);
    ctx.stroke();
    const angle = random.range(0, 6.28);
    const ox = Math.cos(angle) * radius;
    const oy = Math.sin(angle) * radius * squash;
    disc(p, x + ox * Math.cos(tilt) - oy * Math.sin(tilt), y + ox * Math.sin(tilt) + oy * Math.cos(tilt), s * random.range(0.008, 0.034), random.pick([c.light, c.accent, c.paper]));
  }
  disc(p, x, y, s * 0.05, mix(c.accent, c.paper, 0.5));
  return { place: 'bottom', ink: 'paper' };
}

/** Light speed. */
export function warp(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, '#000000', 0.5), c.deep);
  const x = w * random.range(0.42, 0.58);
  const y = h * random.range(0.4, 0.5);
  glow(p, x, y, s * 0.9, c.mid, 0.9);
  glow(p, x, y, s * 0.4, c.light, 0.9);
  ctx.lineCap = 'round';
  const reach = Math.hypot(w, h) * 0.62;
  for (let i = 0; i < 170; i++) {
    const angle = random.range(0, Math.PI * 2);
    const from = s * 0.07 + Math.pow(random.next(), 1.6) * reach;
    const to = from + from * random.range(0.1, 0.6);
    ctx.strokeStyle = fade(random.pick([c.paper, c.light, c.accent, c.light]), random.range(0.25, 0.95));
    ctx.lineWidth = 0.3 + (from / reach) * 1.6;
    ctx.beginPath();
    ctx.moveTo(x + Math.cos(angle) * from, y + Math.sin(angle) * from);
    ctx.lineTo(x + Math.cos(angle) * to, y + Math.sin(angle) * to);
    ctx.stroke();
  }
  disc(p, x, y, s * 0.03, c.paper);
  return { place: 'bottom', ink: 'paper' };
}

/** A total eclipse over someone small. */
export function eclipse(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, '#000000', 0.4), c.deep, mix(c.mid, c.deep, 0.3), mix(c.mid, c.light, 0.4));
  stars(p, 60, { bottom: h * 0.6 });
  const x = w / 2;
  const y = h * random.range(0.34, 0.42);
  const radius = s * random.range(0.2, 0.28);
  glow(p, x, y, radius * 2.9, c.light, 0.95);
  glow(p, x, y, radius * 1.6, c.accent, 0.9);
  ring(p, x, y, radius, 2.2, mix(c.accent, c.paper, 0.6));
  disc(p, x, y, radius * 0.985, mix(c.deep, '#000000', 0.5));
  const ground = layers(p, { from: h * 0.72, to: h * 0.82, count: 3, height: s * 0.1, roughness: random.range(0.2, 0.9), far: mix(c.mid, c.light, 0.25), near: mix(c.deep, '#000000', 0.3) });
  person(p, x, ground(x) + 1, s * 0.12, mix(c.deep, '#000000', 0.5), random.pick(['plain', 'cape', 'coat']));
  return { place: 'bottom', ink: 'paper' };
}

/** A slab that should not be there. */
export function monolith(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, c.mid, mix(c.mid, c.light, 0.7), c.light, mix(c.light, c.paper, 0.5));
  const x = w * random.range(0.4, 0.6);
  disc(p, x, h * 0.3, s * 0.13, mix(c.accent, c.paper, 0.2));
  glow(p, x, h * 0.3, s * 0.6, c.accent, 0.5);
  const half = s * random.range(0.07, 0.11);
  const floor = h * 0.74;
  layers(p, { from: h * 0.66, to: h * 0.7, count: 2, height: s * 0.06, roughness: 0.2, far: mix(c.light, c.mid, 0.5), near: c.mid });
  shape(p, [[x - half, floor], [x - half, h * 0.34], [x + half, h * 0.34], [x + half, floor]], c.deep);
  shape(p, [[x + half, floor], [x + half, h * 0.34], [x + half * 1.4, h * 0.35], [x + half * 1.4, floor + 1]], mix(c.deep, '#000000', 0.5));
  layers(p, { from: floor, to: floor + 1, count: 1, height: s * 0.02, roughness: 0, far: c.deep, near: mix(c.mid, c.deep, 0.7) });
  shape(p, [[x - half, floor], [x + half * 1.4, floor], [x + half * 3.4, h], [x - half * 2.8, h]], fade(c.deep, 0.75));
  for (let i = 0; i < 4; i++) person(p, x + s * random.range(-0.36, 0.36), floor + s * random.range(0.04, 0.14), s * 0.085, c.deep);
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}
