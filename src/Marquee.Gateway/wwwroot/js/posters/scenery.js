// The stage hands of the motifs: sky, light, land, city, people. Each draws on p = { ctx, w, h, s, random, palette },
// where w and h are the picture's size in its own units and s the smaller of the two.

import { fade, mix } from './colour.js';

/** Fills the whole picture from top to bottom. */
export function sky(p, ...colours) {
  const gradient = p.ctx.createLinearGradient(0, 0, 0, p.h);
  colours.forEach((colour, i) => gradient.addColorStop(colours.length === 1 ? 0 : i / (colours.length - 1), colour));
  p.ctx.fillStyle = gradient;
  p.ctx.fillRect(0, 0, p.w, p.h);
}

/** A filled circle. */
export function disc(p, x, y, radius, fill) {
  p.ctx.fillStyle = fill;
  p.ctx.beginPath();
  p.ctx.arc(x, y, Math.max(0, radius), 0, Math.PI * 2);
  p.ctx.fill();
}

/** A circle's outline. */
export function ring(p, x, y, radius, width, stroke) {
  p.ctx.strokeStyle = stroke;
  p.ctx.lineWidth = width;
  p.ctx.beginPath();
  p.ctx.arc(x, y, Math.max(0, radius), 0, Math.PI * 2);
  p.ctx.stroke();
}

/** Light that falls off around a point. */
export function glow(p, x, y, radius, colour, strength = 0.8) {
  const gradient = p.ctx.createRadialGradient(x, y, 0, x, y, radius);
  gradient.addColorStop(0, fade(colour, strength));
  gradient.addColorStop(0.35, fade(colour, strength * 0.42));
  gradient.addColorStop(1, fade(colour, 0));
  p.ctx.save();
  p.ctx.globalCompositeOperation = 'screen';
  p.ctx.fillStyle = gradient;
  p.ctx.fillRect(x - radius, y - radius, radius * 2, radius * 2);
  p.ctx.restore();
}

/** A polygon from [x, y] pairs. */
export function shape(p, points, fill) {
  p.ctx.fillStyle = fill;
  p.ctx.beginPath();
  points.forEach(([x, y], i) => (i ? p.ctx.lineTo(x, y) : p.ctx.moveTo(x, y)));
  p.ctx.closePath();
  p.ctx.fill();
}

/** A function x → y made of a few octaves of sine: rolling hills at roughness 0, crags at 1. */
export function terrain(p, y, height, roughness) {
  const { random, w } = p;
  const waves = [1, 2.1, 4.3, 8.9, 18.7].map((frequency, octave) => ({
    frequency: (frequency * random.range(0.8, 1.25) * Math.PI * 2 * Math.max(1, w / 260)) / w,
    phase: random.range(0, Math.PI * 2),
    amplitude: Math.pow(0.28 + 0.24 * roughness, octave),
  }));
  const fold = (v) => v * (1 - roughness) + (1 - 2 * Math.abs(v)) * roughness;
  return (x) => y - height * 0.5 * waves.reduce((sum, wave) => sum + wave.amplitude * fold(Math.sin(x * wave.frequency + wave.phase)), 0);
}

/** Land from a terrain function down to the bottom of the picture. */
export function land(p, ground, fill) {
  const { ctx, w, h } = p;
  ctx.fillStyle = fill;
  ctx.beginPath();
  ctx.moveTo(-2, h + 2);
  for (let x = -2; x <= w + 2; x += 1.5) ctx.lineTo(x, ground(x));
  ctx.lineTo(w + 2, h + 2);
  ctx.closePath();
  ctx.fill();
}

/** Layers of land from far (pale) to near (dark): returns the nearest layer's terrain. */
export function layers(p, { from, to, count, height, roughness, far, near }) {
  let ground;
  for (let i = 0; i < count; i++) {
    const t = count === 1 ? 1 : i / (count - 1);
    ground = terrain(p, from + (to - from) * t, height * (0.7 + 0.5 * t), roughness);
    const y = from + (to - from) * t - height;
    const gradient = p.ctx.createLinearGradient(0, y, 0, y + height * 3);
    const colour = mix(far, near, Math.pow(t, 0.8));
    gradient.addColorStop(0, colour);
    gradient.addColorStop(1, mix(colour, i === count - 1 ? near : far, 0.35));
    land(p, ground, gradient);
  }
  return ground;
}

