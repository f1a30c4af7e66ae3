// The title on the poster: breaking it into lines, fitting it, setting it in one of several manners.

import { contrast, fade } from './colour.js';

const faces = {
  condensed: (size) => `700 ${size}px "Avenir Next Condensed", "Roboto Condensed", "Bahnschrift Condensed", "Arial Narrow", "Liberation Sans Narrow", sans-serif`,
  heavy: (size) => `900 ${size}px "Avenir Next", "Helvetica Neue", "Segoe UI Black", "Liberation Sans", Arial, sans-serif`,
  light: (size) => `300 ${size}px "Avenir Next", "Century Gothic", "Segoe UI Light", "Helvetica Neue", "Liberation Sans", Arial, sans-serif`,
  serif: (size) => `700 ${size}px Didot, "Bodoni 72", "Palatino Linotype", "Liberation Serif", Georgia, serif`,
  italic: (size) => `italic 500 ${size}px Didot, "Hoefler Text", "Palatino Linotype", "Liberation Serif", Georgia, serif`,
  mono: (size) => `700 ${size}px "American Typewriter", "Courier New", "Liberation Mono", monospace`,
};

/** Breaks words into exactly `count` lines so that the widest line is as narrow as possible. */
function breakInto(words, count, width) {
  const best = Array.from({ length: count + 1 }, () => new Array(words.length + 1).fill(Infinity));
  const cut = Array.from({ length: count + 1 }, () => new Array(words.length + 1).fill(0));
  best[0][0] = 0;
  for (let line = 1; line <= count; line++) {
    for (let end = 1; end <= words.length; end++) {
      for (let start = 0; start < end; start++) {
        const widest = Math.max(best[line - 1][start], width(words.slice(start, end).join(' ')));
        if (widest < best[line][end]) [best[line][end], cut[line][end]] = [widest, start];
      }
    }
  }
  const lines = [];
  for (let line = count, end = words.length; line > 0; line--) {
    lines.unshift(words.slice(cut[line][end], end).join(' '));
    end = cut[line][end];
  }
  return lines;
}

/** The lines and the largest size at which a text fits a box; a text that will not fit loses words from its end. */
function fit(ctx, text, face, box) {
  const { width, height, largest, smallest = 12, leading = 1.08, spacing = 0, most = 6 } = box;
  let words = text.split(/\s+/).filter(Boolean).slice(0, 24);
  const measure = (line) => {
    ctx.font = face(100);
    return ctx.measureText(line).width + spacing * 100 * line.length;
  };
  for (;;) {
    let chosen = null;
    for (let count = 1; count <= Math.min(most, words.length); count++) {
      const lines = breakInto(words, count, measure);
      const widest = Math.max(...lines.map(measure));
      const size = Math.min(largest, (width / widest) * 100, height / (count * leading));
      if (!chosen || size > chosen.size * 1.04) chosen = { lines, size };
    }
    if (!chosen || chosen.size >= smallest || words.length <= 2) return chosen ?? { lines: [''], size: smallest };
    words = words.slice(0, -1);
    words[words.length - 1] = words[words.length - 1].replace(/[…,:;–-]*$/, '…');
  }
}

function write(ctx, lines, size, x, y, { face, align = 'left', leading = 1.08, spacing = 0, fill, shadow }) {
  ctx.save();
  ctx.font = face(size);
  ctx.textAlign = align;
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = fill;
  if ('letterSpacing' in ctx) ctx.letterSpacing = `${spacing * size}px`;
  if (shadow) {
    ctx.shadowColor = shadow;
    ctx.shadowBlur = size * 0.35;
  }
  const nudge = align === 'center' ? (spacing * size) / 2 : 0;
  lines.forEach((line, i) => ctx.fillText(line, x + nudge, y + size * 0.82 + i * size * leading));
  ctx.restore();
}

/** A shade behind the lettering, so that it reads whatever was drawn there. */
function scrim(p, place, share, colour, strength) {
  const { ctx, w, h } = p;
  const from = place === 'top' ? 0 : h;
  const to = place === 'top' ? h * share : h * (1 - share);
  const gradient = ctx.createLinearGradient(0, from, 0, to);
  gradient.addColorStop(0, fade(colour, strength));
  gradient.addColorStop(0.55, fade(colour, strength * 0.72));
  gradient.addColorStop(1, fade(colour, 0));
  ctx.fillStyle = gradient;
  ctx.fillRect(0, Math.min(from, to), w, h * share);
}

