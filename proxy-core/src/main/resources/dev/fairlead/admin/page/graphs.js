// Tiles: the last ten minutes of one number each.

import { make, say } from '/elements.js';
import { bytes, clock, count, micros } from '/words.js';

const SECONDS = 600;
// A process that is young has a short line, which is to be seen all the same.
const FEWEST_SECONDS = 60;
const WIDTH = 600;
const HEIGHT = 40;
const SVG = 'http://www.w3.org/2000/svg';

const perSecond = (value) => `${bytes(value)}/s`;
// `field` is the number's place in a sample.
const TILES = [
  { id: 'open', name: 'Open connections', field: 1, words: count },
  { id: 'new', name: 'New per second', field: 2, words: count },
  { id: 'failed', name: 'Failed per second', field: 3, words: count, alarm: true },
  { id: 'up', name: 'To endpoints', field: 4, words: perSecond },
  { id: 'down', name: 'To clients', field: 5, words: perSecond },
  { id: 'lag', name: 'Loop lag', field: 6, words: micros },
  { id: 'descriptors', name: 'Descriptors', field: 7, words: count },
];

const span = (samples) => Math.min(SECONDS, Math.max(FEWEST_SECONDS, samples.at(-1)[0] - samples[0][0]));

function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}

class Tile {
  constructor(kind, samples) {
    this.kind = kind;
    this.samples = samples;
    this.now = make('span', {}, '-');
    this.limit = make('small');
    this.note = make('p', {}, ' ');
    this.picture = shape('svg', { role: 'img', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none' });
    this.area = shape('path', { class: 'area' });
    this.line = shape('path', { class: 'line' });
    this.here = shape('line', { class: 'here', y1: 0, y2: HEIGHT, visibility: 'hidden' });
    this.picture.append(this.area, this.line, this.here);
    this.picture.addEventListener('pointermove', (event) => this.#point(event));
    this.picture.addEventListener('pointerleave', () => this.#leave());
    this.element = make('article', { class: 'tile', id: `tile-${kind.id}` }, make('h2', {}, kind.name),
      make('div', { class: 'now' }, this.now, ' ', this.limit), this.picture, this.note);
  }

  draw(limit) {
    const samples = this.samples();
    if (samples.length === 0) {
      return;
    }
    const { field, words, alarm, name, id } = this.kind;
    const newest = samples[samples.length - 1];
    const most = samples.reduce((highest, sample) => Math.max(highest, sample[field] ?? 0), 0);
    const seconds = span(samples);
    const scale = most > 0 ? (HEIGHT - 2) / most : 0;
    const points = samples.filter((sample) => sample[field] !== null).map((sample) =>
      `${(WIDTH - (newest[0] - sample[0]) * WIDTH / seconds).toFixed(1)},${(HEIGHT - 1 - sample[field] * scale).toFixed(1)}`);
    this.line.setAttribute('d', points.length ? `M${points.join('L')}` : '');
    this.area.setAttribute('d', points.length
      ? `M${points[0].split(',')[0]},${HEIGHT}L${points.join('L')}L${points.at(-1).split(',')[0]},${HEIGHT}Z` : '');
    say(this.now, words(newest[field]));
    say(this.limit, id === 'descriptors' && limit ? `of ${count(limit)}` : '');
    this.element.classList.toggle('alarm', Boolean(alarm && newest[field] > 0));
    this.highest = `highest ${words(most)}`;
    this.picture.setAttribute('aria-label', `${name}, the last ten minutes: now ${words(newest[field])}, ${this.highest}`);
    if (this.here.getAttribute('visibility') === 'hidden') {
      say(this.note, this.highest);
    }
  }

  #point(event) {
    const samples = this.samples();
    const box = this.picture.getBoundingClientRect();
    if (samples.length === 0 || box.width === 0) {
      return;
    }
    const newest = samples[samples.length - 1][0];
    const time = newest - (1 - (event.clientX - box.left) / box.width) * span(samples);
    const near = samples.reduce((best, one) => (Math.abs(one[0] - time) < Math.abs(best[0] - time) ? one : best));
    const x = WIDTH - (newest - near[0]) * WIDTH / span(samples);
    this.here.setAttribute('x1', x);
    this.here.setAttribute('x2', x);
    this.here.setAttribute('visibility', 'visible');
    say(this.note, `${clock(near[0])}  ${this.kind.words(near[this.kind.field])}`);
  }

  #leave() {
    this.here.setAttribute('visibility', 'hidden');
    say(this.note, this.highest ?? '');
  }
}

/** The row of tiles. A sample is [epoch seconds, open, new/s, failed/s, bytes up/s, bytes down/s, lag in µs, descriptors]. */
export class Graphs {
  #samples = [];
  #tiles = TILES.map((kind) => new Tile(kind, () => this.#samples));

  constructor(place) {
    place.append(...this.#tiles.map((tile) => tile.element));
  }

  /** In the place of all that was known, oldest first. */
  replace(samples) {
    this.#samples = [...samples];
  }

  add(sample) {
    const last = this.#samples.at(-1);
    if (sample && (!last || sample[0] > last[0])) {
      this.#samples.push(sample);
    }
    const oldest = (sample ?? [0])[0] - SECONDS;
    while (this.#samples.length > 0 && this.#samples[0][0] < oldest) {
      this.#samples.shift();
    }
  }

  draw(descriptorLimit) {
    this.#tiles.forEach((tile) => tile.draw(descriptorLimit));
  }
}