/** Points of light. */
export function stars(p, count, { top = 0, bottom = p.h, colour = p.palette.paper } = {}) {
  const { random } = p;
  for (let i = 0; i < count; i++) {
    const size = Math.pow(random.next(), 4) * 1.1 + 0.25;
    disc(p, random.range(0, p.w), random.range(top, bottom), size, fade(colour, random.range(0.25, 0.95)));
  }
}

/** Horizontal mist. */
export function mist(p, y, thickness, colour, opacity = 0.5) {
  const gradient = p.ctx.createLinearGradient(0, y - thickness, 0, y + thickness);
  gradient.addColorStop(0, fade(colour, 0));
  gradient.addColorStop(0.5, fade(colour, opacity));
  gradient.addColorStop(1, fade(colour, 0));
  p.ctx.fillStyle = gradient;
  p.ctx.fillRect(0, y - thickness, p.w, thickness * 2);
}

/** Wedges of light from a point. */
export function rays(p, x, y, count, colour, { inner = 0, turn = 0, share = 0.5 } = {}) {
  const reach = Math.hypot(p.w, p.h) * 1.2;
  const step = (Math.PI * 2) / count;
  for (let i = 0; i < count; i++) {
    const a = turn + i * step;
    const b = a + step * share;
    shape(p, [[x + Math.cos(a) * inner, y + Math.sin(a) * inner], [x + Math.cos(a) * reach, y + Math.sin(a) * reach], [x + Math.cos(b) * reach, y + Math.sin(b) * reach], [x + Math.cos(b) * inner, y + Math.sin(b) * inner]], colour);
  }
}

/** A row of buildings standing on y, some with lit windows. */
export function skyline(p, y, tallest, fill, { lit = null, narrow = 7, wide = 20 } = {}) {
  const { ctx, random, w } = p;
  for (let x = -random.range(0, 8); x < w; ) {
    const width = random.range(narrow, wide);
    const edge = Math.abs((x + width / 2) / w - 0.5) * 2;
    const height = tallest * random.range(0.3, 1) * (0.65 + 0.35 * edge);
    ctx.fillStyle = fill;
    ctx.fillRect(x, y - height, width + 0.6, height + p.h);
    const roof = random.next();
    if (roof < 0.18) ctx.fillRect(x + width * 0.45, y - height * 1.22, 0.9, height * 0.3);
    else if (roof < 0.36) ctx.fillRect(x + width * 0.2, y - height - 4, width * 0.6, 5);
    if (lit) {
      ctx.fillStyle = lit;
      for (let wy = y - height + 4; wy < y - 3; wy += 4.6) {
        for (let wx = x + 2; wx < x + width - 2.4; wx += 3.6) if (random.chance(0.3)) ctx.fillRect(wx, wy, 1.5, 2.2);
      }
    }
    x += width + (random.chance(0.25) ? random.range(0.5, 3) : 0);
  }
}