const small = (p, text, x, y, align, fill) =>
  write(p.ctx, [text], 8.6, x, y, { face: faces.light, align, spacing: 0.22, fill });

/** A block set flush left, each line as wide as the poster. */
function block(p, name, year, { place, fill, back }) {
  const { ctx, w, h } = p;
  const width = w - 28;
  const { lines } = fit(ctx, name.toUpperCase(), faces.condensed, { width, height: h * 0.4, largest: 62, smallest: 17, leading: 0.95, most: 5 });
  const sizes = lines.map((line) => {
    ctx.font = faces.condensed(100);
    return Math.min(60, (width / ctx.measureText(line).width) * 100);
  });
  let total = sizes.reduce((sum, size) => sum + size * 0.88, 0);
  const squeeze = Math.min(1, (h * 0.42) / total);
  total *= squeeze;
  scrim(p, place, Math.min(0.85, total / h + 0.3), back, 0.86);
  let y = place === 'top' ? 16 : h - 27 - total;
  lines.forEach((line, i) => {
    write(ctx, [line], sizes[i] * squeeze, 14, y, { face: faces.condensed, fill });
    y += sizes[i] * squeeze * 0.88;
  });
  small(p, year, 14, place === 'top' ? y + 4 : h - 20, 'left', fill);
}

/** Centred text with a hairline and the year under it. */
function centred(p, name, year, { place, fill, back, accent }, { face, spacing = 0, upper = false, largest = 34, leading = 1.1 }) {
  const { ctx, w, h } = p;
  const { lines, size } = fit(ctx, upper ? name.toUpperCase() : name, face, { width: w - 30, height: h * 0.33, largest, smallest: 13, spacing, leading });
  const total = lines.length * size * leading;
  scrim(p, place, Math.min(0.8, total / h + 0.34), back, 0.84);
  const y = place === 'top' ? 20 : h - 36 - total;
  write(ctx, lines, size, w / 2, y, { face, align: 'center', spacing, leading, fill, shadow: fade(back, 0.6) });
  ctx.fillStyle = accent;
  ctx.fillRect(w / 2 - 13, y + total + 3, 26, 1);
  small(p, year, w / 2, y + total + 10, 'center', fill);
}

/** Bold text flush left, tight. */
function tight(p, name, year, { place, fill, back, accent }, face = faces.heavy, upper = false) {
  const { ctx, w, h } = p;
  const leading = 1.0;
  const { lines, size } = fit(ctx, upper ? name.toUpperCase() : name, face, { width: w - 30, height: h * 0.36, largest: 38, smallest: 14, leading });
  const total = lines.length * size * leading;
  scrim(p, place, Math.min(0.8, total / h + 0.34), back, 0.86);
  const y = place === 'top' ? 32 : h - 18 - total;
  ctx.fillStyle = accent;
  ctx.fillRect(15, y - 12, 20, 3);
  small(p, year, 41, y - 14.5, 'left', fill);
  write(ctx, lines, size, 15, y, { face, leading, fill });
}

/** A solid band with the text on it. */
function band(p, name, year, { palette, place }, face) {
  const { ctx, w, h } = p;
  const ground = p.random.pick([palette.paper, palette.accent, palette.deep]);
  const fill = contrast(ground, palette.deep) > contrast(ground, palette.paper) ? palette.deep : palette.paper;
  const leading = 1.06;
  const { lines, size } = fit(ctx, name, face, { width: w - 34, height: h * 0.26, largest: 27, smallest: 13, leading });
  const total = lines.length * size * leading;
  const height = total + 35;
  const top = place === 'top' ? 20 : h - 20 - height;
  ctx.fillStyle = ground;
  ctx.fillRect(0, top, w, height);
  ctx.fillStyle = fade(fill, 0.85);
  ctx.fillRect(17, top + height - 19, w - 34, 0.8);
  write(ctx, lines, size, 17, top + 9, { face, leading, fill });
  small(p, year, 17, top + height - 15, 'left', fill);
}

