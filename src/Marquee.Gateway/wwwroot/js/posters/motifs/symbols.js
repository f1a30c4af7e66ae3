// Motifs of one strong sign in the middle.

import { fade, mix } from '../colour.js';
import { disc, glow, mist, pine, person, ring, shape, sky, stars } from '../scenery.js';

/** An eye with something in its pupil. */
export function eye(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, '#000000', 0.3), c.deep, mix(c.deep, c.mid, 0.5));
  const x = w / 2;
  const y = h * 0.42;
  const half = s * 0.42;
  glow(p, x, y, s * 0.8, c.light, 0.55);
  const lid = () => {
    ctx.beginPath();
    ctx.moveTo(x - half, y);
    ctx.quadraticCurveTo(x, y - half * 0.92, x + half, y);
    ctx.quadraticCurveTo(x, y + half * 0.78, x - half, y);
  };
  ctx.save();
  lid();
  ctx.fillStyle = mix(c.paper, c.light, 0.25);
  ctx.fill();
  ctx.clip();
  const iris = half * 0.43;
  disc(p, x, y - 2, iris, c.mid);
  ctx.lineWidth = 0.8;
  for (let i = 0; i < 90; i++) {
    const angle = (i / 90) * Math.PI * 2;
    ctx.strokeStyle = fade(random.pick([c.light, c.accent, c.deep]), 0.7);
    ctx.beginPath();
    ctx.moveTo(x + Math.cos(angle) * iris * 0.3, y - 2 + Math.sin(angle) * iris * 0.3);
    ctx.lineTo(x + Math.cos(angle) * iris * random.range(0.6, 0.98), y - 2 + Math.sin(angle) * iris * random.range(0.6, 0.98));
    ctx.stroke();
  }
  ring(p, x, y - 2, iris, 2, c.deep);
  disc(p, x, y - 2, iris * 0.45, c.deep);
  person(p, x, y + iris * 0.33, iris * 0.72, c.accent);
  disc(p, x + iris * 0.42, y - iris * 0.5, iris * 0.13, c.paper);
  const shade = ctx.createLinearGradient(0, y - half * 0.5, 0, y);
  shade.addColorStop(0, fade(c.deep, 0.85));
  shade.addColorStop(1, fade(c.deep, 0));
  ctx.fillStyle = shade;
  ctx.fillRect(x - half, y - half, half * 2, half);
  ctx.restore();
  lid();
  ctx.lineWidth = 2.6;
  ctx.strokeStyle = mix(c.deep, '#000000', 0.5);
  ctx.stroke();
  return { place: 'bottom', ink: 'paper' };
}

/** A keyhole through which another place is seen. */
export function keyhole(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, c.mid, 0.25), mix(c.deep, '#000000', 0.3));
  const x = w / 2;
  const y = h * 0.36;
  const radius = s * 0.21;
  glow(p, x, y + radius, s * 0.85, c.light, 0.5);
  ctx.save();
  ctx.beginPath();
  ctx.arc(x, y, radius, Math.PI * 0.69, Math.PI * 0.31);
  ctx.lineTo(x + radius * 1.1, y + radius * 2.5);
  ctx.lineTo(x - radius * 1.1, y + radius * 2.5);
  ctx.closePath();
  ctx.clip();
  sky(p, c.light, mix(c.accent, c.paper, 0.3), c.light);
  disc(p, x + radius * 0.2, y - radius * 0.1, radius * 0.5, c.paper);
  for (let i = 0; i < 9; i++) pine(p, x + random.range(-1.2, 1.2) * radius, y + radius * 2.6, radius * random.range(0.7, 1.6), mix(c.mid, c.deep, random.range(0.1, 0.7)));
  person(p, x, y + radius * 2.45, radius * 1.05, c.deep, 'coat');
  ctx.restore();
  shape(p, [[x - radius * 1.1, y + radius * 2.5], [x + radius * 1.1, y + radius * 2.5], [x + s * 0.44, h], [x - s * 0.44, h]], fade(c.light, 0.13));
  return { place: 'bottom', ink: 'paper' };
}

/** A spiral that draws the eye to a falling figure. */
export function spiral(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  const flat = random.chance(0.5) ? c.mid : mix(c.deep, c.mid, 0.3);
  sky(p, flat, mix(flat, c.deep, 0.3));
  const x = w / 2;
  const y = h * 0.42;
  ctx.lineCap = 'round';
  for (let arm = 0; arm < 3; arm++) {
    ctx.strokeStyle = arm === 0 ? c.paper : fade(c.paper, 0.55 - arm * 0.12);
    ctx.beginPath();
    for (let i = 0; i < 620; i++) {
      const t = i / 620;
      const angle = t * Math.PI * 11 + (arm * Math.PI * 2) / 3;
      const radius = s * 0.68 * Math.pow(t, 1.35);
      const px = x + Math.cos(angle) * radius;
      const py = y + Math.sin(angle) * radius * (1 + 0.16 * Math.sin(angle * 3));
      ctx.lineWidth = 0.5 + t * 1.4;
      if (i) ctx.lineTo(px, py);
      else ctx.moveTo(px, py);
    }
    ctx.stroke();
  }
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(random.range(-0.7, 0.7));
  person(p, 0, s * 0.14, s * 0.28, c.deep);
  ctx.restore();
  return { place: 'bottom', ink: 'paper' };
}