/** A person seen from behind, feet at (x, y). dress: 'plain', 'coat' or 'cape'. */
export function person(p, x, y, height, fill, dress = 'plain') {
  const { ctx } = p;
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(height, height);
  ctx.fillStyle = fill;
  ctx.beginPath();
  ctx.ellipse(0, -0.925, 0.058, 0.073, 0, 0, Math.PI * 2);
  ctx.fill();
  ctx.beginPath();
  ctx.moveTo(-0.03, -0.87);
  ctx.bezierCurveTo(-0.06, -0.82, -0.15, -0.83, -0.155, -0.76);
  if (dress === 'coat') {
    ctx.bezierCurveTo(-0.175, -0.6, -0.17, -0.42, -0.2, -0.22);
    ctx.lineTo(-0.06, -0.21);
    ctx.lineTo(-0.06, 0);
    ctx.lineTo(-0.01, 0);
    ctx.lineTo(0, -0.21);
    ctx.lineTo(0.03, 0);
    ctx.lineTo(0.09, 0);
    ctx.lineTo(0.09, -0.21);
    ctx.lineTo(0.2, -0.23);
    ctx.bezierCurveTo(0.17, -0.42, 0.175, -0.6, 0.155, -0.76);
  } else if (dress === 'cape') {
    ctx.bezierCurveTo(-0.2, -0.5, -0.24, -0.3, -0.36, -0.1);
    ctx.bezierCurveTo(-0.2, -0.16, -0.1, -0.1, -0.07, 0);
    ctx.lineTo(0.02, 0);
    ctx.lineTo(0.03, -0.14);
    ctx.lineTo(0.09, 0);
    ctx.lineTo(0.15, 0);
    ctx.bezierCurveTo(0.14, -0.4, 0.18, -0.6, 0.155, -0.76);
  } else {
    ctx.bezierCurveTo(-0.17, -0.65, -0.17, -0.55, -0.16, -0.44);
    ctx.lineTo(-0.115, -0.44);
    ctx.bezierCurveTo(-0.11, -0.56, -0.11, -0.62, -0.1, -0.66);
    ctx.lineTo(-0.1, -0.42);
    ctx.lineTo(-0.09, 0);
    ctx.lineTo(-0.025, 0);
    ctx.lineTo(0, -0.4);
    ctx.lineTo(0.035, 0);
    ctx.lineTo(0.1, 0);
    ctx.lineTo(0.1, -0.42);
    ctx.lineTo(0.1, -0.66);
    ctx.bezierCurveTo(0.11, -0.62, 0.11, -0.56, 0.115, -0.44);
    ctx.lineTo(0.16, -0.44);
    ctx.bezierCurveTo(0.17, -0.55, 0.17, -0.65, 0.155, -0.76);
  }
  ctx.bezierCurveTo(0.15, -0.83, 0.06, -0.82, 0.03, -0.87);
  ctx.closePath();
  ctx.fill();
  if (dress === 'coat') {
    ctx.beginPath();
    ctx.ellipse(0, -0.958, 0.125, 0.022, 0, 0, Math.PI * 2);
    ctx.fill();
    ctx.fillRect(-0.062, -1.035, 0.124, 0.08);
  }
  ctx.restore();
}

/** A conifer with its foot at (x, y). */
export function pine(p, x, y, height, fill) {
  const tiers = 5;
  p.ctx.fillStyle = fill;
  p.ctx.fillRect(x - height * 0.02, y - height * 0.2, height * 0.04, height * 0.22);
  for (let i = 0; i < tiers; i++) {
    const top = y - height + (height * 0.72 * i) / tiers;
    const half = height * (0.07 + 0.042 * i);
    shape(p, [[x, top], [x + half, top + height * 0.3], [x, top + height * 0.25], [x - half, top + height * 0.3]], fill);
  }
}

/** A few far birds. */
export function birds(p, x, y, count, colour) {
  const { ctx, random } = p;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 0.9;
  ctx.lineCap = 'round';
  for (let i = 0; i < count; i++) {
    const bx = x + random.range(-24, 24);
    const by = y + random.range(-12, 12);
    const size = random.range(1.6, 3.8);
    ctx.beginPath();
    ctx.moveTo(bx - size, by - size * 0.35);
    ctx.quadraticCurveTo(bx - size * 0.3, by - size * 0.5, bx, by);
    ctx.quadraticCurveTo(bx + size * 0.3, by - size * 0.5, bx + size, by - size * 0.35);
    ctx.stroke();
  }
}

/** A soft cloud bank: overlapping discs along a line. */
export function cloud(p, x, y, width, fill) {
  const { random } = p;
  const puffs = 7;
  for (let i = 0; i < puffs; i++) {
    const t = i / (puffs - 1);
    disc(p, x + (t - 0.5) * width, y - Math.sin(t * Math.PI) * width * 0.08, width * (0.07 + 0.1 * Math.sin(t * Math.PI) * random.range(0.8, 1.2)), fill);
  }
}
