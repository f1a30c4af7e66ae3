// Palettes by mood. Each is [deep, mid, light, accent, paper]:
// deep for silhouettes and shade, mid and light for the ground, accent for the one thing that shines, paper for lettering.

import { turn } from './colour.js';

const palettes = {
  ember: ['#1a0710', '#7a1f1d', '#f08a3c', '#ffd166', '#fff3dc'],
  dusk: ['#150f2b', '#4d2a66', '#e0709a', '#ffc27a', '#fff0ea'],
  dawn: ['#12233f', '#3d6f96', '#f6c89f', '#ff8f5c', '#fffaf0'],
  petrol: ['#041a21', '#0e5360', '#4fb3a5', '#ffb454', '#eefaf5'],
  teal: ['#05151c', '#0f4353', '#3d98a3', '#ff7a45', '#f2f7f5'],
  ink: ['#07080d', '#1c2233', '#59647f', '#e9e4d4', '#f6f2e8'],
  blood: ['#0c0204', '#4a060d', '#b3131b', '#ff4637', '#f8ece2'],
  bone: ['#14100c', '#5c4c3b', '#c9b591', '#a83a24', '#f7eedb'],
  moss: ['#0a130c', '#26412c', '#87a266', '#f2d16b', '#f5f5e4'],
  fog: ['#10161b', '#43545f', '#b4c2c4', '#d8533f', '#f6f8f7'],
  violet: ['#0d0620', '#3a1478', '#9a4df0', '#3ff0e0', '#f4eeff'],
  neon: ['#08031c', '#36107a', '#ff2f92', '#29e6ff', '#fff2fb'],
  cobalt: ['#040b24', '#12358f', '#4f8dff', '#ffd54a', '#f0f6ff'],
  orbit: ['#03060f', '#10203f', '#3f6fa8', '#ff9d5c', '#eef5ff'],
  acid: ['#0a1206', '#2d4d12', '#a5d331', '#f6ff8a', '#f8ffe8'],
  rose: ['#260a1c', '#8e2a54', '#f7a1b0', '#ffe1c4', '#fff5f2'],
  blush: ['#3a1326', '#c75b6d', '#ffd0bd', '#8f1d3f', '#fff7f1'],
  lilac: ['#1f1440', '#6a55b8', '#cdbdf5', '#ffd9ec', '#fbf7ff'],
  candy: ['#2b0f4a', '#f2446e', '#ffb52e', '#26c6c9', '#fffaf0'],
  citrus: ['#1e2330', '#f25c2e', '#ffc93c', '#1f8f8a', '#fff8e6'],
  pool: ['#0b2545', '#1283b8', '#8be0ea', '#ff6f59', '#fbfff8'],
  poppy: ['#1c1a17', '#d63a1f', '#f6e3bf', '#21464f', '#fff9ea'],
  mustard: ['#241a0c', '#b1771a', '#f2cd63', '#7a1f1f', '#fff6de'],
  mesa: ['#230c08', '#9c3a1b', '#f3a45a', '#ffe2a6', '#fff4e0'],
  canyon: ['#1b0f1a', '#7c2f3a', '#e88354', '#f8d27c', '#fff3e3'],
  khaki: ['#11120c', '#45482f', '#9a9768', '#e0542f', '#f3efdc'],
  steel: ['#090d12', '#253341', '#7389a0', '#ff5a36', '#eff4f8'],
  gold: ['#130c03', '#5a3d0d', '#c9973a', '#ffe09a', '#fff6df'],
  parchment: ['#20150c', '#7a5a34', '#e0c796', '#8c2b1c', '#fdf3da'],
  stage: ['#0d0512', '#521045', '#d03a7a', '#ffd75e', '#fff1f6'],
  jazz: ['#071018', '#123f6b', '#e58b2b', '#f6e0b5', '#fff8ea'],
  pitch: ['#06150d', '#10552f', '#3fae5e', '#f7f06d', '#f5fff2'],
  arctic: ['#0a1a2b', '#2f6488', '#d3eaf2', '#f25f4c', '#ffffff'],
  noir: ['#050505', '#222222', '#8c8c8c', '#f2efe6', '#faf8f2'],
  swiss: ['#111111', '#e3342f', '#f3efe6', '#1d4ed8', '#fffdf7'],
  meadow: ['#12301f', '#2f8f5b', '#bfe6a0', '#ffd34f', '#fbfff0'],
};

const moods = {
  Action: ['ember', 'steel', 'teal', 'citrus', 'blood', 'cobalt'],
  Adult: ['dusk', 'stage', 'rose'],
  Adventure: ['dawn', 'mesa', 'petrol', 'canyon', 'pool', 'meadow'],
  Animation: ['candy', 'pool', 'meadow', 'lilac', 'citrus', 'cobalt'],
  Biography: ['parchment', 'bone', 'jazz', 'petrol', 'fog'],
  Comedy: ['citrus', 'candy', 'pool', 'poppy', 'mustard', 'blush'],
  Crime: ['ink', 'blood', 'steel', 'gold', 'bone'],
  Documentary: ['swiss', 'fog', 'poppy', 'petrol', 'arctic'],
  Drama: ['dusk', 'petrol', 'fog', 'dawn', 'bone', 'canyon', 'teal'],
  Family: ['meadow', 'pool', 'candy', 'dawn', 'mustard'],
  Fantasy: ['violet', 'lilac', 'moss', 'dusk', 'cobalt', 'gold'],
  'Film-Noir': ['noir', 'ink'],
  History: ['parchment', 'gold', 'bone', 'canyon'],
  Horror: ['blood', 'noir', 'moss', 'fog', 'acid'],
  Music: ['stage', 'jazz', 'neon', 'candy'],
  Musical: ['stage', 'rose', 'jazz', 'gold'],
  Mystery: ['ink', 'petrol', 'violet', 'fog', 'moss'],
  News: ['swiss', 'fog'],
  Romance: ['rose', 'blush', 'dusk', 'lilac', 'dawn'],
  'Sci-Fi': ['orbit', 'neon', 'violet', 'teal', 'cobalt', 'arctic'],
  Short: ['noir', 'poppy', 'parchment', 'swiss'],
  Sport: ['pitch', 'cobalt', 'citrus', 'arctic'],
  Thriller: ['teal', 'ink', 'blood', 'steel', 'fog', 'acid'],
  War: ['khaki', 'ember', 'steel', 'bone'],
  Western: ['mesa', 'canyon', 'mustard', 'ember'],
};

/** One palette for a title of a genre, its hues a little turned so that two titles of one mood are not twins. */
export function choosePalette(genre, random) {
  const name = random.pick(moods[genre] ?? moods.Drama);
  const degrees = name === 'noir' || name === 'swiss' ? 0 : random.range(-9, 9);
  const [deep, mid, light, accent, paper] = palettes[name].map((colour) => turn(colour, degrees));
  return { name, deep, mid, light, accent, paper };
}
