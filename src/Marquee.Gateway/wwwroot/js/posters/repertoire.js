// Which motifs a genre's posters are drawn with.

import * as abstract from './motifs/abstract.js';
import * as city from './motifs/city.js';
import * as land from './motifs/land.js';
import * as space from './motifs/space.js';
import * as stage from './motifs/stage.js';
import * as symbols from './motifs/symbols.js';

const { bauhaus, sunburst, confetti, slashes, blast, contours, halftone, waves, swiss } = abstract;
const { nightCity, lampNoir, blinds, corridor, windowLight, bokeh, stairs, doorway, town } = city;
const { sunRidge, dunes, seaMoon, forestFog, mesa, castle, road, snow, papercut } = land;
const { planet, neonGrid, orbits, warp, eclipse, monolith } = space;
const { vinyl, spotlight, equaliser, track, stadium, front, arches, leader, journey } = stage;
const { eye, keyhole, spiral, fingerprint, claws, crack, crosshair, overlap, flower, candle, balloons, crown } = symbols;

const repertoire = {
  Action: [slashes, blast, nightCity, crosshair, sunRidge, crack, sunburst, warp],
  Adult: [bokeh, flower, overlap],
  Adventure: [sunRidge, dunes, journey, seaMoon, balloons, contours, castle, road],
  Animation: [papercut, balloons, confetti, town, planet, sunburst, castle],
  Biography: [halftone, sunRidge, spotlight, doorway, arches, overlap, road],
  Comedy: [bauhaus, confetti, sunburst, balloons, papercut, halftone, swiss, town],
  Crime: [fingerprint, lampNoir, blinds, nightCity, crack, windowLight, crosshair],
  Documentary: [contours, swiss, halftone, waves, bauhaus, snow],
  Drama: [sunRidge, windowLight, seaMoon, bokeh, doorway, halftone, overlap, road, flower, snow, candle, journey],
  Family: [papercut, balloons, town, confetti, castle, snow],
  Fantasy: [castle, eclipse, forestFog, keyhole, crown, seaMoon, planet],
  'Film-Noir': [lampNoir, blinds, stairs, windowLight, corridor],
  History: [arches, crown, journey, candle, front, sunRidge],
  Horror: [claws, forestFog, eye, doorway, corridor, candle, snow, stairs],
  Music: [vinyl, spotlight, equaliser, waves, bokeh],
  Musical: [spotlight, vinyl, bokeh, sunburst, flower],
  Mystery: [keyhole, forestFog, stairs, corridor, eye, lampNoir, candle],
  News: [swiss, waves],
  Romance: [overlap, flower, bokeh, seaMoon, balloons, town, sunRidge],
  'Sci-Fi': [planet, neonGrid, orbits, warp, eclipse, monolith, eye],
  Short: [leader, swiss, contours],
  Sport: [track, stadium, slashes, sunburst],
  Thriller: [spiral, corridor, eye, blinds, crosshair, crack, stairs, fingerprint, nightCity],
  War: [front, blast, sunRidge, arches, crosshair],
  Western: [mesa, road, dunes, sunRidge],
};

// A film of several genres shows the most telling one: nearly everything is also a drama.
const telling = ['Film-Noir', 'Western', 'Animation', 'Musical', 'War', 'Horror', 'Sci-Fi', 'Documentary', 'Sport', 'Music', 'Fantasy', 'History', 'Mystery', 'Biography', 'Short', 'Family', 'Crime', 'Romance', 'Adventure', 'Thriller', 'Action', 'Comedy', 'Drama'];

/** The genre that the poster speaks for: mostly the most telling, at times another, so that a genre row is not uniform. */
export function leadingGenre(genres, random) {
  const known = (genres ?? []).filter((genre) => genre in repertoire).sort((a, b) => rank(a) - rank(b));
  if (known.length === 0) return random.pick(['Drama', 'Comedy', 'Documentary']);
  return known[random.chance(0.62) ? 0 : random.int(known.length)];
}

const rank = (genre) => (telling.includes(genre) ? telling.indexOf(genre) : telling.length);

/** One motif of the genre. */
export const chooseMotif = (genre, random) => random.pick(repertoire[genre]);