/** The lines of a fingertip. */
export function fingerprint(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.deep, mix(c.deep, c.mid, 0.5));
  const x = w / 2;
  const y = h * 0.42;
  glow(p, x, y, s * 0.7, c.mid, 0.7);
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(random.range(-0.3, 0.3));
  ctx.beginPath();
  ctx.ellipse(0, 0, s * 0.31, s * 0.43, 0, 0, Math.PI * 2);
  ctx.clip();
  ctx.lineCap = 'round';
  const lean = random.range(-0.5, 0.5);
  for (let i = 1; i < 20; i++) {
    const radius = s * 0.026 * i;
    ctx.strokeStyle = i % 6 === 2 ? c.accent : fade(c.paper, 0.88);
    ctx.lineWidth = s * 0.0105;
    ctx.setLineDash([random.range(20, 70), random.range(1.5, 4), random.range(10, 50), random.range(1, 3)]);
    ctx.beginPath();
    ctx.ellipse(lean * radius * 0.3, s * 0.05 + radius * 0.18, radius * 0.78, radius * 1.12, lean * 0.35, Math.PI * (0.72 + 0.2 * (i / 20)), Math.PI * (2.28 - 0.2 * (i / 20)));
    ctx.stroke();
  }
  ctx.restore();
  return { place: 'bottom', ink: 'paper' };
}

/** Four tears in the dark, light behind them. */
export function claws(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, c.mid, 0.25), mix(c.deep, '#000000', 0.4));
  glow(p, w / 2, h * 0.4, s * 0.8, c.mid, 0.6);
  const tilt = random.range(0.1, 0.28) * random.sign();
  for (let i = 0; i < 4; i++) {
    const x = w * 0.5 + (i - 1.5) * s * 0.17;
    const top = h * (0.1 + Math.abs(i - 1.4) * 0.035);
    const bottom = h * (0.72 - Math.abs(i - 1.2) * 0.06);
    const drift = tilt * (bottom - top);
    const width = s * random.range(0.028, 0.045);
    const gradient = ctx.createLinearGradient(0, top, 0, bottom);
    gradient.addColorStop(0, c.accent);
    gradient.addColorStop(1, c.light);
    ctx.save();
    ctx.shadowColor = c.light;
    ctx.shadowBlur = 14;
    ctx.fillStyle = gradient;
    ctx.beginPath();
    ctx.moveTo(x + drift * 0.5, top);
    ctx.bezierCurveTo(x + width + drift * 0.2, top + (bottom - top) * 0.3, x + width - drift * 0.2, top + (bottom - top) * 0.7, x - drift * 0.5, bottom);
    ctx.bezierCurveTo(x - width - drift * 0.2, top + (bottom - top) * 0.7, x - width + drift * 0.2, top + (bottom - top) * 0.3, x + drift * 0.5, top);
    ctx.fill();
    ctx.restore();
  }
  return { place: 'bottom', ink: 'paper' };
}

/** A bullet hole in glass. */
export function crack(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.mid, mix(c.mid, c.deep, 0.65), c.deep);
  const x = w * random.range(0.35, 0.65);
  const y = h * random.range(0.32, 0.44);
  person(p, w * 0.5, h * 1.02, s * 0.95, mix(c.deep, '#000000', 0.2), 'coat');
  glow(p, x, y, s * 0.5, c.accent, 0.5);
  const count = 19;
  const angles = Array.from({ length: count }, (_, i) => ((i + random.range(-0.3, 0.3)) / count) * Math.PI * 2);
  ctx.strokeStyle = fade(c.paper, 0.8);
  for (const angle of angles) {
    let px = x;
    let py = y;
    const reach = s * random.range(0.25, 0.95);
    ctx.lineWidth = random.range(0.4, 1.3);
    ctx.beginPath();
    ctx.moveTo(px, py);
    for (let t = 0.12; t <= 1; t += 0.16) {
      const bend = angle + random.range(-0.09, 0.09);
      px = x + Math.cos(bend) * reach * t;
      py = y + Math.sin(bend) * reach * t;
      ctx.lineTo(px, py);
    }
    ctx.stroke();
  }
  for (let r = 1; r < 4; r++) {
    ctx.lineWidth = 0.6;
    ctx.beginPath();
    angles.forEach((angle, i) => {
      const radius = s * 0.07 * r * random.range(0.85, 1.15);
      if (i && random.chance(0.8)) ctx.lineTo(x + Math.cos(angle) * radius, y + Math.sin(angle) * radius);
      else ctx.moveTo(x + Math.cos(angle) * radius, y + Math.sin(angle) * radius);
    });
    ctx.stroke();
  }
  disc(p, x, y, s * 0.032, mix(c.deep, '#000000', 0.6));
  ring(p, x, y, s * 0.034, 1.4, c.paper);
  return { place: random.pick(['top', 'bottom']), ink: 'paper' };
}