/** Up the left edge, for short names. */
function upright(p, name, year, { fill, back }) {
  const { ctx, w, h } = p;
  const gradient = ctx.createLinearGradient(0, 0, w * 0.55, 0);
  gradient.addColorStop(0, fade(back, 0.85));
  gradient.addColorStop(1, fade(back, 0));
  ctx.fillStyle = gradient;
  ctx.fillRect(0, 0, w, h);
  ctx.save();
  ctx.translate(13, h - 16);
  ctx.rotate(-Math.PI / 2);
  const { lines, size } = fit(ctx, name.toUpperCase(), faces.condensed, { width: h - 34, height: w * 0.36, largest: 60, smallest: 17, leading: 0.92, most: 2 });
  write(ctx, lines, size, 0, 0, { face: faces.condensed, leading: 0.92, fill });
  ctx.restore();
  small(p, year, w - 14, h - 22, 'right', fill);
}

const manners = {
  block,
  upright,
  serif: (p, name, year, look) => centred(p, name, year, look, { face: faces.serif }),
  capitals: (p, name, year, look) => centred(p, name, year, look, { face: faces.serif, upper: true, spacing: 0.08, largest: 27, leading: 1.2 }),
  wide: (p, name, year, look) => centred(p, name, year, look, { face: faces.light, upper: true, spacing: 0.2, largest: 24, leading: 1.35 }),
  italic: (p, name, year, look) => centred(p, name, year, look, { face: faces.italic, largest: 40, leading: 1.02 }),
  tight,
  shout: (p, name, year, look) => tight(p, name, year, look, faces.condensed, true),
  typed: (p, name, year, look) => tight(p, name, year, look, faces.mono),
  band: (p, name, year, look) => band(p, name, year, look, faces.heavy),
  bandSerif: (p, name, year, look) => band(p, name, year, look, faces.serif),
};

const byGenre = {
  Action: ['block', 'shout', 'wide', 'block', 'upright'],
  Adventure: ['capitals', 'block', 'serif', 'wide'],
  Animation: ['tight', 'block', 'italic', 'band'],
  Biography: ['serif', 'capitals', 'bandSerif', 'italic'],
  Comedy: ['tight', 'band', 'block', 'italic'],
  Crime: ['block', 'typed', 'wide', 'upright'],
  Documentary: ['tight', 'band', 'typed', 'wide'],
  Drama: ['serif', 'wide', 'italic', 'capitals', 'tight', 'bandSerif'],
  Family: ['tight', 'serif', 'band', 'italic'],
  Fantasy: ['capitals', 'serif', 'italic', 'wide'],
  'Film-Noir': ['italic', 'block', 'capitals'],
  History: ['capitals', 'serif', 'bandSerif'],
  Horror: ['block', 'capitals', 'typed', 'wide', 'upright'],
  Music: ['tight', 'wide', 'italic', 'shout'],
  Musical: ['italic', 'serif', 'capitals'],
  Mystery: ['wide', 'typed', 'serif', 'capitals'],
  Romance: ['italic', 'serif', 'wide', 'italic'],
  'Sci-Fi': ['wide', 'wide', 'upright', 'shout', 'block'],
  Short: ['typed', 'tight', 'bandSerif'],
  Sport: ['block', 'shout', 'band'],
  Thriller: ['block', 'wide', 'upright', 'shout', 'typed'],
  War: ['block', 'capitals', 'shout'],
  Western: ['capitals', 'block', 'shout'],
};

/** Sets a title's name and year on a drawn poster. `look` is what the motif returned: where and in which ink. */
export function letter(p, title, genre, look) {
  const { palette, random } = p;
  const fill = palette[look.ink];
  const back = look.ink === 'deep' ? palette.paper : palette.deep;
  const accent = contrast(palette.accent, back) > 2.2 ? palette.accent : fill;
  let manner = random.pick(byGenre[genre] ?? byGenre.Drama);
  if (manner === 'upright' && (title.name.length > 15 || look.ink === 'deep')) manner = 'block';
  const year = Number.isFinite(title.releaseYear) ? String(title.releaseYear) : '';
  manners[manner](p, title.name, year, { place: look.place, fill, back, accent, palette });
}