/** A sight over somebody. */
export function crosshair(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, mix(c.deep, c.mid, 0.6), c.mid, mix(c.mid, c.light, 0.55));
  const x = w * random.range(0.42, 0.58);
  const y = h * 0.42;
  person(p, x, y + s * 0.5, s * 0.62, c.deep, random.pick(['coat', 'plain']));
  mist(p, y + s * 0.52, s * 0.2, mix(c.mid, c.light, 0.5), 0.8);
  const radius = s * 0.3;
  ring(p, x, y, radius, 1.6, c.accent);
  ring(p, x, y, radius * 0.55, 0.7, fade(c.accent, 0.8));
  ctx.strokeStyle = c.accent;
  ctx.lineWidth = 0.9;
  ctx.beginPath();
  for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    ctx.moveTo(x + dx * radius * 0.16, y + dy * radius * 0.16);
    ctx.lineTo(x + dx * radius * 1.3, y + dy * radius * 1.3);
    for (let i = 1; i < 6; i++) {
      const t = radius * 0.16 * i + radius * 0.1;
      ctx.moveTo(x + dx * t - dy * 2.4, y + dy * t - dx * 2.4);
      ctx.lineTo(x + dx * t + dy * 2.4, y + dy * t + dx * 2.4);
    }
  }
  ctx.stroke();
  disc(p, x, y, 1.3, c.accent);
  return { place: 'bottom', ink: 'paper' };
}

/** Two translucent circles that overlap: two people. */
export function overlap(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  const ground = mix(c.paper, c.light, 0.3);
  sky(p, ground, mix(ground, c.light, 0.4));
  const radius = s * random.range(0.24, 0.3);
  const angle = random.range(0, Math.PI);
  const x = w / 2;
  const y = h * 0.4;
  ctx.save();
  ctx.globalCompositeOperation = 'multiply';
  disc(p, x - Math.cos(angle) * radius * 0.6, y - Math.sin(angle) * radius * 0.6, radius, c.mid);
  disc(p, x + Math.cos(angle) * radius * 0.6, y + Math.sin(angle) * radius * 0.6, radius, mix(c.accent, c.light, 0.25));
  ctx.restore();
  return { place: random.pick(['bottom', 'top']), ink: 'deep' };
}

/** A flower of translucent petals, one fallen. */
export function flower(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  const light = random.chance(0.5);
  const ground = light ? mix(c.paper, c.light, 0.22) : c.deep;
  sky(p, ground, light ? mix(ground, c.light, 0.35) : mix(c.deep, c.mid, 0.4));
  const x = w * random.range(0.42, 0.58);
  const y = h * 0.36;
  ctx.strokeStyle = light ? c.deep : c.mid;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.quadraticCurveTo(x + random.range(-40, 40), h * 0.6, x + random.range(-10, 10), h);
  ctx.stroke();
  const petals = 8 + random.int(6);
  const petal = (angle, length, colour) => {
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(angle);
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.moveTo(0, 0);
    ctx.bezierCurveTo(length * 0.45, -length * 0.38, length, -length * 0.28, length, 0);
    ctx.bezierCurveTo(length, length * 0.28, length * 0.45, length * 0.38, 0, 0);
    ctx.fill();
    ctx.restore();
  };
  for (let tier = 0; tier < 3; tier++) {
    for (let i = 0; i < petals; i++) {
      petal(((i + tier * 0.5) / petals) * Math.PI * 2, s * (0.36 - tier * 0.1), fade(mix(tier === 2 ? c.accent : c.mid, c.light, random.range(0, 0.6)), 0.72));
    }
  }
  disc(p, x, y, s * 0.05, light ? c.deep : c.accent);
  return { place: 'bottom', ink: light ? 'deep' : 'paper' };
}

/** A candle and everything that it does not light. */
export function candle(p) {
  const { ctx, palette: c, w, h, s, random } = p;
  sky(p, mix(c.deep, '#000000', 0.4), c.deep, mix(c.deep, c.mid, 0.4));
  const x = w * random.range(0.44, 0.56);
  const y = h * 0.42;
  glow(p, x, y, s * 0.9, c.light, 0.8);
  glow(p, x, y, s * 0.3, c.accent, 0.9);
  ctx.fillStyle = mix(c.paper, c.light, 0.4);
  ctx.fillRect(x - s * 0.045, y + s * 0.09, s * 0.09, h);
  shape(p, [[x + s * 0.045, y + s * 0.09], [x + s * 0.018, y + s * 0.09], [x + s * 0.018, h], [x + s * 0.045, h]], fade(c.deep, 0.4));
  ctx.fillStyle = c.deep;
  ctx.fillRect(x - 0.7, y + s * 0.05, 1.4, s * 0.05);
  for (const [size, colour] of [[1, c.accent], [0.6, c.paper]]) {
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.moveTo(x, y - s * 0.13 * size + s * 0.02);
    ctx.bezierCurveTo(x + s * 0.075 * size, y, x + s * 0.045 * size, y + s * 0.075, x, y + s * 0.075);
    ctx.bezierCurveTo(x - s * 0.045 * size, y + s * 0.075, x - s * 0.06 * size, y, x, y - s * 0.13 * size + s * 0.02);
    ctx.fill();
  }
  return { place: 'bottom', ink: 'paper' };
}

/** Hot-air balloons. */
export function balloons(p) {
  const { ctx, palette: c, random, w, h, s } = p;
  sky(p, c.mid, mix(c.mid, c.light, 0.7), mix(c.light, c.paper, 0.6));
  for (let i = 0; i < 5; i++) mist(p, h * random.next(), s * 0.08, c.paper, 0.28);
  const balloon = (x, y, radius) => {
    const colours = [random.pick([c.accent, c.mid, c.deep]), c.paper];
    ctx.strokeStyle = c.deep;
    ctx.lineWidth = 0.6;
    ctx.beginPath();
    ctx.moveTo(x - radius * 0.5, y + radius * 0.75);
    ctx.lineTo(x - radius * 0.15, y + radius * 1.5);
    ctx.moveTo(x + radius * 0.5, y + radius * 0.75);
    ctx.lineTo(x + radius * 0.15, y + radius * 1.5);
    ctx.stroke();
    ctx.fillStyle = c.deep;
    ctx.fillRect(x - radius * 0.18, y + radius * 1.46, radius * 0.36, radius * 0.26);
    for (let i = 0; i < 5; i++) {
      ctx.fillStyle = colours[i % 2];
      ctx.beginPath();
      ctx.ellipse(x, y, radius * (1 - i * 0.22), radius, 0, Math.PI * 0.82, Math.PI * 2.18);
      ctx.quadraticCurveTo(x + radius * 0.3, y + radius * 1.2, x, y + radius * 1.2);
      ctx.quadraticCurveTo(x - radius * 0.3, y + radius * 1.2, x - radius * (1 - i * 0.22) * 0.84, y + radius * 0.54);
      ctx.fill();
    }
  };
  balloon(w * random.range(0.3, 0.7), h * 0.32, s * 0.23);
  balloon(w * random.range(0.1, 0.35), h * 0.58, s * 0.085);
  balloon(w * random.range(0.65, 0.92), h * 0.5, s * 0.06);
  return { place: 'bottom', ink: 'deep' };
}

/** A crown, or what is left of one. */
export function crown(p) {
  const { palette: c, random, w, h, s } = p;
  sky(p, c.deep, mix(c.deep, c.mid, 0.75), c.deep);
  const x = w / 2;
  const y = h * 0.42;
  glow(p, x, y, s * 0.8, c.light, 0.5);
  if (random.chance(0.5)) stars(p, 50, { colour: c.light });
  const half = s * 0.3;
  const spikes = random.pick([5, 7]);
  const points = [[x - half, y + half * 0.55]];
  for (let i = 0; i < spikes; i++) {
    const t = (i / (spikes - 1)) * 2 - 1;
    points.push([x + t * half * 1.15, y - half * (0.85 - 0.3 * Math.abs(t))]);
    if (i < spikes - 1) points.push([x + (t + 1 / (spikes - 1)) * half, y + half * 0.05]);
  }
  points.push([x + half, y + half * 0.55]);
  shape(p, points, c.accent);
  shape(p, [...points.slice(0, Math.ceil(points.length / 2)), [x, y + half * 0.55]], mix(c.accent, c.light, 0.6));
  p.ctx.fillStyle = mix(c.light, c.deep, 0.2);
  p.ctx.fillRect(x - half, y + half * 0.6, half * 2, half * 0.22);
  for (let i = 0; i < spikes; i++) {
    const t = (i / (spikes - 1)) * 2 - 1;
    disc(p, x + t * half * 1.15, y - half * (0.92 - 0.3 * Math.abs(t)), half * 0.075, c.paper);
    disc(p, x + t * half * 0.86, y + half * 0.71, half * 0.06, c.deep);
  }
  return { place: 'bottom', ink: 'paper' };
}
